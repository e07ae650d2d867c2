"""A question asked in other words is another version of it; what was asked after the earlier one stays with that."""

import re
import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from chat.conversations.service import purge_conversations
from chat.models import Answer, Attachment, Conversation, Question
from chat.questions import service as questions
from tests import wishes
from tests.chat.conversations.conftest import Make, as_, plain
from tests.prompts import prompt_plan_for
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def asked(conversation: Conversation, text: str) -> Question:
    return conversation.questions.get(text=text)


def send(person: User, question: Question, text: str, **fields: Any) -> Any:
    data = {"text": text, "model": "sonar", "key": str(uuid.uuid4()), **fields}
    return plain(person).post(f"/c/{question.conversation_id}/questions/{question.pk}/edit/", data)


def follow_up(person: User, conversation: Conversation, text: str, **fields: Any) -> Question:
    data = {"text": text, "model": "sonar", "key": str(uuid.uuid4()), **fields}
    assert plain(person).post(f"/c/{conversation.pk}/ask/", data).status_code == 302
    Answer.objects.filter(question__text=text).update(state="finished", text=f"Answer to {text}")
    return asked(conversation, text)


def edited(person: User, question: Question, text: str) -> Question:
    assert send(person, question, text).status_code == 302
    Answer.objects.filter(question__text=text).update(state="finished", text=f"Answer to {text}")
    return asked(question.conversation, text)


def shown(person: User, conversation: Conversation, address: str = "") -> list[str]:
    html = plain(person).get(f"/c/{conversation.pk}/{address}").content.decode()
    return re.findall(r'<h2 class="question-text">(.*?)</h2>', html)


def told(question: Question) -> list[str]:
    """What is sent upstream for the question."""
    plan = prompt_plan_for(question.answers.get().pk)
    return [turn.text for turn in plan.request.turns]


@pytest.fixture
def three(converse: Make) -> Conversation:
    """Stored as before anybody could edit."""
    return converse(("One?", "First."), ("Two?", "Second."), ("Three?", "Third."), title="Numbers")


def test_the_edited_last_question_takes_its_place(alice: User, three: Conversation) -> None:
    edited(alice, asked(three, "Three?"), "Four?")

    assert shown(alice, three) == ["One?", "Two?", "Four?"]


def test_an_edited_earlier_question_begins_a_row_of_its_own(alice: User, three: Conversation) -> None:
    edited(alice, asked(three, "Two?"), "Deux?")

    assert shown(alice, three) == ["One?", "Deux?"]
    assert shown(alice, three, "?around=2") == ["One?", "Two?", "Three?"]


def test_the_switch_leads_from_version_to_version(alice: User, bob: User, three: Conversation) -> None:
    two = asked(three, "Two?")
    edited(alice, two, "Deux?")
    edited(alice, two, "Zwei?")

    html = " ".join(plain(bob).get(f"/c/{three.pk}/").content.decode().split())
    assert "Version 3 of 3" in html
    previous = re.search(r'href="(/c/[^"]+)" aria-label="Previous version"', html)
    assert previous
    html = " ".join(plain(bob).get(previous[1]).content.decode().split())
    assert "Version 2 of 3" in html
    assert "Deux?" in html
    assert 'aria-label="Next version"' in html
    assert "Zwei?" not in html


def test_a_version_of_a_version_is_one_of_the_same_question(alice: User, three: Conversation) -> None:
    deux = edited(alice, asked(three, "Two?"), "Deux?")
    zwei = edited(alice, deux, "Zwei?")

    assert zwei.version_of == asked(three, "Two?")
    assert zwei.follows == asked(three, "One?")


def test_the_first_question_can_be_edited(alice: User, three: Conversation) -> None:
    edited(alice, asked(three, "One?"), "Uno?")

    assert shown(alice, three) == ["Uno?"]
    assert shown(alice, three, "?around=3") == ["One?", "Two?", "Three?"]
    assert told(asked(three, "Uno?")) == ["Uno?"]


def test_only_what_led_to_a_question_is_sent_with_it(alice: User, three: Conversation) -> None:
    edited(alice, asked(three, "Two?"), "Deux?")
    new = follow_up(alice, three, "Trois?", follows="4")
    old = follow_up(alice, three, "And four?", follows="3")

    assert told(new) == ["One?", "First.", "Deux?", "Answer to Deux?", "Trois?"]
    assert told(old) == ["One?", "First.", "Two?", "Second.", "Three?", "Third.", "And four?"]


