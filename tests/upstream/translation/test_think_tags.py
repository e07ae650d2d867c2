"""Reasoning told from the answer."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cpu_time import at_most
from upstream.translation.think_tags import Retold, ThinkSplit, ThinkTagParser, split_thinking


def read(*pieces: str) -> ThinkSplit:
    think, reasoning, answer = ThinkTagParser(), "", ""
    for told in [*(think.feed(piece) for piece in pieces), think.finish()]:
        if isinstance(told, Retold):
            reasoning, answer = told
        else:
            reasoning, answer = reasoning + told.reasoning, answer + told.answer
    return ThinkSplit(reasoning, answer)


def test_a_block_at_the_beginning_is_reasoning() -> None:
    assert split_thinking("<think>Find the date.</think>\n\nIt was 1998.[1]") == ("Find the date.", "It was 1998.[1]")


def test_tags_may_come_in_pieces() -> None:
    pieces = ["<thi", "nk>Find the date", ". Two sources agree.</th", "ink>\n\nIt was", " 1998.[1]", ""]
    assert read(*pieces) == ("Find the date. Two sources agree.", "It was 1998.[1]")


@pytest.mark.parametrize(
    "text",
    [
        "Plain.",
        "  \n leading blanks stay",
        "   ",
        "<thinker>is another word",
        "<thin",
        "< think>",
        "Use `<think>` in code: <think>x</think>",
        "```\n<think>x</think>\n```",
        "</think> without an opening",
        "The tag </think> ends it.\nSo it is.",
        "It ends with </think>",
        "First `<think>`, then\n</think>\nis how it goes.",
        "Write `\n</think>\n` to end it.",
        "```html\n<b>\n</think>\n```\nThat is all.",
        "Like so:\n\n    </think>\n\nThat is all.",
    ],
)
def test_everything_else_is_answer_to_the_letter(text: str) -> None:
    assert split_thinking(text) == ("", text)


def test_blanks_before_the_block_do_not_matter() -> None:
    assert split_thinking(" \n\t<think>a</think>b") == ("a", "b")


def test_a_block_that_never_closes_is_reasoning_to_its_end() -> None:
    assert split_thinking("<think>cut at the limit </thi") == ("cut at the limit </thi", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<thinking>a</thinking>b", ("a", "b")),
        ("A.\n\n<think>x</think>\n\nB.", ("x", "A.\n\nB.")),
        ("<think>a</think>b\n<think>c</think>\nd", ("a\n\nc", "b\nd")),
        ("<think>a</think>\n<thinking>c</thinking>\nd", ("a\n\nc", "d")),
        ("Done.<think>\nMore?\n</think>\nYes.", ("More?\n", "Done.\nYes.")),
        ("a\n  <think>x</think>b", ("x", "a\n  b")),
    ],
)
def test_a_later_block_counts_where_its_tag_begins_or_ends_a_line(text: str, expected: tuple[str, str]) -> None:
    assert split_thinking(text) == expected
    assert read(*text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "b <think>c</think>",
        "The tag <think> and the tag </think> are two.",
        "```\na\n<think>x</think>\n```",
        "- item:\n\n  ```xml\n  <think>x</think>\n  ```\n",
        "~~~\n<think>\nx\n</think>\n~~~",
        "Write `\n<think>\nx</think>` so.",
        "Like so:\n\n    <think>x</think>\n",
        "A\n<think> is a tag that I name and never close.\n\nB",
        "A\n<thinking>cut",
    ],
)
def test_a_tag_in_code_in_a_sentence_or_never_closed_is_answer_to_the_letter(text: str) -> None:
    assert split_thinking(text) == ("", text)
    assert read(*text) == ("", text)


def test_an_empty_block_leaves_the_answer() -> None:
    assert split_thinking("<think>\n\n</think>\n\nHello") == ("", "Hello")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Find the date.\n</think>\n\nIt was 1998.[1]", ("Find the date.\n", "It was 1998.[1]")),
        ("Find it.</think>\r\nIn 1998.", ("Find it.", "In 1998.")),
        ("\n\n</think>\n\nHello", ("", "Hello")),
        ("One says `</think>` in code.\nEnough.\n</think>\nYes.", ("One says `</think>` in code.\nEnough.\n", "Yes.")),
        ("```\n</think>\n```\nEnough.\n</think>\n\nYes.", ("```\n</think>\n```\nEnough.\n", "Yes.")),
        ("a</think>\nb</think>\nc", ("a", "b</think>\nc")),
        ("Only thoughts.\n</think>\n\n", ("Only thoughts.\n", "")),
    ],
)
def test_a_closing_tag_whose_opening_never_came_ends_the_reasoning(text: str, expected: tuple[str, str]) -> None:
    assert split_thinking(text) == expected
    assert read(*text) == expected


def test_what_was_told_as_answer_moves_once_its_closing_tag_has_come() -> None:
    think = ThinkTagParser()
    assert think.feed("Find the date.</thi") == ThinkSplit("", "Find the date.")
    assert think.feed("nk>") == ThinkSplit("", "")
    moved = think.feed("\n\nIn ")
    assert isinstance(moved, Retold)
    assert moved == ("Find the date.", "In ")
    assert think.feed("1998.</think>\n") == ThinkSplit("", "1998.</think>\n")


def test_less_than_signs_in_the_reasoning_are_kept() -> None:
    assert split_thinking("<think>1 < 2 and </thinner> <</think>x") == ("1 < 2 and </thinner> <", "x")


def test_reasoning_is_handed_on_before_its_block_closes() -> None:
    think = ThinkTagParser()
    assert think.feed("<think>One") == ThinkSplit("One", "")
    assert think.feed(" two </") == ThinkSplit(" two ", "")


def test_only_what_may_become_a_tag_is_held_back() -> None:
    assert ThinkTagParser().feed("<think>1 < 2 <b </thin") == ThinkSplit("1 < 2 <b ", "")
    assert ThinkTagParser().feed("<think>1 < 2 <b") == ThinkSplit("1 < 2 <b", "")
    assert ThinkTagParser().feed("a <thi") == ThinkSplit("", "a ")
    assert ThinkTagParser().feed("a <b> <thx") == ThinkSplit("", "a <b> <thx")
    assert ThinkTagParser().feed("a </thi") == ThinkSplit("", "a ")


def test_after_the_block_a_closing_tag_passes_through() -> None:
    think = ThinkTagParser()
    think.feed("<think>a</think>b")
    assert think.feed(" </think> c") == ThinkSplit("", " </think> c")


texts = st.lists(
    st.sampled_from(
        [
            "<think>",
            "</think>",
            "<thinking>",
            "</thinking>",
            "<",
            "/",
            "think",
            ">",
            " ",
            "\n",
            "a",
            "é",
            "</thi",
            "<th",
            "nk>",
            "`",
            "```\n",
            "\n\n",
        ]
    ),
    max_size=12,
).map("".join)


@given(texts, st.data())
def test_any_cuts_give_the_same_result(text: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(min_value=0, max_value=len(text)), max_size=6))
    places = [0, *sorted(cuts), len(text)]
    assert read(*(text[start:end] for start, end in pairwise(places))) == split_thinking(text)
    assert read(*text) == split_thinking(text)


@given(texts)
def test_no_letter_is_lost_or_invented(text: str) -> None:
    reasoning, answer = split_thinking(text)
    bare = str.maketrans("", "", " \n")
    kept = (reasoning + answer).translate(bare)
    for tag in ("<think>", "</think>", "<thinking>", "</thinking>"):
        kept, text = kept.replace(tag, ""), text.translate(bare).replace(tag, "")
    assert sorted(kept) == sorted(text)


@given(texts)
def test_a_text_without_tags_is_answer_to_the_letter(text: str) -> None:
    if "think>" not in text and "thinking>" not in text:
        assert split_thinking(text) == ("", text)


@pytest.mark.parametrize("unit", ["<think>a</think>\n", "x <think> y", "</think>", "<think>\n", "a<", "`<think>`\n"])
def test_tags_without_end_take_time_in_proportion(unit: str) -> None:
    with at_most(2):
        split_thinking("b\n" + unit * (400_000 // len(unit)))
