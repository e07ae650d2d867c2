"""Reads JSON to the letter (RFC 8259) and writes it again, with every number as it was written.

Python's own reader takes NaN and the last of two equal names, rounds numbers, and knows no place but that of its first
error. This one is strict, knows where everything stands, and says what is wrong in words.
"""

import re
from json import JSONDecodeError, JSONDecoder, dumps
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from chat.structured.problems import Mistake, quoted

LONGEST = 200_000  # characters
DEEPEST = 40  # lists and objects in each other
MOST_VALUES = 20_000
LONGEST_WHOLE = 1_000  # digits

Path = tuple[str | int, ...]

_BLANKS = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<rest>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
_NUMBER_LIKE = re.compile(r"[-+.0-9][-+.\w]*")
_WORD = re.compile(r"[^\W\d][\w$]*")
_DECODER = JSONDecoder()
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


class Exact(float):
    """A number with a fraction or an exponent. It counts as a float does and is written as it was."""

    literal: str

    def __new__(cls, literal: str) -> "Exact":
        number = super().__new__(cls, literal)
        number.literal = literal
        return number


def parse(text: str, *, places: dict[Path, int] | None = None) -> Any:
    """The value that the whole text is. `places` is filled with the offset at which each value stands, or a member with
    its name.

    Raises Mistake.
    """
    value, end = parse_at(text, _after_blanks(text, 0), places=places)
    end = _after_blanks(text, end)
    if end < len(text):
        raise Mistake(end, _("Something follows after the end of the JSON."))
    return value


def parse_at(text: str, offset: int, *, places: dict[Path, int] | None = None) -> tuple[Any, int]:
    """The value that begins at this offset, and the offset after it. Raises Mistake."""
    if len(text) - offset > LONGEST:
        raise Mistake(offset, _("The JSON is longer than %(most)s characters.") % {"most": f"{LONGEST:,}"})
    reader = _Reader(text, offset, places)
    return reader.value(()), reader.at


