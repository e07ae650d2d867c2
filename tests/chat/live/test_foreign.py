"""Answers that other processes write: what is read of them, when, and in how many queries."""

from collections.abc import Callable
from typing import cast
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.answers.transcript import Entry
from chat.live.follower import Follower
from chat.live.foreign import ForeignAnswers, News
from chat.models import Answer
from chat.questions import service as questions
from tests import wishes

pytestmark = pytest.mark.django_db


class Fed:
    """A follower that remembers what it was fed."""

    def __init__(self, heard: int | None = 0) -> None:
        self.heard = heard
        self.entries: list[Entry] = []
        self.looks = 0

    def feed(self, entries: list[Entry]) -> None:
        self.entries += entries

    def look_again(self) -> None:
        self.looks += 1


def foreign(followers: dict[UUID, Fed], *, own: UUID | None = None) -> ForeignAnswers:
    """Those that follow, `own` being written here; everything was looked at just now."""
    made = ForeignAnswers(
        followers=cast(dict[UUID, Follower], followers), writes_here=lambda answer_id: answer_id == own
    )
    made.read(None)
    return made


def test_what_rang_is_read_beyond_what_its_follower_has(log: Callable[..., Answer]) -> None:
    answer = log(("text", "The light"), ("text", " is kept."))
    reading = foreign({answer.pk: Fed(heard=1)})

    news = reading.read(frozenset({answer.pk}))

    assert dict(news.entries) == {answer.pk: [Entry(2, "text", " is kept.")]}
    assert news.behind == set()


def test_all_that_rang_is_read_in_one_query(log: Callable[..., Answer], asked: Answer) -> None:
    log(("text", "One"))
    other = questions.ask_in_new_conversation(
        wishes.wish("And the other?"), team=asked.question.conversation.team, by=asked.question.author
    )
    reading = foreign({asked.pk: Fed(), other.pk: Fed()})

    with CaptureQueriesContext(
        connection,
    ) as queries:
        news = reading.read(frozenset({asked.pk, other.pk}))

    assert len(queries) == 1
    assert set(news.entries) == {asked.pk}


def test_a_process_that_watches_none_of_the_answers_that_rang_asks_nothing(asked: Answer) -> None:
    reading = foreign({asked.pk: Fed()}, own=asked.pk)

    with CaptureQueriesContext(connection) as queries:
        for rung in (frozenset({uuid4()}), frozenset({asked.pk}), frozenset[UUID](), None):
            assert reading.read(rung) == News({}, set())

    assert len(queries) == 0


def test_a_follower_that_has_read_nothing_yet_reads_by_itself(asked: Answer) -> None:
    follower = Fed(heard=None)
    reading = foreign({asked.pk: follower})

    reading.feed(reading.read(frozenset({asked.pk})))

    assert follower.looks == 1


def test_the_first_look_is_a_thorough_one_and_finds_what_has_ended_or_is_gone(log: Callable[..., Answer]) -> None:
    answer = log(("text", "The light"))
    ended, gone = Fed(), Fed()
    Answer.objects.filter(pk=answer.pk).update(state=Answer.State.FINISHED)
    followers = {answer.pk: ended, uuid4(): gone}
    reading = ForeignAnswers(followers=cast(dict[UUID, Follower], followers), writes_here=lambda _answer_id: False)

    reading.feed(reading.read(frozenset()))

    assert ended.entries == [Entry(1, "text", "The light")]
    assert (ended.looks, gone.looks) == (1, 1)


def test_what_was_read_for_somebody_who_left_meanwhile_is_dropped(log: Callable[..., Answer]) -> None:
    answer = log(("text", "The light"))
    followers = {answer.pk: Fed()}
    reading = foreign(followers)
    news = reading.read(frozenset({answer.pk}))
    followers.clear()

    reading.feed(news)
