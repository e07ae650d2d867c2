"""Tells the reasoning that a model thinks aloud from its answer (contract A8).

Reasoning models write `<think>…</think>` before the answer, in the same text, and the tags come in pieces. Only a
block that is the very first thing said counts: the same letters later, or in a code sample, are part of the answer.
"""

from enum import Enum
from typing import NamedTuple

OPENING = "<think>"
CLOSING = "</think>"


class Told(NamedTuple):
    """What a piece of text adds to the reasoning and to the answer. The reasoning comes first."""

    reasoning: str
    answer: str


class _Place(Enum):
    BEFORE = "before"  # nothing but blanks, or the beginning of the opening tag
    OPENED = "opened"  # the tag has come, but no word after it
    INSIDE = "inside"
    CLOSED = "closed"  # the closing tag has come, but no word after it
    ANSWER = "answer"


class Think:
    """Reads one text in pieces. What may turn out to be part of a tag is held back until that is clear."""

    def __init__(self) -> None:
        self._place = _Place.BEFORE
        self._held = ""

    @property
    def is_over(self) -> bool:
        """Whether everything from here on is answer, so that `feed` would only hand it back."""
        return self._place is _Place.ANSWER

    def feed(self, text: str) -> Told:
        """Take the next piece."""
        if self._place is _Place.ANSWER:
            return Told("", text)
        text = self._held + text
        self._held = ""
        if self._place is _Place.BEFORE and not self._opens(text):
            return Told("", "" if self._held else text)
        if self._place is _Place.BEFORE:
            self._place = _Place.OPENED
            text = text.lstrip().removeprefix(OPENING)
        reasoning = ""
        if self._place in (_Place.OPENED, _Place.INSIDE):
            reasoning, text = self._until_closing(text)
        if self._place is _Place.CLOSED:
            text = text.lstrip()
            if text:
                self._place = _Place.ANSWER
        return Told(reasoning, text)

    def finish(self) -> Told:
        """What was held back, now that nothing more comes. A block that never closed is reasoning to its end."""
        held, self._held = self._held, ""
        inside = self._place in (_Place.OPENED, _Place.INSIDE)
        self._place = _Place.ANSWER
        return Told(held, "") if inside else Told("", held)

    def _opens(self, text: str) -> bool:
        """Whether the text begins with the tag. Holds it back while that is open, else moves on to the answer."""
        words = text.lstrip()
        if words.startswith(OPENING):
            return True
        if OPENING.startswith(words):
            self._held = text
        else:
            self._place = _Place.ANSWER
        return False

    def _until_closing(self, text: str) -> tuple[str, str]:
        """The reasoning in the text, and what follows its closing tag."""
        if self._place is _Place.OPENED:
            text = text.lstrip()
            if not text:
                return "", ""
            self._place = _Place.INSIDE
        reasoning, tag, rest = text.partition(CLOSING)
        if tag:
            self._place = _Place.CLOSED
            return reasoning, rest
        kept = len(reasoning) - _beginning_of_tag(reasoning)
        self._held = reasoning[kept:]
        return reasoning[:kept], ""


def _beginning_of_tag(text: str) -> int:
    """How many characters at the end of the text may be the beginning of the closing tag."""
    return next((size for size in range(len(CLOSING) - 1, 0, -1) if text.endswith(CLOSING[:size])), 0)


def split(text: str) -> Told:
    """The reasoning and the answer of a whole text."""
    think = Think()
    first, last = think.feed(text), think.finish()
    return Told(first.reasoning + last.reasoning, first.answer + last.answer)
