"""JSON text (RFC 8259) and values: read by the `json` module, with every number as it was written.

What that module takes and others do not (NaN, a name that stands twice, any depth) is refused here, and what it says
about mistakes is put into words for readers.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from chat.structured.problems import Mistake, quoted
from core.sentences import sentence as _
from core.web.formats import number

LONGEST = 200_000  # characters
DEEPEST = 40  # lists and objects in each other
MOST_VALUES = 20_000
LONGEST_WHOLE = 1_000  # digits

Path = tuple[str | int, ...]
Sign = re.Match[str]

_SIGN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}:,]|[^ \t\n\r\[\]{}:,"]+', re.S)
_WORD_OF_JSON = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_TOO_DEEP = _("The JSON is nested more than %(most)d levels deep.") % {"most": DEEPEST}
_SAID_BY_JSON = {
    "Unterminated string": _("This string has no closing quote."),
    "Invalid control character": _("Write a line break or tab in a string as \\n or \\t."),
    "Invalid \\": _("This \\ doesn’t start a valid escape. Write a backslash as \\\\."),
    "Expecting ':'": _("A colon is missing before this."),
    "Expecting ','": _("A comma or a closing bracket is missing before this."),
    "Expecting property name": _("A property name in double quotes is expected here."),
    "Expecting value": _("A value is missing here."),
}
_NOT_JSON = {
    r"['“”‘’]|`(?!`)": _('Put strings in double quotes: "…".'),
    r"//|/\*|#": _("JSON can’t contain comments."),
    r"[-+.\d]": _("%(word)s isn’t a valid JSON number."),
    r"\w": _("%(word)s isn’t valid JSON. Put strings in double quotes."),
}


class Exact(float):
    """A number with a fraction or an exponent. It counts as a float does and is written as it was."""

    literal: str

    def __new__(cls, literal: str) -> "Exact":
        number = super().__new__(cls, literal)
        number.literal = literal
        return number


def _whole_number(literal: str) -> int | Exact:
    return Exact(literal) if literal == "-0" else int(literal[: LONGEST_WHOLE + 1])


_DECODER = json.JSONDecoder(parse_float=Exact, parse_int=_whole_number)


def parse(text: str) -> Any:
    """The value that the whole text is. Raises Mistake."""
    value, end = parse_at(text, 0)
    if sign := _sign_at(text, 0, end):
        is_broken = sign.start() < end  # as 01 is, of which 0 was read
        raise (is_broken and _wrong_word(sign)) or Mistake(sign.start(), _("There is text after the end of the JSON."))
    return value


def parse_at(text: str, offset: int) -> tuple[Any, int]:
    """The value that begins at this offset or after blanks there, and the offset after it. Raises Mistake."""
    sign = _sign_at(text, offset, offset)
    begin = sign.start() if sign else len(text)
    if len(text) - begin > LONGEST:
        raise Mistake(begin, _("The JSON is longer than %(most)s characters.") % {"most": number(LONGEST)})
    try:
        value, end = _DECODER.raw_decode(text, begin)
    except json.JSONDecodeError as error:
        raise _limit_mistake(text, begin, error.pos) or _syntax_mistake(text, begin, error) from None
    except RecursionError:
        raise _limit_mistake(text, begin, len(text)) or Mistake(begin, _TOO_DEEP) from None
    if mistake := _limit_mistake(text, begin, end):
        raise mistake
    return value, end


def parts(text: str, begin: int, end: int) -> Iterator[tuple[Path, Sign, bool]]:
    """Every value and every name of a member in this stretch of a text, which is JSON up to its end: where it belongs,
    the sign that it begins with, and whether it is a name."""
    path: list[Any] = []  # None where the name of a member is still to come
    for found in _SIGN.finditer(text, begin, end):
        sign = found[0]
        if sign in "]}":
            path.pop()
        elif sign == ",":
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
        elif path and path[-1] is None:
            try:
                path[-1] = str(json.loads(sign))
            except ValueError:
                return  # the text breaks off here
            yield tuple(path), found, True
        elif sign != ":":
            yield tuple(path), found, False
            if sign in "[{":
                path.append(0 if sign == "[" else None)


def places(text: str) -> dict[Path, int]:
    """The offset at which each value of a JSON text stands, or a member with its name."""
    return {path: sign.start() for path, sign, _is_name in reversed([*parts(text, 0, len(text))])}


def _limit_mistake(text: str, begin: int, end: int) -> Mistake | None:
    """The first place at which JSON is refused although the `json` module takes it."""
    names: set[Path] = set()
    for count, (path, found, is_name) in enumerate(parts(text, begin, end), start=1):
        sign, why = found[0], ""
        if count - len(names) - is_name > MOST_VALUES:
            why = _("The JSON has more than %(most)s values.") % {"most": number(MOST_VALUES)}
        elif len(path) >= DEEPEST and sign in "[{":
            why = _TOO_DEEP
        elif is_name and path in names:
            why = _("The name %(name)s appears twice.") % {"name": quoted(str(path[-1]))}
        elif len(sign) > LONGEST_WHOLE and sign.removeprefix("-").isdigit():
            why = _("A number has more than %(most)s digits.") % {"most": number(LONGEST_WHOLE)}
        elif sign in ("NaN", "Infinity", "-Infinity"):
            return _wrong_word(found)
        if why:
            return Mistake(found.start(), why)
        if is_name:
            names.add(path)
    return None


def _syntax_mistake(text: str, begin: int, error: json.JSONDecodeError) -> Mistake:
    """What the `json` module says, with the whole word in which it stopped."""
    said = next((why for what, why in _SAID_BY_JSON.items() if error.msg.startswith(what)), "")
    if error.msg.startswith(("Unterminated", "Invalid")):
        return Mistake(error.pos, said)
    # From Python 3.13 on, a comma before a bracket is refused itself; earlier, what is missing after it.
    sign = _sign_at(text, begin, error.pos + ("trailing comma" in error.msg))
    if sign is None:
        return Mistake(len(text), _("The JSON ends here before it is complete."))
    if sign[0] in "]}" and text[begin : sign.start()].rstrip().endswith(","):
        return Mistake(sign.start(), _("There is an extra comma before this."))
    return (_wrong_word(sign) if "property name" not in error.msg else None) or Mistake(sign.start(), said)


def _sign_at(text: str, begin: int, offset: int) -> Sign | None:
    """The sign in which this offset is, or the next one; `begin` is where one begins, at this offset or before it."""
    return next((sign for sign in _SIGN.finditer(text, begin) if sign.end() > offset), None)


def _wrong_word(sign: Sign) -> Mistake | None:
    """What is wrong with a word that is none of JSON's."""
    for begin, why in _NOT_JSON.items():
        if re.match(begin, sign[0]) and not _WORD_OF_JSON.fullmatch(sign[0]):
            return Mistake(sign.start(), why % {"word": quoted(sign[0])})
    return None


def dumps(value: Any, *, indent: int | None = 2, line: str = "\n") -> str:
    """The value as JSON, on lines of their own with this indent or, without one, on a single line."""
    inner = line + " " * (indent or 0)
    if isinstance(value, dict):
        brackets = "{}"
        entries = [f"{scalar(name)}: {dumps(entry, indent=indent, line=inner)}" for name, entry in value.items()]
    elif isinstance(value, list):
        brackets = "[]"
        entries = [dumps(entry, indent=indent, line=inner) for entry in value]
    else:
        return scalar(value)
    if indent is None or not entries:
        return f"{brackets[0]}{', '.join(entries)}{brackets[1]}"
    return f"{brackets[0]}{inner}{f',{inner}'.join(entries)}{line}{brackets[1]}"


def scalar(value: Any) -> str:
    """A text, number, true, false or null as JSON writes it. Half a character, which no page and no database can hold,
    becomes an escape."""
    if isinstance(value, Exact):
        return value.literal
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace").decode()
