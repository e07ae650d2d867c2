"""A thread that somebody exported from Perplexity as Markdown. docs/import.md, "Perplexity"."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from core.sentences import sentence as _
from sharing.imports.foreign import (
    ForeignAnswer,
    ForeignConversation,
    ForeignQuestion,
    ForeignSource,
    ImportRefused,
    LeftOut,
)

MOST_CHARACTERS = 8_000_000  # of one file
MOST_SOURCES = 500  # of one answer
_LOGO = re.compile(r"\A\ufeff?\s*<img [^>\n]{0,300}perplexity\.ai/[^>\n]{0,300}>\s*")
_END = re.compile(r"\A<div (?:align=\"center\"|style=\"text-align: center\")>\u2042</div>\s*\Z")
_DEFINITION = re.compile(r"\A\[\^(?:\d{1,4}_)?(\d{1,4})\]:\s+(\S.*)\Z")
_REFERENCE = re.compile(r"\[\^(?:\d{1,4}_)?(\d{1,4})\]")
_HIDDEN = re.compile(r"\n?<span style=\"display:none\">(?:\[\^[\d_]{1,9}\]){1,2000}</span>")
_HEADING = re.compile(r"\A# +(\S.*)\Z")
_FENCE = re.compile(r"\A\s{0,3}(`{3,}|~{3,})")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!&<>~|$])")


class _Turn(NamedTuple):
    """The lines of one question with its answer."""

    question: list[str]
    answer: list[str]
    sources: list[tuple[int, str]]


def is_perplexity(text: str) -> bool:
    """Whether this looks like a thread of Perplexity: its picture at the top, or its line above the sources."""
    return bool(_LOGO.match(text)) or any(_END.match(line) for line in text.splitlines()[:200_000])


def conversation_of(text: str, *, at: datetime) -> ForeignConversation:
    """The thread. The file has no times, so all is `at` this moment. Raises ImportRefused."""
    if len(text) > MOST_CHARACTERS:
        raise ImportRefused(_("This conversation is too long to import."))
    turns = list(_turns(_LOGO.sub("", text, count=1).splitlines()))
    if not turns:
        raise ImportRefused(
            _("There is no question in this file. Export the conversation from Perplexity as Markdown.")
        )
    left_out: Counter[LeftOut] = Counter()
    first = "\n".join(turns[0].question)
    questions, before = [], ""
    for number, turn in enumerate(turns, start=1):
        asked = _ESCAPED.sub(r"\1", "\n".join(turn.question)).strip()
        key = f"{number}-{_digest(asked)}"
        answered, sources = _answer(turn, left_out)
        answers = [ForeignAnswer(key=f"{key}-a", text=answered, at=at, sources=sources)] if answered else []
        questions.append(ForeignQuestion(key=key, text=asked, at=at, follows=before, answers=answers))
        before = key
    start = "\n".join(turns[0].answer)[:2000]
    return ForeignConversation(
        service="perplexity", id=_digest(first + "\n" + start), title="", questions=questions, left_out=left_out
    )


def _turns(lines: list[str]) -> Iterator[_Turn]:
    """The turns, one after another: a heading, the answer, the line above the sources, and these."""
    turn: _Turn | None = None
    fence = ""
    for number, line in enumerate(lines):
        fence = _fence_after(line, fence)
        heading = None if fence else _HEADING.match(line)
        if heading and (turn is None or _begins(lines, number, turn)):
            if turn:
                yield turn
            turn = _Turn([heading[1]], [], [])
        elif turn and not fence and (found := _DEFINITION.match(line)):
            if len(turn.sources) < MOST_SOURCES:
                turn.sources.append((int(found[1]), found[2].strip()))
        elif turn and not (not fence and _END.match(line)):
            turn.answer.append(line)
    if turn:
        yield turn


def _begins(lines: list[str], number: int, turn: _Turn) -> bool:
    """Whether the heading there is the next question, and no heading of an answer: it stands below a line that comes
    after the sources, or after two empty lines."""
    at = number - 1
    while at >= 0 and not lines[at].strip():
        at -= 1
    if at < 0 or lines[at].strip() != "---":
        return False
    blanks = 0
    while at - blanks > 0 and not lines[at - 1 - blanks].strip():
        blanks += 1
    above = lines[at - 1 - blanks] if at - 1 - blanks >= 0 else ""
    return blanks >= 2 or bool(_DEFINITION.match(above) or _END.match(above))


def _fence_after(line: str, fence: str) -> str:
    """The fence of the code in which the next line stands; empty in none."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return found[1]
    return "" if found[1].startswith(fence) and not line.strip().strip(fence[0]) else fence


def _answer(turn: _Turn, left_out: Counter[LeftOut]) -> tuple[str, list[ForeignSource]]:
    """The answer with `[n]` for its marks, and the sources. Files of that person have no address, and are counted."""
    text = "\n".join(turn.answer).strip().removesuffix("---").strip()
    text = _REFERENCE.sub(r"[\1]", _HIDDEN.sub("", text))
    sources: dict[int, ForeignSource] = {}
    for number, address in turn.sources:
        if address.startswith(("https://", "http://")):
            sources.setdefault(number, ForeignSource(number=number, url=_ESCAPED.sub(r"\1", address)[:4000]))
        else:
            sources.setdefault(number, ForeignSource(number=number, url="", title=address[:1000]))
            left_out[LeftOut.FILE] += 1
    return text.strip(), list(sources.values())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
