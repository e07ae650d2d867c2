"""Citation marks and links as HTML: what points to a source, and what the search did not return."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Protocol

from chat.rendering.links import LONGEST_URL, comparable_url, normalized_url, safe_href, site_of
from chat.rendering.text import escape, escape_attribute

_NUMBER = r"(?:0|[1-9]\d{0,2})"
_DASH = "[-\u2010-\u2014]"
MARK = re.compile(rf"\[({_NUMBER}(?: ?(?:[,;]|{_DASH}) ?{_NUMBER})*)\]")
_RANGE = re.compile(rf"({_NUMBER})(?: ?{_DASH} ?({_NUMBER}))?")
_WIDEST = 30  # sources in one range
LONGEST_CITES = 100_000  # characters of HTML that the marks of one text may take; those after them stay text
LONGEST_NAME = 200  # characters of a source's title in the label of a mark
ADDRESS = re.compile(r"https?://[^\s<>\[\]\"'`|\\]+", re.I)
REL = "noopener noreferrer nofollow ugc"
UNSOURCED = "This address was written by the model; the search did not return it."

_AFTER_ADDRESS = ".,:;!?*_~'\""
_BEFORE_ADDRESS = re.compile(r"[\w@/.:-]\Z")


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
        self._cites_by_number: dict[int, str] = {}
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
        if "[" not in content or not self._sources:
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
        for start, url in _addresses(content):
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
            html = self._cites[mark] = self._make_cites(mark, marked_numbers(match.group(1)))
        return html

    def _make_cites(self, mark: str, numbers: Sequence[int]) -> str:
        """A link for each number; the mark as it is where no source answers to any of them."""
        if not any(number in self._sources for number in numbers):
            return mark
        return "".join(self._make_cite(number) for number in numbers)

    def _make_cite(self, number: int) -> str:
        html = self._cites_by_number.get(number)
        if html is None:
            html = self._cites_by_number[number] = self._write_cite(number)
        return html

    def _write_cite(self, number: int) -> str:
        source = self._sources.get(number)
        if source is None:
            return f"[{number}]"
        name = (source.title or site_of(source.url) or source.url)[:LONGEST_NAME]
        label = escape_attribute(f"Source {number}: {name}")
        href = escape_attribute(f"{self._prefix}{number}")
        return f'<a class="cite" href="{href}" data-source="{number}" aria-label="{label}">[{number}]</a>'

    def cited_in(self, content: str) -> list[int]:
        """The numbers in the marks of a plain text, and those of the sources whose addresses are in it.

        Of several numbers in one pair of brackets none counts where no source answers to any: that is no mark.
        """
        cited: list[int] = []
        for match in MARK.finditer(content):
            numbers = marked_numbers(match[1])
            if len(numbers) == 1 or any(number in self._sources for number in numbers):
                cited += numbers
        return cited + [number for _start, url in _addresses(content) if (number := self.number_at(url))]

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


def marked_numbers(listed: str) -> list[int]:
    """The numbers between the brackets of a mark: one, or lists and ranges of them.

    None where a range is no range, or begins with 0, as those of letters and figures in a pattern do.
    """
    numbers: list[int] = []
    for one in _RANGE.finditer(listed):
        first, last = int(one[1]), int(one[2] or one[1])
        if not first <= last < first + _WIDEST:
            return []
        numbers += range(first, last + 1)
    return numbers if len(numbers) == 1 or 0 not in numbers else []


def _addresses(content: str) -> Iterator[tuple[int, str]]:
    """The bare web addresses in a plain text, and where they begin."""
    for match in ADDRESS.finditer(content):
        begin = match.start()
        if len(match[0]) <= LONGEST_URL and not _BEFORE_ADDRESS.search(content, max(begin - 1, 0), begin):
            yield begin, _without_what_follows(match[0])


def _without_what_follows(url: str) -> str:
    """Leave the full stop or bracket that belongs to the sentence out of an address."""
    while True:
        shorter = url.rstrip(_AFTER_ADDRESS)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == url:
            return url
        url = shorter
