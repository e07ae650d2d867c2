"""An answer told from its log: the one place that knows what a row of log entries adds up to.

The page, the stream and the end of an answer all fold the log with the same code, so what a viewer has seen, what
is stored and what comes back after a crash cannot differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from uuid import UUID

from chat.models import LogEntry

Kind = LogEntry.Kind


class Entry(NamedTuple):
    """One step of the log. `data` is what `LogEntry.data` holds: a string for text, else a list or a mapping."""

    seq: int
    kind: str
    data: Any


@dataclass
class Transcript:
    """What the log says so far.

    While it is `handing_over`, the upstream may have the question without anybody here knowing by what name.
    """

    seq: int = 0
    text: str = ""
    reasoning: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    handing_over: bool = False
    job: str = ""
    submitted_at: float = 0.0  # seconds since 1970
    passages: list[dict[str, Any]] | None = None  # of documents, None where none were looked for
    sources: list[dict[str, Any]] = field(default_factory=list)
    images: list[dict[str, Any]] = field(default_factory=list)
    videos: list[dict[str, Any]] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    usage: dict[str, Any] = field(default_factory=dict)
    reported_cost: Decimal | None = None
    status: dict[str, Any] = field(default_factory=dict)
    started: dict[str, Any] = field(default_factory=dict)
    first_word_at: str = ""
    finish: str = ""
    follow_up: dict[str, Any] = field(default_factory=dict)
    ended: bool = False

    @property
    def numbered_sources(self) -> list[dict[str, Any]]:
        """The sources with the numbers by which the text cites them: their own, else their places, from 1."""
        return [{**row, "number": row.get("number") or place} for place, row in enumerate(self.sources, start=1)]

    @property
    def passage_count(self) -> int | None:
        """How many passages of documents the text may cite; None where none were looked for."""
        return None if self.passages is None else len(self.passages)

    @property
    def searched(self) -> bool:
        """Whether anything was found for this answer, or looked for: what is from before does not count."""
        looked = {"searching", "reading", "finance"}
        return any(not row.get("carried") for row in self.sources) or any(
            step.get("kind") in looked for step in self.steps
        )

    def apply(self, entry: Entry) -> None:
        """Take the next entry."""
        data = entry.data
        match entry.kind:
            case Kind.STARTED:
                # What the answer and its model are called may be told at its end, but it began when it began.
                id = data.get("upstream_id")
                is_same = bool(self.text) or (bool(id) and id == self.started.get("upstream_id"))
                self.started = {**data, "at": self.started.get("at", data["at"])} if is_same else data
            case Kind.TEXT:
                self.text += data
            case Kind.TEXT_REPLACED:
                self.text = data
            case Kind.REASONING:
                self.reasoning += data
            case Kind.REASONING_REPLACED:
                self.reasoning = data
            case Kind.STEP:
                self.steps.append(data)
            case Kind.SUBMITTED:
                self.job, self.submitted_at = data["job"], _seconds(data.get("at"))
            case Kind.DOCUMENTS:
                self.passages, self.status = data["passages"], {}
            case Kind.SOURCES:
                self.sources = data
            case Kind.MEDIA:
                self.images = data.get("images") or self.images
                self.videos = data.get("videos") or self.videos
            case Kind.RELATED:
                self.related = data
            case Kind.USAGE:
                self.usage = data["usage"]
                cost = _money(data.get("cost"))
                self.reported_cost = self.reported_cost if cost is None else cost
            case Kind.STATUS:
                self.status = data
                self.first_word_at = self.first_word_at or data.get("first_word_at", "")
            case Kind.FINISH:
                self.finish = data["reason"]
            case Kind.FOLLOW_UP:
                self.follow_up = data
            case Kind.END:
                self.ended = True
        self.handing_over = entry.kind == Kind.SUBMITTING  # whatever else is said, the upstream has answered
        self.seq = entry.seq


def _seconds(moment: str | None) -> float:
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0


def _money(figure: str | None) -> Decimal | None:
    try:
        return Decimal(figure) if figure else None
    except InvalidOperation:
        return None


def entries_after(answer_id: UUID, seq: int) -> list[Entry]:
    """The committed entries of the answer beyond `seq`, in order."""
    rows = LogEntry.objects.filter(answer_id=answer_id, seq__gt=seq).order_by("seq")
    return [Entry(*row) for row in rows.values_list("seq", "kind", "data")]


def fold_entries(entries: Iterable[Entry]) -> Transcript:
    """The transcript that the entries, which start at the first, add up to."""
    transcript = Transcript()
    for entry in entries:
        transcript.apply(entry)
    return transcript
