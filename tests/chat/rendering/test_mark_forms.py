"""Citation marks in every form that models write: linked, counted, flagged where they stand, finished and streamed."""

import random
import re
from collections.abc import Sequence

import pytest

from chat.rendering import Growing, to_html
from chat.rendering.citations import cited_numbers
from tests.chat.rendering.conftest import Found
from tests.chat.rendering.inert import assert_inert, shown

SOURCES = [Found(f"Title [{number}]", f"https://site{number}.example/page/{number}?a=1&b=2") for number in range(1, 13)]
ONE = SOURCES[0].url

Numbers = Sequence[int]

LINKED: list[tuple[str, Numbers, Numbers]] = [
    # A number, or several
    ("a[1]", [1], []),
    ("a[1][2]", [1, 2], []),
    ("a [1] [2]", [1, 2], []),
    ("a [1], [2]", [1, 2], []),
    ("a[1],[2],[3]", [1, 2, 3], []),
    ("a [1, 2]", [1, 2], []),
    ("a [1,2]", [1, 2], []),
    ("a [1 , 2]", [1, 2], []),
    ("a [ 1 ]", [1], []),
    ("a [ 1, 2 ]", [1, 2], []),
    ("a [1; 2]", [1, 2], []),
    ("a [1, 2, 3, 4, 5]", [1, 2, 3, 4, 5], []),
    ("a [1 and 2]", [1, 2], []),
    ("a [1, 2, and 3]", [1, 2, 3], []),
    ("a [1, 2 and 3]", [1, 2, 3], []),
    ("a [1 & 2]", [1, 2], []),
    ("a [1 und 2]", [1, 2], []),
    ("a [1 et 2] b [3 y 4] c [5 e 6]", [1, 2, 3, 4, 5, 6], []),
    ("a [12]", [12], []),
    ("a ([1])", [1], []),
    ("a ([1], [2])", [1, 2], []),
    ("“a”[1]", [1], []),
    ("a.[1] B", [1], []),
    ("a[1].", [1], []),
    ("a[1]?!", [1], []),
    ("1998[1]", [1], []),
    ("Is it so [1]?\nYes [2].", [1, 2], []),
    ("[1] says so", [1], []),
    ("[1]: it says so", [1], []),
    ("Source [1] and sources [2, 3]", [1, 2, 3], []),
    # Ranges
    ("a [1-3]", [1, 2, 3], []),
    ("a [1\u20133]", [1, 2, 3], []),
    ("a [1\u20143]", [1, 2, 3], []),
    ("a [1 - 3]", [1, 2, 3], []),
    ("a [1\u20103]", [1, 2, 3], []),
    ("a [1~3]", [1, 2, 3], []),
    ("a [1-3, 5]", [1, 2, 3, 5], []),
    ("a [1\u20133; 7-9]", [1, 2, 3, 7, 8, 9], []),
    ("a [1]-[3]", [1, 2, 3], []),
    ("a [1]\u2013[3]", [1, 2, 3], []),
    ("a [10-14]", [10, 11, 12], [13, 14]),
    # Where in the source
    ("a [1, p. 6]", [1], []),
    ("a [1, pp. 6\u20137]", [1], []),
    ("a [1, page 6]", [1], []),
    ("a [1, S. 6]", [1], []),
    ("a [1, Seite 6]", [1], []),
    ("a [1 p. 6]", [1], []),
    ("a [1, §4]", [1], []),
    ("a [1, Art. 5]", [1], []),
    ("a [1, fig. 3]", [1], []),
    ("a [1, Table 2]", [1], []),
    ("a [1, section 3.2]", [1], []),
    ("a [1, ch. 4; 2, p. 8]", [1, 2], []),
    ("a [1, line 12]", [1], []),
    ("a [1, с. 6]", [1], []),
    ("a [1, 第3页]", [1], []),
    ("a [see 1]", [1], []),
    ("a [see also 1, 2]", [1, 2], []),
    ("a [cf. 3]", [3], []),
    ("a [e.g., 1, 2]", [1, 2], []),
    ("a [vgl. 1]", [1], []),
    # A word for the source
    ("a [Source 1]", [1], []),
    ("a [source: 1]", [1], []),
    ("a [Sources 1, 2]", [1, 2], []),
    ("a [Sources: 1 and 2]", [1, 2], []),
    ("a [Source 1, Source 2]", [1, 2], []),
    ("a [Source #1]", [1], []),
    ("a [ref: 3]", [3], []),
    ("a [Ref. 3]", [3], []),
    ("a [ref 3]", [3], []),
    ("a [Reference 3]", [3], []),
    ("a [citation:3]", [3], []),
    ("a [citation:3][citation:4]", [3, 4], []),
    ("a [cite: 1, 2]", [1, 2], []),
    ("a [web:3]", [3], []),
    ("a [web:1, web:3]", [1, 3], []),
    ("a [web:1][web:2]", [1, 2], []),
    ("a [web:1-3]", [1, 2, 3], []),
    ("a [result 3]", [3], []),
    ("a [doc 3] b [document 4]", [3, 4], []),
    ("a [Quelle 1] b [Quellen: 2, 3]", [1, 2, 3], []),
    ("a [fuente 1] b [fonte 2]", [1, 2], []),
    ("a [来源1] b [来源：2] c [出典3]", [1, 2, 3], []),
    ("a [출처 1]", [1], []),
    ("a [источник 1]", [1], []),
    ("a [المصدر 1]", [1], []),
    ("a [#1]", [1], []),
    # Brackets of East Asia, other digits
    ("a【1】", [1], []),
    ("a【2†source】", [2], []),
    ("a【2†L10-L15】", [2], []),
    ("a【1†source】【2†source】", [1, 2], []),
    ("a【1, 2】", [1, 2], []),
    ("a【1，2、3】", [1, 2, 3], []),
    ("a【web:1】", [1], []),
    ("a［3］", [3], []),
    ("a［３］", [3], []),
    ("a［１，２］", [1, 2], []),
    ("a[１]", [1], []),
    ("جاء[١] و[٢، ٣]", [1, 2, 3], []),
    ("گفت[۱]", [1], []),
    ("कहा[१]", [1], []),
    ("灯台は自動化された[1]。", [1], []),
    ("灯塔已自动化[1][2]。", [1, 2], []),
    # Carets, twofold brackets
    ("a[^1]", [1], []),
    ("a[^1][^2]", [1, 2], []),
    ("a[^1^]", [1], []),
    ("a [[1]]", [1], []),
    ("a [[1]][[2]]", [1, 2], []),
    ("a [[1, 2]]", [1, 2], []),
    ("a ^[1]", [1], []),
    ("a<sup>[1]</sup>", [1], []),
    # With an address, or something that looks like one
    (f"a [1]({ONE})", [1], []),
    (f"a [[1]]({ONE})", [1], []),
    (f"a [1](<{ONE}>)", [1], []),
    (f'a [1]({ONE} "Title")', [1], []),
    (f"a ([site]({ONE}))", [1], []),
    (f"a [Source 7]({ONE})", [1], []),
    (f"a {ONE}", [1], []),
    ("a [1](2023)", [1], []),
    ("a [1, 2](2023)", [1, 2], []),
    ("a [1](#source-1)", [1], []),
    ("a [1] (2023)", [1], []),
    (f"Claims.\n\n[1] {ONE}\n[2] {SOURCES[1].url}", [1, 2], []),
    (f"Claims.\n\n[1]: {ONE}\n[2]: {SOURCES[1].url}", [1, 2], []),
    (f"Claims.\n\n1. {ONE}\n2. Title [2]", [1, 2], []),
    # Unknown ones are told as such
    ("a [99]", [], [99]),
    ("a [1][99]", [1], [99]),
    ("a [1, 99]", [1], [99]),
    ("a [0]", [], [0]),
    ("a [Source 99]", [], [99]),
    ("a【99†source】", [], [99]),
    # Markup around them
    ("**a**[1]", [1], []),
    ("**[1]**", [1], []),
    ("*a [1]*", [1], []),
    ("`a`[1]", [1], []),
    ("$x$[1]", [1], []),
    ("a\\\n[1]", [1], []),
    ("# a [1]", [1], []),
    ("> a [1]", [1], []),
    ("- a [1]\n- b [2]", [1, 2], []),
    ("| a [1] | b [2] |\n|---|---|\n| c[3] | d |", [1, 2, 3], []),
    ("a_b_c[1]", [1], []),
]

