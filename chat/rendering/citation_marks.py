"""Citation marks and links as HTML: what points to a source, and what the search did not return."""

import re
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Protocol

from chat.rendering.addresses import addresses_in
from chat.rendering.footnotes import REFERENCE
from chat.rendering.links import LONGEST_URL, comparable_url, normalized_url, safe_href, site_of
from chat.rendering.mark_forms import MARK, MarkPart, may_have_marks, number_in, parts_of
from chat.rendering.text import escape, escape_attribute

LONGEST_CITES = 100_000  # characters of HTML that the marks of one text may take; those after them stay text
LONGEST_NAME = 200  # characters of a source's title in the label of a mark
REL = "noopener noreferrer nofollow ugc"
UNSOURCED = "The model wrote this address; the search didn’t return it."
UNKNOWN = "No source was returned for this number."


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
    """Writes the marks and links of one answer; with `only_sourced`, links to its sources alone."""

    def __init__(self, sources: Sequence[SourceLike] = (), anchor: str = "", *, only_sourced: bool = False) -> None:
        self._sources = {source.number or place: source for place, source in enumerate(sources, start=1)}
        self._prefix = f"#source-{anchor}-" if anchor else "#source-"
        self._only_sourced = only_sourced
        self._cites: dict[str, str] = {}
        self._notes: frozenset[str] = frozenset()
        self._cites_by_number: dict[tuple[int, str], str] = {}
        self._openings: dict[str, str] = {}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of the first source at each address."""
        numbered = reversed(self._sources.items())
        numbers = {
            comparable_url(normalized_url(source.url.strip())): number
            for number, source in numbered
            if len(source.url) <= LONGEST_URL
        }
        numbers.pop("", None)
        return numbers

    @property
    def notes(self) -> frozenset[str]:
        """The labels of the footnotes of the text at hand: `[^1]` is a note where it is among them."""
        return self._notes

    @notes.setter
    def notes(self, labels: frozenset[str]) -> None:
        if labels != self._notes:
            self._notes = labels
            self._cites.clear()

    @property
    def numbers(self) -> Collection[int]:
        """The numbers that a mark can have."""
        return self._sources.keys()

    def text_with_links(self, content: str) -> str:
        """Plain text as HTML, with its citation marks and bare web addresses as links."""
        if "://" in content:
            return self._with_addresses(content)
        return self.text_with_marks(content)

    def text_with_marks(self, content: str) -> str:
        """Plain text as HTML, with its citation marks alone as links."""
        html = escape(content)
        if "[^" in content:
            html = REFERENCE.sub(self._cite, html)
        if not self._sources or not may_have_marks(content):
            return html
        room = LONGEST_CITES

        def cite(match: re.Match[str]) -> str:
            nonlocal room
            cites = self._cite(match) if room > 0 else match.group()
            room -= len(cites)
            return cites

        return MARK.sub(cite, html)

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

    def _cite(self, match: re.Match[str]) -> str:
        mark = match.group()
        html = self._cites.get(mark)
        if html is None:
            html = self._cites[mark] = self._make_cites(mark)
        return html

    def _make_cites(self, mark: str) -> str:
        """A link for each number; the mark as it is where it is none, or no source answers to several numbers."""
        if reference := REFERENCE.fullmatch(mark):
            return self._make_reference(mark, reference[1])
        parts = parts_of(mark)
        if not self._is_mark(parts):
            return mark
        return "".join(self._make_cite(number, part.place) for part in parts for number in part.numbers)

    def _make_reference(self, mark: str, label: str) -> str:
        if label in self._notes:
            return f'<sup class="footnote">{label}</sup>'
        number = number_in(label)
        return self._make_cite(number) if number in self._sources else mark

    def _is_mark(self, parts: Sequence[MarkPart]) -> bool:
        numbers = [number for part in parts for number in part.numbers]
        return len(numbers) == 1 or any(number in self._sources for number in numbers)

    def _make_cite(self, number: int, place: str = "") -> str:
        html = self._cites_by_number.get((number, place))
        if html is None:
            html = self._cites_by_number[number, place] = self._write_cite(number, place)
        return html

    def _write_cite(self, number: int, place: str) -> str:
        source = self._sources.get(number)
        if source is None:
            return f'<span class="unknown-source" title="{UNKNOWN}">[{number}{place}]</span>'
        name = (source.title or site_of(source.url) or source.url)[:LONGEST_NAME]
        label = escape_attribute(f"Source {number}: {name}")
        href = escape_attribute(f"{self._prefix}{number}")
        return f'<a class="cite" href="{href}" data-source="{number}" aria-label="{label}">[{number}{place}]</a>'

    def number_with_address(self, label: str, url: str) -> str:
        """A mark that brings its address along, as `[1](https://…)`: it cites the source at that address, whatever
        the number; where there is none it is a link of its own."""
        number = self.number_at(url)
        return self._make_cite(number) if number else f"{self.link_opening(url)}[{label}]</a>"

    def cited_in(self, content: str) -> list[int]:
        """The numbers in the marks of a plain text, and those of the sources whose addresses are in it.

        Of several numbers in one pair of brackets none counts where no source answers to any: that is no mark.
        """
        cited: list[int] = []
        for match in MARK.finditer(content):
            parts = parts_of(match.group())
            if self._is_mark(parts):
                cited += [number for part in parts for number in part.numbers]
        for reference in REFERENCE.finditer(content):
            number = number_in(reference[1])
            if reference[1] not in self._notes and number in self._sources:
                cited.append(number)
        return cited + [number for _start, url in addresses_in(content) if (number := self.number_at(url))]

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
        return f'<a class="unsourced" {where} title="{UNSOURCED}">'
