"""The Markdown parser, built once: CommonMark without HTML but for a few harmless tags, with tables, strikethrough,
task lists and formulas.

Threads may share it: a parse keeps its state to itself.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Protocol

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from chat.rendering import math_rules
from chat.rendering.details import details_block
from chat.rendering.fences import fence_block
from chat.rendering.inline_state import InlineState
from chat.rendering.tables import table_block
from core.cpu_budget import OverBudget

DEEPEST = 40  # levels of lists and quotations; what lies deeper is shown as it was written
LONGEST = 200_000  # characters of a text; what follows after so many is shown as it was written
LONGEST_INLINE = 20_000  # characters of one paragraph, item or cell; a longer one is shown as it was written

Environment = dict[str, Any]


class Budget(Protocol):
    """What a parse may take: `core.cpu_budget.CpuBudget`, or what counts steps. `check` raises OverBudget."""

    def counted(self) -> AbstractContextManager[None]: ...

    def check(self) -> None: ...


class StepBudget:
    """What a parse may take in steps, of about ten microseconds each: a clock would not always give the same answer."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.left < 0

    def counted(self) -> AbstractContextManager[None]:
        """Steps count wherever they are taken."""
        return nullcontext()

    def part(self, _share: float) -> "StepBudget":
        """A first part of the work has all that is left."""
        return self

    def take(self, steps: int) -> None:
        """Note work of so many steps."""
        self.left -= steps

    def check(self) -> None:
        """Take a step. Raises OverBudget."""
        self.left -= 1
        if self.left < 0:
            raise OverBudget


_SPECIAL = re.compile(r"[\n!$&*<\[\\\]_`~]")
_NUMBER = re.compile(r"\[?\d{1,3}\]?")
_OURS = re.compile(r"\[(?:\d+|\^[^\]]*)\]:")
_NO_ADDRESS = re.compile(r"\[(?:[^\[\]\\]|\\.)++\]:\s*+(?![^\s]*[/.:#?%@<])")
_BRACKETED_NUMBER = re.compile(
    r"\[\d{1,3}(?: ?[,;\u2013-] ?\d{1,3}){0,20}\](?!\((?:https?://|mailto:|<)|[\[:])", re.IGNORECASE
)
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
    "<": "break tag autolink",
    "&": "entity",
}
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_RULE = re.compile(r"<hr ?/?>[ \t]*\Z", re.IGNORECASE)
_TAG = re.compile(r"<(/?)(b|strong|i|em|u|ins|s|del|strike|sub|sup|kbd|mark|small)>", re.IGNORECASE)
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


def is_number_with_address(tokens: list[Token], index: int) -> bool:
    """Whether a text is all that a link says, and a number: a citation mark that brings its address along."""
    if not 0 < index < len(tokens) - 1 or _NUMBER.fullmatch(tokens[index].content) is None:
        return False
    return (tokens[index - 1].type, tokens[index + 1].type) == ("link_open", "link_close")


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Link definitions, but never for a number or a note: `[1]` belongs to the sources and is shown as written, and
    `[^1]: …` is a footnote. Nor for what is no address, as in `[Sources]: none`, for definitions are not shown.
    """
    begin = state.bMarks[start] + state.tShift[start]
    if state.src[begin : begin + 1] != "[" or _OURS.match(state.src, begin) or _NO_ADDRESS.match(state.src, begin):
        return False
    return reference(state, start, end, silent)


def _tag_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`<details>`, and `<hr>` on a line of its own."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("<", begin) or state.is_code_block(start):
        return False
    if not _RULE.match(state.src, begin, state.eMarks[start]):
        return details_block(state, start, end, silent)
    if not silent:
        state.push("hr", "hr", 0).map = [start, start + 1]
        state.line = start + 1
    return True


def _break(state: StateInline, silent: bool) -> bool:
    """`<br>`, which models write into table cells."""
    match = _BREAK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0).markup = "<br>"
    state.pos = match.end()
    return True


def _tag(state: StateInline, silent: bool) -> bool:
    """`<sub>` and the like, which say something and do nothing, where they stand in pairs; other HTML is text."""
    match = _TAG.match(state.src, state.pos, state.posMax)
    if match is None or silent:
        return False
    assert isinstance(state, InlineState)
    name = match[2].lower()
    written = state.close_tag(name) if match[1] else state.open_tag(name, match.end())
    if written:
        state.pos = match.end()
    return written


def _bracketed_number(state: StateInline, silent: bool) -> bool:
    """Pass over `[1]` at once: it is no link unless an address follows it, as in `[1](https://…)` but not in
    `[1](2023)`, and looking for one is the most frequent slow path."""
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

    def parse(self, src: str, md: MarkdownIt, env: Environment, tokens: list[Token]) -> list[Token]:  # type: ignore[override]
        """Read inline content into tokens."""
        state = InlineState(src, md, env, tokens)
        self.tokenize(state)
        state.give_up_open_tags()
        for rule in self._afterwards:
            rule(state)
        return state.tokens

    def prepare(self) -> None:
        """Sort the rules in use by the characters that they begin with."""
        rules = {rule.name: rule.fn for rule in self.ruler.__rules__}
        self._afterwards = tuple(self.ruler2.getRules(""))
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
    parser.block.ruler.at("table", table_block, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.at("fence", fence_block, {"alt": [*interrupting]})
    parser.block.ruler.before("table", "within_budget", _within_budget, {"alt": interrupting})
    parser.block.ruler.before("fence", "tag_block", _tag_block, {"alt": interrupting})
    parser.block.ruler.before("fence", "math_block", math_rules.display_math, {"alt": interrupting})
    inline.ruler.before("escape", "math_brackets", math_rules.bracket_math)
    inline.ruler.before("escape", "math_dollars", math_rules.dollar_math)
    inline.ruler.before("link", "bracketed_number", _bracketed_number)
    inline.ruler.before("autolink", "break", _break)
    inline.ruler.before("autolink", "tag", _tag)
    inline.terminator_re = _SPECIAL
    inline.prepare()
    # Addresses are normalised and judged where links are written: what is refused there keeps its text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.render("")
    return parser


_PARSER = _build()
