"""Standing instructions on their way into requests, and who sees afterwards what was sent."""

import json
import uuid
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Spending, Team, TeamInstructions, User
from accounts.services import instructions
from chat.answers import prompt
from chat.models import Answer, Conversation, Question
from chat.questions import service as questions
from tests import wishes
from tests.chat.conversations.conftest import as_
from tests.prompts import prompt_plan_for
from upstream.gateway.request import gateway_body
from upstream.sonar.request import sonar_body

pytestmark = pytest.mark.django_db

FOR_THIS = {"instructions": "A limerick, please."}


@pytest.fixture
def team(harbour: Team, alice: User, bob: User) -> Team:
    """The team with instructions of its own, and of Alice and Bob."""
    instructions.save_team_instructions(team=harbour, by=alice, text="We sail small boats.", seen=0)
    instructions.save_personal_instructions(by=alice, text="Call me captain.", seen=0)
    instructions.save_personal_instructions(by=bob, text="Call me bosun.", seen=0)
    return harbour


def ask(team: Team, by: User, text: str = "Who keeps the light?", **fields: object) -> Answer:
    return questions.ask_in_new_conversation(wishes.wish(text, **fields), team=team, by=by)


def turns(answer: Answer) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in prompt_plan_for(answer.pk).request.turns]


def system(answer: Answer) -> list[str]:
    return [text for role, text in turns(answer) if role == "system"]


def finish(answer: Answer, text: str = "Nobody.") -> None:
    Answer.objects.filter(pk=answer.pk).update(state="finished", text=text, html=f"<p>{text}</p>")


def read(person: User, answer: Answer) -> str:
    address = reverse("chat:answer_instructions", args=[answer.question.conversation_id, answer.pk])
    return unescape(as_(person).get(address).content.decode())


def test_the_teams_come_first_then_the_persons_then_those_of_the_question(team: Team, alice: User) -> None:
    answer = ask(team, alice, options=FOR_THIS)

    assert turns(answer) == [
        ("system", "We sail small boats."),
        ("system", "Call me captain."),
        ("system", "A limerick, please."),
        ("user", "Who keeps the light?"),
    ]


def test_sonar_gets_them_as_one_message_at_the_head_and_as_nothing_else(team: Team, alice: User) -> None:
    request = prompt_plan_for(ask(team, alice, options=FOR_THIS).pk).request

    assert sonar_body(request) == {
        "model": "sonar",
        "messages": [
            {"role": "system", "content": "We sail small boats.\n\nCall me captain.\n\nA limerick, please."},
            {"role": "user", "content": "Who keeps the light?"},
        ],
        "return_related_questions": True,
        "stream": True,
    }


def test_without_any_a_request_is_as_it_was(harbour: Team, alice: User) -> None:
    answer = ask(harbour, alice)
    request = prompt_plan_for(answer.pk).request

    assert answer.request == {"demo": True, "options": {"return_related_questions": True}}
    assert json.dumps(sonar_body(request)) == (
        '{"model": "sonar", "messages": [{"role": "user", "content": "Who keeps the light?"}], '
        '"return_related_questions": true, "stream": true}'
    )


def test_what_stood_when_it_was_asked_is_sent_whatever_is_written_until_its_turn(team: Team, alice: User) -> None:
    answer = ask(team, alice)

    instructions.save_team_instructions(team=team, by=alice, text="We fly.", seen=1)
    instructions.save_personal_instructions(by=alice, text="", seen=1)

    assert system(answer) == ["We sail small boats.", "Call me captain."]
    assert system(ask(team, alice)) == ["We fly."]


def test_who_asks_again_brings_their_own(team: Team, alice: User, bob: User) -> None:
    first = ask(team, alice, options=FOR_THIS)

    again = questions.ask_another_model(wishes.choice(model="sonar-pro"), question=first.question, by=bob)

    assert system(again) == ["We sail small boats.", "Call me bosun.", "A limerick, please."]


