"""The common list of sources of a report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from chat.models import AnswerPassage, Source
from chat.sources.copies.addresses import address_key
from core.errors import ActionRefused

MOST = 500
"""Sources of one report."""
_MOST_SPELLINGS = 5  # of one address besides the first


@dataclass(frozen=True, slots=True)
class ReportSource:
    """One entry. `number` is what the text cites it by; `spellings` are other addresses of the same page that answers
    link to.

    For a passage of a document of a space there is no address and no title: the `space`, the `document` (ids, empty
    where they are gone) and the `page` in its `unit` say which it is, and what it is called is not for everybody who
    reads the report.
    """

    number: int
    title: str = ""
    url: str = ""
    date: str = ""
    spellings: tuple[str, ...] = ()
    is_document: bool = False
    space: str = ""
    document: str = ""
    unit: str = ""
    page: int = 0

    @property
    def key(self) -> str:
        """The same for all entries that are the same page, or the same place of a document."""
        if self.is_document:
            return f"document:{self.document or self.number}#{self.page}"
        return address_key(self.url) if self.url else f"title:{self.title}"

    def stored(self) -> dict[str, Any]:
        """The entry as a version keeps it: without what is empty."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(value) if name == "spellings" else value for name, value in fields.items() if value}


def sources_of(stored: Iterable[dict[str, Any]]) -> tuple[ReportSource, ...]:
    """The entries that a version keeps, in the order of their numbers."""
    found = [ReportSource(**one | {"spellings": tuple(one.get("spellings", ()))}) for one in stored]
    return tuple(sorted(found, key=lambda one: one.number))


class SourceList:
    """A list that grows: what is in it already keeps its number."""

    def __init__(self, sources: Sequence[ReportSource]) -> None:
        self._sources = {one.number: one for one in sources}
        self._numbers = {one.key: one.number for one in reversed(sources)}

    @property
    def sources(self) -> tuple[ReportSource, ...]:
        """The entries, in the order of their numbers."""
        return tuple(self._sources[number] for number in sorted(self._sources))

    def number_for(self, found: ReportSource) -> int:
        """The number of the entry that is the same page; a new one where there is none. Raises ActionRefused where the
        list is full."""
        number = self._numbers.get(found.key)
        if number is None:
            if len(self._sources) >= MOST:
                raise ActionRefused(
                    ngettext(
                        "A report can have %(most)d source. Tidy its sources, or begin another report.",
                        "A report can have %(most)d sources. Tidy its sources, or begin another report.",
                        MOST,
                    )
                    % {"most": MOST}
                )
            number = next(one for one in range(1, MOST + 1) if one not in self._sources)
            self._sources[number] = _with(found, number=number)
            self._numbers[found.key] = number
        else:
            self._note_spelling(number, found.url)
        return number

    def _note_spelling(self, number: int, url: str) -> None:
        there = self._sources[number]
        if url and url != there.url and url not in there.spellings and len(there.spellings) < _MOST_SPELLINGS:
            self._sources[number] = _with(there, spellings=(*there.spellings, url))


def from_source(source: Source) -> ReportSource:
    """A source of an answer as an entry without a number of its own yet."""
    return ReportSource(number=0, title=source.title, url=source.url, date=source.date)


def from_passage(passage: AnswerPassage) -> ReportSource:
    """A passage of a document that went with a question, the same way."""
    return ReportSource(
        number=0,
        is_document=True,
        space=str(passage.space_id or ""),
        document=str(passage.version.document_id) if passage.version else "",
        unit=passage.unit,
        page=passage.page if passage.text else 0,
    )


def renumber(source: ReportSource, number: int) -> ReportSource:
    """The same entry with another number."""
    return _with(source, number=number)


def _with(source: ReportSource, **changed: Any) -> ReportSource:
    return ReportSource(**{name: getattr(source, name) for name in source.__slots__} | changed)
