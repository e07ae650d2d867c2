"""Reading JSON of any length piece by piece: the conversations of a file, never all of them at once.

A file holds a list of conversations, one conversation, several one after the other (JSON lines), or an object with some
fields and a list of them. Only a window of the text is in memory, which grows up to what one conversation may take.
"""

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

MOST_ITEM = 24_000_000  # characters of one conversation
PIECE = 256 * 1024  # bytes
_LISTS = ("conversations", "chats")
_BLANK = " \t\n\r\ufeff"


class BrokenOff(Exception):
    """The text ends in the middle, or goes on in a way that nobody can read."""


class TooLarge(Exception):
    """One conversation takes more than MOST_ITEM characters."""


class _Window:
    """The part of the text that is in memory, and the place in it."""

    def __init__(self, source: BinaryIO, most: int) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._json = json.JSONDecoder()
        self.most = most
        self._text = ""
        self._at = 0
        self._is_whole = False
        self.taken = 0  # characters of all values so far

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _BLANK:
                    return self._text[self._at]
                self._at += 1
            if not self._more(PIECE):
                return ""

    def take(self, wanted: str) -> bool:
        """Go past this character, if it is next."""
        if self.peek() != wanted:
            return False
        self._at += 1
        return True

    def value(self) -> Any:
        """The next value. Raises BrokenOff and TooLarge."""
        self.peek()
        grow = PIECE
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except RecursionError:
                raise BrokenOff from None
            except ValueError:  # it may only lack its end
                if len(self._text) - self._at > self.most:
                    raise TooLarge from None
                if not self._more(grow):
                    raise BrokenOff from None
                grow *= 2
                continue
            if end == len(self._text) and not self._is_whole and not isinstance(value, (dict, list, str)):
                self._more(PIECE)  # a number may go on
                continue
            if end - self._at > self.most:
                raise TooLarge
            self.taken += end - self._at
            self._at = end
            return value

    def _more(self, size: int) -> bool:
        if self._is_whole:
            return False
        data = self._source.read(size)
        self._is_whole = not data
        self._text = self._text[self._at :] + self._decoder.decode(data, final=self._is_whole)
        self._at = 0
        return bool(data)


def items_in(source: BinaryIO, *, most: int = MOST_ITEM) -> Iterator[tuple[dict[str, Any], Any]]:
    """Each item with the fields of the object around its list that stood before it.

    `most` characters are one item. Raises BrokenOff where the rest cannot be read, and TooLarge.
    """
    window = _Window(source, most)
    while first := window.peek():
        if first == "[":
            for item in _of_list(window):
                yield {}, item
        elif first == "{":
            yield from _of_object(window)
        else:
            raise BrokenOff
        window.take(",")


def _of_list(window: _Window) -> Iterator[Any]:
    window.take("[")
    while not window.take("]"):
        if not window.peek():
            raise BrokenOff
        yield window.value()
        if not window.take(",") and window.peek() != "]":
            raise BrokenOff


def _of_object(window: _Window) -> Iterator[tuple[dict[str, Any], Any]]:
    """The object itself; or the items of its list, where it is one around a list."""
    window.take("{")
    fields: dict[str, Any] = {}
    has_list, begins = False, window.taken
    while not window.take("}"):
        name = window.value() if window.peek() == '"' else None
        if not isinstance(name, str) or not window.take(":"):
            raise BrokenOff
        if name in _LISTS and window.peek() == "[":
            has_list = True
            for item in _of_list(window):
                yield fields, item
        else:
            fields[name] = window.value()
            if not has_list and window.taken - begins > window.most:
                raise TooLarge
        if not window.take(",") and window.peek() != "}":
            raise BrokenOff
    if not has_list:
        yield {}, fields
