"""Documents at the Agent API: as files while nobody knows better, and as text once a file was refused."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.upstream.agent.agent_fixtures import TEXT, created, delta, told, whole_stream
from tests.upstream.conftest import ScriptedServer, frame, head, text_in
from tests.upstream.conftest import told as kinds_of
from upstream.agent.file_intake import TRY_AGAIN_AFTER, FileIntake
from upstream.client import Client
from upstream.errors import CutOff, InvalidRequest, UpstreamError
from upstream.events import Event
from upstream.registry import Services
from upstream.requests import AskRequest, Document, Turn

PAPER = Document("varn.pdf", "application/pdf", b"%PDF", '<document name="varn.pdf">Lit in 1871.</document>')
SCAN = replace(PAPER, name="scan.pdf", text="")
QUESTION = AskRequest(model="fast", provider="agent", turns=[Turn("user", "When was it lit?", [PAPER])])


def refusal(message: str, status: int = 400, kind: str = "invalid_request") -> tuple[bytes, bytes]:
    error = {"message": message, "type": kind, "code": status}
    return head(status, "application/json"), json.dumps({"error": error}).encode()


def answer() -> tuple[bytes, bytes]:
    return head(), b"".join(map(frame, whole_stream()))


def sent(scripted: ScriptedServer) -> list[list[str]]:
    """The types of the parts of each request that came."""
    found = []
    for received in scripted.received:
        contents = [item["content"] for item in received.body["input"]]
        found.append([part["type"] for parts in contents if isinstance(parts, list) for part in parts])
    return found


async def events_of(services: Services, request: AskRequest = QUESTION) -> list[Event]:
    return [event async for event in services.ask(request)]


AS_FILE, AS_TEXT = ["input_text", "input_file"], ["input_text"]


@pytest.fixture
def intake(tmp_path: Path) -> FileIntake:
    return FileIntake(tmp_path / "cache" / "files.json", endpoint="https://a.example")


@pytest.fixture
def services(client: Client, intake: FileIntake) -> Services:
    return Services(client=client, files=intake)


async def test_a_service_that_takes_files_gets_them(
    scripted: ScriptedServer, services: Services, intake: FileIntake
) -> None:
    scripted.plays(*answer())

    events = await events_of(services)

    assert text_in(events) == TEXT
    assert "DocumentsInlined" not in kinds_of(events)
    assert sent(scripted) == [AS_FILE]
    assert not intake.is_refused()


@pytest.mark.parametrize(
    "message",
    [
        'invalid request body: json: unknown field "file_data"',
        "input: unsupported type 'input_file', use input_text, input_image",
        "invalid request",
    ],
)
async def test_one_refusal_is_remembered_and_the_text_goes_instead(
    message: str, scripted: ScriptedServer, services: Services, intake: FileIntake
) -> None:
    scripted.plays(*refusal(message))
    scripted.plays(*answer())

    events = await events_of(services)
    again = await events_of(services)

    assert text_in(events) == text_in(again) == TEXT
    assert kinds_of(events)[0] == kinds_of(again)[0] == "DocumentsInlined"
    assert sent(scripted) == [AS_FILE, AS_TEXT, AS_TEXT]
    assert scripted.received[-1].body["input"] == [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": PAPER.text}]},
        {"type": "message", "role": "user", "content": "When was it lit?"},
    ]
    assert intake.is_refused()


@pytest.mark.parametrize(
    "said",
    [refusal("the prompt has too many tokens", kind="too_many_prompt_tokens"), refusal("", 413, "payload_too_large")],
)
async def test_a_file_that_is_too_much_says_nothing_about_others(
    said: tuple[bytes, bytes], scripted: ScriptedServer, services: Services, intake: FileIntake
) -> None:
    scripted.plays(*said)
    scripted.plays(*answer())

    assert text_in(await events_of(services)) == TEXT
    assert sent(scripted) == [AS_FILE, AS_TEXT]
    assert not intake.is_refused()


async def test_what_is_refused_without_files_too_was_not_about_them(
    scripted: ScriptedServer, services: Services, intake: FileIntake
) -> None:
    scripted.plays(*refusal("validation failed: something else"))

    with pytest.raises(InvalidRequest, match="something else"):
        await events_of(services)

    assert sent(scripted) == [AS_FILE, AS_TEXT]
    assert not intake.is_refused()


async def test_a_refusal_inside_the_stream_counts_before_the_first_word(
    scripted: ScriptedServer, services: Services, intake: FileIntake
) -> None:
    failed = told("failed", error={"message": "input_file is not supported", "type": "invalid_request"})
    scripted.plays(head(), frame(created()), frame(failed))
    scripted.plays(*answer())

    assert text_in(await events_of(services)) == TEXT
    assert intake.is_refused()


@pytest.mark.parametrize("status", [401, 403, 429, 500])
async def test_other_failures_are_told_as_they_are(
    status: int, scripted: ScriptedServer, services: Services, intake: FileIntake
) -> None:
    scripted.plays(*refusal("no", status, "other"))
    with pytest.raises(UpstreamError):
        await events_of(services)
    assert AS_TEXT not in sent(scripted)
    assert not intake.is_refused()


async def test_an_answer_that_has_begun_is_not_asked_again(scripted: ScriptedServer, services: Services) -> None:
    failed = told("failed", error={"message": "input_file broke", "type": "invalid_request"})
    scripted.plays(head(), frame(created()), frame(delta("In 18")), frame(failed))
    with pytest.raises(CutOff):
        await events_of(services)
    assert sent(scripted) == [AS_FILE]


@pytest.mark.parametrize("message", ["no input_file here", "invalid request", ""])
async def test_what_has_no_text_is_told_by_its_name(message: str, scripted: ScriptedServer, services: Services) -> None:
    scripted.plays(*refusal(message))
    with pytest.raises(InvalidRequest, match=r"“scan\.pdf” has no text that could be sent"):
        await events_of(services, replace(QUESTION, turns=[Turn("user", "What?", [PAPER, SCAN])]))
    assert sent(scripted) == [[*AS_FILE, "input_file"]]


async def test_what_has_no_text_is_not_blamed_for_another_refusal(scripted: ScriptedServer, services: Services) -> None:
    scripted.plays(*refusal("validation failed: something else"))
    with pytest.raises(InvalidRequest, match="something else"):
        await events_of(services, replace(QUESTION, turns=[Turn("user", "What?", [SCAN])]))
    assert len(scripted.received) == 1


async def test_earlier_documents_without_text_stay_behind(
    scripted: ScriptedServer, services: Services, intake: FileIntake
) -> None:
    intake.note_refusal()
    scripted.plays(*answer())
    turns = [Turn("user", "What?", [SCAN, PAPER]), Turn("assistant", "That."), Turn("user", "And?")]

    assert text_in(await events_of(services, replace(QUESTION, turns=turns))) == TEXT

    contents = [item["content"] for item in scripted.received[0].body["input"]]
    assert contents == [[{"type": "input_text", "text": PAPER.text}], "What?", "That.", "And?"]


async def test_text_alone_needs_no_attempt(scripted: ScriptedServer, services: Services, intake: FileIntake) -> None:
    scripted.plays(*answer())
    events = await events_of(
        services, replace(QUESTION, turns=[Turn("user", "When was it lit?", [replace(PAPER, data=b"")])])
    )
    assert "DocumentsInlined" not in kinds_of(events)
    assert sent(scripted) == [AS_TEXT]


# --- What is remembered ----------------------------------------------------------------------------------------------


def known(path: Path, endpoint: str = "https://a.example") -> FileIntake:
    return FileIntake(path, endpoint=endpoint)


def test_all_processes_know_of_a_refusal_and_other_endpoints_do_not(tmp_path: Path) -> None:
    path = tmp_path / "files.json"
    here, there = known(path), known(path)
    assert not there.is_refused()

    here.note_refusal()

    assert here.is_refused()
    assert there.is_refused()
    assert known(path).is_refused()
    assert not known(path, "https://b.example").is_refused()


def written(path: Path, content: bytes) -> FileIntake:
    path.write_bytes(content)
    return known(path)


@pytest.mark.parametrize(
    ("age", "refused"), [(0.0, True), (TRY_AGAIN_AFTER - 60, True), (TRY_AGAIN_AFTER + 60, False), (-3600.0, False)]
)
def test_after_some_days_it_is_tried_again(age: float, refused: bool, tmp_path: Path) -> None:
    said = {"endpoint": "https://a.example", "refused_at": time.time() - age}
    assert written(tmp_path / "files.json", json.dumps(said).encode()).is_refused() is refused


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"endpoint": "https://a.example"}', b'{"endpoint": "https://a.example", "refused_at": "x"}'],
)
def test_what_cannot_be_understood_means_nothing(content: bytes, tmp_path: Path) -> None:
    assert not written(tmp_path / "files.json", content).is_refused()


def test_where_nothing_can_be_kept_the_process_remembers(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    intake: Any = known(tmp_path / "file" / "files.json")
    intake.note_refusal()
    assert intake.is_refused()