def test_a_follow_up_goes_on_from_what_its_page_showed(alice: User, three: Conversation) -> None:
    edited(alice, asked(three, "Two?"), "Deux?")

    follow_up(alice, three, "And four?", after="3")

    assert shown(alice, three) == ["One?", "Two?", "Three?", "And four?"]
    assert shown(alice, three, "?around=4") == ["One?", "Deux?"]


def test_somebody_who_asked_meanwhile_is_followed(alice: User, bob: User, three: Conversation) -> None:
    edited(alice, asked(three, "Two?"), "Deux?")
    follow_up(bob, three, "Trois?", after="4")

    follow_up(alice, three, "Quatre?", after="4")

    assert shown(alice, three) == ["One?", "Deux?", "Trois?", "Quatre?"]


def test_two_people_who_edit_and_ask_lose_nothing(alice: User, bob: User, three: Conversation) -> None:
    follow_up(bob, three, "Bob’s?")
    edited(alice, asked(three, "Three?"), "Drei?")
    edited(bob, asked(three, "Bob’s?"), "Bob’s other?")

    assert shown(alice, three) == ["One?", "Two?", "Three?", "Bob’s other?"]
    assert shown(alice, three, "?around=4") == ["One?", "Two?", "Three?", "Bob’s?"]
    assert shown(alice, three, "?around=5") == ["One?", "Two?", "Drei?"]


@pytest.mark.django_db(transaction=True)
def test_editing_and_asking_at_the_same_moment_stores_both(alice: User, bob: User, three: Conversation) -> None:
    three_ = asked(three, "Three?")

    one, other = (Conversation.objects.select_related("team").get(pk=three.pk) for _ in range(2))
    three_.conversation = one
    works = [
        partial(questions.ask_edited, wishes.wish("Drei?"), question=three_, by=alice),
        partial(questions.ask_in_conversation, wishes.wish("Bob’s?"), conversation=other, by=bob, seen=3),
    ]

    def work() -> Answer:
        return works.pop()()

    at_once(2, work)

    rows = dict(three.questions.values_list("text", "follows__text"))
    assert rows["Drei?"] == "Two?"
    assert rows["Bob’s?"] == "Three?"
    assert sorted(three.questions.values_list("position", flat=True)) == [1, 2, 3, 4, 5]


def test_the_same_form_sent_again_is_the_same_version(alice: User, three: Conversation) -> None:
    key = str(uuid.uuid4())
    for _attempt in range(2):
        assert send(alice, asked(three, "Three?"), "Drei?", key=key).status_code == 302

    assert three.questions.count() == 4


def test_options_and_attachments_go_along(alice: User, three: Conversation) -> None:
    question = asked(three, "Three?")
    Question.objects.filter(pk=question.pk).update(options={"search_mode": "academic"})
    Attachment.objects.create(
        team=three.team, owner=alice, question=question, kind="image", name="light.png", media_type="image/png", size=9,
        sha256="a" * 64, original_sha256="b" * 64,
    )  # fmt: skip

    new = edited(alice, question, "Drei?")

    assert new.options == {"search_mode": "academic"}
    assert [one.name for one in new.attachments.all()] == ["light.png"]
    assert question.attachments.count() == 1


def test_only_the_author_edits(alice: User, bob: User, three: Conversation) -> None:
    bobs = follow_up(bob, three, "Bob’s?")

    assert send(alice, bobs, "Alice’s?").status_code == 403
    assert send(bob, asked(three, "Three?"), "Drei?").status_code == 403
    assert three.questions.count() == 4


def test_a_refused_edit_keeps_what_was_typed(alice: User, three: Conversation) -> None:
    question = asked(three, "Three?")
    data = {"text": "Drei?", "model": "no-such-model", "key": str(uuid.uuid4())}

    answer = as_(alice).post(f"/c/{three.pk}/questions/{question.pk}/edit/", data)

    assert answer.status_code == 422
    assert answer["HX-Retarget"] == f"#edit-{question.pk}"
    assert "Drei?" in answer.content.decode()
    assert "This model isn’t available here" in answer.content.decode()


def test_an_edit_in_place_brings_the_row_and_a_composer(alice: User, three: Conversation) -> None:
    question = asked(three, "Two?")
    data = {"text": "Deux?", "model": "sonar", "key": str(uuid.uuid4())}

    answer = as_(alice).post(f"/c/{three.pk}/questions/{question.pk}/edit/", data)

    html = answer.content.decode()
    assert answer["HX-Push-Url"] == f"/c/{three.pk}/"
    assert re.findall(r'<h2 class="question-text">(.*?)</h2>', html) == ["One?", "Deux?"]
    assert 'id="composer"' in html


