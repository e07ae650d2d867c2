"""What a reader sees of the open end stays while more comes, but for the few ways that docs/markdown.md lists."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.rendering import Growing, to_html
from tests import walks
from tests.chat.rendering.conftest import SOURCES
from tests.chat.rendering.hostile import EVERY_PAYLOAD
from tests.chat.rendering.strategies import noise, ordinary, rough
from tests.chat.rendering.written import WRITTEN

LONGEST = 250  # characters that arrive one by one
DEFINITION = re.compile(r"\[[^\]]*\]:")

_BLOCK = re.compile(r"<(p|li|ul|ol|pre|blockquote|h[3-6]|table|tr|td|th|thead|tbody|details|summary|hr|div)\b")
_SHOWN = re.compile(r"<[^>]*>|\s")
_AS_WRITTEN = '<pre class="plain"'
_FORMULA = '<div class="math"'
_EMPTY_CELL = re.compile(r"<td[^>]*></td>")
_FORMS = (  # of what stands, that a later line gives to it
    (
        re.compile(r"</?p>|<span class=\"lines\">|</span>|\s+"),
        "",
    ),  # an empty line between items makes all of them loose
    (re.compile(r"<ulclass=\"tasks\""), "<ul"),
    (re.compile(r"<liclass=\"task\"><input[^>]*>|<li>\[[ xX]?\]?"), "<li>"),  # a box, once there is something behind it
    (re.compile(r"<detailsopen=\"\">"), "<details>"),  # its end has come
    (re.compile(r"<(th|td)[^>]*></\1>"), ""),  # a row with more cells than the head
)


def way_of(old: str, new: str, text: str) -> str:
    """In which of the ways one open end became the other, while `text` is that of its block; "" in none of them."""
    gone = _gone(old, new)
    blocks = _BLOCK.findall(_EMPTY_CELL.sub("", gone))
    if not _SHOWN.sub("", gone):
        return "grown"
    if not blocks:
        return "inline"
    if "[^" in text or DEFINITION.search(text):
        return "definition"
    if _AS_WRITTEN in new or _AS_WRITTEN in old:
        return "bounds"
    if set(blocks) <= {"p", "hr"} or new.count(_FORMULA) > old.count(_FORMULA):
        return "turned"
    for form, plain in _FORMS:
        old, new = form.sub(plain, old), form.sub(plain, new)
    return "" if _BLOCK.search(_gone(old, new)) else "form"


def _gone(old: str, new: str) -> str:
    """What of the old is not the beginning of the new, whole tags only."""
    common = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), len(old))
    common = min(common, len(new))
    tag = old.rfind("<", 0, common)
    return old[tag if tag >= 0 and old.find(">", tag) >= common else common :]


def assert_changes_in_few_ways(text: str) -> None:
    growing = Growing(sources=SOURCES, anchor="a")
    old, closed = "", 0
    for character in text[:LONGEST]:
        growing.extend(character)
        new = growing.tail_html()
        if old and len(growing.blocks) == closed:
            assert way_of(old, new, growing.text), (old, new)
        old, closed = new, len(growing.blocks)


@given(st.one_of(ordinary, rough, noise))
@settings(max_examples=walks.examples(200))
def test_an_open_end_changes_in_few_ways(text: str) -> None:
    assert_changes_in_few_ways(text)


@pytest.mark.parametrize("texts", [WRITTEN, EVERY_PAYLOAD], ids=["what models write", "the hostile"])
def test_the_open_ends_of_texts_of_every_kind_change_in_few_ways(texts: list[str]) -> None:
    for text in walks.some(texts):
        assert_changes_in_few_ways(text)


@pytest.mark.parametrize(
    ("before", "more", "way"),
    [
        ("Words and", " more", "grown"),
        ("- a\n- b", "\n- c", "grown"),
        ("Some *words", "*", "inline"),
        ("As it says [1", "]", "inline"),
        ("- a\n- b", "\n\n  c", "form"),
        ("- [ ]", " a", "form"),
        ("<details>\na", "\n</details>", "form"),
        ("| a |\n|---|\n| b", " | c", "form"),
        ("| a | b |", "\n|---|---|\n", "turned"),
        ("Total", "\n===\r", "turned"),
        ("text [1]", "\r- <", "grown"),
        ("> See [^a]\n>\n> and", "\n>\n> [^a]: A note", "definition"),
    ],
)
def test_each_way_has_its_name(before: str, more: str, way: str) -> None:
    growing = Growing(sources=SOURCES, anchor="a")
    growing.extend(before)
    old = growing.tail_html()
    growing.extend(more)

    assert way_of(old, growing.tail_html(), growing.text) == way


@given(st.one_of(ordinary, rough), st.one_of(ordinary, rough))
@settings(max_examples=walks.examples(200))
def test_a_closed_block_changes_in_the_end_only_for_a_definition_that_comes_later(text: str, more: str) -> None:
    growing = Growing(sources=SOURCES, anchor="a")
    growing.extend(text)
    closed = "".join(block.html for block in growing.blocks)
    growing.extend(f"\n{more}")

    assert "".join(block.html for block in growing.blocks).startswith(closed)
    if not DEFINITION.search(growing.text) and not re.search(r"(?i)(?:`{3}|~{3})[ \t]*(?:markdown|mdx|mdown|md)", text):
        assert to_html(growing.text, sources=SOURCES, anchor="a").startswith(closed)
