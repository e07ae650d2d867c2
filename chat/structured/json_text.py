"""JSON text (RFC 8259) and values: read by the `json` module, with every number as it was written.

What that module takes and others do not (NaN, a name that stands twice, any depth) is refused here, and what it says
about mistakes is put into words for readers.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from chat.structured.problems import Mistake, quoted

LONGEST = 200_000  # characters
DEEPEST = 40  # lists and objects in each other
MOST_VALUES = 20_000
LONGEST_WHOLE = 1_000  # digits

Path = tuple[str | int, ...]

_BLANKS = re.compile(r"[ \t\n\r]*")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}:,]|[^ \t\n\r\[\]{}:,"]+', re.S)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


class Exact(float):
    """A number with a fraction or an exponent. It counts as a float does and is written as it was."""

    literal: str

    def __new__(cls, literal: str) -> "Exact":
        number = super().__new__(cls, literal)
        number.literal = literal
        return number


class Part(NamedTuple):
    """Where a value, or the name of a member, begins in a text."""

    path: Path
    offset: int
    sign: str
    is_name: bool


def _whole_number(literal: str) -> int | Exact:
    return Exact(literal) if literal == "-0" else int(literal[: LONGEST_WHOLE + 1])


_DECODER = json.JSONDecoder(parse_float=Exact, parse_int=_whole_number)
_PLAIN_DECODER = json.JSONDecoder(parse_int=lambda literal: int(literal[: LONGEST_WHOLE + 1]))


def parse(text: str, *, is_exact: bool = True) -> Any:
    """The value that the whole text is, its numbers written as they were, or plain ones. Raises Mistake."""
    begin = _after_blanks(text, 0)
    value, end = parse_at(text, begin, is_exact=is_exact)
    if (after := _after_blanks(text, end)) < len(text):
        raise _number_mistake(text, begin, end) or Mistake(after, _("Something follows after the end of the JSON."))
    return value


def parse_at(text: str, offset: int, *, is_exact: bool = True) -> tuple[Any, int]:
    """The value that begins at this offset, and the offset after it. Raises Mistake."""
    if len(text) - offset > LONGEST:
        raise Mistake(offset, _("The JSON is longer than %(most)s characters.") % {"most": f"{LONGEST:,}"})
    try:
        value, end = (_DECODER if is_exact else _PLAIN_DECODER).raw_decode(text, offset)
    except json.JSONDecodeError as error:
        raise _limit_mistake(text, offset, error.pos) or _syntax_mistake(text, offset, error) from None
    except RecursionError:
        raise _limit_mistake(text, offset, len(text)) or Mistake(offset, _too_deep()) from None
    if mistake := _limit_mistake(text, offset, end):
        raise mistake
    return value, end


def parts(text: str, begin: int = 0, end: int | None = None) -> Iterator[Part]:
    """Everything that stands in this stretch of a text, which is JSON up to its end."""
    path: list[str | int | None] = []  # None where the name of a member is still to come
    for found in _TOKEN.finditer(text, begin, len(text) if end is None else end):
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
            yield Part(tuple(path), found.start(), sign, is_name=True)  # type: ignore[arg-type]
        elif sign != ":":
            yield Part(tuple(path), found.start(), sign, is_name=False)  # type: ignore[arg-type]
            if sign in "[{":
                path.append(0 if sign == "[" else None)


def places(text: str) -> dict[Path, int]:
    """The offset at which each value of a JSON text stands, or a member with its name."""
    found: dict[Path, int] = {}
    for part in parts(text):
        found.setdefault(part.path, part.offset)
    return found


def _limit_mistake(text: str, begin: int, end: int) -> Mistake | None:
    """The first place at which JSON is refused although the `json` module takes it."""
    names: set[Path] = set()
    values = 0
    for path, offset, sign, is_name in parts(text, begin, end):
        values += not is_name
        if values > MOST_VALUES:
            return Mistake(offset, _("The JSON has more than %(most)s values.") % {"most": f"{MOST_VALUES:,}"})
        if len(path) >= DEEPEST and sign in "[{":
            return Mistake(offset, _too_deep())
        if is_name and path in names:
            return Mistake(offset, _("The name %(name)s stands there twice.") % {"name": quoted(str(path[-1]))})
        if is_name:
            names.add(path)
        if sign == "NaN":
            return Mistake(offset, _not_json(sign))
        if sign.endswith("Infinity"):
            return Mistake(offset, _no_number(sign) if sign.startswith("-") else _not_json(sign))
        if len(sign) > LONGEST_WHOLE and sign.removeprefix("-").isdigit():
            return Mistake(offset, _("A number has more than %(most)s digits.") % {"most": f"{LONGEST_WHOLE:,}"})
    return None


def _syntax_mistake(text: str, begin: int, error: json.JSONDecodeError) -> Mistake:
    if sentence := _in_string(error.msg):
        return Mistake(error.pos, sentence)
    if mistake := _number_mistake(text, begin, error.pos):
        return mistake
    offset = _after_blanks(text, error.pos)
    if "trailing comma" in error.msg:
        offset = _after_blanks(text, offset + 1)
    if offset >= len(text):
        return Mistake(offset, _("The JSON breaks off here, before it is complete."))
    tokens = [found[0] for found in _TOKEN.finditer(text, begin, offset)]
    if text[offset] in "]}" and tokens[-1:] == [","]:
        return Mistake(offset, _("There is a comma too much before this."))
    if "':'" in error.msg:
        name = quoted(str(json.loads(tokens[-1])))
        return Mistake(offset, _("A colon is missing after the name %(name)s.") % {"name": name})
    if "','" in error.msg:
        is_list = _is_in_list(tokens)
        missing = _("A comma or ] is missing before this.") if is_list else _("A comma or } is missing before this.")
        return Mistake(offset, missing)
    if "property name" in error.msg:
        return Mistake(offset, _("Here the name of a member has to stand, in double quotes."))
    return Mistake(offset, _no_value(text, offset))


def _in_string(message: str) -> str:
    if "Unterminated" in message:
        return _("This text has no closing quote.")
    if "control character" in message:
        return _("A line break or tab in a text is written as \\n or \\t.")
    if "escape" in message:
        return _("This \\ begins nothing that JSON knows; a backslash is written as \\\\.")
    return ""


def _number_mistake(text: str, begin: int, offset: int) -> Mistake | None:
    """What is wrong with the number in which this offset is; None where none is."""
    found = next((sign for sign in _TOKEN.finditer(text, begin) if sign.end() > offset), None)
    if found is None or found[0][0] not in "-+.0123456789" or _NUMBER.fullmatch(found[0]):
        return None
    return Mistake(found.start(), _no_number(found[0]))


def _is_in_list(tokens: list[str]) -> bool:
    opened: list[str] = []
    for sign in tokens:
        if sign in "[{":
            opened.append(sign)
        elif sign in "]}":
            opened.pop()
    return opened[-1:] == ["["]


def _no_value(text: str, offset: int) -> str:
    if text[offset] in "'“”‘’`":
        return _('Text stands in double quotes: "…".')
    if text.startswith(("//", "/*", "#"), offset):
        return _("There are no comments in JSON.")
    word = re.compile(r"[^\W\d][\w$]*").match(text, offset)
    return _not_json(word[0]) if word else _("Here a value is missing.")


def _too_deep() -> str:
    return _("The JSON is nested more than %(most)d levels deep.") % {"most": DEEPEST}


def _not_json(word: str) -> str:
    return _("%(word)s is not JSON; text stands in double quotes.") % {"word": quoted(word)}


def _no_number(word: str) -> str:
    return _("%(word)s is no number in JSON.") % {"word": quoted(word)}


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
    stays an escape."""
    if isinstance(value, Exact):
        return value.literal
    is_whole = not isinstance(value, str) or value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)
    return json.dumps(value, ensure_ascii=not is_whole)