class _Reader:
    def __init__(self, text: str, at: int, places: dict[Path, int] | None) -> None:
        self.text = text
        self.at = at
        self._places = places
        self._values = 0

    def value(self, path: Path) -> Any:
        """The value that begins here; `at` stands behind it then."""
        self._values += 1
        if self._values > MOST_VALUES:
            self._fail(_("The JSON has more than %(most)s values.") % {"most": f"{MOST_VALUES:,}"})
        if self._places is not None:
            self._places.setdefault(path, self.at)
        sign = self._sign()
        if sign in "{[" and sign:
            if len(path) >= DEEPEST:
                self._fail(_("The JSON is nested more than %(most)d levels deep.") % {"most": DEEPEST})
            return self._object(path) if sign == "{" else self._list(path)
        if sign == '"':
            return self._string()
        if sign in "-0123456789" and sign:
            return self._number()
        return self._word()

    def _object(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.at += 1
        if self._next_sign() == "}":
            self.at += 1
            return found
        while True:
            begin, name = self.at, self._name()
            if name in found:
                raise Mistake(begin, _("The name %(name)s stands there twice.") % {"name": quoted(name)})
            if self._next_sign() != ":":
                self._fail(_("A colon is missing after the name %(name)s.") % {"name": quoted(name)})
            self.at += 1
            self._skip()
            if self._places is not None:
                self._places[(*path, name)] = begin
            found[name] = self.value((*path, name))
            if self._is_over("}", _("A comma or } is missing before this.")):
                return found
            if self._next_sign() == "}":
                self._fail(_("There is a comma too much before this."))

    def _name(self) -> str:
        if self._sign() != '"':
            self._fail(_("Here the name of a member has to stand, in double quotes."))
        return self._string()

    def _list(self, path: Path) -> list[Any]:
        found: list[Any] = []
        self.at += 1
        if self._next_sign() == "]":
            self.at += 1
            return found
        while True:
            found.append(self.value((*path, len(found))))
            if self._is_over("]", _("A comma or ] is missing before this.")):
                return found
            if self._next_sign() == "]":
                self._fail(_("There is a comma too much before this."))

    def _is_over(self, closing: str, missing: str) -> bool:
        """Whether the list or object closes here. Otherwise `at` stands behind the comma."""
        sign = self._next_sign()
        if sign not in (",", closing):
            self._fail(missing)
        self.at += 1
        return sign == closing

    def _string(self) -> str:
        try:
            text, self.at = _DECODER.raw_decode(self.text, self.at)
        except JSONDecodeError as exc:
            raise Mistake(exc.pos, _said(exc.msg)) from None
        return str(text)

    def _number(self) -> int | Exact:
        begin = self.at
        number = _NUMBER.match(self.text, begin)
        whole = _NUMBER_LIKE.match(self.text, begin)
        if number is None or whole is None or whole.end() > number.end():
            self._fail(_("%(word)s is no number in JSON.") % {"word": quoted(whole[0] if whole else "")})
        if not number["rest"] and number.end() - begin > LONGEST_WHOLE:
            self._fail(_("A number has more than %(most)s digits.") % {"most": f"{LONGEST_WHOLE:,}"})
        self.at = number.end()
        return Exact(number[0]) if number["rest"] or number[0] == "-0" else int(number[0])

    def _word(self) -> Any:
        found = _WORD.match(self.text, self.at)
        word = found[0] if found else ""
        if word in _WORDS:
            self.at += len(word)
            return _WORDS[word]
        sign = self._sign()
        if not sign:
            self._fail("")
        if sign in "'“”‘’`":
            self._fail(_('Text stands in double quotes: "…".'))
        if self.text.startswith(("//", "/*"), self.at) or sign == "#":
            self._fail(_("There are no comments in JSON."))
        if word:
            self._fail(_("%(word)s is not JSON; text stands in double quotes.") % {"word": quoted(word)})
        self._fail(_("Here a value is missing."))

    def _fail(self, sentence: str) -> NoReturn:
        if self.at >= len(self.text):
            sentence = _("The JSON breaks off here, before it is complete.")
        raise Mistake(self.at, sentence)

    def _sign(self) -> str:
        return self.text[self.at : self.at + 1]

    def _next_sign(self) -> str:
        self._skip()
        return self._sign()

    def _skip(self) -> None:
        self.at = _after_blanks(self.text, self.at)


def _after_blanks(text: str, offset: int) -> int:
    found = _BLANKS.match(text, offset)
    return found.end() if found else offset


def _said(message: str) -> str:
    if "Unterminated" in message:
        return _("This text has no closing quote.")
    if "control character" in message:
        return _("A line break or tab in a text is written as \\n or \\t.")
    return _("This \\ begins nothing that JSON knows; a backslash is written as \\\\.")


def written(value: Any, *, indent: int | None = 2) -> str:
    """The value as JSON, on lines of their own with this indent or, without one, on a single line."""
    return "".join(_written(value, indent, "\n"))


def _written(value: Any, indent: int | None, line: str) -> list[str]:
    if not isinstance(value, dict | list) or not value:
        return [scalar(value) if not isinstance(value, dict | list) else "{}" if isinstance(value, dict) else "[]"]
    inner = line + " " * (indent or 0)
    between = "," + inner if indent is not None else ", "
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    parts = [opening, inner if indent is not None else ""]
    for number, entry in enumerate(value.items() if isinstance(value, dict) else value):
        if number:
            parts.append(between)
        if isinstance(value, dict):
            parts += [scalar(entry[0]), ": ", *_written(entry[1], indent, inner)]
        else:
            parts += _written(entry, indent, inner)
    return [*parts, line if indent is not None else "", closing]


def scalar(value: Any) -> str:
    """A text, number, true, false or null as JSON writes it."""
    if isinstance(value, Exact):
        return value.literal
    if isinstance(value, str):
        return dumps(value, ensure_ascii=not _is_whole(value))
    return dumps(value)


def _is_whole(text: str) -> bool:
    """Whether no half of a pair is in the text, which no page and no database can hold."""
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)
