"""Messages that answer each other, as questions and answers.

Services keep messages in a tree: each names the one before it. Somebody who edits a question begins a branch, and so
does an answer that is asked for again. Here each message of a person becomes a question, which follows the nearest
question above it; those that follow the same one are versions of each other (chat/answers/branches.py). Each way from a
question down to the next ones, or to an end, is an answer, of the words of all messages on it.
"""

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sharing.imports.foreign import ForeignAnswer, ForeignFile, ForeignQuestion, ForeignSource, LeftOut

MOST_QUESTIONS = 5_000  # of one conversation
MOST_ANSWERS = 20  # of one question
MOST_ON_A_WAY = 500  # messages of one answer
MOST_STEPS = 20_000  # messages looked at below one question
_MARK = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Without words it is only a step on the way to others. `[n]` in its text cites its own sources."""

    key: str
    parent: str
    is_question: bool
    at: datetime
    text: str = ""
    model: str = ""
    reasoning: str = ""
    sources: Sequence[ForeignSource] = ()
    files: Sequence[ForeignFile] = ()


@dataclass(slots=True)
class _Tree:
    messages: Mapping[str, Message]
    left_out: Counter[LeftOut]
    children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    above: dict[str, str] = field(default_factory=dict)  # the nearest question above each question

    def __post_init__(self) -> None:
        for message in self.messages.values():
            self.children[message.parent if message.parent in self.messages else ""].append(message.key)


def questions_of(messages: Iterable[Message], *, current: str, left_out: Counter[LeftOut]) -> list[ForeignQuestion]:
    """The questions in the order in which they are stored: by time, each after the one that it follows, and last the
    one of the branch that is open at the service, which ends at the message `current`."""
    tree = _Tree({message.key: message for message in messages}, left_out)
    asked = _find_questions(tree)
    left_out[LeftOut.ALONE] += _count_alone(tree)
    order = _in_order(tree, asked, last=_question_at(tree, current))
    if len(order) > MOST_QUESTIONS:
        left_out[LeftOut.MANY] += len(order) - MOST_QUESTIONS
        order = order[:MOST_QUESTIONS]
    first: dict[str, str] = {}
    found = []
    for key in order:
        message, above = tree.messages[key], tree.above[key]
        begun = first.setdefault(above, key)
        found.append(
            ForeignQuestion(
                key=key,
                text=message.text,
                at=message.at,
                follows=above,
                version_of="" if begun == key else begun,
                answers=_answers_to(tree, key),
                files=message.files,
            )
        )
    return found


def _find_questions(tree: _Tree) -> list[str]:
    """All questions that can be reached from the top, and for each the nearest one above it."""
    waiting = [(key, "") for key in reversed(tree.children[""])]
    seen: set[str] = set()
    asked = []
    while waiting:
        key, above = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        if tree.messages[key].is_question:
            tree.above[key] = above
            asked.append(key)
            above = key
        waiting += [(child, above) for child in reversed(tree.children[key])]
    return asked


def _in_order(tree: _Tree, asked: Sequence[str], *, last: str) -> list[str]:
    following = defaultdict(list)
    number = {key: place for place, key in enumerate(asked)}
    for key in asked:
        following[tree.above[key]].append(key)

    def entry(key: str) -> tuple[bool, datetime, int, str]:
        return key == last, tree.messages[key].at, number[key], key

    heap = [entry(key) for key in following[""]]
    heapq.heapify(heap)
    order = []
    while heap:
        key = heapq.heappop(heap)[-1]
        order.append(key)
        for child in following[key]:
            heapq.heappush(heap, entry(child))
    return order


def _question_at(tree: _Tree, key: str) -> str:
    """The question whose answer, or part of one, the message is; itself if it is one."""
    seen: set[str] = set()
    while key in tree.messages and key not in seen:
        if tree.messages[key].is_question:
            return key
        seen.add(key)
        key = tree.messages[key].parent
    return ""


def _count_alone(tree: _Tree) -> int:
    """How many messages with words stand before any question."""
    waiting, seen, alone = list(tree.children[""]), set(), 0
    while waiting:
        key = waiting.pop()
        if key in seen or tree.messages[key].is_question:
            continue
        seen.add(key)
        alone += bool(tree.messages[key].text)
        waiting += tree.children[key]
    return alone


def _answers_to(tree: _Tree, question: str) -> list[ForeignAnswer]:
    """Every way from the question down to an end or to other questions."""
    found: list[ForeignAnswer] = []
    waiting: list[tuple[str, tuple[str, ...]]] = [(child, ()) for child in reversed(tree.children[question])]
    steps = 0
    while waiting and steps < MOST_STEPS:
        key, way = waiting.pop()
        steps += 1
        if tree.messages[key].is_question or key in way:
            continue
        way = (*way, key)[:MOST_ON_A_WAY]
        below = [child for child in tree.children[key] if not tree.messages[child].is_question]
        if below and len(way) < MOST_ON_A_WAY:
            waiting += [(child, way) for child in reversed(below)]
            continue
        answer = _joined([tree.messages[step] for step in way])
        if answer is None:
            continue
        if len(found) == MOST_ANSWERS:
            tree.left_out[LeftOut.MANY] += 1
            continue
        found.append(answer)
    return found


def _joined(way: Sequence[Message]) -> ForeignAnswer | None:
    """The messages of one answer as one text, whose sources are numbered through."""
    texts: list[str] = []
    sources: list[ForeignSource] = []
    for message in way:
        before = max((source.number for source in sources), default=0)
        text = message.text
        if before and message.sources:
            text = _moved(text, {source.number for source in message.sources}, before)
        sources += [replace(source, number=source.number + before) for source in message.sources]
        if text.strip():
            texts.append(text.strip("\n"))
    reasoning = "\n\n".join(message.reasoning for message in way if message.reasoning)
    if not texts and not reasoning:
        return None
    ends = [message for message in way if message.text.strip()] or list(way)
    models = [message.model for message in way if message.model]
    return ForeignAnswer(
        key=ends[-1].key,
        text="\n\n".join(texts),
        at=ends[-1].at,
        model=models[-1] if models else "",
        reasoning=reasoning,
        sources=sources,
    )


def _moved(text: str, numbers: set[int], by: int) -> str:
    """The text with these numbers of its marks raised."""

    def raised(mark: re.Match[str]) -> str:
        number = int(mark[1])
        return f"[{number + by}]" if number in numbers else mark[0]

    return _MARK.sub(raised, text)
