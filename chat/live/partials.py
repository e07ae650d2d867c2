"""The named places of an answer that is being written, as HTML: what the page shows first and the stream then changes.

A viewer is known by one number, the log's number up to which it has everything. `frame(after=N)` is what turns that
viewer's article into the present one. It is a function of the log and N alone, not of who renders or how the log was
cut into commits: a viewer may come back to another process with the number the first one gave it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from chat import structured
from chat.answers.passages import space_of
from chat.answers.transcript import Entry, Kind, Transcript
from chat.live.answer_display import AnswerDisplay, Reader, ShownSource
from chat.live.answer_words import in_readers_words
from chat.live.shown_passages import HIDDEN, NOTHING, ShownPassages, logged_passages
from chat.models import Answer
from chat.rendering import Block, Change, Growing, change_between
from core.cpu_budget import CpuBudget
from upstream.catalog.rules import model_named

MOST_SECONDS = 2.0  # CPU seconds for the closed blocks of one answer while it grows, however often it is told anew

PLACES_OF = {
    Kind.STARTED: ("status",),
    Kind.STATUS: ("status",),
    Kind.DOCUMENTS: ("status", "sources"),
    Kind.SOURCES: ("status", "sources"),
    Kind.SUBMITTED: ("status",),
    Kind.STEP: ("reasoning",),
    Kind.REASONING: ("reasoning",),
    Kind.REASONING_REPLACED: ("reasoning",),
    Kind.MEDIA: ("media",),
    Kind.RELATED: ("related",),
}


@dataclass
class Partials:
    """One answer's places. `apply` follows the log, `frame` renders."""

    answer: Answer
    transcript: Transcript = field(default_factory=Transcript)

    def __post_init__(self) -> None:
        self._changed = {"status": 0, "sources": 0, "reasoning": 0, "media": 0, "related": 0}
        self._budget = CpuBudget(MOST_SECONDS)
        self._begin_text(seq=0, text="")
        self._places: dict[tuple[str, Reader], tuple[int, SafeString]] = {}

    @property
    def seq(self) -> int:
        """The number of the last entry applied."""
        return self.transcript.seq

    def apply(self, entries: Iterable[Entry]) -> None:
        """Take the next entries. Closed blocks are found here; the open tail is rendered only when asked for."""
        for entry in entries:
            before, passages = self.transcript.sources, self.transcript.passage_count
            self.transcript.apply(entry)
            for place in PLACES_OF.get(Kind(entry.kind), ()):
                self._changed[place] = entry.seq
            if entry.kind == Kind.TEXT:
                self._growing.extend(entry.data)
                self._lengths.append(self._growing.length)
                self._seqs.append(entry.seq)
            elif (
                entry.kind == Kind.TEXT_REPLACED
                or (entry.kind == Kind.SOURCES and before != entry.data)
                or self.transcript.passage_count != passages
            ):
                # Citation marks in blocks that are closed already may point elsewhere now: the text is told anew.
                self._begin_text(seq=entry.seq, text=self.transcript.text)

    def _begin_text(self, *, seq: int, text: str) -> None:
        self._growing = self._grower()
        self._begun_at = seq
        self._lengths: list[int] = []
        self._seqs: list[int] = []
        if text:
            self._growing.extend(text)
            self._lengths.append(self._growing.length)
            self._seqs.append(seq)

    def _grower(self) -> Growing | structured.Verbatim:
        if self._form:
            return structured.Verbatim()
        return Growing(
            sources=self.sources,
            documents=self.transcript.passage_count,
            anchor=str(self.answer.pk),
            budget=self._budget,
        )

    @property
    def _form(self) -> str:
        """What kind of form the answer was asked for in, empty for a plain one."""
        return structured.kind_of(self.answer.request.get("options", {}).get("response_format"))

    @property
    def sources(self) -> list[ShownSource]:
        """The sources so far. Which of them are cited is told when the answer has ended."""
        return [
            ShownSource(
                number=row["number"],
                title=row.get("title", ""),
                url=row.get("url", ""),
                date=row.get("date", ""),
                last_updated=row.get("last_updated", ""),
                snippet=row.get("snippet", ""),
                origin=row.get("origin", ""),
                kind=row.get("kind", ""),
                carried=row.get("carried", False),
                cited=True,
            )
            for row in self.transcript.numbered_sources
        ]

    def display(self, *, text: bool = True) -> AnswerDisplay:
        """All of the answer so far; without the text, whose open end is not cheap to render, when others tell that."""
        so_far = self.transcript
        return AnswerDisplay(
            answer=self.answer,
            state=self._state,
            is_live=True,
            sources=self.sources,
            steps=so_far.steps,
            reasoning=so_far.reasoning,
            images=so_far.images,
            videos=so_far.videos,
            related=so_far.related,
            html=in_readers_words(_join_blocks(self._growing.blocks if text else ())),
            tail=in_readers_words(self.tail if text else ""),
            status=self.status,
            after=self.seq,
        )

    @property
    def tail(self) -> SafeString:
        """The open rest of the text, as HTML."""
        return self._growing.tail_html()

    def render_tail(self) -> None:
        """Render what is new in the open rest of the text. It is kept for the frames."""
        if isinstance(self._growing, Growing):
            self._growing.tail()

    @property
    def open_length(self) -> int:
        """Number of characters that rendering the tail has to look at."""
        return self._growing.unrendered

    @property
    def status(self) -> dict[str, object]:
        """What the status line says: a word, what about, and how many sources there are."""
        return {
            "doing": self.transcript.status.get("doing") or self._doing,
            "about": self.transcript.status.get("about", ""),
            "sources": sum(not row.get("carried") for row in self.transcript.sources),
            "researches": model_named(self.answer.model, provider=self.answer.provider).researches,
        }

    @property
    def _doing(self) -> str:
        """What is done as long as the service says nothing."""
        if self.transcript.text:
            return "writing"
        return "quoting" if self.transcript.passages else "waiting"

    def passages_for(self, reader: Reader) -> ShownPassages:
        """What this reader is shown of the documents that went along."""
        space = space_of(self.answer)
        if space is None or self.transcript.passages is None:
            return NOTHING
        return logged_passages(self.transcript.passages, space) if reader.sees_documents else HIDDEN

    def frame(self, *, after: int, reader: Reader) -> str:
        """The templates that bring a viewer from log number `after` up to date; empty when nothing is new to it.

        A viewer at 0, or ahead of the log, gets everything anew.
        """
        anew = after <= 0 or after > self.seq
        parts = [
            place_template(place, self._render_place(place, reader), state=self._state if place == "status" else "")
            for place, changed in self._changed.items()
            if (anew and (changed or place == "status")) or changed > after
        ]
        retold = anew or self._begun_at > after
        blocks: Sequence[Block | structured.Piece] = self._growing.blocks if retold else self._blocks_after(after)
        if blocks or retold:
            html = self._in_readers_words(reader, _join_blocks(blocks))
            parts.append(place_template("blocks", html, how="replace" if retold else "append"))
        if retold or (self._seqs and self._seqs[-1] > after):
            parts.append(self._tail_template(0 if retold else after, reader))
        return "".join(parts)

    def _tail_template(self, after: int, reader: Reader) -> str:
        """What brings the tail of a viewer at `after` up to date; 0 for one who is told it anew."""
        growing = self._growing
        change: Change | None = Change("replace", "", self.tail)
        if after and isinstance(growing, Growing) and (before := growing.tail_at(self._length_at(after))):
            change = change_between(before, growing.tail())
        if change is None:
            return ""
        html = change.html if change.how == "text" else self._in_readers_words(reader, change.html)
        return place_template("tail", html, how=change.how, at=change.at)

    def _in_readers_words(self, reader: Reader, html: SafeString) -> SafeString:
        with translation.override(reader.language):
            html = in_readers_words(html)
            return self.passages_for(reader).named(html) if "data-document=" in html else html

    def _blocks_after(self, after: int) -> Sequence[Block | structured.Piece]:
        """The blocks that were not closed yet for a viewer at `after`."""
        blocks: Sequence[Block | structured.Piece] = self._growing.blocks
        first = len(blocks)
        while first and self._seq_at(blocks[first - 1].closed_at) > after:
            first -= 1
        return blocks[first:]

    def _seq_at(self, length: int) -> int:
        """The number of the entry that brought the text to this length."""
        return self._seqs[bisect_left(self._lengths, length)]

    def _length_at(self, seq: int) -> int:
        """The length of the text after the entry with this number."""
        known = bisect_right(self._seqs, seq)
        return self._lengths[known - 1] if known else 0

    @property
    def _state(self) -> str:
        transcript = self.transcript
        return Answer.State.WRITING if transcript.started or transcript.text or transcript.job else Answer.State.WAITING

    def _render_place(self, place: str, reader: Reader) -> SafeString:
        """The place as it is now, rendered once for all viewers like this one, however far back each of them is.

        What places say is in the reader's language. The blocks of the text are rendered once for all languages.
        """
        rendered_at, html = self._places.get((place, reader), (-1, SafeString()))
        if rendered_at < self._changed[place] or place == "status":
            html = self._render_place_anew(place, reader)
            self._places[place, reader] = self._changed[place], html
        return html

    def _render_place_anew(self, place: str, reader: Reader) -> SafeString:
        # This runs in the event loop or in a thread, where no request has chosen a language, and leaves none behind.
        with translation.override(reader.language):
            context = {
                "shown": self.display(text=False).with_passages(self.passages_for(reader)),
                "answer": self.answer,
                "conversation": self.answer.question.conversation,
                "may_ask": reader.may_ask,
            }
            return render_to_string(f"chat/answer/_{place}.html", context)


def _join_blocks(blocks: Iterable[Block | structured.Piece]) -> SafeString:
    return mark_safe("".join(block.html for block in blocks))  # noqa: S308 - each block comes out of nh3


def place_template(place: str, html: SafeString, *, how: str = "replace", at: str = "", state: str = "") -> str:
    """The HTML for one named place, with what to do with it: `how` and `at` as in `rendering.Change`, or "append"."""
    where = f' data-at="{at}"' if at else ""
    said = f' data-state="{state}"' if state else ""
    return f'<template data-place="{place}" data-how="{how}"{where}{said}>{html}</template>'
