"""A version of a report as a page or a file shows it."""

import html as html_text
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from time import thread_time
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from chat import rendering
from chat.access import spaces_read_by
from chat.live.answer_words import in_readers_words
from chat.live.shown_passages import address_of, place_words
from chat.models import Document, SiteMark
from chat.rendering.citation_marks import CitationMarks
from chat.rendering.mark_forms import may_have_marks
from chat.sources.copies.addresses import site_of
from chat.sources.marks import marks_in_force
from core.cpu_budget import CpuBudget
from sharing.reports.sections import sections_of
from sharing.reports.sources import ReportSource

PAGE = 100_000
"""Characters of a text that a page shows at once, more where one section is longer."""
MOST_SECTIONS = 200
"""Sections of a text that a page shows at once."""
MOST_SECONDS = 0.5  # CPU seconds for what one page shows
_LONG_SECONDS = 20.0  # for a whole file

_CITED = re.compile(r'<a class="cite" href="[^"]*" data-source="(\d+)"')
_LINKED = re.compile(r'<a class="sourced" href="([^"]*)"')
_UNKNOWN = 'class="unknown-source"'


@dataclass(frozen=True, slots=True)
class ShownSource:
    """An entry of the list of sources. `href` is where it leads, empty where nowhere; `mark` and `label` are what the
    team says of its site, where that is a warning."""

    number: int
    title: str
    url: str
    href: str
    date: str
    cited: bool
    mark: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class ShownText:
    """The HTML of a text, or of one page of it; `cited` are the numbers in its marks, `unknown` how many marks name no
    source. `pages` says how many pages there are."""

    html: SafeString
    cited: frozenset[int]
    unknown: int
    page: int = 1
    pages: int = 1

    @property
    def next(self) -> int | None:
        """The number of the page after it."""
        return self.page + 1 if self.page < self.pages else None

    @property
    def previous(self) -> int | None:
        """The number of the page before it."""
        return self.page - 1 if self.page > 1 else None


def shown_text(text: str, sources: Sequence[ReportSource], *, anchor: str, page: int = 1) -> ShownText:
    """One page of the text, in whole sections. What takes longer than MOST_SECONDS is shown as it was written."""
    pages = _pages(text)
    chosen = pages[min(max(page, 1), len(pages)) - 1]
    shown = _rendered(chosen, tuple(sources), anchor, MOST_SECONDS)
    others = {number for other in pages if other is not chosen for number in _numbers_in(other, sources)}
    return replace(shown, cited=shown.cited | frozenset(others), page=min(max(page, 1), len(pages)), pages=len(pages))


def whole_text(text: str, sources: Sequence[ReportSource], *, anchor: str) -> ShownText:
    """All of the text, for a file."""
    return _rendered(sections_of(text), tuple(sources), anchor, _LONG_SECONDS)


def shown_sources(
    sources: Sequence[ReportSource], *, cited: frozenset[int], reader_id: UUID, team_id: UUID
) -> list[ShownSource]:
    """The list as this reader may see it; three queries at most. Documents of spaces that they may not read have no
    name."""
    marks = marks_in_force(team_id)
    names = _document_names(sources, reader_id)
    found = []
    for one in sources:
        is_cited = one.number in cited
        if one.is_document:
            found.append(_shown_document(one, names.get(one.document, ""), is_cited))
            continue
        mark = marks.of(site_of(one.url)) if one.url else None
        warned = mark if mark and mark.mark in (SiteMark.Mark.DOUBTFUL, SiteMark.Mark.BLOCKED) else None
        found.append(
            ShownSource(
                number=one.number,
                title=one.title or one.url,
                url=one.url,
                href=rendering.links.safe_url(one.url),
                date=one.date,
                cited=is_cited,
                mark=warned.mark if warned else "",
                label=str(warned.get_mark_display()) if warned else "",
            )
        )
    return found


def _shown_document(source: ReportSource, name: str, cited: bool) -> ShownSource:
    place = place_words(source.unit, source.page)
    if not name:
        return ShownSource(source.number, _("A document that you can’t read"), "", "", "", cited)
    title = _("%(document)s, %(place)s") % {"document": name, "place": place} if place else name
    href = address_of(UUID(source.space), UUID(source.document), 0, source.page, None)
    return ShownSource(source.number, title, "", href, "", cited)


def _document_names(sources: Sequence[ReportSource], reader_id: UUID) -> Mapping[str, str]:
    """The names of the documents that the reader may read, by their ids."""
    spaces = {UUID(one.space) for one in sources if one.is_document and one.space}
    read = spaces_read_by(reader_id, spaces)
    wanted = [one.document for one in sources if one.is_document and one.document]
    if not read or not wanted:
        return {}
    rows = Document.objects.filter(pk__in=wanted, space__in=read, deleted_at=None)
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


def _pages(text: str) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    length = 0
    for part in sections_of(text):
        if pages[-1] and (length + len(part) > PAGE or len(pages[-1]) >= MOST_SECTIONS):
            pages.append([])
            length = 0
        pages[-1].append(part)
        length += len(part)
    return pages


def _rendered(parts: Sequence[str], sources: tuple[ReportSource, ...], anchor: str, seconds: float) -> ShownText:
    until = thread_time() + seconds
    htmls = []
    for part in parts:
        left = until - thread_time()
        htmls.append(_section_html(part, sources, anchor) if left > 0 else _plain(part))
    html = "".join(htmls)
    marks = CitationMarks(sources, spellings=_spellings(sources))
    linked = {marks.number_at(html_text.unescape(href)) for href in _LINKED.findall(html)}
    cited = frozenset({*map(int, _CITED.findall(html)), *linked} - {0})
    return ShownText(in_readers_words(html), cited, html.count(_UNKNOWN))


@lru_cache(maxsize=64)
def _section_html(text: str, sources: tuple[ReportSource, ...], anchor: str) -> str:
    """Most sections of a report are as they were when it is shown again."""
    return rendering.to_html(
        text, sources=sources, anchor=anchor, budget=CpuBudget(MOST_SECONDS / 2), spellings=_spellings(sources)
    )


def _plain(text: str) -> SafeString:
    return mark_safe(f'<pre class="plain" tabindex="0">{escape(text)}</pre>\n')  # noqa: S308 - escaped


def _spellings(sources: Sequence[ReportSource]) -> Mapping[str, int]:
    return {url: one.number for one in sources for url in one.spellings}


def _numbers_in(parts: Sequence[str], sources: Sequence[ReportSource]) -> set[int]:
    """The numbers that stand in what looks like a mark, for pages that are not rendered now: a mark in code counts."""
    marks = CitationMarks(sources)
    known = {one.number for one in sources}
    found = {
        number
        for part in parts
        for line in part.split("\n")
        if may_have_marks(line)
        for _start, _end, cited in marks.marks_in(line)
        for one in cited
        for number in one.numbers
    }
    return {number for number in found if isinstance(number, int)} & known
