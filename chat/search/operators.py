"""Operators in what somebody typed into the search box, such as `from:me` or `-has:table`.

An operator is a name of letters, a colon and right behind it a value, which may stand in quotes; a few need no value,
such as `unchecked:`. Capital letters do not count. What looks like an operator and has a name that nobody knows stays a
word, and `Typed.unknown` has its name.
"""

import re
from dataclasses import dataclass

from chat.search.query import QUOTES
from core.web.palette import fold

LONGEST_TYPED = 2_000
"""Characters of what is typed that count."""
MOST_OPERATORS = 40
"""Operators that count."""

NAMES = {
    "from": "from by author von de",
    "site": "site domain source url sitio",
    "in": "in space bereich espace espacio espaco",
    "tag": "tag tagged label",
    "model": "model modell modele modelo",
    "after": "after since nach seit depuis apres desde",
    "before": "before vor avant antes",
    "until": "until bis hasta ate",
    "on": "on am",
    "during": "during",
    "has": "has contains",
    "is": "is ist",
    "type": "type kind typ tipo",
}
"""The operators, each with all names by which people may call it: folded, without marks."""
ALONE = {
    "unchecked": ("is", "unchecked"),
    "ungeprüft": ("is", "unchecked"),
    "figure-missing": ("has", "missing-figure"),
    "zahl-fehlt": ("has", "missing-figure"),
}
"""Operators that need no value, and the operator with a value that each stands for."""
_CALLED = {name: operator for operator, names in NAMES.items() for name in names.split()}
_TOKEN = re.compile(
    rf"(?<!\S)(?P<minus>-)?(?P<alone>{'|'.join(ALONE)}):(?:(?i:yes)(?!\S)|(?!\S))|"
    r'(?<!\S)(?P<sign>-)?(?P<name>[^\W\d_]{2,20}):(?!//)(?P<value>"[^"]*"?|[^\s":][^\s"]*)|"[^"]*"?|[^\s"]+',
    re.IGNORECASE,
)

_BEGUN = re.compile(r'(?<!\S)-?(?P<name>[^\W\d_]{2,20}):"?\Z')
"""An operator at the end of what is typed that still lacks its value."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: which it is, what it asks for, whether it is asked not to be, and where it stands in the text."""

    name: str
    value: str
    negated: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, taken apart. `words` is the text without its operators, `unknown` the names that are none."""

    text: str
    words: str
    operators: tuple[Operator, ...]
    unknown: tuple[str, ...]
    too_many: bool = False


def read_operators(text: str) -> Typed:
    """Take the text apart. There is no text of which this can't be said."""
    typed = text[:LONGEST_TYPED].replace("\x00", " ").translate(QUOTES)
    operators: list[Operator] = []
    unknown: dict[str, None] = {}
    words: list[str] = []
    done, too_many = 0, False
    for found in _TOKEN.finditer(typed):
        name: str | None
        if found["alone"]:
            (name, value), sign = ALONE[found["alone"].lower()], found["minus"]
        elif found["name"]:
            name, value, sign = _CALLED.get(fold(found["name"])), found["value"].strip('"').strip(), found["sign"]
        else:
            continue
        if name and value and len(operators) < MOST_OPERATORS:
            operators.append(Operator(name, value, bool(sign), found.start(), found.end()))
            words.append(typed[done : found.start()])
            done = found.end()
        elif name and value:
            too_many = True
        elif not name:
            unknown[found["name"]] = None
    begun = _BEGUN.search(typed, done)
    is_begun = begun is not None and fold(begun["name"]) in _CALLED
    words.append(typed[done : begun.start()] if begun and is_begun else typed[done:])
    rest = "".join(words)
    is_whole = not operators and not is_begun
    return Typed(typed, rest if is_whole else _closed_up(rest), tuple(operators), tuple(unknown), too_many)


def without_operators(typed: Typed, *gone: Operator) -> str:
    """The text without these of its operators."""
    text, done = "", 0
    for one in sorted(gone, key=lambda operator: operator.start):
        text += typed.text[done : one.start]
        done = one.end
    return _closed_up(text + typed.text[done:]).strip()


def written(name: str, value: str, *, negated: bool = False) -> str:
    """The operator as it is typed."""
    bare = value.replace('"', "")
    needs_quotes = not re.fullmatch(r'[^\s":][^\s"]*', bare) or bare.startswith("//")
    return f'{"-" if negated else ""}{name}:"{bare}"' if needs_quotes else f"{'-' if negated else ''}{name}:{bare}"


def _closed_up(text: str) -> str:
    """The text where operators were taken out, with one blank where there were several. The blank at its end stays: it
    says that the last word is complete."""
    return re.sub(r"\s+", " ", text)
