"""How answers end: late, never, in the middle, or because somebody stops them."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

import pytest

from tests.upstream.conftest import Play, ScriptedServer, chunk, collect, done, frame, head, question, text_in
from upstream.client import Client
from upstream.errors import CutOff, UpstreamDown
from upstream.events import Event, Finished, TextDelta

MakeClient = Callable[..., Client]
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def piece(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def ask(client: Client, **options: object) -> list[Event]:
    return [event async for event in client.ask(question(**options))]  # type: ignore[arg-type]


# --- Ends and silences -----------------------------------------------------------------------------------------------


async def test_a_late_last_object_is_waited_for_a_while(scripted: ScriptedServer, client: Client):
    late = done("A", citations=["https://h.example/"])
    scripted.plays(head(), frame(chunk("A", finish="stop")), 0.05, frame(late), Play.HANG)
    events = await ask(client)
    assert [type(event).__name__ for event in events][-2:] == ["SourcesFound", "Finished"]


async def test_the_wait_for_a_late_last_object_ends(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(head(), frame(chunk("A", finish="length")), *[0.02, b": ping\n\n"] * 3, Play.HANG)
    events = await ask(client_of(grace=0.05))
    assert (text_in(events), events[-1]) == ("A", Finished("length"))
    await asyncio.wait_for(scripted.gone.wait(), 5)


async def test_an_answer_may_take_longer_than_that_wait(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(head(), *[frame(chunk("A")), 0.05] * 4, frame(done("AAAA")))
    assert text_in(await ask(client_of(grace=0.05))) == "AAAA"


async def test_a_connection_lost_after_the_reason_to_finish_is_a_regular_end(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("A", finish="stop")), 0.02, Play.RESET)
    assert (await ask(client))[-1] == Finished("stop")


@pytest.mark.parametrize("end", [[], [0.02, Play.RESET], [0.02, Play.HANG]])
async def test_whatever_breaks_the_stream_off_keeps_the_text(
    scripted: ScriptedServer, client_of: MakeClient, end: list
):
    scripted.plays(head(X_Request_ID="req-3"), frame(chunk("<think>Hm.</think>Half")), *end)
    events: list[Event] = []
    with pytest.raises(CutOff) as caught:
        await collect(client_of(read_timeout=0.2), events)
    assert text_in(events) == "Half"
    assert (caught.value.kind, caught.value.request_id) == ("cut_off", "req-3")
    assert len(scripted.received) == 1


async def test_a_chunked_body_that_ends_too_early_is_cut_off(scripted: ScriptedServer, client: Client):
    scripted.plays(CHUNKED + piece(frame(chunk("Half")))[:-1], 0.02, Play.RESET)
    with pytest.raises(CutOff):
        await ask(client)


async def test_an_endless_message_is_cut_off(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("Half")), b"data: ", *[b"x" * 1024 * 1024] * 9, Play.HANG)
    events: list[Event] = []
    with pytest.raises(CutOff):
        await collect(client, events)
    assert text_in(events) == "Half"


async def test_silence_before_the_first_word_is_an_upstream_in_trouble(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(Play.HANG)
    with pytest.raises(UpstreamDown, match="was silent"):
        await ask(client_of(read_timeout=0.1))
    assert len(scripted.received) == 1  # the question may be in work, and paid for


async def test_silence_after_the_head_is_an_upstream_in_trouble(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(head(), b": ping\n\n", Play.HANG)
    with pytest.raises(UpstreamDown, match="was silent"):
        await ask(client_of(read_timeout=0.1))
    assert len(scripted.received) == 1


async def test_a_stream_that_only_keeps_itself_alive_ends(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(head(), *[b": ping\n\n", 0.02] * 100, Play.HANG)
    with pytest.raises(UpstreamDown, match="was silent"):
        await ask(client_of(silence=0.1))
    assert len(scripted.received) == 1


async def test_signs_of_life_bridge_a_long_silence(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(head(), *[b": ping\n\n", 0.1] * 4, frame(done("A")))
    assert text_in(await ask(client_of(read_timeout=0.3))) == "A"


# --- Stopping --------------------------------------------------------------------------------------------------------


async def test_closing_the_answer_closes_the_connection_at_once(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("A")), Play.HANG)
    async with aclosing(client.ask(question())) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    await asyncio.wait_for(scripted.gone.wait(), 5)


async def test_cancelling_whoever_waits_for_words_closes_the_connection(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("A")), Play.HANG)
    task = asyncio.create_task(ask(client))
    await scripted.asked.wait()
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(scripted.gone.wait(), 5)


async def test_cancelling_before_the_first_byte_closes_the_connection(scripted: ScriptedServer, client: Client):
    scripted.plays(Play.HANG)
    task = asyncio.create_task(ask(client))
    await scripted.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(scripted.gone.wait(), 5)
