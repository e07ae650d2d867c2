"""Text made to hurt is rendered with work in proportion to its length, and nothing of it gets lost."""

import pytest

from chat.rendering import Growing, to_html
from chat.rendering.citations import cited_numbers
from chat.rendering.tables import MOST_COLUMNS
from tests import walks
from tests.chat.rendering.call_counts import calls_of
from tests.chat.rendering.conftest import SOURCES
from tests.chat.rendering.inert import assert_inert, shown

UNITS = [
    "[",
    "![",
    "[a](",
    "[a](b",
    "[a][",
    "[[1]](",
    "[a]: b\n",
    '[a]: b "x\n',
    "*",
    "**a ",
    "*a_",
    "_a ",
    "~~a ",
    "`",
    "` ``",
    "$",
    "$a",
    "$a ",
    "$$a ",
    "\\(",
    "\\[ ",
    "\\[\nx\n",
    "$$\nx\n",
    "$x$ ",
    "<",
    "<a",
    "<http://",
    "&",
    "&#x",
    "http://a)",
    ">",
    "> a\n",
    "- ",
    "- a\n",
    "- a\n  ",
    "1. a\n",
    "- a\n\n",
    "- ```\n",
    "1. a\n   ```\n\nfoo\n",
    "```\n",
    "a\n-\n",
    "---\n",
    "- - -\n",
    "| ",
    "|-\n",
    "a|b\n-|-\n",
    "# a\n",
    "    a\n\n",
    "a  \n",
    "\n",
    " ",
    "\t",
    "- [ ] a\n",
    "[1]",
    "[1](",
    "<br>",
    "<details>\n",
    "<details>\n\na\n\n</details>\n\n",
    "</details>\n",
    "<details><summary>",
]

SHAPES = {
    "quotations in quotations": lambda length: ">" * length + " deepest",
    "lists in lists": lambda length: "".join(f"{'  ' * depth}- a\n" for depth in range(60)) * (length // 4_000 + 1),
    "emphasis in emphasis": lambda length: "*a " * (length // 6) + "a*" * (length // 6),
    "brackets in brackets": lambda length: "[" * (length // 2) + "]" * (length // 2),
    "longer and longer code marks": lambda length: " ".join("`" * size for size in range(int((2 * length) ** 0.5))),
    "a wide table with short rows": lambda length: f"|{'a|' * 60}\n|{'-|' * 60}\n" + "|a\n" * (length // 3),
    "wide tables with short rows": lambda length: f"|{'a|' * 9}\n|{'-|' * 9}\n{'|a' * 40}\n" * (length // 120),
    "a very wide table": lambda length: f"|{'a|' * (length // 4)}\n|{'-|' * (length // 4)}\n| x |",
    "braces in formulas": lambda length: f"${'{' * 900}$ " * (length // 903),
    "roots in formulas": lambda length: f"${chr(92)}sqrt{chr(92)}sqrt x$ " * (length // 14),
    "a fence that may be inside a list": lambda length: "10. a\n   ```\n" + "x\n\nfoo\n\n" * (length // 8),
}


def repeat(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


@pytest.mark.parametrize("unit", walks.some(UNITS))
def test_repeating_something_costs_in_proportion(unit: str) -> None:
    assert_proportionate(repeat(unit, 4_000), repeat(unit, 16_000))


@pytest.mark.parametrize("shape", SHAPES)
def test_nesting_something_costs_in_proportion(shape: str) -> None:
    assert_proportionate(SHAPES[shape](4_000), SHAPES[shape](16_000))


def assert_proportionate(short: str, long: str) -> None:
    """Four times the text may be six times the work, wherever it is looked at."""
    for action in (to_html, closed, lambda text: cited_numbers(text, sources=SOURCES)):
        action(short)
        assert calls_of(lambda: action(long)) < 6 * calls_of(lambda: action(short)) + 3_000  # noqa: B023
    assert_inert(to_html(short, sources=SOURCES))


def closed_and_open(text: str) -> str:
    growing = Growing()
    growing.extend(text)
    return "".join(block.html for block in growing.blocks) + growing.tail_html()


def closed(text: str) -> list[str]:
    growing = Growing(sources=SOURCES)
    for begin in range(0, len(text), 400):
        growing.extend(text[begin : begin + 400])
    return [block.html for block in growing.blocks]


@pytest.mark.parametrize(
    "text", [">" * 200 + " deepest", "- " * 200 + "deepest", "> - " * 90 + "> deepest", "1. " * 99 + "deepest"]
)
def test_what_is_nested_too_deeply_is_shown_as_it_was_written(text: str) -> None:
    html = to_html(f"before\n\n{text}\n\nafter")

    assert "<p>before</p>" in html
    assert "<p>after</p>" in html
    assert html == closed_and_open(f"before\n\n{text}\n\nafter")
    assert '<pre class="plain" tabindex="0">' in html
    assert text in shown(html)


def test_emphasis_that_is_nested_too_deeply_is_shown_as_it_was_written() -> None:
    text = "*a " * 50 + "a*" * 50

    assert shown(to_html(text)) == f"{text}\n"


def test_nesting_that_people_use_is_rendered() -> None:
    text = "".join(f"{'  ' * depth}- level {depth}\n" for depth in range(15))

    assert to_html(text).count('<ul dir="auto">') == 15


def test_a_very_long_paragraph_is_shown_as_it_was_written() -> None:
    text = "**bold** " * 3_000

    assert shown(to_html(text)) == f"{text.strip()}\n"


def test_a_table_that_is_mostly_gaps_stays_text() -> None:
    wide = f"|{'a|' * (MOST_COLUMNS + 1)}\n|{'-|' * (MOST_COLUMNS + 1)}\n| x |"
    gaps = f"|{'a|' * 60}\n|{'-|' * 60}\n" + "|x\n" * 2_000

    assert "<table" not in to_html(wide)
    assert "<table" not in to_html(gaps)
    assert to_html("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 2_000).count("<tr>") == 2_001
