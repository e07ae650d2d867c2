"""What is much longer than an answer should be is rendered within the CPU time that an answer has, and is all there."""

import re
from html import unescape

import pytest

from chat.rendering import Growing, to_html
from chat.rendering.html_renderer import MOST_SECONDS
from core.cpu_budget import CpuBudget
from tests.chat.rendering.conftest import SOURCES
from tests.cpu_time import at_most

COLUMNS, ROWS = 200, 50
ITEMS = 10_000
WIDE_TABLE = "\n".join(
    f"| {' | '.join(cells)} |"
    for cells in (
        [f"head {column}" for column in range(COLUMNS)],
        ["---"] * COLUMNS,
        *([f"{row}-{column}" for column in range(COLUMNS)] for row in range(ROWS)),
    )
)
LONG = {
    "items": "".join(f"- item {number}\n" for number in range(ITEMS)),
    "numbered items": "".join(f"{number}. item\n" for number in range(1, ITEMS + 1)),
    "columns": WIDE_TABLE,
    "a line": "words and **more** of them [1], " * 3_200,
    "a word": "w" * 20_000,
    "a word of East Asia": "港" * 20_000,
    "quotations": ">" * 500 + " innermost",
    "quotations line by line": "\n".join(f"{'> ' * depth}level {depth}" for depth in range(1, 501)),
    "lines": "".join(f"line {number}\n" for number in range(5_000)),
    "what can be opened": "<details>\n<summary>S</summary>\n\ntext\n\n</details>\n\n" * 2_000,
    "what is never closed": "<details>\n" * 20_000,
}


@pytest.mark.parametrize("kind", LONG)
def test_a_long_text_takes_no_more_than_its_time_and_nothing_of_it_vanishes(kind: str) -> None:
    text = re.sub(r"(?m)^\d+\. ", "1. ", LONG[kind])  # a page counts for itself
    with at_most(2.5 * MOST_SECONDS):  # the sanitiser comes on top
        html = to_html(text, sources=SOURCES)
    words = re.findall(r"\w{2,}", re.sub(r"</?[a-z]+>", "", text))
    visible = re.findall(r"\w{2,}", unescape(re.sub(r"<[^>]*>", "", html)))
    assert set(words) <= set(visible)
    assert len(words) <= len(visible)


@pytest.mark.parametrize("kind", ["items", "columns", "a word", "lines", "what can be opened"])
def test_a_long_text_that_arrives_is_all_there(kind: str) -> None:
    text = LONG[kind]
    growing = Growing(sources=SOURCES)
    for begin in range(0, len(text), len(text) // 7):
        growing.extend(text[begin : begin + len(text) // 7])
        growing.tail_html()
    html = "".join(block.html for block in growing.blocks) + growing.tail_html()

    assert set(re.findall(r"\w+", text)) <= {*re.findall(r"\w+", unescape(html))}


def test_long_lists_and_wide_tables_are_lists_and_tables() -> None:
    for kind in ("items", "numbered items"):
        assert to_html(LONG[kind], budget=CpuBudget(60)).count("<li>") == ITEMS
    table = to_html(WIDE_TABLE, budget=CpuBudget(60))
    assert (table.count("<th>"), table.count("<td>")) == (COLUMNS, COLUMNS * ROWS)