def test_a_persons_own_go_with_what_they_ask_in_another_team(team: Team, elsewhere: Team, alice: User) -> None:
    Membership.objects.create(team=elsewhere, user=alice)

    assert system(ask(elsewhere, alice)) == ["Call me captain."]


def test_a_follow_up_sends_them_once_in_front_of_the_history(team: Team, alice: User, bob: User) -> None:
    first = ask(team, alice, options=FOR_THIS)
    finish(first)
    second = questions.ask_in_conversation(wishes.wish("And then?"), conversation=first.question.conversation, by=bob)

    assert turns(second) == [
        ("system", "We sail small boats."),
        ("system", "Call me bosun."),
        ("user", "Who keeps the light?"),
        ("assistant", "Nobody."),
        ("user", "And then?"),
    ]


def test_the_gateway_hears_them_each_time_and_its_conversation_only_once(team: Team, alice: User) -> None:
    first = ask(team, alice, model="search/sonar", provider="gateway")
    finish(first)
    Answer.objects.update(follow_up={"backend_uuid": "b-1"})
    wish = wishes.wish("And then?", model="search/sonar", provider="gateway")
    second = questions.ask_in_conversation(wish, conversation=first.question.conversation, by=alice)

    body = gateway_body(prompt_plan_for(second.pk).request)

    assert body["query"] == (
        "Follow these instructions:\n\nWe sail small boats.\n\nCall me captain.\n\nNow answer this:\n\nAnd then?"
    )
    assert body["follow_up"] == {"backend_uuid": "b-1", "attachments": []}


def test_they_take_room_from_the_history_and_count_for_limits(team: Team, alice: User) -> None:
    plain = ask(team, alice)
    instructions.save_team_instructions(team=team, by=alice, text="x" * 8_000, seen=1)
    finish(plain, "y" * (prompt.MOST_HISTORY - 5_000))
    conversation = plain.question.conversation

    longer = questions.ask_in_conversation(wishes.wish("And then?"), conversation=conversation, by=alice)

    assert [role for role, _ in turns(longer)] == ["system", "system", "user"]
    fresh = ask(team, alice)
    reserved = {row.answer_id: row.reserved for row in Spending.objects.all()}
    assert (reserved[fresh.pk] - reserved[plain.pk]) * 1_000_000 == (8_000 - len("We sail small boats.")) // 4


def test_the_answer_keeps_which_versions_were_sent_and_no_words_of_a_person(team: Team, alice: User) -> None:
    answer = ask(team, alice)

    assert set(answer.request["instructions"]) == {"team", "person"}
    assert str(TeamInstructions.objects.get().pk) == answer.request["instructions"]["team"]
    assert "captain" not in json.dumps(answer.request)


def test_teammates_read_what_was_sent_but_for_the_persons_own(team: Team, alice: User, bob: User, vera: User) -> None:
    answer = ask(team, alice, options=FOR_THIS)
    finish(answer)
    instructions.save_team_instructions(team=team, by=alice, text="We fly.", seen=1)

    own = read(alice, answer)
    assert own.index("We sail small boats.") < own.index("Call me captain.") < own.index("A limerick, please.")
    assert "We fly." not in own
    for person in (bob, vera):
        page = read(person, answer)
        assert "We sail small boats." in page
        assert "A limerick, please." in page
        assert "captain" not in page
        assert "alice has personal instructions, which only they can read." in page


def test_an_answer_tells_whose_instructions_went_along(team: Team, alice: User, bob: User) -> None:
    answer = ask(team, alice, options=FOR_THIS)
    finish(answer)
    address = reverse("chat:answer", args=[answer.question.conversation_id, answer.pk])

    page = " ".join(as_(bob).get(address).content.decode().split())

    assert "<dt>Instructions</dt> <dd> Team, Personal, For this question" in page
    assert reverse("chat:answer_instructions", args=[answer.question.conversation_id, answer.pk]) in page
    assert "captain" not in page


