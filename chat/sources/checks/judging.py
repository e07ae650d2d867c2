"""Has an answer held against its sources in a process of its own (`chat.sources.claims.process`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import orjson

from chat.sources.claims.judgements import SourceText
from files.isolation import Bounds, Outcome, Runner
from files.limits import MEGABYTE

MOST_TEXT = 2_000_000  # characters of one source that are looked at
MOST_TEXTS = 12_000_000  # and of all of an answer's sources together
_BOUNDS = Bounds(cpu=60, time=180, memory=1024 * MEGABYTE, output=64 * MEGABYTE)

_runner = Runner("chat.sources.claims.process")

Read = Mapping[int, Sequence[SourceText]]
"""What was read, by the numbers of the sources; nothing of those of which nothing could be."""


class JudgingFailed(Exception):
    """The answer cannot be held against its sources within bounds."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of each mark, in the order of the text, and of the figures and dates of the whole text: the JSON of
    `chat.sources.claims.process`."""

    marks: Sequence[dict[str, Any]] = field(default_factory=list)
    facts: Sequence[dict[str, Any]] = field(default_factory=list)


def judge_answer(
    text: str, *, sources: Read, documents: Read, addresses: Mapping[str, int], language: str = ""
) -> Judged:
    """Hold the answer's Markdown against what was read. `addresses` are the numbers of sources by theirs.

    Takes up to minutes, and waits for others before. Raises JudgingFailed, OSError when no process can be started.
    """
    room = MOST_TEXTS
    told: dict[str, Any] = {"text": text, "addresses": dict(addresses), "sources": {}, "documents": {}}
    for name, read in (("sources", sources), ("documents", documents)):
        for number, texts in read.items():
            kept = []
            for one in texts:
                text = one.text[: min(MOST_TEXT, room)]
                kept.append([text, [page for page in one.pages if page[1] < len(text)], one.from_search])
                room -= len(text)
            told[name][str(number)] = kept
    with _runner.run(
        "chat.sources.claims.process:check_answer", BytesIO(orjson.dumps(told)), bounds=_BOUNDS, language=language
    ) as ended:
        if ended.outcome is not Outcome.FINISHED:
            raise JudgingFailed(ended.outcome)
        marks, facts = [], []
        for line in ended.output:
            said = orjson.loads(line)
            if "mark" in said:
                marks.append(said["mark"])
            else:
                facts = said["facts"]
    return Judged(marks, facts)


def interrupt_judging() -> None:
    """End what is being judged, from any thread: whoever waits for it gets an OSError at once."""
    _runner.interrupt()
