"""Vouching for an answer: who may, what is shown, and that nothing is lost by changing it or taking it back."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Team, User
from chat import rendering
from chat.models import Answer, Conversation, Space, SpaceMember, Verification
from chat.sources.verified.service import MOST_OF_ANSWER, VerificationWish, verify
from tests.chat.conversations.conftest import Make, add, as_, membership_of

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
LIGHT = "The light burns since 1904. It is 23 m high."


@pytest.fixture
def answer(converse: Make) -> Answer:
    conversation = converse(("Since when?", LIGHT))
    Answer.objects.update(html=rendering.to_html(LIGHT, sources=[], anchor="a"))
    return Answer.objects.select_related("question").get(question__conversation=conversation)


def address(answer: Answer, what: str = "verify/", of: Verification | None = None) -> str:
    base = f"/c/{answer.question.conversation_id}/answers/{answer.pk}/"
    return f"{base}verified/{of.pk}/{what}" if of else f"{base}{what}"


def page(person: Client, answer: Answer) -> str:
    html = person.get(f"/c/{answer.question.conversation_id}/").content.decode()
    return re.sub(r"\s+", " ", html)


def test_an_answer_says_who_verified_it_and_until_when(browser: Browser, answer: Answer, bob: User, vera: User) -> None:
    until = timezone.localdate() + timedelta(days=90)

    sent = browser(bob).post(address(answer), {"note": "Compared with the list of lights.", "until": f"{until}"})

    assert sent.status_code == 302
    shown = page(browser(vera), answer)
    assert f"Verified by {bob.display_name} on " in shown
    assert ", until " in shown
    assert "Compared with the list of lights." in shown
    assert "who also asked" not in shown
    assert "Remove verification" not in shown


def test_whoever_asked_may_verify_and_that_is_said(browser: Browser, answer: Answer, alice: User) -> None:
    browser(alice).post(address(answer), {})

    assert "who also asked" in page(browser(alice), answer)


def test_a_single_sentence_is_verified_and_marked_where_it_stands(browser: Browser, answer: Answer, bob: User) -> None:
    browser(bob).post(address(answer), {"sentence": "it is 23 m high"})

    shown = page(browser(bob), answer)
    verification = Verification.objects.get()
    assert verification.text == "It is 23 m high."
    mark = f'It is 23 m high.<a class="verified-mark" href="#verified-{verification.pk}" aria-label="Verified by '
    assert mark in shown


def test_words_that_are_not_in_the_answer_are_refused_and_kept(browser: Browser, answer: Answer, bob: User) -> None:
    sent = browser(bob).post(address(answer), {"sentence": "The light is off.", "note": "My note"})

    assert sent.status_code == 422
    assert "These words aren’t in the answer." in sent.content.decode()
    assert "My note" in sent.content.decode()
    assert not Verification.objects.exists()


@pytest.mark.parametrize("until", ["2001-01-01", "2099-01-01", "tomorrow"])
def test_a_day_that_has_passed_or_is_far_away_is_refused(
    browser: Browser, answer: Answer, bob: User, until: str
) -> None:
    assert browser(bob).post(address(answer), {"until": until}).status_code == 422


def test_several_people_verify_and_each_replaces_only_their_own(
    browser: Browser, answer: Answer, alice: User, bob: User
) -> None:
    for person, note in ((alice, "A"), (bob, "B"), (bob, "B2")):
        browser(person).post(address(answer), {"note": note})

    standing = Verification.objects.standing()
    assert [one.note for one in standing] == ["A", "B2"]
    assert Verification.objects.count() == 3


def test_a_change_can_be_undone_and_the_history_keeps_both(browser: Browser, answer: Answer, bob: User) -> None:
    bobs = browser(bob)
    bobs.post(address(answer), {"note": "First"})
    first = Verification.objects.get()

    bobs.post(address(answer, "change/", first), {"note": "Second"})
    assert [one.note for one in Verification.objects.standing()] == ["Second"]
    bobs.post(address(answer, "restore/", first))

    assert [one.note for one in Verification.objects.standing()] == ["First"]
    history = bobs.get(address(answer, "verified/")).content.decode()
    assert "First" in history
    assert "Second" in history


def test_what_was_withdrawn_is_gone_from_the_answer_until_that_is_undone(
    browser: Browser, answer: Answer, bob: User, vera: User
) -> None:
    made = verify(VerificationWish(note="Sure"), answer=answer, by=bob)

    browser(bob).post(address(answer, "withdraw/", made))
    assert "Sure" not in page(browser(vera), answer)
    assert "Removed by" in browser(vera).get(address(answer, "verified/")).content.decode()
    browser(bob).post(address(answer, "restore/", made))

    assert "Sure" in page(browser(vera), answer)


def test_htmx_gets_the_answer_anew_with_a_way_back(answer: Answer, bob: User) -> None:
    place = f"/c/{answer.question.conversation_id}/"
    sent = as_(bob, on=place).post(address(answer), {}, headers={"HX-Target": f"answer-{answer.pk}"}).content.decode()
    made = Verification.objects.get()

    assert f'id="answer-{answer.pk}"' in sent
    assert address(answer, "withdraw/", made) in sent
    undone = as_(bob, on=place).post(address(answer, "withdraw/", made)).content.decode()
    assert 'hx-swap-oob="true"' in undone


def test_others_change_nothing_of_it_but_who_manages_the_conversation_withdraws_it(
    browser: Browser, answer: Answer, alice: User, bob: User, vera: User, charlie: User
) -> None:
    made = verify(VerificationWish(), answer=answer, by=bob)

    statuses = {
        (name, what): browser(person).post(address(answer, what, made)).status_code
        for name, person in (("alice", alice), ("vera", vera), ("charlie", charlie))
        for what in ("change/", "withdraw/")
    }

    assert statuses == {
        ("alice", "change/"): 403,
        ("alice", "withdraw/"): 302,
        ("vera", "change/"): 403,
        ("vera", "withdraw/"): 403,
        ("charlie", "change/"): 404,
        ("charlie", "withdraw/"): 404,
    }


def test_a_reader_of_a_space_verifies_nothing_there(
    browser: Browser, answer: Answer, harbour: Team, alice: User, bob: User
) -> None:
    space = Space.objects.create(team=harbour, owner=alice, name="Lights", everyone=False)
    SpaceMember.objects.create(space=space, membership=membership_of(bob), role=SpaceMember.Role.READER)
    Conversation.objects.update(space=space, visibility="space")

    assert browser(bob).post(address(answer)).status_code == 403


def test_only_a_finished_answer_is_verified(browser: Browser, converse: Make, bob: User) -> None:
    stopped = add(converse(), 1, "And?", "Half of it", state="stopped")

    assert browser(bob).post(address(stopped)).status_code == 422


def test_an_answer_asked_again_is_not_verified(browser: Browser, answer: Answer, bob: User) -> None:
    verify(VerificationWish(), answer=answer, by=bob)
    again = add(answer.question.conversation, 2, "Since when?", LIGHT)

    assert not Verification.objects.filter(answer=again).exists()
    assert page(browser(bob), answer).count(f"Verified by {bob.display_name}") == 1


def test_what_has_ended_says_that_it_was(browser: Browser, answer: Answer, bob: User) -> None:
    verify(VerificationWish(until=timezone.localdate()), answer=answer, by=bob)
    Verification.objects.update(until=date(2026, 1, 2))

    shown = page(browser(bob), answer)

    assert "Was verified by" in shown
    assert f"Verified by {bob.display_name}" not in shown


def test_an_answer_takes_only_so_many(browser: Browser, answer: Answer, bob: User) -> None:
    rows = [
        Verification(answer=answer, conversation_id=answer.question.conversation_id, by=bob, start=n, end=n + 1)
        for n in range(MOST_OF_ANSWER)
    ]
    Verification.objects.bulk_create(rows)

    assert browser(bob).post(address(answer)).status_code == 422


def test_a_conversation_deleted_for_good_takes_its_verifications_along(answer: Answer, bob: User) -> None:
    verify(VerificationWish(), answer=answer, by=bob)

    answer.question.conversation.delete()

    assert not Verification.objects.exists()