def test_an_answer_without_any_says_nothing_of_them(harbour: Team, alice: User) -> None:
    answer = ask(harbour, alice)
    finish(answer)
    address = reverse("chat:answer", args=[answer.question.conversation_id, answer.pk])

    assert "Instructions" not in as_(alice).get(address).content.decode()
    assert "No instructions were sent with this question." in read(alice, answer)


def test_a_version_that_was_deleted_is_not_sent_and_the_page_says_so(team: Team, alice: User) -> None:
    answer = ask(team, alice)
    finish(answer)
    TeamInstructions.objects.all().delete()

    assert system(answer) == ["Call me captain."]
    assert "These instructions have since been deleted." in read(alice, answer)


def test_markup_in_them_is_shown_as_written(harbour: Team, alice: User) -> None:
    hostile = "<script>alert(1)</script>"
    instructions.save_team_instructions(team=harbour, by=alice, text=hostile, seen=0)
    answer = ask(harbour, alice, options={"instructions": hostile})
    finish(answer)

    pages = [
        as_(alice).get("/").content.decode(),
        as_(alice).get(f"/c/{answer.question.conversation_id}/").content.decode(),
        as_(alice).get(reverse("chat:answer_instructions", args=[answer.question.conversation_id, answer.pk])),
    ]
    for page in (*pages[:2], pages[2].content.decode()):
        assert "alert(1)" in page
        assert "<script>alert" not in page


# --- The composer --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "conversation"])
def test_the_composer_says_what_applies(team: Team, alice: User, bob: User, path: str) -> None:
    if path == "conversation":
        answer = ask(team, bob)
        finish(answer)
        path = f"/c/{answer.question.conversation_id}/"

    page = unescape(as_(alice).get(path).content.decode())

    assert "Team and personal instructions apply" in page
    assert "We sail small boats." in page
    assert "Call me captain." in page
    assert "bosun" not in page


def test_the_composer_says_nothing_where_nothing_applies(harbour: Team, alice: User, charlie: User, team: Team) -> None:
    instructions.save_team_instructions(team=team, by=alice, text="", seen=1)

    assert "Your instructions apply" in as_(alice).get("/").content.decode()
    assert "instructions apply" not in as_(charlie).get("/").content.decode()


def test_a_refused_composer_still_says_what_applies(team: Team, alice: User) -> None:
    response = as_(alice).post(
        reverse("chat:ask_new"), {"text": "", "key": str(uuid.uuid4())}, headers={"HX-Request": "true"}
    )

    assert response.status_code == 422
    assert "Team and personal instructions apply" in response.content.decode()


# --- Those of a question, and of presets ---------------------------------------------------------------


def send(client: Client, text: str) -> Answer | None:
    data = {"text": "When?", "model": "sonar", "key": str(uuid.uuid4()), "o.instructions": text}
    client.post(reverse("chat:ask_new"), data)
    return Answer.objects.order_by("-created_at").first()


def test_those_of_a_question_keep_their_paragraphs(harbour: Team, alice: User) -> None:
    answer = send(as_(alice), "  Be brief.\r\n\r\n  - Name\tyears.\x00 ")

    assert answer
    assert Question.objects.get().options == {"instructions": "Be brief.\n\n  - Name\tyears."}
    assert system(answer) == ["Be brief.\n\n  - Name\tyears."]


def test_too_long_ones_are_refused_in_words_and_nothing_is_lost(harbour: Team, alice: User) -> None:
    data = {"text": "When?", "model": "sonar", "key": str(uuid.uuid4()), "o.instructions": "é" * 100_000}
    response = as_(alice).post(reverse("chat:ask_new"), data)

    assert response.status_code == 422
    assert "Use at most 8,000 characters." in response.content.decode()
    assert "é" * 100_000 in response.content.decode()
    assert not Conversation.objects.exists()
