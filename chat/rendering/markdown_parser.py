"""The Markdown parser, built once: CommonMark without HTML, with tables, strikethrough, task lists and formulas.

Threads may share it: a parse keeps its state to itself.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_block.table import table
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from chat.rendering import math_rules

DEEPEST = 40  # levels of lists and quotations; what lies deeper is shown as it was written
LONGEST = 200_000  # characters of a text; what follows after so many is shown as it was written
LONGEST_INLINE = 20_000  # characters of one paragraph, item or cell; a longer one is shown as it was written
MOST_COLUMNS = 64
MOST_CELLS = 60_000

Environment = dict[str, Any]


class Budget(Protocol):
    """What a parse may take: `core.cpu_budget.CpuBudget`, or what counts steps. `check` raises OverBudget."""

    def counted(self) -> AbstractContextManager[None]: ...

    def check(self) -> None: ...


_SPECIAL = re.compile(r"[\n!$&*<\[\\\]_`~]")
_NUMBERED = re.compile(r"\[\d+\]:")
_BRACKETED_NUMBER = re.compile(r"\[\d{1,3}\](?![(\[:])")
_RULES_BY_SIGN = {
    "\n": "newline",
    "\\": "math_brackets escape",
    "$": "math_dollars",
    "`": "backticks",
    "~": "strikethrough",
    "*": "emphasis",
    "_": "emphasis",
    "[": "bracketed_number link",
    "!": "image",
    "<": "break autolink",
    "&": "entity",
}
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_BUDGET = "cpu_budget"


def parse_blocks(text: str, env: Environment, budget: Budget | None = None) -> list[Token]:
    """The block structure of tidy text. Inline content stays text; link definitions go into `env`.

    Raises OverBudget, as `parse_inline` does, when what `budget` has left does not suffice.
    """
    tokens: list[Token] = []
    with _limited(env, budget):
        _PARSER.block.parse(text, _PARSER, env, tokens)
    return tokens


def parse_inline(content: str, env: Environment, budget: Budget | None = None) -> list[Token]:
    """What one paragraph, heading, item or cell holds."""
    with _limited(env, budget):
        return _PARSER.inline.parse(content, _PARSER, env, [])


@contextmanager
def _limited(env: Environment, budget: Budget | None) -> Iterator[None]:
    """Have the rules find the budget where they find everything else about this parse."""
    if budget is None:
        yield
        return
    env[_BUDGET] = budget
    try:
        with budget.counted():
            yield
    finally:
        del env[_BUDGET]


def _within_budget(state: StateBlock, _start: int, _end: int, _silent: bool) -> bool:
    """No rule, but asked like one at every line at which a block may begin or end."""
    if _BUDGET in state.env:
        state.env[_BUDGET].check()
    return False


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Link definitions, but never for a number: `[1]` belongs to the sources, and `[1]: …` is shown as written."""
    begin = state.bMarks[start] + state.tShift[start]
    if state.src[begin : begin + 1] != "[" or _NUMBERED.match(state.src, begin):
        return False
    return reference(state, start, end, silent)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Tables, except those whose rows are so much shorter than their head that a small text makes a huge page."""
    if start < state.env.get("no_table_before", 0) or not table(state, start, end, True):
        return False
    if silent:
        return True
    last = start
    while last < end and not state.isEmpty(last) and state.sCount[last] >= state.blkIndent:
        last += 1
    delimiters = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]]
    if not is_in_proportion(delimiters, lines=last - start, size=state.bMarks[last] - state.bMarks[start]):
        state.env["no_table_before"] = last
        return False
    return table(state, start, end, False)


def is_in_proportion(delimiters: str, *, lines: int, size: int) -> bool:
    """Whether a table of so many lines and characters may have the columns that its row of delimiters promises."""
    columns = len(delimiters.strip("> |\t").split("|"))
    return columns <= MOST_COLUMNS and columns * lines < max(1_000, min(size, MOST_CELLS))


def _break(state: StateInline, silent: bool) -> bool:
    """`<br>`, which models write into table cells: the one piece of HTML that means something here."""
    match = _BREAK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = match.end()
    return True


def _bracketed_number(state: StateInline, silent: bool) -> bool:
    """Pass over `[1]` at once: it is never a link of its own, and looking for one is the most frequent slow path."""
    if silent:
        return False
    match = _BRACKETED_NUMBER.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    state.append_pending(match.group())
    state.pos = match.end()
    return True


class _Inline(ParserInline):
    """The parser for inline content, which asks at each special character only the rules that begin with it.

    The one it builds upon asks every rule at every such character, which is what most of the time went into.
    """

    def prepare(self) -> None:
        """Sort the rules in use by the characters that they begin with."""
        rules = {rule.name: rule.fn for rule in self.ruler.__rules__}
        self._rules = {sign: tuple(rules[name] for name in names.split()) for sign, names in _RULES_BY_SIGN.items()}

    def skipToken(self, state: StateInline) -> None:
        """Pass over one token, which is what looking for the end of a link does with all that comes after it."""
        if _BUDGET in state.env:
            state.env[_BUDGET].check()
        super().skipToken(state)

    def tokenize(self, state: StateInline) -> None:
        """Turn the text between `state.pos` and `state.posMax` into tokens."""
        src, end = state.src, state.posMax
        while state.pos < end:
            if _BUDGET in state.env:
                state.env[_BUDGET].check()
            start = state.pos
            for rule in self._rules.get(src[start], ()) if state.level < DEEPEST else ():
                if rule(state, False):
                    break
            else:
                special = _SPECIAL.search(src, start + 1, end)
                state.pos = special.start() if special else end
                state.append_pending(src[start : state.pos])
        if state.pending:
            state.pushPending()


def _build() -> MarkdownIt:
    parser = MarkdownIt()
    parser.inline = inline = _Inline()
    parser.configure("commonmark", {"html": False, "maxNesting": DEEPEST, "tasklists": True})
    parser.enable(["table", "strikethrough"])
    parser.disable(["html_block", "html_inline"])
    interrupting = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.at("reference", _definition)
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.before("table", "within_budget", _within_budget, {"alt": interrupting})
    parser.block.ruler.before("fence", "math_block", math_rules.display_math, {"alt": interrupting})
    inline.ruler.before("escape", "math_brackets", math_rules.bracket_math)
    inline.ruler.before("escape", "math_dollars", math_rules.dollar_math)
    inline.ruler.before("link", "bracketed_number", _bracketed_number)
    inline.ruler.before("autolink", "break", _break)
    inline.terminator_re = _SPECIAL
    inline.prepare()
    # Addresses are normalised and judged where links are written: what is refused there keeps its text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.render("")
    return parser


_PARSER = _build()
