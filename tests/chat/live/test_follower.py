"""Many watch one answer: they get the same bytes, at once or, where a line was slow, together with what came since."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Hashable, Mapping
from typing import Any, TypeVar

import pytest

from chat.answers.finalize import AtHand
from chat.answers.transcript import Entry
from chat.live import follower as follower_module
from chat.live.answer_display import Reader
from chat.live.follower import AnswerGone, Follower
from chat.live.viewer import Viewer
from chat.models import Answer, Conversation, Question
from core import sse
from core.web.pushed import Sink
from tests.questions import Article
from tests.sse import parsed

T = TypeVar("T")
READER = Reader(may_ask=True)


class Host:
    """A broadcast without a database: there is one answer, whose log is empty until something is fed."""

    def __init__(self) -> None:
        self.answer: Answer | None = Answer(
            question=Question(conversation=Conversation(title="Light"), text="Who?"), model="sonar", state="writing"
        )
        self.log: list[Entry] = []
        self.known_here: AtHand | None = None
        self.stumbles: list[Follower] = []
        self.reads = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def known(self, answer_id: uuid.UUID) -> AtHand | None:
        return self.known_here

    async def read(self, work: Callable[[], T]) -> T:
        self.reads += 1
        await asyncio.sleep(0)
        return (self.answer, list(self.log))  # type: ignore[return-value]

    async def read_long(self, work: Callable[[], T], *, share: Hashable) -> T:
        return await asyncio.to_thread(work)

    def render(self, answer_id: uuid.UUID, reader: Reader) -> str:
        return f'<article data-state="finished">{reader.language}</article>'

    def pause_for(self, cost: float) -> float:
        return 0.0

    def was_late(self, seconds: float) -> None:
        pass

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def is_idle(self) -> None:
        """Wait until everything that was spawned is over."""
        await asyncio.gather(*self._tasks)

    def stumbled(self, follower: Follower) -> None:
        self.stumbles.append(follower)
        follower.leave()


class Line:
    """A connection that can be slow."""

    def __init__(self, *, after: int = 0, reader: Reader = READER) -> None:
        self.pieces: list[bytes] = []
        self.has_room = asyncio.Event()
        self.has_room.set()
        self.viewer = Viewer(Sink(self._send), after=after, reader=reader)

    async def _send(self, message: Mapping[str, Any]) -> None:
        self.pieces.append(message["body"])
        await self.has_room.wait()

    @property
    def article(self) -> Article:
        article = Article()
        for message in parsed(b"".join(self.pieces).decode().split("\n")):
            article.take(message)
        return article


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def follower(host: Host) -> Follower:
    return Follower(uuid.uuid4(), host)


def text(*words: str, first: int = 1) -> list[Entry]:
    return [Entry(seq, "text", word) for seq, word in enumerate(words, start=first)]


async def soon() -> None:
    for _ in range(8):
        await asyncio.sleep(0)


async def test_all_who_have_the_same_get_the_same_bytes(follower: Follower) -> None:
    lines = [Line() for _ in range(3)]
    for line in lines:
        follower.add(line.viewer)
    await soon()
    follower.feed(text("The light "))
    await soon()
    follower.feed(text("still stands.", first=2))
    await soon()

    assert [line.article.words for line in lines] == ["The light still stands."] * 3
    for pieces in zip(*(line.pieces for line in lines), strict=True):
        assert pieces[0] is pieces[1] is pieces[2]


async def test_a_slow_line_is_left_out_until_it_takes_more_and_then_misses_nothing(follower: Follower) -> None:
    fast, slow = Line(), Line()
    for line in (fast, slow):
        follower.add(line.viewer)
    await soon()
    slow.has_room.clear()
    for number in range(1, 6):
        follower.feed(text(f"word{number} ", first=number))
        await soon()

    assert fast.viewer.after == 5
    assert slow.article.last_id == 1  # what was on its way when the line was full
    assert len(slow.pieces) < len(fast.pieces)

    slow.has_room.set()
    await slow.viewer.called()
    follower.bring(slow.viewer)

    assert slow.article.body == fast.article.body
    assert slow.article.last_id == 5


async def test_a_line_that_breaks_costs_the_others_nothing(follower: Follower, host: Host) -> None:
    async def broken(message: Mapping[str, Any]) -> None:
        raise BrokenPipeError

    cut = Viewer(Sink(broken), after=0, reader=READER)
    whole = Line()
    follower.add(cut)
    follower.add(whole.viewer)
    await soon()
    follower.feed(text("On."))
    await soon()

    assert whole.article.words == "On."
    assert not host.stumbles
    with pytest.raises(BrokenPipeError):
        await cut.called()


async def test_a_viewer_ahead_of_the_log_gets_everything_anew_once_the_log_was_read(
    follower: Follower, host: Host
) -> None:
    host.log = text("One. ", "Two.")
    line = Line(after=99)
    follower.add(line.viewer)
    await soon()

    assert line.article.words == "One. Two."
    assert line.viewer.after == 2
    assert host.reads == 1


async def test_what_was_missed_is_read_from_the_log(follower: Follower, host: Host) -> None:
    line = Line()
    follower.add(line.viewer)
    await soon()
    host.log = text("One. ", "Two. ", "Three.")
    follower.feed(text("Three.", first=3))
    await soon()

    assert line.article.words == "One. Two. Three."


async def test_what_this_process_writes_itself_is_shown_without_reading(follower: Follower, host: Host) -> None:
    assert host.answer
    host.known_here = AtHand(host.answer, text("One. ", "Two. "))
    line = Line(after=1)
    follower.add(line.viewer)
    follower.feed(text("Two. ", "Three.", first=2))
    await soon()

    assert line.viewer.after == 3
    assert host.reads == 0


async def test_whoever_has_seen_more_than_is_known_here_has_it_read(follower: Follower, host: Host) -> None:
    assert host.answer
    host.known_here = AtHand(host.answer, text("One. "))
    host.log = text("One. ", "Two. ")
    line = Line(after=2)
    follower.add(line.viewer)
    await soon()

    assert host.reads == 1
    assert line.viewer.after == 2


async def test_a_deleted_answer_and_a_stop_of_the_process_send_everybody_away(follower: Follower, host: Host) -> None:
    host.answer = None
    line = Line()
    follower.add(line.viewer)
    await soon()
    with pytest.raises(AnswerGone):
        await line.viewer.called()

    late = Line()
    follower.add(late.viewer)
    with pytest.raises(AnswerGone):
        await late.viewer.called()


async def test_a_fault_of_the_follower_is_told_to_its_broadcast(
    follower: Follower, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise ZeroDivisionError

    line = Line()
    follower.add(line.viewer)
    await soon()
    monkeypatch.setattr(sse, "message", fail)
    follower.feed(text("One."))
    await soon()

    assert host.stumbles == [follower]
    with pytest.raises(AnswerGone):
        await line.viewer.called()


async def test_at_the_end_everybody_is_called_and_each_kind_of_reader_has_one_article(
    follower: Follower, host: Host
) -> None:
    lines = [Line(), Line(), Line(reader=Reader(may_ask=True, language="de"))]
    for line in lines:
        follower.add(line.viewer)
    await soon()
    follower.feed([*text("Done."), Entry(2, "end", {"state": "finished"})])
    await soon()
    assert follower.ended

    for line in lines:
        await line.viewer.called()
    first, second, german = await asyncio.gather(*(follower.final(reader=line.viewer.reader) for line in lines))

    assert first is second
    assert b"de</article>" in german


async def test_whoever_hears_nothing_for_long_hears_that_somebody_is_there(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower_module, "KEEP_ALIVE_EVERY", -1.0)
    line, slow = Line(), Line()
    for one in (line, slow):
        follower.add(one.viewer)
    await soon()
    slow.has_room.clear()
    follower.feed(text("One."))
    await soon()
    before = len(slow.pieces)
    follower.keep_alive()

    assert line.pieces[-1] == sse.KEEP_ALIVE
    assert len(slow.pieces) == before


async def test_a_long_open_tail_is_rendered_before_anybody_gets_it(
    follower: Follower, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower_module, "LONG_TAIL", 10)
    line = Line()
    follower.add(line.viewer)
    await soon()
    follower.feed(text("A paragraph that is longer than that"))
    await asyncio.sleep(0)
    late = Line()
    follower.add(late.viewer)
    assert not line.article.words
    await host.is_idle()

    assert line.article.body == late.article.body
    assert line.article.last_id == late.article.last_id == 1
