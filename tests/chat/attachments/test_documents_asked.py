"""Documents on their way to the Agent API, through the running product and the demo that refuses files."""

import uuid
from typing import Any

import httpx
import pytest

from tests.conftest import MakeServer
from tests.files import papers
from tests.files.samples import drawn, encoded, pdf
from tests.questions import Asked, watch, words
from tests.serving import PLAIN, Server

PAGES = [f"Lamp {number} was lit in {1870 + number}." for number in range(1, 4)]


@pytest.fixture
def server(make_server: MakeServer, demo_upstream: str) -> Server:
    env = {"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "key", "PERPLEXITY_PROVIDER": "agent"}
    return make_server(env=env)


def upload(client: httpx.Client, name: str, content: bytes) -> str:
    response = client.post("/attachments/", files={"file": (name, content)})
    assert response.status_code == 201, words(response.text)
    return response.text.partition('name="attachment"')[2].partition('value="')[2][:36]


def ask_about(client: httpx.Client, text: str, *attachments: str, page: str = "/", model: str = "agent:fast") -> Asked:
    data = {"text": text, "model": model, "key": str(uuid.uuid4()), "attachment": attachments}
    response = client.post(f"{page}ask/", data=data)
    assert response.status_code == 302, words(response.text)
    _, _, conversation, rest = response.headers["location"].split("/")
    return Asked(conversation, rest.removeprefix("#answer-"))


def calls(demo: str, question: str) -> Any:
    return httpx.get(f"{demo}/demo/calls", params={"question": question}, **PLAIN).json()


def test_the_text_of_a_document_goes_along_when_files_are_refused(server: Server, demo_upstream: str) -> None:
    client = server.client("alice")
    question = f"What is a lighthouse, and which lamp was lit first? {uuid.uuid4()}"
    table = upload(client, "lamps.xlsx", papers.sheets(Lamps=[["lamp", "year"], ["Varn", 1871]]))

    asked = ask_about(client, question, upload(client, "varn.pdf", pdf(*PAGES)), table)
    assert watch(client, asked).state == "finished"

    said = calls(demo_upstream, question)
    first, second, own = said["last"]["input"]
    pages = "\n\n".join(f"[Page {number}]\n{text}" for number, text in enumerate(PAGES, 1))
    assert first["content"][0]["text"] == f'<document name="varn.pdf">\n{pages}\n</document>'
    assert "[Sheet 1: Lamps, rows 1–2]\nlamp | year\nVarn | 1871" in second["content"][0]["text"]
    assert own["content"] == question
    assert "varn.pdf : all of its text lamps.xlsx : all of its text" in words(client.get(asked.path).text)

    picture = upload(client, "light.webp", encoded(drawn(), "WEBP"))
    later = ask_about(client, f"And what is a buoy? {uuid.uuid4()}", picture, page=asked.page)
    assert watch(client, later).state == "finished"
    last = httpx.get(f"{demo_upstream}/demo/calls", **PLAIN).json()["last"]["input"]
    assert [item["role"] for item in last] == ["user", "user", "user", "assistant", "user"]
    assert PAGES[2] in last[0]["content"][0]["text"]
    assert [part["type"] for part in last[-1]["content"]] == ["input_text", "input_image"]


def test_what_has_no_text_is_told_before_anything_is_sent(server: Server) -> None:
    client = server.client("alice")
    asked = ask_about(client, f"What is a lighthouse? {uuid.uuid4()}", upload(client, "a.pdf", pdf("Light")))
    assert watch(client, asked).state == "finished"  # from now on it is known that files are refused

    response = client.post("/attachments/", files={"file": ("scan.pdf", pdf("", ""))})
    assert response.status_code == 201
    assert "This document has no text, only images." in words(response.text)
    scan = response.text.partition('name="attachment"')[2].partition('value="')[2][:36]

    data = {"text": "What is this?", "model": "agent:fast", "key": str(uuid.uuid4()), "attachment": [scan]}
    refused = client.post("/ask/", data=data)
    assert refused.status_code == 422
    assert "scan.pdf has no text to send, and this model doesn’t accept files of this type." in words(refused.text)
