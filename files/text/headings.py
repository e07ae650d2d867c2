"""Which lines are headings, and under which ones a place stands."""

import re
from collections.abc import Sequence

LONGEST_LABEL = 200
"""Characters."""
_MARKED = re.compile(r"(?P<signs>#{1,6})\s+(?P<title>\S.*)")
_NUMBERED = re.compile(
    r"(?:(?:chapter|section|part|appendix|article|kapitel|abschnitt|artikel|chapitre|capítulo|artículo|título)\s+)?"
    r"(?P<number>(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,3})[.)]?\s+(?P<title>[^\W\d_].{2,90})",
    re.I,
)
_CJK_NUMBERED = re.compile(r"第[\d一二三四五六七八九十百〇零]{1,5}[章節节条條編编部款][\s\u3000]?.{0,60}")
_UNDERLINE = re.compile(r"([=\-~^\"'#*+.:_`])\1{2,}")
_FENCE = re.compile(r"\s{0,3}`{3,}")
_UNFINISHED = tuple(".,;:…-–—、。")
_SHORTEST_CAPITALS, _LONGEST_CAPITALS = 8, 70


class HeadingFinder:
    """Tells headings from other lines of one document, and keeps those under which the reading stands.

    `guesses` is for documents that mark none: numbered lines and lines in capitals are taken for some there, and hold
    for that page and the next. `plain` is for text as people type it, with fences around code and lines below headings.
    """

    def __init__(self, *, guesses: bool, plain: bool) -> None:
        self._guesses, self._plain = guesses, plain
        self._path: list[tuple[int, str]] = []
        self._page = 0
        self._underlines: list[str] = []
        self._in_code = False

    @property
    def label(self) -> str:
        """The headings above the place, the widest first: *Chapter 5 › Reading files*."""
        titles = [title for _, title in self._path]
        while len(titles) > 1 and len(" › ".join(titles)) > LONGEST_LABEL:
            titles.pop(0)
        return " › ".join(titles)[:LONGEST_LABEL]

    def enter(self, level: int, title: str, *, page: int) -> None:
        """Go on below this heading."""
        self._page = page
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, title[:LONGEST_LABEL]))

    def turn_to(self, page: int) -> None:
        """Go on on this page."""
        if self._guesses and page > self._page + 1:
            self._path.clear()

    def level_of(self, lines: Sequence[str], at: int) -> tuple[int, str]:
        """The level of the heading that this line is, from 1, and its words; 0 for a line that is none."""
        line = lines[at].strip()
        if self._plain and _FENCE.match(lines[at]) and not (at and _underlines(lines[at - 1], line)):
            self._in_code = not self._in_code
        if self._in_code or not line:
            return 0, ""
        if marked := _MARKED.fullmatch(lines[at]):
            return len(marked["signs"]), marked["title"].strip("# ")
        below = lines[at + 1].strip() if self._plain and at + 1 < len(lines) else ""
        if _underlines(line, below):
            if below[0] not in self._underlines:
                self._underlines.append(below[0])
            return min(self._underlines.index(below[0]) + 1, 6), line
        return self._guessed(line) if self._guesses else (0, "")

    @staticmethod
    def _guessed(line: str) -> tuple[int, str]:
        if len(line) > 110 or line.endswith(_UNFINISHED) or "…" in line or " | " in line:
            return 0, ""
        numbered = _NUMBERED.fullmatch(line)
        if numbered and numbered["title"][0].isupper() and not line[-1].isdigit():
            return min(numbered["number"].count(".") + 1, 6), line
        if _CJK_NUMBERED.fullmatch(line):
            return 1, line
        capitals = _SHORTEST_CAPITALS <= len(line) <= _LONGEST_CAPITALS and line[0].isalnum() and " " in line
        return (2, line) if capitals and sum(sign.isupper() for sign in line) > 0.7 * len(line) else (0, "")


def _underlines(title: str, below: str) -> bool:
    """Whether a line of signs makes a heading of the line above it."""
    title, below = title.strip(), below.strip()
    if not title or len(title) > 120 or len(below) + 2 < len(title) or _UNDERLINE.fullmatch(below) is None:
        return False
    return title[0] != below[0] and (below[0] != "`" or len(below) > 3)


def is_rule(line: str) -> bool:
    """Whether this line of plain text is nothing but a line, as below a heading."""
    return _UNDERLINE.fullmatch(line.strip()) is not None and not _FENCE.match(line)