TEXT = [
    "in [2023]",
    "in [1998, 1999]",
    "[0-9]",
    "[0, 1]",
    "[0, 10]",
    "[1,234]",
    "[12,345,678]",
    "x = [1, 2, 3]",
    "x = [5]",
    "x=[1]",
    "items[0]",
    "$items[1]",
    "some_list[99]",
    "a list [1, 2, 3]",
    "in the range [1, 5]",
    "the interval [2, 9]",
    "x ∈ [1, 2]",
    "max([1, 2])",
    "[1:3]",
    "[:3]",
    "[1.5]",
    "[1/2]",
    "[1/3]",
    "[3-1]",
    "[1-900]",
    "[01]",
    "[001]",
    "[-1]",
    "[x]",
    "[a1]",
    "[citation needed]",
    "[sic]",
    "[...]",
    "[ ]",
    "[]",
    "[88, 99]",
    "[#99]",
    "[[99]]",
    "[1】",
    "【1]",
    "(1)",
    "(1, 2)",
    "m²",
    "word¹ and²",
    "10<sup>6</sup>",
    "`[1]`",
    "`a [1, 2] b`",
    "``[1] ` [2]``",
    "$[1, 2]$",
    "\\(a[1]\\)",
    "```\n[1]\n```",
    "~~~\n[1]\n~~~",
    "    [1]",
    "$$\nx[1]\n$$",
    "\\[1\\]",
    "[p. 6]",
    "[Table 3]",
    "[figure 1]",
]


