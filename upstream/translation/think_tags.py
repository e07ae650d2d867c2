"""Tells the reasoning that a model thinks aloud from its answer.

Reasoning models write `<think>…</think>` before the answer, in the same text, and the tags come in pieces
(docs/sonar.md, "Reasoning"). Only a block that is the very first thing said counts: the same letters later, or in a
code sample, are part of the answer.

Some servers put the opening tag into the prompt, so that it never comes. Then a closing tag that ends a line outside of
code, without an opening one before it, says that everything up to it was reasoning.
"""

import re
from enum import Enum
from typing import NamedTuple

OPENING = "<think>"
CLOSING = "</think>"


class ThinkSplit(NamedTuple):
    """What a piece of text adds to the reasoning and to the answer. The reasoning comes first."""

    reasoning: str
    answer: str


class AnswerWasReasoning(ThinkSplit):
    """What was told as answer so far was reasoning: the whole of both, in place of everything that came before."""


_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.M)
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_LINE_ENDS = ("\n", "\r")


class _State(Enum):
    BEFORE = "before"  # nothing but blanks, or the beginning of the opening tag
    OPENED = "opened"  # the tag has come, but no word after it
    INSIDE = "inside"
    CLOSED = "closed"  # the closing tag has come, but no word after it
    ANSWER = "answer"


class ThinkTagParser:
    """Reads one text in pieces. What may turn out to be part of a tag is held back until that is clear."""

    def __init__(self) -> None:
        self._state = _State.BEFORE
        self._held = ""
        self._said: list[str] | None = []  # the answer, as long as it may turn out to be reasoning

    @property
    def is_over(self) -> bool:
        """Whether everything from here on is answer, so that `feed` would only hand it back."""
        return self._state is _State.ANSWER and self._said is None

    def feed(self, text: str) -> ThinkSplit:
        """Take the next piece."""
        if self.is_over:
            return ThinkSplit("", text)
        text = self._held + text
        self._held = ""
        if self._state is _State.BEFORE:
            text = self._begin(text)
        if self._state is _State.BEFORE:
            return ThinkSplit("", "")
        if self._state is _State.ANSWER:
            return self._unopened(text)
        reasoning = ""
        if self._state in (_State.OPENED, _State.INSIDE):
            reasoning, text = self._until_closing(text)
        if self._state is _State.CLOSED:
            text = text.lstrip()
            if text:
                self._state = _State.ANSWER
        return ThinkSplit(reasoning, text)

    def finish(self) -> ThinkSplit:
        """What was held back, now that nothing more comes. A block that never closed is reasoning to its end."""
        held, self._held = self._held, ""
        inside = self._state in (_State.OPENED, _State.INSIDE)
        self._state, self._said = _State.ANSWER, None
        return ThinkSplit(held, "") if inside else ThinkSplit("", held)

    def _begin(self, text: str) -> str:
        """See what the text begins with: what is left of it without the tag. Holds it back while that is open."""
        words = text.lstrip()
        if words.startswith(OPENING):
            self._state, self._said = _State.OPENED, None
            return words.removeprefix(OPENING)
        if OPENING.startswith(words):
            self._held = text
        else:
            self._state = _State.ANSWER
        return text

    def _unopened(self, text: str) -> ThinkSplit:
        """The text as answer, unless it closes what was never opened. Holds back what may become a closing tag."""
        said = self._said or []
        start = 0
        while (at := text.find(CLOSING, start)) >= 0:
            rest = text[at + len(CLOSING) :]
            if not rest:  # whether it ends a line is not known yet
                break
            before = "".join(said) + text[:at]
            if rest.startswith(_LINE_ENDS) and OPENING not in before and not _is_in_code(before):
                answer = rest.lstrip()
                self._state, self._said = (_State.ANSWER if answer else _State.CLOSED), None
                return AnswerWasReasoning(before.lstrip(), answer)
            start = at + len(CLOSING)
        kept = at if at >= 0 else len(text) - _partial_tag_length(text)
        self._held = text[kept:]
        if kept:
            said.append(text[:kept])
        self._said = said
        return ThinkSplit("", text[:kept])

    def _until_closing(self, text: str) -> tuple[str, str]:
        """The reasoning in the text, and what follows its closing tag."""
        if self._state is _State.OPENED:
            text = text.lstrip()
            if not text:
                return "", ""
            self._state = _State.INSIDE
        reasoning, tag, rest = text.partition(CLOSING)
        if tag:
            self._state = _State.CLOSED
            return reasoning, rest
        kept = len(reasoning) - _partial_tag_length(reasoning)
        self._held = reasoning[kept:]
        return reasoning[:kept], ""


def _partial_tag_length(text: str) -> int:
    """How many characters at the end of the text may be the beginning of the closing tag."""
    return next((size for size in range(len(CLOSING) - 1, 0, -1) if text.endswith(CLOSING[:size])), 0)


def _is_in_code(before: str) -> bool:
    """Whether what follows this text stands in a code sample."""
    if len(_FENCE.findall(before)) % 2:
        return True
    line = before.rpartition("\n")[2]
    return line.startswith(("    ", "\t")) or _PARAGRAPH.split(before)[-1].count("`") % 2 == 1


def split_thinking(text: str) -> ThinkSplit:
    """The reasoning and the answer of a whole text."""
    think = ThinkTagParser()
    first, last = think.feed(text), think.finish()
    return ThinkSplit(first.reasoning + last.reasoning, first.answer + last.answer)
