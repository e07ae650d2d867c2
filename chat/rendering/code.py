"""Code blocks: a head with the language, and highlighting for languages that were named and are known."""

from collections.abc import Iterator
from functools import lru_cache

from markdown_it.common.utils import unescapeAll
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.token import STANDARD_TYPES, _TokenType

from chat.rendering import lexers
from chat.rendering.languages import LANGUAGES as PLAIN
from chat.rendering.text import escape

LONGEST_HIGHLIGHTED = 20_000  # characters; longer code is shown plainly
LONGEST_LINE = 1_000  # characters; some lexers take quadratic time for a line
SLOWER = {"css": 8_000, "html": 8_000, "xml": 8_000, "ocaml": 8_000, "console": 8_000, "ruby": 8_000, "yaml": 8_000}
LONGEST_NAME = 30  # characters of a language's name in the head

LANGUAGES = {
    name: lexer
    for lexer, names in {
        "bash": "bash sh shell zsh ksh",
        "c": "c h",
        "clojure": "clojure clj",
        "cmake": "cmake",
        "console": "console shell-session bash-session",
        "cpp": "cpp c++ cc cxx hpp",
        "csharp": "csharp c# cs",
        "css": "css",
        "dart": "dart",
        "diff": "diff patch udiff",
        "docker": "docker dockerfile",
        "elixir": "elixir ex exs",
        "elm": "elm",
        "erlang": "erlang erl",
        "fortran": "fortran f90",
        "fsharp": "fsharp f#",
        "go": "go golang",
        "graphql": "graphql",
        "groovy": "groovy gradle",
        "haskell": "haskell hs",
        "html": "html",
        "http": "http",
        "ini": "ini cfg conf dosini",
        "java": "java",
        "javascript": "javascript js jsx mjs node",
        "json": "json jsonc json5",
        "julia": "julia jl",
        "kotlin": "kotlin kt",
        "latex": "latex tex",
        "lua": "lua",
        "make": "make makefile mf",
        "matlab": "matlab",
        "nginx": "nginx",
        "objective-c": "objective-c objc",
        "ocaml": "ocaml",
        "perl": "perl pl",
        "php": "php",
        "powershell": "powershell ps1 pwsh posh",
        "properties": "properties",
        "protobuf": "protobuf proto",
        "python": "python py python3 py3",
        "pycon": "pycon",
        "r": "r rlang",
        "ruby": "ruby rb",
        "rust": "rust rs",
        "scala": "scala",
        "scss": "scss",
        "solidity": "solidity sol",
        "sql": "sql",
        "postgresql": "postgresql postgres plpgsql",
        "mysql": "mysql",
        "sqlite3": "sqlite3 sqlite",
        "swift": "swift",
        "terraform": "terraform tf hcl",
        "toml": "toml",
        "typescript": "typescript ts tsx",
        "vbnet": "vbnet vb",
        "xml": "xml svg",
        "yaml": "yaml yml",
        "zig": "zig",
    }.items()
    for name in names.split()
}
CLASSES = frozenset(STANDARD_TYPES.values()) - {""}


def block(code: str, info: str, *, highlighted: bool) -> str:
    """A code block as HTML. `info` is what was written behind the opening fence; its first word names the language."""
    words = unescapeAll(info).split(maxsplit=1)
    name = words[0] if words else ""
    lexer = LANGUAGES.get(name.lower(), "")
    body = _highlight(code, lexer) if highlighted and lexer and _is_short(code, lexer) else escape(code)
    language = f" language-{lexer}" if lexer else ""
    return (
        f'<div class="code"><div class="code-head"><span>{escape(name[:LONGEST_NAME])}</span></div>'
        f'<pre tabindex="0"><code class="highlight{language}">{body}</code></pre></div>\n'
    )


def _is_short(code: str, lexer: str) -> bool:
    is_short = len(code) <= SLOWER.get(lexer, LONGEST_HIGHLIGHTED)
    return is_short and all(len(line) <= LONGEST_LINE for line in code.split("\n"))


def _highlight(code: str, name: str) -> str:
    lexer = _lexer_class(name)(stripnl=False, ensurenl=False)  # a new one each time: threads share nothing
    return "".join(_spans(lexer, code))


@lru_cache(maxsize=128)
def _lexer_class(name: str) -> type[Lexer]:
    return lexers.lexer_class(name) if name in PLAIN else find_lexer_class_by_name(name)


def _spans(lexer: Lexer, code: str) -> Iterator[str]:
    open_class, text = "", ""
    for kind, value in lexer.get_tokens(code):
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
