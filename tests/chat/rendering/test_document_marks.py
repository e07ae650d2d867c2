"""Marks that cite passages of documents: linked, counted, flagged where they stand, finished and streamed."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.rendering import Growing, to_html
from chat.rendering.citations import cited_numbers
from tests.chat.rendering.conftest import Found

SOURCES = [Found(f"Title {number}", f"https://site{number}.example/") for number in (1, 2)]
SENT = 4  # passages

CITED: list[tuple[str, Sequence[int | str], Sequence[int | str]]] = [
    ("a [D1]", ["D1"], []),
    ("a [d1]", ["D1"], []),
    ("a [D 1]", ["D1"], []),
    ("a [D1, D2]", ["D1", "D2"], []),
    ("a [D1; D2 and D3]", ["D1", "D2", "D3"], []),
    ("a [D1-D3]", ["D1", "D2", "D3"], []),
    ("a [D1\u20133]", ["D1", "D2", "D3"], []),
    ("a [D1]-[D3]", ["D1", "D2", "D3"], []),
    ("a [D1][2]", ["D1", 2], []),
    ("a [1, D2]", [1, "D2"], []),
    ("a [D1, 2]", ["D1", 2], []),
    ("a [D1, 4]", ["D1", "D4"], []),
    ("a [D2, p. 14]", ["D2"], []),
    ("a [see D2]", ["D2"], []),
    ("a [Document D2]", ["D2"], []),
    ("a [[D1]]", ["D1"], []),
    ("a\u3010D1\u3011", ["D1"], []),
    ("a\u3010D1\u2020source\u3011", ["D1"], []),
    ("a\u3010D1\u3001D2\u3011", ["D1", "D2"], []),
    ("**a [D1]** and *b [D2]*", ["D1", "D2"], []),
    ("| a [D1] |\n|---|\n| b [D2] |", ["D1", "D2"], []),
    ("a [D9]", [], ["D9"]),
    ("a [D0]", [], ["D0"]),
    ("a [D1][D9]", ["D1"], ["D9"]),
    ("`[D1]` and $[D1]$", [], []),
    ("a [Dx] [Day 1] [D1b] [D-1] [1D]", [], []),
]


@pytest.mark.parametrize(("text", "cited", "unknown"), CITED, ids=[text for text, *_ in CITED])
def test_a_mark_cites_what_it_names(text: str, cited: Sequence[int | str], unknown: Sequence[int | str]) -> None:
    found = cited_numbers(text, sources=SOURCES, documents=SENT)
    assert (found.cited, found.unknown) == (list(cited), list(unknown))
    html = to_html(text, sources=SOURCES, documents=SENT, anchor="a")
    documents = [number for number in cited if isinstance(number, str)]
    assert re.findall(r'class="cite document" href="#document-a-(\d+)" data-document="(\d+)"', html) == [
        (number[1:], number[1:]) for number in documents
    ]
    assert html.count('data-note="unknown-passage"') == len(unknown)


@pytest.mark.parametrize("text", ["Vitamin [D3] and [D1]", "【D1】", "[D1, D2]"])
def test_without_documents_the_letter_means_nothing(text: str) -> None:
    assert "D1" not in re.sub(r"<p>|</p>", "", to_html(text, sources=SOURCES)).replace("[D1", "").replace("【D1", "")
    assert "data-document" not in to_html(text, sources=SOURCES)
    assert cited_numbers(text, sources=SOURCES).unknown == []


def test_a_number_without_the_letter_is_no_document() -> None:
    assert cited_numbers("a [3] [1]", sources=SOURCES, documents=SENT) == ([1], [3])
    assert cited_numbers("a [1, 2] b [3, 4]", sources=[], documents=SENT) == ([], [])


def test_nothing_but_its_number_stands_in_a_mark() -> None:
    html = to_html("It costs 3 euros [D1].", documents=1, anchor="a")
    assert 'data-document="1" aria-label="D1">[D1]</a>' in html


pieces = st.sampled_from([
    "[D1]", "[D1, D2]", "[D1][2]", "\u3010D1\u3011", "[d1]", "[D9]", "[D1, 2]", "[D", "D1]", "[", "]", "Costs fell ",
    " by half. ", "\n\n", "\n- ", "**", "`", "and so on ", "\u3002", "[1]", "(D1)", "[D1](https://site1.example/)",
])  # fmt: skip


@given(st.lists(pieces, max_size=14).map("".join), st.integers(1, 9))
def test_a_text_ends_as_the_whole_however_it_arrives(text: str, size: int) -> None:
    text = f"{text}\n"
    growing = Growing(sources=SOURCES, documents=SENT, anchor="a")
    for at in range(0, len(text), size):
        growing.extend(text[at : at + size])
        growing.tail_html()
    shown = "".join(block.html for block in growing.blocks) + growing.tail_html()
    whole = Growing(sources=SOURCES, documents=SENT, anchor="a")
    whole.extend(text)
    assert shown == "".join(block.html for block in whole.blocks) + whole.tail_html()
    if "[D1](" not in text and "\n-" not in text:
        assert re.sub(r"\s+", " ", shown) == re.sub(
            r"\s+", " ", to_html(text, sources=SOURCES, documents=SENT, anchor="a")
        )