def test_a_teammate_who_watches_is_told_of_another_version(alice: User, bob: User, three: Conversation) -> None:
    assert as_(bob).get(f"/c/{three.pk}/newer/?after=3").status_code == 204
    edited(alice, asked(three, "Two?"), "Deux?")

    html = " ".join(as_(bob).get(f"/c/{three.pk}/newer/?after=3").content.decode().split())

    assert "Version 1 of 2" in html
    assert "Deux?" not in html
    again = re.search(r'hx-get="([^"]+/newer/[^"]+)"', html)
    assert again
    assert as_(bob).get(again[1].replace("&amp;", "&")).status_code == 204


def test_whoever_watches_the_new_version_sees_what_follows_it(alice: User, bob: User, three: Conversation) -> None:
    edited(alice, asked(three, "Two?"), "Deux?")
    follow_up(alice, three, "Trois?", after="4")

    new = as_(bob).get(f"/c/{three.pk}/newer/?after=4").content.decode()
    old = as_(bob).get(f"/c/{three.pk}/newer/?after=3&known=4")

    assert "Trois?" in new
    assert old.status_code == 204


def test_a_question_asked_from_here_is_another_version_of_what_followed(
    alice: User, bob: User, three: Conversation
) -> None:
    page = " ".join(plain(bob).get(f"/c/{three.pk}/?from=1").content.decode().split())
    assert 'name="from" value="1"' in page
    assert "Two?" not in page

    new = follow_up(bob, three, "Other two?", **{"from": "1", "follows": "1"})

    assert new.version_of == asked(three, "Two?")
    assert shown(bob, three) == ["One?", "Other two?"]
    assert shown(alice, three, "?around=2") == ["One?", "Two?", "Three?"]
    assert told(new) == ["One?", "First.", "Other two?"]


def test_asking_from_the_last_question_only_goes_on(alice: User, three: Conversation) -> None:
    follow_up(alice, three, "Four?", **{"from": "3"})
    follow_up(alice, three, "Five?", **{"from": "99999"})

    three.refresh_from_db()
    assert three.branched_at is None
    assert shown(alice, three) == ["One?", "Two?", "Three?", "Four?", "Five?"]


def test_earlier_questions_load_in_their_row(alice: User, converse: Make) -> None:
    texts = [(f"Number {number}?", "Yes.") for number in range(1, 13)]
    conversation = converse(*texts)
    edited(alice, asked(conversation, "Number 2?"), "Other 2?")

    html = as_(alice).get(f"/c/{conversation.pk}/older/?before=10").content.decode()

    assert re.findall(r'<h2 class="question-text">(.*?)</h2>', html) == [f"Number {n}?" for n in range(2, 10)]


def test_the_title_made_of_the_first_question_goes_along(alice: User, converse: Make) -> None:
    conversation = converse(("Whoo keeps it?", "Nobody."), title="Whoo keeps it?")
    named = converse(("Whoo keeps it?", "Nobody."), title="Keepers")

    edited(alice, asked(conversation, "Whoo keeps it?"), "Who keeps it?")
    edited(alice, asked(named, "Whoo keeps it?"), "Who keeps it?")

    conversation.refresh_from_db()
    named.refresh_from_db()
    assert (conversation.title, named.title) == ("Who keeps it?", "Keepers")


def test_a_conversation_with_versions_is_purged_whole(alice: User, three: Conversation) -> None:
    edited(alice, asked(three, "Two?"), "Deux?")
    follow_up(alice, three, "Trois?", after="4")
    Conversation.objects.update(deleted_at=timezone.now() - timedelta(days=31))

    assert purge_conversations() == 1
    assert not Question.objects.exists()


def test_a_straight_conversation_has_no_switch(alice: User, three: Conversation) -> None:
    assert "Versions of this question" not in plain(alice).get(f"/c/{three.pk}/").content.decode()


def test_without_javascript_editing_is_a_page(alice: User, three: Conversation) -> None:
    question = asked(three, "Three?")

    html = plain(alice).get(f"/c/{three.pk}/questions/{question.pk}/edit/").content.decode()

    assert "Three?</textarea>" in html
    assert "Ask edited question" in html
