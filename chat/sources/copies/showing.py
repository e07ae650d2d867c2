"""A copy as its page shows it: a part of the text, with what is cited marked, and what became of the page since."""

import re
from dataclasses import dataclass

from chat.documents.quoting import find_quotation
from chat.documents.screen_html import ShownPiece, cited_html, without_signs
from chat.documents.screens import Screen, screen_with, screens_of
from chat.models import PageCopy
from chat.sources.copies.history import Version, versions_of
from chat.sources.copies.texts import copy_text
from files.text import DocumentText, Problem

LONGEST_QUOTATION = 2_000
"""Characters of a passage that are looked for."""
_LOOKED_THROUGH = 300_000  # characters, where the passage does not stand there letter by letter
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_CUT_SHORT = frozenset({Problem.TOO_SLOW, Problem.TOO_HEAVY, Problem.PAGES, Problem.LENGTH})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be seen: the passage, as its words (`quotation`) or as start and end in the whole text, whose parts
    are joined by line ends (`span`); else the page, or the screen."""

    quotation: str = ""
    span: str = ""
    page: int = 0
    screen: int = 0


@dataclass(frozen=True, slots=True)
class ShownCopy:
    """What the page of a copy has. `versions` are those of the page, the newest first; `readable` is the newest with a
    text, `missed` says that a passage was to be marked which does not stand here."""

    copy: PageCopy
    text: DocumentText
    versions: list[Version]
    screen: Screen | None
    screens: list[Screen]
    pieces: list[ShownPiece]
    looked_at: int = -1
    missed: bool = False

    @property
    def before(self) -> Screen | None:
        """The screen before this one."""
        return self.screens[self.screen.number - 2] if self.screen and self.screen.number > 1 else None

    @property
    def after(self) -> Screen | None:
        """The screen after this one."""
        return self.screens[self.screen.number] if self.screen and self.screen.number < len(self.screens) else None

    @property
    def readable(self) -> PageCopy | None:
        """The newest copy of the page that has a text."""
        return next((version.copy for version in self.versions if version.copy.text_sha256), None)

    @property
    def newest(self) -> Version:
        """What came of reading the page last."""
        return max(self.versions, key=lambda version: version.copy.seen_at)

    @property
    def has_moved(self) -> bool:
        """Whether the page has another address by now."""
        return self.newest.copy.address_key != self.copy.address_key

    @property
    def is_cut_short(self) -> bool:
        """Whether only the beginning was read."""
        return self.text.problem in _CUT_SHORT


def show_copy(copy: PageCopy, wanted: Wanted) -> ShownCopy:
    """The part of the copy that is to be seen. Raises OSError when the store does not answer."""
    text = copy_text(copy)
    screens = screens_of(text)
    marked = _marked(text, wanted)
    screen = _screen(text, screens, wanted, marked)
    return ShownCopy(
        copy=copy,
        text=text,
        versions=versions_of(copy.team, copy.address_key),
        screen=screen,
        screens=screens,
        pieces=_shown(screen, marked, text.unit) if screen else [],
        looked_at=min(marked, default=-1),
        missed=bool(wanted.quotation or wanted.span) and not marked,
    )


def _marked(text: DocumentText, wanted: Wanted) -> dict[int, tuple[int, int]]:
    """Start and end of what is cited in each passage that has some of it."""
    numbered = wanted.page and text.is_numbered
    indexes = [at for at, one in enumerate(text.passages) if not numbered or one.number == wanted.page]
    whole = "\n".join(text.passages[at].text for at in indexes)
    place = _span_in(wanted.span, len(whole)) if wanted.span else _quotation_in(whole, wanted.quotation.strip())
    if place is None:
        return {}
    marked: dict[int, tuple[int, int]] = {}
    begin = 0
    for at in indexes:
        end = begin + len(text.passages[at].text)
        if place[0] < end and place[1] > begin:
            marked[at] = max(place[0] - begin, 0), min(place[1], end) - begin
        begin = end + 1
    return marked


def _span_in(said: str, length: int) -> tuple[int, int] | None:
    found = _SPAN.fullmatch(said)
    start, end = (int(found[1]), int(found[2])) if found else (0, 0)
    return (start, min(end, length)) if start < min(end, length) else None


def _quotation_in(whole: str, quotation: str) -> tuple[int, int] | None:
    quotation = quotation[:LONGEST_QUOTATION]
    if not quotation:
        return None
    start = whole.find(quotation)
    return (start, start + len(quotation)) if start >= 0 else find_quotation(whole[:_LOOKED_THROUGH], quotation)


def _screen(
    text: DocumentText, screens: list[Screen], wanted: Wanted, marked: dict[int, tuple[int, int]]
) -> Screen | None:
    if marked:
        first = min(marked)
        return screen_with(screens, page=text.passages[first].number, at=marked[first][0])
    if 1 <= wanted.screen <= len(screens):
        return screens[wanted.screen - 1]
    return screen_with(screens, page=wanted.page or 1)


def _shown(screen: Screen, marked: dict[int, tuple[int, int]], unit: str) -> list[ShownPiece]:
    shown: list[ShownPiece] = []
    for piece in screen.pieces:
        starts = not shown or shown[-1].piece.passage != piece.passage
        html = cited_html(piece, marked.get(piece.passage))
        shown.append(ShownPiece(piece, html if unit == "line" else without_signs(html), starts))
    return shown
