"""Answers that somebody vouches for are found by that, and stand before others that match as well."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chat.models import Answer, Conversation, Verification
from chat.search import SearchFilters
from chat.search.known import known_answers
from chat.sources.verified.service import VerificationWish, verify, withdraw
from tests.chat.conversations.conftest import Make, add, membership_of
from tests.chat.search.finding import kinds, places, titles

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
VERIFIED = SearchFilters(verified_on=TODAY)


def answer_in(conversation: Conversation) -> Answer:
    return Answer.objects.select_related("question").get(question__conversation=conversation)


def test_a_search_can_be_narrowed_to_what_is_verified(converse: Make, bob: User) -> None:
    plain = converse(("How high is the tower?", "The tower is 20 m high."), title="Plain tower")
    vouched = converse(("How high is the tower?", "The tower is 23 m high."), title="Vouched tower")
    made = verify(VerificationWish(), answer=answer_in(vouched), by=bob)

    assert titles(bob, "tower", VERIFIED) == ["Vouched tower"]
    assert kinds(bob, "tower", VERIFIED) == ["title", "question", "answer"]
    assert titles(bob, "", VERIFIED) == ["Vouched tower"]
    assert titles(bob, "tower", SearchFilters(unless=(VERIFIED,))) == ["Plain tower"]
    withdraw(verification=made, by=bob)
    assert titles(bob, "tower", VERIFIED) == []
    assert plain.pk


def test_only_answers_that_are_verified_are_found_and_none_beside_them(converse: Make, bob: User) -> None:
    conversation = converse(("How high is the tower?", "The tower is 20 m high."))
    other = add(conversation, 2, "And the old tower?", "The old tower was 12 m high.")
    verify(VerificationWish(), answer=other, by=bob)

    assert {place.question.position for place in places(bob, "tower") if place.is_verified} == {2}
    assert kinds(bob, "old tower", VERIFIED) == ["question", "answer"]
    assert kinds(bob, "20", VERIFIED) == []


def test_one_that_has_ended_is_not_found_as_verified(converse: Make, bob: User) -> None:
    conversation = converse(("How high is the tower?", "The tower is 20 m high."))
    made = verify(VerificationWish(until=TODAY), answer=answer_in(conversation), by=bob)
    assert titles(bob, "tower", VERIFIED) == ["Lights"]

    Verification.objects.filter(pk=made.pk).update(until=TODAY - timedelta(days=1))

    assert titles(bob, "tower", VERIFIED) == []


def test_of_answers_that_match_alike_the_verified_one_stands_first(converse: Make, bob: User) -> None:
    old = converse(("How high?", "The tower is high."), title="Old", ago=timedelta(days=3))
    converse(("How high?", "The tower is high."), title="New")
    assert titles(bob, "tower") == ["New", "Old"]

    verify(VerificationWish(), answer=answer_in(old), by=bob)

    assert titles(bob, "tower") == ["Old", "New"]


def test_but_one_that_matches_much_better_still_stands_before_it(converse: Make, bob: User) -> None:
    text = "A long answer about boats, nets and weather, " * 40
    vouched = converse(("How high?", f"{text} and a tower."), title="In passing")
    converse(("Towers?", "Tower after tower: the tower."), title="About towers")

    verify(VerificationWish(), answer=answer_in(vouched), by=bob)

    assert titles(bob, "tower") == ["About towers", "In passing"]


def test_what_was_already_answered_prefers_the_verified_and_says_so(converse: Make, bob: User) -> None:
    first = converse(("How high is the harbor tower?", "It is 23 m."), title="First")
    converse(("How high is the harbor tower?", "It is 20 m."), title="Second")
    asked = "how high is the harbor tower"
    member = membership_of(bob)
    assert [one.conversation.title for one in known_answers(member, text=asked)] == ["Second"]

    verify(VerificationWish(), answer=answer_in(first), by=bob)

    (known,) = known_answers(member, text=asked)
    assert (known.conversation.title, known.is_verified, known.likeness) == ("First", True, "same")


def test_a_verified_answer_is_offered_where_another_came_after_it(converse: Make, bob: User) -> None:
    conversation = converse(("How high is the harbor tower?", "It is 23 m."))
    verified = answer_in(conversation)
    later = add(conversation, 2, "Something else entirely?", "It is 20 m.")
    Answer.objects.filter(pk=later.pk).update(question=verified.question)
    verify(VerificationWish(), answer=verified, by=bob)

    (known,) = known_answers(membership_of(bob), text="How high is the harbor tower?")

    assert known.answer.pk == verified.pk


def test_pages_show_the_mark(converse: Make, browser: Callable[[User], Client], bob: User) -> None:
    conversation = converse(("How high is the tower?", "The tower is 23 m high."))
    verify(VerificationWish(), answer=answer_in(conversation), by=bob)
    bobs = browser(bob)

    assert "Has a verified answer" in bobs.get("/").content.decode()
    assert "verified-word" in bobs.get("/history/").content.decode()
    found = bobs.get("/search/", {"q": "is:verified tower"}).content.decode()
    assert "verified-word" in found
    assert "The <mark>tower</mark> is 23 m high." in found
