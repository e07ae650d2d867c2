"""A table of an answer as a file for spreadsheets: its words, harmless, under the conversation's title."""

import csv
import io
from urllib.parse import quote

import pytest
from django.test import Client

from accounts.models import User
from chat.conversations.answer_tables import file_name, table_rows
from chat.models import Answer
from chat.rendering import to_html
from tests.chat.conversations.conftest import Make, plain
from tests.chat.rendering.conftest import Found
from tests.core.spreadsheets import HOSTILE, cells, computes

SOURCES = [Found("Lights", "https://lights.example/")]
TABLE = """\
Before.

| Light [1] | Height | Remarks |
|---|---:|---|
| **North** [1][7] | -41.5 | one<br>two, "three" |
| `a\\|b` | =1+1 | $h^2$ and $$\\frac{1}{2}$$ |
| 灯台 | +5 | - [x] [a link](https://a.example/) |

| Other |
|---|
| x |
"""


def rows_of(text: str, number: int = 1) -> list[list[str]]:
    return [list(row) for row in table_rows(to_html(text, sources=SOURCES), number)]


def test_cells_are_what_the_page_shows() -> None:
    assert rows_of(TABLE) == [
        ["Light [1]", "Height", "Remarks"],
        ["North [1][7]", "-41.5", 'one\ntwo, "three"'],
        ["a|b", "=1+1", "$h^2$ and $$\\frac{1}{2}$$"],
        ["灯台", "+5", "- [x] a link"],
    ]
    assert rows_of(TABLE, 2) == [["Other"], ["x"]]


@pytest.mark.parametrize("number", [0, 3, 10**9])
def test_there_is_nothing_where_there_is_no_table(number: int) -> None:
    assert rows_of(TABLE, number) == []
    assert rows_of("No table.", number) == []
    assert rows_of("", number) == []


def test_lists_and_names_in_a_cell_stand_in_lines() -> None:
    html = "<table><tr><td><dl><div><dt>a</dt><dd>1</dd></div></dl><ul><li>b</li><li>c</li></ul>d</td></tr></table>"
    assert table_rows(html, 1) == [["a\n1\nb\nc\nd"]]


@pytest.mark.parametrize(
    ("title", "number", "name"),
    [
        ("Lights of the north", 1, "Lights of the north.csv"),
        ("Lights of the north", 2, "Lights of the north (2).csv"),
        ('a/b\\c: "d" <e>|f?*', 1, "a b c d e f.csv"),
        ("..", 1, "table.csv"),
        ("../../etc/passwd", 1, "etc passwd.csv"),
        ("灯台\n\u202egnp", 1, "灯台 gnp.csv"),
        ("x" * 200, 1, f"{'x' * 80}.csv"),
    ],
)
def test_a_file_is_called_as_the_conversation(title: str, number: int, name: str) -> None:
    assert file_name(title, number) == name


def asked(client: Client, make: Make, text: str, number: int = 1, **fields: str) -> tuple[str, list[list[str]]]:
    """The header with the name of the file, and its rows."""
    conversation = make(("Which?", text), **fields)
    answer = Answer.objects.get(question__conversation=conversation)
    Answer.objects.update(html=to_html(text, sources=SOURCES))
    response = client.get(f"/c/{conversation.pk}/answers/{answer.pk}/tables/{number}.csv")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    content = response.content.decode()
    assert content.startswith("\ufeff")
    return response["Content-Disposition"], list(csv.reader(io.StringIO(content[1:], newline="")))


def test_the_file_has_the_table(alice: User, converse: Make) -> None:
    disposition, rows = asked(plain(alice), converse, TABLE, title="Lights")

    assert disposition == 'attachment; filename="Lights.csv"'
    assert rows[1] == ["North [1][7]", "-41.5", 'one\ntwo, "three"']
    assert rows[2][1] == "'=1+1"


def test_a_title_in_any_script_names_the_file(alice: User, converse: Make) -> None:
    disposition, _rows = asked(plain(alice), converse, TABLE, 2, title="灯台")

    assert disposition == f"attachment; filename*=utf-8''{quote('灯台 (2).csv')}"


@pytest.mark.parametrize("text", [one for one in HOSTILE if not set(one) & set("\n\r\0\x1c")])
def test_no_cell_is_a_formula_in_the_head_neither(text: str, alice: User, converse: Make) -> None:
    escaped = text.replace("|", "\\|")
    table = f"| {escaped} | b |\n|---|---|\n| {escaped} | {escaped} |\n"
    conversation = converse(("Which?", table))
    answer = Answer.objects.get(question__conversation=conversation)
    Answer.objects.update(html=to_html(table))

    content = plain(alice).get(f"/c/{conversation.pk}/answers/{answer.pk}/tables/1.csv").content.decode()

    assert not [cell for cell in cells(content) if computes(cell)]


def test_there_is_no_file_without_a_table(alice: User, converse: Make) -> None:
    conversation = converse(("Which?", "None."))
    answer = Answer.objects.get(question__conversation=conversation)

    for number in ("0", "1", "99"):
        response = plain(alice).get(f"/c/{conversation.pk}/answers/{answer.pk}/tables/{number}.csv")
        assert response.status_code == 404
