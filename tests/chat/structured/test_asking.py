"""Asking for a form, through the product's own pages: sent as it was typed, shown as a table or with the reason."""

import json
import re
import uuid
from html import unescape
from typing import Any

import httpx
import pytest

from core.web.wording import said_text
from tests.chat.structured.inert import text_of
from tests.questions import ask, stored, watch
from tests.serving import Server

ROWS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": {"type": "string", "title": "Name"}, "year": {"type": "integer"}},
        "required": ["name"],
    },
}
SCHEMA = {"type": "object", "properties": {"rows": ROWS}, "required": ["rows"]}
FORM = {"response_format": "json_schema", "response_format:schema": json.dumps(SCHEMA)}


def ended(server: Server, text: str, **options: str) -> tuple[dict[str, Any], str]:
    """The stored answer to the question, and the finished article."""
    client = server.client("alice")
    asked = ask(client, text, **options)
    watch(client, asked)
    kept = stored(server, asked)
    ((problem,),) = server.rows(
        "SELECT format_problem FROM chat_answer WHERE id = ?", [server.store.identifier(asked.answer)]
    )
    kept["format_problem"] = said_text(problem)
    return kept, client.get(asked.page).text


def test_an_answer_by_a_schema_is_a_table(shared_server: Server) -> None:
    answer, page = ended(shared_server, "How do context managers work?", **FORM)
    assert answer["state"] == "finished"
    assert answer["format_problem"] == ""
    assert set(json.loads(answer["text"])["rows"][0]) == {"name", "year"}
    head = re.search(r"<thead>.*?</thead>", page)
    assert head
    assert text_of(f"<table>{head[0]}</table>") == "Nameyear"
    assert "Copy JSON" in page
    assert "Raw JSON" in page


def test_an_answer_that_is_something_else_is_text_with_the_reason(shared_server: Server) -> None:
    answer, page = ended(
        shared_server, 'Give rows #demo:echo {"rows": [{"name": "a"}, {"name": "b", "year": "x"}]}', **FORM
    )
    assert answer["format_problem"] == "“rows[1].year” is not a whole number."
    assert "“rows[1].year” is not a whole number." in unescape(page)
    assert "shown as text" in page
    assert "<table>" not in page
    assert "Copy JSON" in page


def test_an_answer_without_json_has_none_to_copy(shared_server: Server) -> None:
    answer, page = ended(shared_server, "Say no #demo:echo I **cannot** do that.", **FORM)
    assert answer["format_problem"].startswith("The answer isn’t JSON;")
    assert "I <strong>cannot</strong> do that." in page
    assert "Copy JSON" not in page


def test_what_breaks_off_keeps_its_letters_and_says_so(shared_server: Server) -> None:
    answer, page = ended(shared_server, 'Cut #demo:echo {"rows": [{"name": "**a** and', **FORM)
    assert "no closing quote" in answer["format_problem"]
    assert "**a** and" in text_of(page)


def test_what_the_longest_answer_cuts_off_is_not_read_as_json(shared_server: Server) -> None:
    rows = json.dumps({"rows": [{"name": "a" * 90}]})
    answer, page = ended(shared_server, f"Give rows #demo:echo {rows}", **FORM, max_tokens="16")
    assert (answer["state"], answer["finish"]) == ("finished", "length")
    assert "cut off, so it can’t be read" in answer["format_problem"]
    assert "Copy JSON" not in page


def test_reasoning_comes_before_the_json_and_is_no_part_of_it(shared_server: Server) -> None:
    client = shared_server.client("alice")
    asked = ask(client, "Which rows are there?", model="sonar-reasoning-pro", **FORM)
    watch(client, asked)
    answer = stored(shared_server, asked)
    assert answer["reasoning"]
    assert '<div class="structured">' in answer["html"]


def test_while_it_is_written_json_is_shown_as_it_comes(shared_server: Server) -> None:
    client = shared_server.client("alice")
    text = json.dumps({"rows": [{"name": f"*{n}*", "year": n} for n in range(80)]})
    asked = ask(client, f"Many rows #demo:echo {text}", **FORM)
    article = watch(client, asked)
    pieces = re.findall(r"<pre[^>]*>\n?(.*?)</pre>", article.body, re.S)
    assert len(pieces) > 1  # a beginning, and more of it
    assert all(unescape(piece) in text for piece in pieces)
    assert '<div class="structured">' in article.final


