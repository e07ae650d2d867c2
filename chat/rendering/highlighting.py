"""Colours for code whose language was named, by Pygments, within limits of length and of CPU time."""

from collections.abc import Iterator
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

from chat.rendering.text import escape
from core.cpu_budget import CpuBudget, OverBudget

LONGEST_HIGHLIGHTED = 20_000  # characters of one block; longer code is shown plainly
LONGEST_LINE = 1_000  # characters; many lexers take quadratic time for a line
MOST_SECONDS = 0.5  # CPU seconds for all the code of an answer; 100,000 characters of ordinary code take as much

# Popular languages whose lexers never take long from one token to the next, whatever the code, so that the limit of
# CPU time, which counts between tokens, holds. Left out for this reason are MATLAB (seconds for empty lines; Octave's
# lexer stands in), and what chooses another lexer by a name in the code, of which some are as slow: HTTP, PostgreSQL.
_LEXERS = """
bash c clojure cmake console cpp csharp css dart diff docker elixir elm erlang fortran fsharp go graphql groovy
haskell html ini java javascript json julia kotlin latex lua make mysql nginx objective-c ocaml octave perl php
powershell properties protobuf pycon python r ruby rust scala scss solidity sql sqlite3 swift terraform toml
typescript vbnet xml yaml zig
"""
_OTHER_NAMES = {
    "bash-session": "console",
    "cc": "cpp",
    "conf": "ini",
    "cxx": "cpp",
    "erl": "erlang",
    "gradle": "groovy",
    "h": "c",
    "hpp": "cpp",
    "json5": "json",
    "jsonc": "json",
    "jsx": "javascript",
    "kt": "kotlin",
    "matlab": "octave",
    "mjs": "javascript",
    "node": "javascript",
    "patch": "diff",
    "plpgsql": "sql",
    "postgres": "sql",
    "postgresql": "sql",
    "rlang": "r",
    "sol": "solidity",
    "sqlite": "sqlite3",
    "svg": "xml",
    "tsx": "typescript",
    "vb": "vbnet",
}


def _lexers_by_name() -> dict[str, str]:
    allowed = frozenset(_LEXERS.split())
    names = dict(_OTHER_NAMES)
    for _, aliases, *_ in get_all_lexers(plugins=False):
        names |= {alias: lexer for lexer in allowed.intersection(aliases) for alias in aliases}
    return names


LANGUAGES = _lexers_by_name()
"""The name of the lexer by each name, in small letters, that a language has."""

CLASSES = frozenset(STANDARD_TYPES.values()) - {""}
"""The class names that `Highlighter` writes."""


class Highlighter:
    """Highlights the code of one answer.

    The lengths alone bound nothing: many lexers look ahead over the rest of the code at each token, which a model can
    be made to write code for. Once the CPU time is used up, the code at hand and all that follows is shown plainly.
    `budget` is what the whole rendering has left.
    """

    def __init__(self, seconds: float = MOST_SECONDS, *, budget: CpuBudget | None = None) -> None:
        self._own = CpuBudget(seconds)
        self._whole = budget or self._own

    def highlight(self, code: str, lexer_name: str) -> str:
        """Code as HTML. `lexer_name` is one of the values of `LANGUAGES`, or empty for code that stays plain."""
        if not lexer_name or self._own.is_spent or self._whole.is_spent or not _is_short(code, lexer_name):
            return escape(code)
        lexer = get_lexer_by_name(lexer_name)  # a new one each time: threads share nothing
        try:
            with self._own.counted(), self._whole.counted():
                return "".join(_spans(lexer, code, self._own, self._whole))
        except OverBudget:
            return escape(code)


def _is_short(code: str, lexer_name: str) -> bool:
    return len(code) <= LONGEST_HIGHLIGHTED and all(len(line) <= LONGEST_LINE for line in code.split("\n"))


def _spans(lexer: Lexer, code: str, *budgets: CpuBudget) -> Iterator[str]:
    open_class, text = "", ""
    for _, kind, value in lexer.get_tokens_unprocessed(code):
        for budget in budgets:
            budget.check()
        css = _class(kind) if not value.isspace() else open_class
        if css == open_class:
            text += value
            continue
        yield _span(open_class, text)
        open_class, text = css, value
    yield _span(open_class, text)


def _span(css: str, text: str) -> str:
    return f'<span class="{css}">{escape(text)}</span>' if css and text else escape(text)


@lru_cache(maxsize=512)
def _class(kind: _TokenType) -> str:
    """The short class of a kind of token, or of the nearest kind above it that has one."""
    return next(STANDARD_TYPES[near] for near in reversed(kind.split()) if near in STANDARD_TYPES)
