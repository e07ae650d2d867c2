"""Listening to an answer's log: from what is committed here, and from the database where that is ahead."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chat.answers.transcript import Entry
from chat.live.follower import AnswerGone
from chat.live.listening import Listening


class Log:
    """What the database holds; counts how often it is read."""

    def __init__(self, *entries: Entry) -> None:
        self.entries: list[Entry] | None = [*entries]
        self.reads = 0
        self.heard = 0

    async def run(self, work: Callable[[], Any]) -> Any:
        """Stands for a thread of the database."""
        del work
        self.reads += 1
        found = None if self.entries is None else [one for one in self.entries if one.seq > self.heard]
        self.heard = found[-1].seq if found else self.heard
        return found


def entry(seq: int) -> Entry:
    return Entry(seq, "text", str(seq))


async def test_what_is_committed_here_is_heard_without_the_database() -> None:
    log = Log(entry(1))
    listening = Listening(uuid.uuid4(), read=log.run)
    assert await listening.next_entries(patience=1) == [entry(1)]
    listening.feed([entry(1), entry(2)])
    listening.feed([entry(3)])
    assert await listening.next_entries(patience=1) == [entry(2), entry(3)]
    assert log.reads == 1
    assert await listening.next_entries(patience=0.01) == []


async def test_what_was_missed_is_read() -> None:
    log = Log(entry(1))
    listening = Listening(uuid.uuid4(), read=log.run)
    await listening.next_entries(patience=1)
    log.entries = [entry(seq) for seq in range(1, 5)]
    listening.feed([entry(4)])
    assert await listening.next_entries(patience=1) == [entry(2), entry(3), entry(4)]
    log.entries.append(entry(5))
    listening.look_again()
    assert await listening.next_entries(patience=1) == [entry(5)]


async def test_an_answer_that_is_gone_is_not_waited_for() -> None:
    log = Log()
    listening = Listening(uuid.uuid4(), read=log.run)
    assert await listening.next_entries(patience=0.01) == []
    listening.leave()
    with pytest.raises(AnswerGone):
        await listening.next_entries(patience=1)
    deleted = Log()
    deleted.entries = None
    with pytest.raises(AnswerGone):
        await Listening(uuid.uuid4(), read=deleted.run).next_entries(patience=1)
