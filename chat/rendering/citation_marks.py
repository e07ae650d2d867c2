"""Citation marks and links as HTML: what points to a source, and what the search did not return.

Nothing here is in a language of ours, for one rendered text is read by people of many: what a mark is called comes from
its source, and what else is to be said stands in `data-note` by a name, which the page puts into the reader's words.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property
from types import MappingProxyType
from typing import Protocol

from chat.rendering.addresses import addresses_in
from chat.rendering.footnotes import REFERENCE
from chat.rendering.links import LONGEST_URL, comparable_url, normalized_url, safe_href, site_of
from chat.rendering.mark_forms import (
    DOCUMENT_MARK,
    MARK,
    MarkPart,
    SourceNumber,
    document_label,
    is_mark,
    may_have_marks,
    number_in,
    parts_of,
)
from chat.rendering.text import escape, escape_attribute
from core import graphemes

LONGEST_CITES = 100_000  # characters of HTML that the marks of one text may take; those after them stay text
LONGEST_NAME = 200  # characters of a source's title in the label of a mark
REL = "noopener noreferrer nofollow ugc"

UNKNOWN_SOURCE = "unknown-source"  # no source of the answer has this number
UNKNOWN_PASSAGE = "unknown-passage"  # no passage that went along has this number
UNRETURNED_LINK = "unreturned-link"  # the model wrote this address; the search did not return it

_LONGEST_RUN = 4  # marks that keep on one line with the word before them
_BETWEEN_MARKS = re.compile(r"[ ,;.]{0,3}")
_MARK_OR_REFERENCE = re.compile(rf"{REFERENCE.pattern}|(?i:{MARK.pattern})")


@cache
def with_documents() -> re.Pattern[str]:
    """What finds marks of every kind. Made when it is first needed: it takes a fiftieth of a start."""
    return re.compile(rf"{_MARK_OR_REFERENCE.pattern}|(?i:{DOCUMENT_MARK.pattern})")


class SourceLike(Protocol):
    """What a citation mark needs to know about a source. `number` is what the text cites it by; 0 is its place in the
    list, from 1."""

    @property
    def number(self) -> int: ...

    @property
    def title(self) -> str: ...

    @property
    def url(self) -> str: ...


class CitationMarks:
    """Writes the marks and links of one answer; with `only_sourced`, links to its sources alone.

    `documents` says how many passages of documents went along with the question, which are cited as `[D1]` and so on;
    None where none were looked for: `[D1]` is no mark then. Which documents those are is not for everybody who reads
    the answer, so nothing of them stands in its HTML. `spellings` are other addresses of the sources, with the number
    of each.
    """

    def __init__(
        self,
        sources: Sequence[SourceLike] = (),
        anchor: str = "",
        *,
        documents: int | None = None,
        only_sourced: bool = False,
        spellings: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._sources = {source.number or place: source for place, source in enumerate(sources, start=1)}
        self._documents = frozenset(document_label(number) for number in range(1, (documents or 0) + 1))
        self._known: frozenset[SourceNumber] = self._documents | self._sources.keys()
        self._marks = _MARK_OR_REFERENCE if documents is None else with_documents()
        self._may_cite = bool(sources) or documents is not None
        self._prefix = f"#source-{anchor}-" if anchor else "#source-"
        self._document_prefix = f"#document-{anchor}-" if anchor else "#document-"
        self._only_sourced = only_sourced
        self._spellings = spellings
        self._parts: dict[str, list[MarkPart]] = {}
        self._notes: frozenset[str] = frozenset()
        self._cites_by_number: dict[tuple[SourceNumber, str, str], str] = {}
        self._openings: dict[str, str] = {}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of the first source at each address."""
        numbered = ((source.url, number) for number, source in reversed(self._sources.items()))
        numbers = {
            comparable_url(normalized_url(url.strip())): number
            for url, number in (*self._spellings.items(), *numbered)
            if len(url) <= LONGEST_URL
        }
        numbers.pop("", None)
        return numbers

    @property
    def notes(self) -> frozenset[str]:
        """The labels of the footnotes of the text at hand: `[^1]` is a note where it is among them."""
        return self._notes

    @notes.setter
    def notes(self, labels: frozenset[str]) -> None:
        self._notes = labels

    @property
    def numbers(self) -> Collection[SourceNumber]:
        """The numbers that a mark can have."""
        return self._known

    def text_with_links(self, content: str) -> str:
        """Plain text as HTML, with its citation marks and bare web addresses as links."""
        if "://" in content:
            return self._with_addresses(content)
        return self.text_with_marks(content)

    def text_with_marks(self, content: str) -> str:
        """Plain text as HTML, with its citation marks alone as links.

        A blank before a mark does not end a line, so that no mark begins one; what else may come before it is left to
        the style sheet. In a long run of marks a line may end.
        """
        if not may_have_marks(content) or not (self._may_cite or "[^" in content):
            return escape(content)
        html: list[str] = []
        at = run = written = 0
        for found in self._marks.finditer(content):
            cites = self._cites_at(content, found) if written < LONGEST_CITES else ()
            if not cites:
                continue
            gap = content[at : found.start()]
            run = run if at and _BETWEEN_MARKS.fullmatch(gap) else 0
            for cite in cites:
                may_break = run > 0 and run % _LONGEST_RUN == 0
                if gap.endswith(" ") and not may_break:
                    html += (escape(gap[:-1]), '<span class="held"> ', cite, "</span>")
                else:
                    html += (escape(gap), "<wbr>" if may_break and not gap else "", cite)
                gap = ""
                run += 1
                written += len(cite)
            at = found.end()
        html.append(escape(content[at:]))
        return "".join(html)

    def marks_in(self, content: str) -> Iterator[tuple[int, int, Sequence[MarkPart]]]:
        """Where in a plain text something stands that looks like a mark, from where to where, and what it cites:
        nothing where it is none."""
        links = [(at, at + len(url)) for at, url in addresses_in(content) if self.link_opening(url)]
        for found in self._marks.finditer(content):
            in_link = any(begin <= found.start() < end for begin, end in links)
            yield found.start(), found.end(), () if in_link else self._cited_by(content, found)

    def _cited_by(self, content: str, found: re.Match[str]) -> Sequence[MarkPart]:
        if label := found[1]:
            number = number_in(label)
            return () if label in self._notes or number not in self._sources else (MarkPart((number,)),)
        parts = self._parts_of(found[0])
        return parts if is_mark(content, found, parts, known=self._known) else ()

    def _cites_at(self, content: str, found: re.Match[str]) -> Sequence[str]:
        """The links for the numbers of a mark, or what shows a note; nothing where it is to stay as it was written."""
        if label := found[1]:
            if label in self._notes:
                return (f'<sup class="footnote" data-note="footnote">{escape(label)}</sup>',)
            return (self._make_cite(number_in(label)),) if number_in(label) in self._sources else ()
        parts = self._parts_of(found[0])
        if not is_mark(content, found, parts, known=self._known):
            return ()
        return [self._make_cite(number, part) for part in parts for number in part.numbers]

    def _parts_of(self, mark: str) -> list[MarkPart]:
        parts = self._parts.get(mark)
        if parts is None:
            parts = self._parts[mark] = self._lettered(parts_of(mark))
        return parts

    def _lettered(self, parts: list[MarkPart]) -> list[MarkPart]:
        """The parts with the letter also for numbers that lack it and that no other source has, as in `[D1, 2]`."""
        if not any(isinstance(number, str) for part in parts for number in part.numbers):
            return parts
        return [part if self._known.issuperset(part.numbers) else _with_letters(part) for part in parts]

    def _with_addresses(self, content: str) -> str:
        parts: list[str] = []
        at = 0
        for start, url in addresses_in(content):
            link = self.link_opening(url)
            if link:
                parts.append(self.text_with_marks(content[at:start]))
                parts.append(f"{link}{escape(url)}</a>")
                at = start + len(url)
        parts.append(self.text_with_marks(content[at:]))
        return "".join(parts)

    def _make_cite(self, number: SourceNumber, part: MarkPart | None = None) -> str:
        lead, place = (
            (part.lead, part.place) if part and part.numbers[0] == number else ("", part.place if part else "")
        )
        html = self._cites_by_number.get((number, lead, place))
        if html is None:
            html = self._cites_by_number[number, lead, place] = self._write_cite(number, lead, place)
        return html

    def _write_cite(self, number: SourceNumber, lead: str, place: str) -> str:
        shown = escape(f"[{lead}{number}{place}]")
        if isinstance(number, str):
            return self._write_document_cite(number, shown)
        source = self._sources.get(number)
        if source is None:
            return f'<span class="unknown-source" data-note="{UNKNOWN_SOURCE}">{shown}</span>'
        name = graphemes.cut(source.title or site_of(source.url) or source.url, LONGEST_NAME)
        label = escape_attribute(f"{number}: {name}") if name else str(number)
        href = escape_attribute(f"{self._prefix}{number}")
        return f'<a class="cite" href="{href}" data-source="{number}" aria-label="{label}">{shown}</a>'

    def _write_document_cite(self, label: str, shown: str) -> str:
        """What it is called is said when it is shown: `chat.live.document_names`."""
        if label not in self._documents:
            return f'<span class="unknown-source" data-note="{UNKNOWN_PASSAGE}">{shown}</span>'
        number = label.removeprefix("D")
        href = escape_attribute(f"{self._document_prefix}{number}")
        return f'<a class="cite document" href="{href}" data-document="{number}" aria-label="{label}">{shown}</a>'

    def number_with_address(self, label: str, url: str) -> str:
        """A mark that brings its address along, as `[1](https://…)`: it cites the source at that address, whatever
        the number; where there is none it is a link of its own."""
        number = self.number_at(url)
        return self._make_cite(number) if number else f"{self.link_opening(url)}[{label}]</a>"

    def cited_in(self, content: str) -> list[SourceNumber]:
        """The numbers in the marks of a plain text, and those of the sources whose addresses are in it."""
        return [*self._numbers_in(content), *filter(None, (self.number_at(url) for _at, url in addresses_in(content)))]

    def _numbers_in(self, content: str) -> Iterator[SourceNumber]:
        if not may_have_marks(content):
            return
        for found in self._marks.finditer(content):
            if label := found[1]:
                number = number_in(label)
                if label not in self._notes and number in self._sources:
                    yield number
                continue
            parts = self._parts_of(found[0])
            if is_mark(content, found, parts, known=self._known):
                for part in parts:
                    yield from part.numbers

    def number_at(self, url: str) -> int:
        """The number of the source with this address, 0 where it is none's."""
        return self._numbers.get(comparable_url(normalized_url(url)), 0)

    def link_opening(self, url: str) -> str:
        """The opening tag of a link to `url`; "" when such a link is refused and only its text may be shown."""
        html = self._openings.get(url)
        if html is None:
            html = self._openings[url] = self._make_link_opening(url)
        return html

    def _make_link_opening(self, url: str) -> str:
        href = safe_href(normalized_url(url)) if len(url) <= LONGEST_URL else ""
        if not href:
            return ""
        where = f'href="{escape_attribute(href)}" target="_blank" rel="{REL}"'
        if comparable_url(href) in self._numbers:
            return f'<a class="sourced" {where}>'
        if self._only_sourced:
            return ""
        return f'<a class="unsourced" {where} data-note="{UNRETURNED_LINK}">'


def _with_letters(part: MarkPart) -> MarkPart:
    letters = (number if isinstance(number, str) else document_label(number) for number in part.numbers)
    return part._replace(numbers=tuple(letters))