def cites(html: str) -> list[int]:
    """The numbers of the links to sources and of the addresses of sources."""
    by_address = {source.url.replace("&", "&amp;"): number for number, source in enumerate(SOURCES, start=1)}
    found = re.findall(r'<a class="(?:cite|sourced)" href="(?:#source-a-(\d+)|([^"]*))"', html)
    return [int(number) if number else by_address[url] for number, url in found]


def flagged(html: str) -> list[int]:
    """The numbers that are shown as unknown."""
    told = re.findall(r'<span class="unknown-source" data-note="unknown-source">([^<]*)</span>', html)
    return [int(number) for one in told for number in re.findall(r"\d+", one)]


@pytest.mark.parametrize(("text", "known", "unknown"), LINKED)
def test_a_mark_is_linked_counted_and_flagged(text: str, known: Numbers, unknown: Numbers) -> None:
    html = to_html(text, sources=SOURCES, anchor="a")
    assert_inert(html)
    assert list(dict.fromkeys(cites(html))) == list(known)
    assert flagged(html) == list(unknown)
    assert cited_numbers(text, sources=SOURCES) == (list(known), list(unknown))


@pytest.mark.parametrize("text", TEXT)
def test_brackets_that_say_something_else_stay_as_they_were_written(text: str) -> None:
    html = to_html(text, sources=SOURCES, anchor="a")
    assert_inert(html)
    assert (cites(html), flagged(html)) == ([], [])
    assert cited_numbers(text, sources=SOURCES) == ([], [])


@pytest.mark.parametrize("text", [*(text for text, _known, _unknown in LINKED), *TEXT])
def test_marks_that_are_streamed_end_as_the_finished_ones(text: str) -> None:
    whole = f"Before.\n\n{text}\n\nAfter [1]."
    sizes = random.Random(text)
    growing = Growing(sources=SOURCES, anchor="a")
    at = 0
    while at < len(whole):
        size = sizes.randint(1, 3)
        growing.extend(whole[at : at + size])
        assert_inert(growing.tail_html())
        at += size
    html = "".join(block.html for block in growing.blocks) + growing.tail_html()
    assert html == to_html(whole, sources=SOURCES, anchor="a")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rose to 5[1](2023) and", "rose to 5[1](2023) and"),
        ("a [1, p. 6] b", "a [1, p. 6] b"),
        ("a [see 1, 2] b", "a [see 1][2] b"),
        ("a【2†L1-L5】b", "a[2†L1-L5]b"),
        ("a【2†A & B】b", "a[2†A & B]b"),
        ("a [1](#note) b", "a [1](#note) b"),
        ("a[^1] b", "a[1] b"),
        ("`[1]` [web:2]", "[1] [2]"),
    ],
)
def test_what_a_mark_says_besides_its_numbers_is_kept(text: str, words: str) -> None:
    assert shown(to_html(text, sources=SOURCES, anchor="a")).strip() == words


def test_a_title_with_a_mark_in_it_is_no_mark() -> None:
    html = to_html("a[^2] b [3]", sources=SOURCES, anchor="a")
    assert cites(html) == [2, 3]
    assert 'aria-label="2: Title [2]"' in html


def test_a_mark_is_called_by_its_source_in_no_language_of_ours() -> None:
    sources = [*SOURCES[:1], Found("", "https://www.bare.example/x"), Found("", "")]
    html = to_html("a [1] b [2] c [3] d [9] https://else.example/ [^n]\n\n[^n]: e", sources=sources)
    assert re.findall(r'aria-label="([^"]*)"', html) == ["1: Title [1]", "2: bare.example", "3"]
    assert re.findall(r'data-note="([^"]*)"', html) == [
        "unknown-source",
        "unreturned-link",
        "footnote",
        "footnote-back",
    ]
    assert "title=" not in html


def test_a_mark_stays_with_the_word_before_it_and_a_long_run_may_break() -> None:
    spaced = to_html("word [1] [2] [3] [4] [5]", sources=SOURCES, anchor="a")
    assert spaced.count('<span class="held"> <a') == 4
    assert "</span> <a" in spaced
    assert "<wbr>" not in spaced

    glued = to_html("word[1][2][3][4][5][6]", sources=SOURCES, anchor="a")
    assert [part.count("<a ") for part in glued.split("<wbr>")] == [4, 2]
    assert to_html("word [1-12]", sources=SOURCES, anchor="a").count("<wbr>") == 2
    assert "\u2060" not in spaced + glued
    assert shown(spaced) == "word [1] [2] [3] [4] [5]\n"
