"""Where a sentence stands in an answer as it is read.

What people select is the text of the page: without Markdown, without citation marks, and without what only a program
reads. `read_text` is that text, and a place is a pair of positions in it, in code points. Whoever selects the same
words gets other spaces and line ends with them, so that letters and figures alone are compared.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

LONGEST = 1_000
"""Code points of a sentence."""
FEWEST = 3
"""Letters and figures of a sentence: in some languages a word."""

_LOOK_BACK = 20_000  # letters

_PIECE = re.compile(r'<!--.*?-->|<(?P<tag>/?[a-zA-Z][^\s/>]*)(?P<rest>(?:"[^"]*"|[^">])*)>|[^<]+|<', re.S)
_LETTER = re.compile(r"[^\W_]")
_NO_LETTER = re.compile(r"[\W_]+")
_SIGN = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);|.", re.S)
_CITES = re.compile(
    r'(?:\s*(?:<span class="held">\s*)?(?:<wbr>)?<a class="cite[^"]*"(?:"[^"]*"|[^">])*>[^<]*</a>(?:</span>)?)+', re.S
)
"""What the sentence cites, behind it. A mark stands behind that: a citation never begins a line."""
_UNREAD = frozenset({"annotation", "button", "template", "title"})
"""Elements whose text nobody sees, or selects."""
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_BLOCKS = frozenset({"p", "li", "td", "th", "tr", "div", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "br"})
_KEEPS_MARKS_OUT = frozenset({"math", "svg", "summary", "a"})
"""Elements within which no link can stand: a mark comes after them."""


class Stretch(NamedTuple):
    """Where a sentence stands, and its text as it is read."""

    start: int
    end: int
    text: str


def _pieces(html: str) -> Iterator[tuple[str, str, int, list[str]]]:
    """The pieces of text that are read: what each says, how it is written, where, and within which elements. A block's
    end is a piece that says a line end and is written as nothing."""
    within: list[str] = []
    unread = 0
    for piece in _PIECE.finditer(html):
        tag = (piece["tag"] or "").lower()
        if not tag:
            if not unread and not piece[0].startswith("<!--"):
                yield unescape(piece[0]), piece[0], piece.start(), within
            continue
        name = tag.removeprefix("/")
        if name in _BLOCKS and not unread:
            yield "\n", "", piece.start(), within
        if name in _VOID:
            continue
        if not tag.startswith("/"):
            within.append(name)
            if unread or name in _UNREAD or (name == "a" and 'class="cite' in piece["rest"]):
                unread += 1
        elif within:
            within.pop()
            unread -= 1 if unread else 0


def read_text(html: str) -> str:
    """The answer's text as somebody reads it, from its HTML: well-formed, as it is stored."""
    return "".join(said for said, _written, _at, _within in _pieces(html))


def find_sentence(html: str, words: str, *, near: int = 0) -> Stretch | None:
    """Where these words stand in the answer, letter by letter; None where they do not, or are too few or too many. Of
    several places, the one that is nearest to `near` letters from the beginning."""
    wanted = _NO_LETTER.sub("", words).lower()
    if len(wanted) < FEWEST or len(words) > LONGEST:
        return None
    text = read_text(html)
    places = array("L", (found.start() for found in _LETTER.finditer(text)))
    letters = "".join([_lower(text[place]) for place in places])
    best = _nearest(letters, wanted, near)
    if best < 0:
        return None
    start, end = places[best], places[best + len(wanted) - 1] + 1
    while end < len(text) and text[end] in ".!?…。！？؟%)”»":
        end += 1
    return Stretch(start, end, text[start:end]) if end - start <= 2 * LONGEST else None


def with_marks(html: str, marks: Sequence[tuple[Stretch, str]]) -> SafeString:
    """The answer's HTML with a mark, which is safe HTML, behind each sentence. Where the text says something else by
    now, the sentence gets none."""
    text = read_text(html)
    ends: dict[int, list[str]] = {}
    for stretch, mark in marks:
        if text[stretch.start : stretch.end] == stretch.text:
            ends.setdefault(stretch.end, []).append(mark)
    written: list[str] = []
    done = begins = 0
    waiting: list[str] = []  # marks for which a place is still to come
    for said, source, at, within in _pieces(html):
        if waiting and not _KEEPS_MARKS_OUT & set(within):
            written += [html[done:at], *waiting]
            done, waiting = at, []
        for end in sorted(one for one in ends if begins < one <= begins + len(said)):
            if _KEEPS_MARKS_OUT & set(within) or not source:
                waiting += ends.pop(end)
                continue
            place = at + _length_written(source, end - begins)
            if cites := _CITES.match(html, place):
                place = cites.end()
            written += [html[done:place], *ends.pop(end)]
            done = place
        begins += len(said)
    return mark_safe("".join([*written, html[done:], *waiting]))  # noqa: S308 - came out of nh3, and the marks are ours


def _nearest(letters: str, wanted: str, near: int) -> int:
    """Where the wanted letters stand, as near to `near` as can be; -1 for nowhere."""
    before = letters.rfind(wanted, max(0, near - _LOOK_BACK), near + len(wanted))
    after = letters.find(wanted, near)
    both = [place for place in (before, after) if place >= 0]
    return min(both, key=lambda place: abs(place - near)) if both else letters.find(wanted)


def _length_written(source: str, count: int) -> int:
    """How many characters of the HTML say the first so many of the text."""
    length = said = 0
    for sign in _SIGN.finditer(source):
        if said >= count:
            break
        said += len(unescape(sign[0]))
        length += len(sign[0])
    return length


def _lower(letter: str) -> str:
    low = letter.lower()
    return low if len(low) == 1 else letter
