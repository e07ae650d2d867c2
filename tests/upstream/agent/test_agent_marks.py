"""Citation marks of every form become ours, wherever they are cut, and nothing else does."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.upstream.agent.agent_fixtures import completed, created, delta, heard, heard_whole, message, response, told
from tests.upstream.conftest import text_in
from upstream.agent.marks import LONGEST, MarkReader, numbers_in


class Known(frozenset[int]):
    """The numbers of the sources, and 7 for the only page that was read."""

    page = 7


KNOWN = Known({1, 2, 3, 4, 11, 21})


def ours(*pieces: str) -> str:
    reader = MarkReader(KNOWN)
    return "".join(map(reader.feed, pieces)) + reader.finish()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 1998.[1][3]", "In 1998.[1][3]"),
        ("a [web:11] b [web:21]", "a [11] b [21]"),
        ("[web:1][web:2].", "[1][2]."),
        ("a [web:1, web:4] b", "a [1][4] b"),
        ("a [web:1,4; web:2]", "a [1][4][2]"),
        ("a [web:1-3] b [web:1\u2013web:3] c [web: 1 - 2]", "a [1][2][3] b [1][2][3] c [1][2]"),
        ("a [Web:1] [web: 1] [ web:1 ]", "a [1] [1] [1]"),
        ("a [web:0]", "a [7]"),
        ("a [web:99]", "a [99]"),
        ("a [web:1](https://a.example/x)", "a [1](https://a.example/x)"),
        ("[Varn](https://a.example/x)", "[Varn](https://a.example/x)"),
        (
            "a\u3010web:1\u3011 b\u30101\u3011 c\u30102\u2020source\u3011 d\u30101\u2020L3-L5\u3011 e\u30101, 2\u3011",
            "a[1] b[1] c[2] d[1] e[1][2]",
        ),
        ("| a [web:1] |", "| a [1] |"),
        ("> - a [web:1]", "> - a [1]"),
    ],
)
def test_a_mark_becomes_ours(text: str, expected: str) -> None:
    assert ours(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[web:foo] [web] [web:] [web:1",
        "[web:1234] [web:-1] [web:1-900] [web:3-1]",
        "[web:1 and web:2]",
        "[page:1] [memory:2] [attached_file:1]",
        "an interval [1, 2], a pattern [0-9], a list [1-3]",
        "\u30101\u3011\u6982\u8981\n  \u30102\u3011\u8a73\u7d30",  # headings in an East Asian text
        "\u6ce8\u3010\u91cd\u8981\u3011 \u301099\u3011",
        "`a[web:1]` and ``b`[web:1]``",
        "```python\na[web:1]\n```",
        "~~~\na[web:1]\n```\nb[web:1]\n~~~",
        "> ```\n> a[web:1]\n> ```",
        "````\n```\na[web:1]\n````",
    ],
)
def test_what_is_no_mark_stays_as_it_is(text: str) -> None:
    assert ours(text) == text


def test_code_ends_where_it_ends() -> None:
    assert ours("```\na[web:1]\n```\nb[web:1]") == "```\na[web:1]\n```\nb[1]"
    assert ours("`a` b [web:1] `c`") == "`a` b [1] `c`"
    assert ours("```a``` b [web:1]\nc [web:1]") == "```a``` b [1]\nc [1]"
    assert ours("a ` b [web:1]\nc [web:2]") == "a ` b [web:1]\nc [2]"


def test_nothing_is_held_for_longer_than_a_mark_is_long() -> None:
    reader = MarkReader(KNOWN)
    endless = "[web:" + "1, " * 100
    came = "".join(reader.feed(letter) for letter in endless)
    assert len(endless) - len(came) < LONGEST
    assert came + reader.finish() == endless


def test_only_what_may_become_a_mark_is_held() -> None:
    for held, shown in (("a [", "a "), ("a [we", "a "), ("a [web:1, web:", "a "), ("a [7", "a [7"), ("a [x", "a [x")):
        assert MarkReader(KNOWN).feed(held) == shown


PIECES = st.sampled_from(
    [
        "[",
        "]",
        "web:",
        "we",
        "1",
        "11",
        "0",
        ", ",
        "-",
        "\u2013",
        "`",
        "```",
        "~~~",
        "\n",
        " ",
        "a",
        "\u3010",
        "\u3011",
        "\u2020",
        "x y",
        "> ",
        "[web:1]",
        "[web:2, web:3]",
        ";",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join), st.lists(st.integers(0, 80), max_size=8))
def test_a_text_cut_anywhere_reads_as_the_whole(text: str, cuts: Sequence[int]) -> None:
    ends = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    assert ours(*(text[a:b] for a, b in pairwise(ends))) == ours(text)
    assert ours(*text) == ours(text)


@given(st.text(st.sampled_from("ab [](){}*_`~\n1,-:we"), max_size=60))
def test_without_a_mark_of_theirs_no_letter_changes(text: str) -> None:
    assert "web:" in text or ours(text) == text


def test_which_numbers_a_text_may_mean() -> None:
    assert numbers_in("a [1] [web:12, 14] \u30103\u2020x\u3011 [2-4] [x 9] (8) [1998]") == {1, 12, 14, 3, 2, 4}


# --- In a stream -----------------------------------------------------------------------------------------------------

RAW = "Varn.[web:11] List `[web:1]`.[web:21, web:11] Page [web:0]."
FOUND = [
    {
        "type": "search_results",
        "queries": ["a"],
        "results": [{"id": n, "url": f"https://{n}.example/"} for n in (11, 21)],
    },
    {"type": "fetch_url_results", "contents": [{"url": "https://page.example/"}]},
]
SHOWN = "Varn.[11] List `[web:1]`.[21][11] Page [22]."


def test_a_mark_cut_at_every_place_is_shown_as_a_mark() -> None:
    found = [told("output_item.done", output_index=place, item=item) for place, item in enumerate(FOUND)]
    for at in range(1, len(RAW)):
        events = heard(
            created(),
            *found,
            delta(RAW[:at], index=2),
            delta(RAW[at:], index=2),
            completed(output=[*FOUND, message(RAW)]),
        )
        assert text_in(events) == SHOWN
        assert not [event for event in events if type(event).__name__ == "TextReplaced"]


def test_a_stream_that_breaks_off_within_a_mark_loses_nothing() -> None:
    for at in range(1, len(RAW)):
        assert text_in(heard(created(), delta(RAW[:at]))).endswith(RAW[:at][-3:].rpartition("]")[2])
    assert text_in(heard(created(), delta("So it was.[web:1"))) == "So it was.[web:1"


def test_marks_in_an_answer_that_comes_whole_and_in_one_that_was_never_streamed() -> None:
    assert text_in(heard_whole(response(output=[*FOUND, message(RAW)]))) == SHOWN
    assert text_in(heard(created(), completed(output=[*FOUND, message(RAW)]))) == SHOWN


def test_the_page_is_meant_only_where_it_is_the_only_one() -> None:
    two = {"type": "fetch_url_results", "contents": [{"url": "https://p.example/"}, {"url": "https://q.example/"}]}
    assert text_in(heard_whole(response(output=[two, message("So.[web:0]")]))) == "So.[0]"
    assert text_in(heard_whole(response(output=[message("So.[web:0]")]))) == "So.[0]"


def test_a_page_that_was_found_by_the_search_too_has_the_results_number() -> None:
    found = {"type": "search_results", "queries": ["a"], "results": [{"id": 4, "url": "https://p.example/x"}]}
    page = {"type": "fetch_url_results", "contents": [{"url": "https://p.example/x/"}]}
    assert text_in(heard_whole(response(output=[found, page, message("So.[web:0]")]))) == "So.[4]"


def test_results_that_come_after_the_words_put_the_marks_right() -> None:
    page = {"type": "fetch_url_results", "contents": [{"url": "https://p.example/x"}]}
    events = heard(created(), delta("So.[web:0] And on."), completed(output=[page, message("So.[web:0] And on.")]))
    assert text_in(events) == "So.[1] And on."