def test_an_answer_by_an_expression_is_compared_with_it(shared_server: Server) -> None:
    options = {"response_format": "regex", "response_format:regex": "\\d{4}-\\d{2}"}
    answer, _page = ended(shared_server, "When was it?", **options)
    assert re.fullmatch(r"\d{4}-\d{2}", answer["text"])
    assert answer["format_problem"] == ""
    answer, page = ended(shared_server, "When? #demo:echo Long ago.", **options)
    assert "doesn’t match the requested expression" in page
    assert "Long ago." in page


def test_those_who_wait_are_told_that_a_new_schema_takes_time(shared_server: Server) -> None:
    client = shared_server.client("alice")
    asked = ask(client, "Slow rows #demo:delay=2500", **FORM)
    assert "a new schema takes 10 to 30 seconds" in client.get(asked.page).text
    watch(client, asked)


def post(client: httpx.Client, **options: str) -> httpx.Response:
    data = {"text": "Rows?", "model": "sonar", "key": str(uuid.uuid4())}
    return client.post("/ask/", data=data | {f"o.{name}": value for name, value in options.items()})


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ('{"type": "object",}', "Line 1, column 19: There is an extra comma before this."),
        ('{\n "type": "strnig"\n}', "Line 2, column 2: “strnig” isn’t a type."),
        ('{"type": "object"}', "An object must list its parts under “properties”."),
        ('{"$ref": "http://169.254.169.254/"}', "External schemas aren’t loaded."),
        ("", "Enter the JSON schema"),
    ],
)
def test_a_schema_that_cannot_be_sent_comes_back_with_the_reason(shared_server: Server, schema: str, says: str) -> None:
    client = shared_server.client("alice")
    response = post(client, response_format="json_schema", **{"response_format:schema": schema})
    assert response.status_code == 422
    assert says in unescape(response.text)
    assert schema in unescape(response.text)
    assert not shared_server.rows("SELECT 1 FROM chat_question WHERE text = ?", ["Rows?"])


@pytest.mark.parametrize("kind", ["json_schema", "regex"])
def test_what_nobody_has_typed_yet_is_no_fault_while_the_form_is_filled_in(shared_server: Server, kind: str) -> None:
    data = {"model": "sonar", "o.response_format": kind, "o.response_format:schema": "", "o.response_format:regex": ""}

    told = shared_server.client("alice").post("/options/check/", data=data).text

    assert "Enter the" not in told
    assert post(shared_server.client("alice"), response_format=kind).status_code == 422


def test_an_expression_that_cannot_be_sent_comes_back_with_the_reason(shared_server: Server) -> None:
    client = shared_server.client("alice")
    response = post(client, response_format="regex", **{"response_format:regex": "^yes$"})
    assert response.status_code == 422
    assert "Line 1, column 1: Anchors such as ^ and $ aren’t supported" in unescape(response.text)


def test_the_editor_puts_a_schema_in_order_and_gives_examples(shared_server: Server) -> None:
    client = shared_server.client("vera")
    data = {"model": "sonar", "o.response_format": "json_schema", "o.response_format:schema": '{"b":1.50,"a":[]}'}
    response = client.post("/structured/format/", data=data)
    assert response.status_code == 200
    assert '{\n  "b": 1.50,\n  "a": []\n}' in unescape(response.text)
    broken = client.post("/structured/format/", data={**data, "o.response_format:schema": "{</textarea><b>"})
    assert "{&lt;/textarea&gt;&lt;b&gt;" in broken.text
    example = client.post("/structured/examples/list/", data=data)
    assert '"rows"' in unescape(example.text)
    assert client.post("/structured/examples/none/", data=data).status_code == 404


def test_the_check_of_options_says_what_a_schema_leads_to(shared_server: Server) -> None:
    client = shared_server.client("alice")
    data = {"model": "sonar", **{f"o.{name}": value for name, value in FORM.items()}}
    assert "A table with the columns “Name”, “year”." in client.post("/options/check/", data=data).text
    data["o.response_format:schema"] = "{"
    assert "A table" not in client.post("/options/check/", data=data).text
