"""Tells the reasoning that a model thinks aloud from its answer.

Reasoning models write `<think>…</think>` before the answer, in the same text, and the tags come in pieces
(docs/sonar.md, "Reasoning"); some write `<thinking>`, and some think again between two parts of the answer. A later
block counts where its opening tag begins or ends a line outside of code, and where it closes: the same letters
elsewhere, or in a code sample, are part of the answer.

Some servers put the opening tag into the prompt, so that it never comes. Then a closing tag that ends a line outside of
code, without an opening one before it, says that everything up to it was reasoning.
"""

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from upstream.translation.code_watch import CodeWatch

_OPENINGS = ("<think>", "<thinking>")
_TAGS = (*_OPENINGS, "</think>", "</thinking>")
_TAG = re.compile(r"<(/?)(think|thinking)>")
_LONGEST_TAG = max(map(len, _TAGS))
_NOT_BLANK = re.compile(r"\S")
_LINE_ENDS = ("\n", "\r")


class ThinkSplit(NamedTuple):
    """What a piece of text adds to the reasoning and to the answer. The reasoning comes first."""

    reasoning: str
    answer: str


class Retold(ThinkSplit):
    """The whole of both, in place of everything that came before: what was told as one was the other."""


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
        self._reasoning: list[str] = []  # all that was told
        self._answer: list[str] = []
        self._code = CodeWatch()  # of the answer
        self._may_close_unopened = True
        self._is_retold = False  # since the last piece what was told as answer turned out to be reasoning
        self._tag = ""  # the name of the block that is open
        self._later: list[str] | None = None  # a block that is not the first, as it was written
        self._thoughts_before = 0  # pieces of reasoning before it

    def takes_as_answer(self, text: str) -> bool:
        """Take the next piece if it is answer and nothing else, as most are; whether it did."""
        if self._state is _State.ANSWER and not self._held and "<" not in text:
            self._say(text)
            return True
        return False

    def feed(self, text: str) -> ThinkSplit:
        """Take the next piece."""
        if self.takes_as_answer(text):
            return ThinkSplit("", text)
        text, self._held = self._held + text, ""
        thoughts, said = len(self._reasoning), len(self._answer)
        at = 0
        while at < len(text):
            if self._state is _State.BEFORE:
                at = self._begin(text)
            elif self._state in (_State.OPENED, _State.INSIDE):
                at = self._until_closing(text, at)
            elif self._state is _State.CLOSED:
                at = _after_blanks(text, at)
                self._state = _State.ANSWER if at < len(text) else _State.CLOSED
            else:
                at = self._until_tag(text, at)
        if self._is_retold:
            self._is_retold = False
            return Retold("".join(self._reasoning), "".join(self._answer))
        return ThinkSplit("".join(self._reasoning[thoughts:]), "".join(self._answer[said:]))

    def finish(self) -> ThinkSplit:
        """What was held back, now that nothing more comes. A first block that never closed is reasoning to its end; a
        later one was none."""
        held, self._held = self._held, ""
        inside = self._state in (_State.OPENED, _State.INSIDE)
        self._state = _State.ANSWER
        if inside and self._later is not None:
            answer = "".join([*self._answer, *self._later, held])
            return Retold("".join(self._reasoning[: self._thoughts_before]), answer)
        return ThinkSplit(held, "") if inside else ThinkSplit("", held)

    def _say(self, text: str) -> None:
        self._answer.append(text)
        self._code.feed(text)

    def _begin(self, text: str) -> int:
        """See what the text begins with: where it goes on after the tag. Holds it back while that is open."""
        at = _after_blanks(text, 0)
        found = _TAG.match(text, at)
        if found and not found[1]:
            self._open(found[2])
            return found.end()
        if any(opening.startswith(text[at : at + _LONGEST_TAG]) for opening in _OPENINGS):
            self._held = text
            return len(text)
        self._state = _State.ANSWER
        return 0

    def _open(self, tag: str) -> None:
        self._state, self._tag = _State.OPENED, tag
        self._may_close_unopened = False

    def _until_tag(self, text: str, at: int) -> int:
        """Tell the answer up to the next tag: where the text goes on after it. Holds back what may become a tag, and a
        tag that may still turn out to end its line."""
        found = _TAG.search(text, at)
        if found is None or found.end() == len(text):
            kept = found.start() if found else len(text) - _partial_tag_length(text, at, _TAGS)
            self._say(text[at:kept])
            self._held = text[kept:]
            return len(text)
        self._say(text[at : found.start()])
        ends_line = text.startswith(_LINE_ENDS, found.end())
        if not found[1] and not self._code.inside and (ends_line or self._code.at_line_start):
            self._later, self._thoughts_before = [found[0]], len(self._reasoning)
            self._open(found[2])
        elif found[1] and not self._code.inside and ends_line and self._may_close_unopened:
            self._reasoning, self._answer = ["".join(self._answer).lstrip()], []
            self._code = CodeWatch()
            self._state, self._may_close_unopened, self._is_retold = _State.CLOSED, False, True
        else:
            self._may_close_unopened = self._may_close_unopened and bool(found[1])
            self._say(found[0])
        return found.end()

    def _until_closing(self, text: str, at: int) -> int:
        """Tell the reasoning up to the closing tag: where the text goes on after it."""
        closing = f"</{self._tag}>"
        end = text.find(closing, at)
        is_closed = end >= 0
        if not is_closed:
            end = len(text) - _partial_tag_length(text, at, (closing,))
            self._held = text[end:]
        thought = text[at:end]
        if self._later is not None:
            self._later.append(thought)
        if self._state is _State.OPENED:
            thought = thought.lstrip()
            if thought:
                self._state = _State.INSIDE
                thought = f"\n\n{thought}" if self._reasoning else thought
        if thought:
            self._reasoning.append(thought)
        if not is_closed:
            return len(text)
        # Where the block came in the middle of a line, the line goes on as it was written.
        self._state = _State.CLOSED if self._code.at_line_start else _State.ANSWER
        self._later = None
        return end + len(closing)


def _after_blanks(text: str, at: int) -> int:
    found = _NOT_BLANK.search(text, at)
    return found.start() if found else len(text)


def _partial_tag_length(text: str, at: int, tags: Sequence[str]) -> int:
    """How many characters at the end of the text, from `at` on, may be the beginning of one of the tags."""
    start = text.rfind("<", max(len(text) - _LONGEST_TAG + 1, at))
    end = text[start:] if start >= 0 else ""
    return len(end) if end and any(tag.startswith(end) for tag in tags) else 0


def after_last_closing(text: str) -> str:
    """What stands after the last closing tag; the whole text where there is none."""
    return text[max((text.rfind(tag) + len(tag) for tag in _TAGS if tag[1] == "/" and tag in text), default=0) :]


def split_thinking(text: str) -> ThinkSplit:
    """The reasoning and the answer of a whole text."""
    think = ThinkTagParser()
    first, last = think.feed(text), think.finish()
    return (
        last if isinstance(last, Retold) else ThinkSplit(first.reasoning + last.reasoning, first.answer + last.answer)
    )
