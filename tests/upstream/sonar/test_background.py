"""Work that the upstream does by itself, against the demo and a scripted server."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.upstream.conftest import Play, ScriptedServer, all_of, collect, head, last, question, text_in, told
from tests.upstream.demo.demo_fixtures import answered, content
from upstream.client import Client
from upstream.connections import InProcess
from upstream.demo.perplexity import Demo
from upstream.endpoints import Endpoint
from upstream.errors import (
    InvalidRequest,
    KeyRefused,
    TooManyRequests,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
    WorkFailed,
    WorkLost,
)
from upstream.events import Event, Finished, StatusChanged, Submitted, TextDelta, UsageReported
from upstream.requests import AskRequest
from upstream.sonar.background import SonarBackground

RESEARCH = "sonar-deep-research"
TEXT = "How does the with statement work?"
HASTE = 200  # times faster than a client that really waits


def research(text: str = TEXT, *, key: str = "key-1", job: str = "", **options: Any) -> AskRequest:
    return replace(question(text, model=RESEARCH, **options), background=True, key=key, job=job)


@pytest.fixture
def demo() -> Demo:
    return Demo(chunks_per_second=0, sonar="answers")


@pytest.fixture
async def hasty(demo: Demo, waits: list[float]) -> AsyncIterator[Client]:
    """A client of the demo for which time passes faster."""

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(seconds / HASTE)

    client = Client(endpoint=Endpoint("http://demo", api_key="demo"), transport=InProcess(demo.handle), sleep=sleep)
    yield client
    await client.aclose()


async def asked(client: Client, request: AskRequest) -> list[Event]:
    events: list[Event] = []
    await collect(client, events, request)
    return events


async def jobs(demo: Demo) -> int:
    return int(demo._queue.count(None))


def doing(events: list[Event]) -> list[str]:
    return [event.doing for event in all_of(StatusChanged, events)]


# --- The usual way ----------------------------------------------------------------------------------------------


async def test_a_research_is_submitted_followed_and_told_as_a_whole(hasty: Client, demo: Demo, waits: list[float]):
    events = await asked(hasty, research("#demo:slow=500 " + TEXT))

    assert told(events)[0] == "Submitted"
    assert doing(events) == ["submitted", "researching"]
    assert isinstance(events[-1], Finished)
    assert text_in(events) == content(await answered(TEXT, model=RESEARCH))
    assert last(UsageReported, events).cost
    assert waits[0] == SonarBackground.first_pause
    assert waits == sorted(waits)
    assert max(waits) == SonarBackground.longest_pause
    assert await jobs(demo) == 1


async def test_what_is_known_to_be_in_work_is_only_asked_after(hasty: Client, demo: Demo):
    first = hasty.ask(research("#demo:slow=150 " + TEXT))
    submitted = await anext(first)
    await first.aclose()
    assert isinstance(submitted, Submitted)

    events = await asked(hasty, research(job=submitted.job))

    assert not all_of(Submitted, events)
    assert text_in(events) == content(await answered(TEXT, model=RESEARCH))
    assert await jobs(demo) == 1


async def test_the_same_key_is_one_research_however_often_it_is_submitted(hasty: Client, demo: Demo):
    found = [last(Submitted, await asked(hasty, research("#demo:fast " + TEXT))).job for _ in range(3)]
    assert len(set(found)) == 1
    assert await jobs(demo) == 1


async def test_a_submission_whose_reply_is_lost_is_repeated_and_stays_one_research(hasty: Client, demo: Demo):
    events = await asked(hasty, research("#demo:fast #demo:lost_reply=3 " + TEXT))
    assert doing(events)[:3] == ["retrying"] * 3
    assert isinstance(events[-1], Finished)
    assert await jobs(demo) == 1


async def test_what_is_sent_is_the_question_without_a_stream_and_the_key(scripted: ScriptedServer, client: Client):
    scripted.plays(head(kind="application/json"), json.dumps({"id": "j/1", "status": "FAILED"}).encode())
    wish = research(delivery="background", stream_mode="concise", reasoning_effort="low")
    with pytest.raises(WorkFailed):
        await asked(client, wish)

    submission, look = scripted.received
    assert (submission.method, submission.path) == ("POST", "/async/chat/completions")
    assert submission.body == {
        "request": {
            "model": RESEARCH,
            "messages": [{"role": "user", "content": TEXT}],
            "reasoning_effort": "low",
        },
        "idempotency_key": "key-1",
    }
    assert (look.method, look.path) == ("GET", "/async/chat/completions/j%2F1")


@pytest.mark.parametrize(
    ("chat_path", "expected"),
    [
        ("/chat/completions", "https://x.example/async/chat/completions"),
        ("/v1/sonar", "https://x.example/v1/async/sonar"),
        ("/v1/chat/completions", "https://x.example/v1/async/sonar"),
    ],
)
def test_the_address_lies_beside_the_one_of_chat_completions(chat_path: str, expected: str):
    assert Endpoint("https://x.example/", chat_path).async_url == expected
    assert Endpoint("https://x.example", chat_path, async_path="later").async_url == "https://x.example/later"


# --- Trouble while it is in work --------------------------------------------------------------------------------


@pytest.mark.parametrize("switch", ["poll_500=20", "poll_reset=20"])
async def test_trouble_while_looking_is_borne_without_submitting_again(hasty: Client, demo: Demo, switch: str):
    events = await asked(hasty, research(f"#demo:fast #demo:{switch} {TEXT}"))
    assert isinstance(events[-1], Finished)
    assert len(all_of(Submitted, events)) == 1
    assert await jobs(demo) == 1


async def test_a_wait_that_the_service_asks_for_between_looks_is_kept(hasty: Client, waits: list[float]):
    events = await asked(hasty, research(f"#demo:fast #demo:poll_429=25 {TEXT}"))
    assert waits[0] == 25
    assert isinstance(events[-1], Finished)


async def test_a_research_that_fails_says_why(hasty: Client):
    with pytest.raises(WorkFailed, match="It says: the library is closed") as caught:
        await asked(hasty, research("#demo:fast #demo:failed #demo:echo the library is closed"))
    assert (caught.value.kind, caught.value.retryable, caught.value.repeat) == ("failed", True, False)


@pytest.mark.parametrize("said", ["<html><b>Bad gateway</b></html>", "", None, 7, {"a": 1}])
async def test_a_reason_that_is_no_sentence_is_not_quoted(scripted: ScriptedServer, client: Client, said: Any):
    scripted.plays(
        head(kind="application/json"), json.dumps({"id": "j", "status": "FAILED", "error_message": said}).encode()
    )
    with pytest.raises(WorkFailed) as caught:
        await asked(client, research())
    assert caught.value.message == WorkFailed.default_message


async def test_a_reason_never_shows_the_key(scripted: ScriptedServer, client: Client):
    reason = "the key pplx-secret ran out"
    scripted.plays(
        head(kind="application/json"), json.dumps({"id": "j", "status": "FAILED", "error_message": reason}).encode()
    )
    with pytest.raises(WorkFailed) as caught:
        await asked(client, research())
    assert "pplx-secret" not in caught.value.message


async def test_a_result_that_has_gone_is_believed_to_be_gone_when_that_is_said_three_times(
    hasty: Client, waits: list[float]
):
    with pytest.raises(WorkLost, match="seven days"):
        await asked(hasty, research(f"#demo:fast #demo:vanish {TEXT}"))
    assert len(waits) == 2


def state(status: str, **more: Any) -> bytes:
    return json.dumps({"id": "j", "status": status, "created_at": int(time.time()), **more}).encode()


WHOLE = {"id": "a", "model": RESEARCH, "object": "chat.completion", "choices": [
    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Done."}}
]}  # fmt: skip
JSON = head(kind="application/json")


async def test_one_denial_is_not_believed(scripted: ScriptedServer, client: Client):
    scripted.plays(JSON, state("CREATED"))
    scripted.plays(head(404, kind="application/json"), b"{}")
    scripted.plays(JSON, state("IN_PROGRESS"))
    scripted.plays(head(404, kind="application/json"), b"{}")
    scripted.plays(JSON, state("COMPLETED", response=WHOLE))
    assert text_in(await asked(client, research())) == "Done."


async def test_web_pages_broken_lines_and_nonsense_in_between_are_borne(scripted: ScriptedServer, client: Client):
    scripted.plays(JSON, state("CREATED"))
    scripted.plays(head(kind="text/html"), b"<html>Please sign in to the network</html>")
    scripted.plays(Play.RESET)
    scripted.plays(JSON, b"[]")
    scripted.plays(JSON, b'{"status": "IN_PRO')
    scripted.plays(head(502, kind="text/html"), b"<html>Bad gateway</html>")
    scripted.plays(JSON, state("COMPLETED", response=WHOLE))
    assert text_in(await asked(client, research())) == "Done."
    assert [call.method for call in scripted.received].count("POST") == 1


@pytest.mark.parametrize("response", [None, {}, {"choices": None}, "text"])
async def test_a_result_that_cannot_be_read_is_given_up(scripted: ScriptedServer, client: Client, response: Any):
    scripted.plays(JSON, state("COMPLETED", response=response))
    with pytest.raises(WorkLost, match="can’t be read"):
        await asked(client, research())


async def test_after_two_hours_nobody_waits_any_longer(scripted: ScriptedServer, client: Client):
    scripted.plays(JSON, state("IN_PROGRESS"))
    with pytest.raises(WorkLost, match="two hours"):
        await asked(client, replace(research(job="j"), submitted_at=time.time() - 7300))


@pytest.mark.parametrize("said", [12, None, "then"])
async def test_when_it_was_submitted_is_known_here_whatever_the_service_says(
    scripted: ScriptedServer, client: Client, said: Any
):
    scripted.plays(JSON, state("IN_PROGRESS", created_at=said))
    scripted.plays(JSON, state("COMPLETED", created_at=said, response=WHOLE))
    assert text_in(await asked(client, research())) == "Done."


async def test_a_key_that_is_refused_in_between_ends_it_without_submitting_again(
    scripted: ScriptedServer, client: Client
):
    scripted.plays(JSON, state("CREATED"))
    scripted.plays(head(401, kind="text/html"), b"<html>401 Authorization Required</html>")
    with pytest.raises(KeyRefused):
        await asked(client, research())
    assert [call.method for call in scripted.received].count("POST") == 1


# --- Trouble with the submission --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("switch", "error"),
    [("401", KeyRefused), ("400", InvalidRequest), ("410", Withdrawn), ("429=600", TooManyRequests)],
)
async def test_a_submission_that_is_refused_says_so(hasty: Client, demo: Demo, switch: str, error: type[UpstreamError]):
    with pytest.raises(error):
        await asked(hasty, research(f"#demo:{switch} {TEXT}"))
    assert await jobs(demo) == 0


async def test_a_service_in_trouble_is_asked_several_times_and_not_for_ever(hasty: Client, demo: Demo):
    events: list[Event] = []
    with pytest.raises(UpstreamDown):
        await collect(hasty, events, research(f"#demo:500 {TEXT}"))
    assert doing(events) == ["retrying"] * 5
    assert isinstance((await asked(hasty, research(f"#demo:fast #demo:500 #demo:times=8 {TEXT}")))[-1], Finished)


async def test_a_server_without_the_endpoint_streams_the_answer(hasty: Client, demo: Demo):
    events = await asked(hasty, research(f"#demo:no_queue {TEXT}"))
    assert events[0] == Submitted("")
    assert len(all_of(TextDelta, events)) > 5
    assert text_in(events) == content(await answered(TEXT, model=RESEARCH))
    assert await jobs(demo) == 0


async def test_leaving_while_it_is_in_work_closes_everything(
    scripted: ScriptedServer, client_of: Callable[..., Client]
):
    scripted.plays(JSON, state("CREATED"))
    scripted.plays(Play.HANG)
    events = client_of().ask(research())
    assert isinstance(await anext(events), Submitted)
    scripted.asked.clear()
    looking = asyncio.ensure_future(anext(events))
    await scripted.asked.wait()
    looking.cancel()
    await asyncio.wait([looking])
    async with asyncio.timeout(5):
        await scripted.gone.wait()
