"""Attachments on Sonar's wire, byte for byte."""

import base64

import orjson

from upstream.demo.sonar.messages import problem_of_file
from upstream.requests import AskRequest, Document, Picture, Turn
from upstream.sonar import request as sonar_request

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==")


def body(*turns: Turn) -> bytes:
    return orjson.dumps(sonar_request.sonar_body(AskRequest(model="sonar", turns=turns), stream=True))


def test_the_text_comes_first_and_pictures_are_data_addresses() -> None:
    turn = Turn("user", "What is this?", [Picture("image/gif", PIXEL), Picture("image/png", b"\x89PNG")])

    assert body(turn) == (
        b'{"model":"sonar","messages":[{"role":"user","content":[{"type":"text","text":"What is this?"},'
        b'{"type":"image_url","image_url":{"url":"data:image/gif;base64,'
        b'R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="}},'
        b'{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw=="}}]}],"stream":true}'
    )


def test_documents_are_base64_without_a_prefix_and_have_a_name() -> None:
    turn = Turn("user", "Read this.", [Document("x.pdf", "application/pdf", b"%PDF-1.4")])

    assert body(turn) == (
        b'{"model":"sonar","messages":[{"role":"user","content":[{"type":"text","text":"Read this."},'
        b'{"type":"file_url","file_url":{"url":"JVBERi0xLjQ="},"file_name":"x.pdf"}]}],"stream":true}'
    )


def test_pictures_and_documents_keep_their_order_beside_each_other() -> None:
    parts = [Document("a.txt", "text/plain", b"a"), Picture("image/gif", PIXEL), Document("b.txt", "text/plain", b"b")]
    content = orjson.loads(body(Turn("user", "Well?", parts)))["messages"][0]["content"]

    assert [part["type"] for part in content] == ["text", "file_url", "image_url", "file_url"]


def test_what_an_earlier_question_had_goes_with_its_turn() -> None:
    turns = [
        Turn("user", "What is this?", [Picture("image/gif", PIXEL)]),
        Turn("assistant", "A dot."),
        Turn("user", "Why?"),
    ]
    first, second, third = orjson.loads(body(*turns))["messages"]

    assert [part["type"] for part in first["content"]] == ["text", "image_url"]
    assert (second["content"], third["content"]) == ("A dot.", "Why?")


def test_questions_that_become_one_turn_keep_all_that_goes_with_them() -> None:
    turns = [
        Turn("user", "What is this?", [Picture("image/gif", PIXEL)]),
        Turn("assistant", ""),
        Turn("user", "And this?", [Picture("image/png", b"\x89PNG")]),
    ]
    (message,) = orjson.loads(body(*turns))["messages"]

    assert [part["type"] for part in message["content"]] == ["text", "image_url", "image_url"]
    assert message["content"][0]["text"] == "What is this?\n\nAnd this?"


def test_a_turn_without_attachments_is_plain_text() -> None:
    assert b'"content":"Hello"' in body(Turn("user", "Hello"))


def test_bytes_do_not_show_where_requests_are_printed() -> None:
    assert "PNG" not in repr(Picture("image/png", b"\x89PNG"))
    assert "PDF" not in repr(Document("x.pdf", "application/pdf", b"%PDF"))


def test_the_demo_takes_documents_as_the_service_does() -> None:
    def problem(url: object, **other: object) -> str:
        return problem_of_file({"type": "file_url", "file_url": {"url": url}, **other})

    assert problem("JVBERg==", file_name="x.pdf") == ""
    assert problem("https://papers.example/x.pdf") == ""
    assert "without a data: prefix" in problem("data:application/pdf;base64,JVBERg==", file_name="x.pdf")
    assert "not valid base64" in problem("%PDF", file_name="x.pdf")
    assert "PDF, DOC, DOCX, TXT or RTF" in problem("JVBERg==", file_name="x.exe")
    assert "at most 50 MB" in problem("AAAA" * (50 * 1024 * 1024 // 3 + 2), file_name="x.pdf")
    assert problem(7) == problem("") == "File URLs must be HTTPS URLs or base64."
