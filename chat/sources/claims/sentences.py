"""The sentences of an answer, and what each of them cites."""

import html
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import pairwise

from chat.rendering.citation_marks import with_documents
from chat.rendering.footnotes import labels_in
from chat.rendering.mark_forms import (
    SourceNumber,
    document_label,
    is_mark,
    may_have_marks,
    number_in,
    parts_of,
)
from chat.sources.claims.blocks import Block, blocks_of
from chat.sources.claims.folding import fold, listed
from chat.sources.claims.months import is_month

LONGEST = 200_000  # characters of an answer that are looked at
_MOST = 5_000  # sentences

_LONGEST_MARK = 300
_HOLD = "\ufffc"  # stands for each sign of a mark while sentences are looked for
_END = re.compile(
    rf"(?:(?<![.!?\u2026])[.!?\u2026]++|[。！？\uff61])[\"'\u201d\u2019\u00bb\u203a)\]』」*_~]*+[ \u00a0]{{0,2}}"
    rf"{_HOLD}*+[*_~]*+(?=\s|\Z|(?<=[。！？」』{_HOLD}]))"
)
_ABBREVIATIONS = frozenset(
    listed("""
mr mrs ms dr prof st vs etc no nos fig figs approx ca al inc ltd co corp jr sr gen col lt sgt rev hon dept est
vol ed eds e.g i.e u.s u.k p pp ch sec z.b d.h u.a bzw ggf evtl inkl exkl nr str abs art mio mrd tsd bd hrsg
sog usw vgl v.a o.g m mme mlle cf av env sr sra dr dra ud uds ee pag num aprox jan feb mar apr jun jul aug sep
sept oct nov dec okt dez mai janv fevr juil avr
""")
)
_LAST_WORD = re.compile(r"(?:[^\W_]|\.(?=[^\W_]))+\Z")
_ORDINAL_NEXT = frozenset(
    listed("""
jahrhundert jahrhunderts quartal platz januar klasse auflage jahrestag mal spieltag band kapitel lebensjahr
""")
)
_NEXT_WORD = re.compile(r"\s*[*_\"'\u201e\u00ab(]*([^\W\d_]+)?")
_CODE = re.compile(r"(`{1,5})[^`\n]{1,300}\1")
_BRACKET = re.compile("[\\[\u3010\uff3b]")
_ADDRESSED = re.compile(r"\((https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?: \"[^\"\n]*\")?\)")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\((<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?: \"[^\"\n]*\")?\)")
_EMPHASIS = re.compile(r"(?<!\\)(?:\*{1,3}|~~|(?<![^\W_])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![^\W_]))")
_TAG = re.compile(r"</?(?:b|strong|i|em|u|ins|s|del|strike|sub|sup|kbd|mark|small|br|hr)[ /]*>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_QUOTE_LINE = re.compile(r"\n[ \t]*+(?:>[ \t]?)++")
_SPACE_BEFORE_END = re.compile(r"(?<![ \u00a0])[ \u00a0]++([.,;:!?])")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of an answer: its plain `text`, without marks and formatting, and where it is in the Markdown.

    `numbers` are those of the sources that its marks name and `document_numbers` those of passages of documents, each
    once and in order. `addresses` are those of its links: a link to a source cites it too.
    """

    text: str
    start: int
    end: int
    numbers: tuple[int, ...] = ()
    document_numbers: tuple[int, ...] = ()
    addresses: tuple[str, ...] = ()


class _Everything:
    def __contains__(self, _number: object) -> bool:
        return True


def cited_sentences(markdown: str, *, known: Container[SourceNumber] | None = None) -> list[CitedSentence]:
    """The sentences that carry marks, in order. `known` are the numbers that a mark can have; all, where it is None."""
    return [one for one in sentences_of(markdown, known=known) if one.numbers or one.document_numbers]


def sentences_of(markdown: str, *, known: Container[SourceNumber] | None = None) -> list[CitedSentence]:
    """All sentences, in order: those of paragraphs, items and headings, and the rows of tables. None of code."""
    markdown = markdown[:LONGEST]
    found: list[CitedSentence] = []
    notes = labels_in(markdown)
    for block in blocks_of(markdown):
        found.extend(_in_block(markdown, block, _Everything() if known is None else known, notes))
        if len(found) >= _MOST:
            break
    return found[:_MOST]


def _in_block(
    markdown: str, block: Block, known: Container[SourceNumber], notes: frozenset[str]
) -> Iterator[CitedSentence]:
    content = markdown[block.start : block.end]
    marks = list(_marks_in(content, known, notes)) if may_have_marks(content) else []
    held = _held(content, marks)
    bounds = [0, len(content)] if block.is_row else [0, *_ends_in(held), len(content)]
    place = 0
    for start, end in pairwise(bounds):
        numbers: list[SourceNumber] = []
        addresses = [link[2].strip("<>") for link in _LINK.finditer(content, start, end)]
        while place < len(marks) and marks[place][0] < end:
            numbers.extend(marks[place][2])
            if marks[place][3]:
                addresses.append(marks[place][3])
            place += 1
        text = plain_text(held[start:end], is_row=block.is_row)
        if not text and not numbers:
            continue
        lead = len(content[start:end]) - len(content[start:end].lstrip())
        tail = len(content[start:end].rstrip())
        yield CitedSentence(
            text,
            block.start + start + lead,
            block.start + start + max(tail, lead),
            tuple(dict.fromkeys(number for number in numbers if isinstance(number, int))),
            tuple(dict.fromkeys(int(number[1:]) for number in numbers if isinstance(number, str))),
            tuple(dict.fromkeys(address for address in addresses if "://" in address)),
        )


def _held(content: str, marks: list[tuple[int, int, tuple[SourceNumber, ...], str]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, *_what in marks:
        parts += (content[at:start], _HOLD * (end - start))
        at = end
    return "".join((*parts, content[at:]))


def without_marks(markdown: str) -> str:
    """The Markdown with blanks in place of its marks, sign for sign."""
    if not may_have_marks(markdown):
        return markdown
    return _held(markdown, list(_marks_in(markdown, _Everything(), labels_in(markdown)))).replace(_HOLD, " ")


def _marks_in(
    content: str, known: Container[SourceNumber], notes: frozenset[str]
) -> Iterator[tuple[int, int, tuple[SourceNumber, ...], str]]:
    """Start and end of each mark outside of code, its numbers, and the address that it brings along."""
    numbers: tuple[SourceNumber, ...]
    codes = [found.span() for found in _CODE.finditer(content)] if "`" in content else []
    at = 0
    for bracket in _BRACKET.finditer(content):
        start = bracket.start()
        if start < at or (found := with_documents().match(content, start, start + _LONGEST_MARK)) is None:
            continue
        while codes and codes[0][1] <= start:
            codes.pop(0)
        if codes and codes[0][0] < start:
            continue
        at = found.end()
        if label := found[1]:
            named = number_in(label)
            numbers = () if label in notes or named < 0 else (named,)
            yield found.start(), found.end(), numbers, ""
            continue
        parts = parts_of(found[0])
        if not is_mark(content, found, parts, known=known):
            continue
        numbers = tuple(number for part in parts for number in part.numbers)
        if any(isinstance(number, str) for number in numbers):
            numbers = tuple(number if number in known else _with_letter(number) for number in numbers)
        if address := _ADDRESSED.match(content, found.end()):
            yield found.start(), address.end(), (), address[1]
        else:
            yield found.start(), found.end(), numbers, ""


def _with_letter(number: SourceNumber) -> SourceNumber:
    return number if isinstance(number, str) else document_label(number)


def _ends_in(held: str) -> Iterator[int]:
    """Where sentences end and others follow, behind the blanks between them."""
    for found in _END.finditer(held):
        if found.end() < len(held) and not _is_within(held, found):
            yield found.end()


def _is_within(held: str, found: re.Match[str]) -> bool:
    """Whether a point is none that ends a sentence, by the words around it."""
    if held[found.start()] != "." or _HOLD in found[0]:
        return False
    behind = _NEXT_WORD.match(held, found.end())
    following = behind[1] if behind and behind[1] else ""
    if following and following[0].islower():
        return True
    before = _LAST_WORD.search(held[max(0, found.start() - 20) : found.start()])
    if not before:
        return False
    word = fold(before[0])
    if word.isdigit():
        return len(word) <= 2 and (is_month(fold(following)) or fold(following) in _ORDINAL_NEXT)
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())


def plain_text(piece: str, *, is_row: bool = False) -> str:
    """A piece of Markdown as a reader sees it: without its signs, the addresses of links, and held marks."""
    text = _QUOTE_LINE.sub(" ", piece)
    text = text.replace(_HOLD, "")
    if "](" in text:
        text = _LINK.sub(lambda link: link[1], text)
    text = _EMPHASIS.sub("", _TAG.sub(" ", text)).replace("`", "")
    if is_row:
        cells = [cell.strip() for cell in text.strip().strip("|").replace("\\|", "\x00").split("|")]
        text = " | ".join(cell for cell in cells if cell).replace("\x00", "|")
    text = html.unescape(_ESCAPE.sub(r"\1", text))
    return _SPACE_BEFORE_END.sub(r"\1", _BLANKS.sub(" ", text)).strip()
