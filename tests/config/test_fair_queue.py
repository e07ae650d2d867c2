"""The line before a few threads: nobody pushes, nobody waits for ever, and nothing is lost when somebody leaves."""

import asyncio
import threading

import pytest

from config.serving.fair_queue import FairQueue, QueueFull


class Work:
    """Work that lasts until it is let go, and that remembers in which order it was begun."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_end = threading.Event()

    def of(self, name: str) -> str:
        self.begun.append(name)
        assert self.may_end.wait(10)
        return name


def queue(*, threads: int = 1, most_waiting: int = 10, longest_wait: float = 10) -> FairQueue:
    return FairQueue(threads=threads, most_waiting=most_waiting, longest_wait=longest_wait, name="test")


async def asked(line: FairQueue, work: Work, *names: str) -> list["asyncio.Task[str]"]:
    """Tasks that wait in this order; the name up to the digit says whose line it is."""
    tasks = []
    for name in names:
        tasks.append(asyncio.create_task(line.run(name.rstrip("0123456789"), lambda name=name: work.of(name))))
        await asyncio.sleep(0)
    return tasks


async def test_each_line_has_its_turn_before_anyones_second() -> None:
    line, work = queue(), Work()
    tasks = await asked(line, work, "flood1", "flood2", "flood3", "flood4", "person1", "other1", "person2")
    work.may_end.set()

    assert await asyncio.gather(*tasks) == ["flood1", "flood2", "flood3", "flood4", "person1", "other1", "person2"]
    assert work.begun == ["flood1", "flood2", "person1", "other1", "flood3", "person2", "flood4"]


async def test_when_the_line_is_full_the_last_of_the_longest_goes_and_a_newcomer_stays() -> None:
    line, work = queue(most_waiting=3), Work()
    flood = await asked(line, work, "flood1", "flood2", "flood3", "flood4")
    person = await asked(line, work, "person1")
    with pytest.raises(QueueFull):
        await flood[3]
    with pytest.raises(QueueFull):
        await line.run("flood", lambda: work.of("flood5"))
    assert line.waiting == 3
    work.may_end.set()

    assert await asyncio.gather(*flood[:3], *person) == ["flood1", "flood2", "flood3", "person1"]
    assert "flood4" not in work.begun


async def test_who_waited_too_long_is_told_and_nothing_is_done_for_them() -> None:
    line, work = queue(longest_wait=0.05), Work()
    first, second = await asked(line, work, "a1", "a2")
    with pytest.raises(QueueFull):
        await second
    work.may_end.set()

    assert await first == "a1"
    assert (work.begun, line.waiting) == (["a1"], 0)
    assert await line.run("b", lambda: work.of("b1")) == "b1"


async def test_who_leaves_gives_their_turn_away_but_no_thread_that_is_still_busy() -> None:
    line, work = queue(threads=2), Work()
    tasks = await asked(line, work, "a1", "b1", "c1", "d1")
    for task in tasks[:3]:  # two that run, and one in line
        task.cancel()
    await asyncio.sleep(0.05)
    assert (work.begun, line.waiting) == (["a1", "b1"], 1)
    work.may_end.set()

    assert await tasks[3] == "d1"
    await asyncio.sleep(0.05)
    assert work.begun == ["a1", "b1", "d1"]
    assert await line.run("e", lambda: work.of("e1")) == "e1"


async def test_work_that_fails_frees_its_thread() -> None:
    line = queue()

    def fail() -> None:
        raise OSError("no")

    for _ in range(3):
        with pytest.raises(OSError, match="no"):
            await line.run("a", fail)
    assert await line.run("a", lambda: 1) == 1
