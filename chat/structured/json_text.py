"""JSON text (RFC 8259) and values: read by the `json` module, with every number as it was written.

What that module takes and others do not (NaN, a name that stands twice, any depth) is refused here, and what it says
about mistakes is put into words for readers.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from chat.structured.problems import Mistake, quoted
from core.sentences import sentence as _
from core.web.formats import number

LONGEST = 200_000  # characters
DEEPEST = 40  # lists and objects in each other
MOST_VALUES = 20_000
LONGEST_WHOLE = 1_000  # digits

Path = tuple[str | int, ...]
Part = tuple[Path, re.Match[str], bool]  # where it belongs, the sign that it begins with, whether it is a member's name

_BLANKS = re.compile(r"[ \t\n\r]*")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}:,]|[^ \t\n\r\[\]{}:,"]+', re.S)
_NEVER_IN_WORDS = ' \t\n\r[]{}:,"'
_WORD = re.compile(r'[^ \t\n\r\[\]{}:,"]+')
_WORD_OF_JSON = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_TOO_DEEP = gettext_lazy("The JSON is nested more than %(most)d levels deep.")
_SAID_BY_JSON = {
    "Unterminated string": gettext_lazy("This string has no closing quote."),
    "Invalid control character": gettext_lazy("Write a line break or tab in a string as \\n or \\t."),
    "Invalid \\": gettext_lazy("This \\ doesn’t start a valid escape. Write a backslash as \\\\."),
    "Expecting ':'": gettext_lazy("A colon is missing before this."),
    "Expecting ','": gettext_lazy("A comma or a closing bracket is missing before this."),
    "Expecting property name": gettext_lazy("A property name in double quotes is expected here."),
    "Expecting value": gettext_lazy("A value is missing here."),
}
_NOT_JSON = {
    r"['“”‘’]|`(?!`)": gettext_lazy('Put strings in double quotes: "…".'),
    r"//|/\*|#": gettext_lazy("JSON can’t contain comments."),
    r"[-+.\d]": gettext_lazy("%(word)s isn’t a valid JSON number."),
    r"\w": gettext_lazy("%(word)s isn’t valid JSON. Put strings in double quotes."),
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
    if (after := _after_blanks(text, end)) < len(text):
        raise _wrong_word(text, end) or Mistake(after, _("There is text after the end of the JSON."))
    return value


def parse_at(text: str, offset: int) -> tuple[Any, int]:
    """The value that begins at this offset or after blanks there, and the offset after it. Raises Mistake."""
    begin = _after_blanks(text, offset)
    if len(text) - begin > LONGEST:
        raise Mistake(begin, _("The JSON is longer than %(most)s characters.") % {"most": number(LONGEST)})
    mistake = None
    try:
        value, end = _DECODER.raw_decode(text, begin)
    except json.JSONDecodeError as error:
        value, end, mistake = None, error.pos, _syntax_mistake(text, begin, error)
    except RecursionError:
        value, end, mistake = None, len(text), Mistake(begin, _TOO_DEEP % {"most": DEEPEST})
    if mistake := _limit_mistake(text, begin, end) or mistake:
        raise mistake
    return value, end


def parts(text: str, begin: int, end: int) -> Iterator[Part]:
    """Every value and every name of a member in this stretch of a text, which is JSON up to its end."""
    path: list[str | int | None] = []  # None where the name of a member is still to come
    for found in _TOKEN.finditer(text, begin, end):
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
            yield tuple(path), found, True  # type: ignore[arg-type]
        elif sign != ":":
            yield tuple(path), found, False  # type: ignore[arg-type]
            if sign in "[{":
                path.append(0 if sign == "[" else None)


def places(text: str) -> dict[Path, int]:
    """The offset at which each value of a JSON text stands, or a member with its name."""
    found: dict[Path, int] = {}
    for path, sign, _is_name in parts(text, 0, len(text)):
        found.setdefault(path, sign.start())
    return found


def _limit_mistake(text: str, begin: int, end: int) -> Mistake | None:
    """The first place at which JSON is refused although the `json` module takes it."""
    names: set[Path] = set()
    values = 0
    for path, found, is_name in parts(text, begin, end):
        sign, why = found[0], ""
        values += not is_name
        if values > MOST_VALUES:
            why = _("The JSON has more than %(most)s values.") % {"most": number(MOST_VALUES)}
        elif len(path) >= DEEPEST and sign in "[{":
            why = _TOO_DEEP % {"most": DEEPEST}
        elif is_name and path in names:
            why = _("The name %(name)s appears twice.") % {"name": quoted(str(path[-1]))}
        elif sign in ("NaN", "Infinity", "-Infinity"):
            return _wrong_word(text, found.start())
        elif len(sign) > LONGEST_WHOLE and sign.removeprefix("-").isdigit():
            why = _("A number has more than %(most)s digits.") % {"most": number(LONGEST_WHOLE)}
        if why:
            return Mistake(found.start(), why)
        if is_name:
            names.add(path)
    return None


def _syntax_mistake(text: str, begin: int, error: json.JSONDecodeError) -> Mistake:
    """What the `json` module says, with the whole word in which it stopped."""
    if error.msg.startswith(("Unterminated", "Invalid")):
        return _said(error.pos, error.msg)
    offset = _after_blanks(text, error.pos)
    if "trailing comma" in error.msg:  # from Python 3.13 on; before, a name or value is expected after it
        offset = _after_blanks(text, offset + 1)
    if offset >= len(text):
        return Mistake(offset, _("The JSON ends here before it is complete."))
    if text[offset] in "]}" and text[begin:offset].rstrip().endswith(","):
        return Mistake(offset, _("There is an extra comma before this."))
    wrong = None if "property name" in error.msg else _wrong_word(text, offset)
    return wrong or _said(offset, error.msg)


def _wrong_word(text: str, offset: int) -> Mistake | None:
    """What is wrong with the word in which this offset is; None where there is none, or nothing is wrong with it."""
    while offset and text[offset - 1] not in _NEVER_IN_WORDS:
        offset -= 1
    word = _WORD.match(text, offset)
    if word is None or _WORD_OF_JSON.fullmatch(word[0]):
        return None
    why = next((why for begin, why in _NOT_JSON.items() if re.match(begin, word[0])), None)
    return Mistake(offset, why % {"word": quoted(word[0])}) if why else None


def _said(offset: int, message: str) -> Mistake:
    return Mistake(offset, next(str(why) for begin, why in _SAID_BY_JSON.items() if message.startswith(begin)))


def _after_blanks(text: str, offset: int) -> int:
    found = _BLANKS.match(text, offset)
    return found.end() if found else offset


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
