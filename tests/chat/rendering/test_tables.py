"""Tables have the cells that the parser's own rule reads, and large ones take no long time."""

import random

import pytest
from markdown_it import MarkdownIt

from chat.rendering import to_html
from chat.rendering.markdown_parser import parse_blocks
from chat.rendering.tables import MOST_COLUMNS
from core.cpu_budget import CpuBudget
from tests.chat.rendering.inert import shown

HEADS = ["a", " b ", "x\\|", "\\\\|x", "**c**", "[1]", "$x$", "\u3000z", "\xa0"]
CELLS = [*HEADS, "", " "]
DELIMITERS = ["---", ":--", "--:", ":-:", "-", " --- "]
ENDS = [[], ["# h"], ["- x"], ["text"], ["    code"], ["", "after"], ["> q"], ["```", "x", "```"]]
PREFIXES = ["", "  ", "> "]

_REFERENCE = MarkdownIt("commonmark").enable("table").disable(["html_block", "html_inline"])


def a_table(chance: random.Random) -> str:
    columns = chance.randint(1, 4)

    def row(cells: list[str], count: int) -> str:
        inside = "|".join(chance.choice(cells) for _ in range(count))
        return f"{chance.choice(['|', '', ' |'])}{inside}{chance.choice(['|', '', '| '])}"

    lines = [row(HEADS, columns), row(DELIMITERS, columns)]
    lines += [row(CELLS, chance.randint(1, columns)) for _ in range(chance.randint(0, 4))]
    prefix = chance.choice(PREFIXES)
    return "\n".join(f"{prefix}{line}" for line in [*lines, *chance.choice(ENDS)])


@pytest.mark.parametrize("seed", range(40))
def test_cells_are_those_of_the_parsers_own_rule(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        text = a_table(chance)
        ours = [(token.type, token.level, token.content, token.attrs, token.map) for token in parse_blocks(text, {})]
        reference = _REFERENCE.parse(text)
        theirs = [(token.type, token.level, token.content, token.attrs, token.map) for token in reference]
        assert ours == theirs, text


@pytest.mark.parametrize(("columns", "rows"), [(200, 200), (MOST_COLUMNS, 200), (6, 5_000)])
def test_a_large_table_is_one(columns: int, rows: int) -> None:
    def line(cell: str) -> str:
        return f"|{f'{cell}|' * columns}\n"

    html = to_html(line("h") + line("-") + line("1") * rows, budget=CpuBudget(60))

    assert html.count("<th>") == columns
    assert html.count("<td>") == columns * rows


def test_more_cells_than_there_may_be_columns_are_kept_in_the_last_one() -> None:
    count = MOST_COLUMNS + 20
    html = to_html(f"| a |\n|---|\n|{'x|' * count}\n")

    assert html.count("<td>") == MOST_COLUMNS + MOST_COLUMNS + 1
    assert shown(html).count("x") == count
