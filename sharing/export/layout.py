"""What stands where in every format for reading: one row of elements that each format writes in its own way."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from core import graphemes
from core.text import visible_text
from core.web import formats
from sharing.export.blocks import Block, Listing, Paragraph, blocks_of, plain, text_blocks
from sharing.export.content import (
    Export,
    ExportedAnswer,
    ExportedConversation,
    ExportedQuestion,
    ExportedText,
    Part,
    Picture,
    SourceLine,
)

LONGEST_HEADING = 120  # characters of a question in its heading
MOST_PICTURES = 300
"""Pictures that are put into one file; the others are named."""

CONVERSATION, QUESTION, ANSWER = 2, 3, 4
"""Levels of headings below the title, which has level 1; those within an answer come below its own."""


@dataclass(frozen=True, slots=True)
class Title:
    """The title of the file."""

    text: str


@dataclass(frozen=True, slots=True)
class Meta:
    """Who, when and by which model: a line in small letters. `href` is where it leads."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of ours."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that readers must not miss: that an answer is not finished."""

    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A text. Marks in it lead to the entry `anchor`-number of the list that follows, for the `numbers` that it has.
    `addresses` are those of the sources. Headings in it begin below `level`."""

    blocks: Sequence[Block]
    level: int = ANSWER
    anchor: str = ""
    addresses: dict[str, str] | None = None
    is_quiet: bool = False

    def leads_to(self, number: str) -> str:
        """The anchor that a mark leads to, empty where no source answers to it."""
        return f"{self.anchor}-{number}" if self.addresses and number in self.addresses else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One source in a list."""

    number: str
    title: str
    url: str
    details: str
    anchor: str


@dataclass(frozen=True, slots=True)
class SourceList:
    """A list of sources below its label, such as those that were retrieved and not cited."""

    label: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Illustration:
    """A picture, or the name of one."""

    picture: Picture
    is_embedded: bool


Element = Title | Meta | Section | Note | Body | SourceList | Illustration


def elements(export: Export) -> Iterator[Element]:
    """All that a file for reading has, in order."""
    yield Title(one_line(export.title) or _("Export"))
    yield Meta(_made(export), export.url)
    writer = _Writer()
    for part in export.parts:
        yield from writer.part(part, below=one_line(export.title))


class _Writer:
    """Counts what is to be told apart within one file."""

    def __init__(self) -> None:
        self._lists = count(1)
        self._pictures = count(1)

    def part(self, part: Part, *, below: str) -> Iterator[Element]:
        """The elements of one part, `below` a title that is not said twice."""
        match part:
            case ExportedConversation():
                if one_line(part.title) != below:
                    yield Section(CONVERSATION, one_line(part.title))
                yield Meta(_joined(part.place, part.owner, _moment(part.at)), part.url)
            case ExportedQuestion():
                yield from self._question(part)
            case ExportedText():
                yield from self._text(part.html, part.sources, level=1)

    def _question(self, question: ExportedQuestion) -> Iterator[Element]:
        line = one_line(question.text)
        heading = graphemes.shortened(line, LONGEST_HEADING)
        yield Section(QUESTION, heading or _("Question"))
        yield Meta(_asked(question))
        if heading != question.text.strip():
            yield Body(text_blocks(question.text), is_quiet=True)
        for name in question.files:
            yield Meta(_("Attached: %(name)s") % {"name": one_line(name)})
        for picture in question.pictures:
            yield self._illustration(picture)
        for answer in question.answers:
            yield from self._answer(answer)

    def _answer(self, answer: ExportedAnswer) -> Iterator[Element]:
        yield Section(ANSWER, _("Answer"))
        yield Meta(_joined(answer.model, answer.asked_by, _moment(answer.at)))
        if answer.state_note:
            yield Note(answer.state_note)
        if answer.reasoning:
            yield Meta(_("Reasoning"))
            yield Body(text_blocks(answer.reasoning), is_quiet=True)
        yield from self._text(answer.html, answer.sources, level=ANSWER)
        for line in (answer.check, *answer.notes):
            if line:
                yield Meta(line)
        for picture in answer.pictures:
            yield self._illustration(picture)

    def _text(self, html: str, sources: Sequence[SourceLine], *, level: int) -> Iterator[Element]:
        anchor = f"s{next(self._lists)}"
        addresses = {one.number: web_address(one.url) for one in sources}
        yield Body(blocks_of(html), level, anchor, addresses)
        cited = [_entry(one, anchor) for one in sources if one.cited]
        others = [_entry(one, anchor) for one in sources if not one.cited]
        if cited:
            yield SourceList(_("Sources"), cited)
        if others:
            yield SourceList(_("Retrieved, but not cited"), others)

    def _illustration(self, picture: Picture) -> Illustration:
        return Illustration(picture, picture.load is not None and next(self._pictures) <= MOST_PICTURES)


def is_for_letter(language: str) -> bool:
    """Whether those who read this language print on paper of the size *Letter*, and not *A4*."""
    return language.lower() in ("en-us", "es-mx")


def is_rtl(text: str) -> bool:
    """Whether the text runs from right to left, by its first letter that has a direction."""
    for sign in text[:500]:
        direction = unicodedata.bidirectional(sign)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return get_language_bidi()


def are_rtl(blocks: Sequence[Block]) -> bool:
    """Whether the blocks begin from right to left."""
    first = blocks[0] if blocks else None
    if isinstance(first, Listing) and first.items:
        return are_rtl(first.items[0].blocks)
    return is_rtl(plain(first.runs)) if isinstance(first, Paragraph) else get_language_bidi()


def one_line(text: str) -> str:
    """Text on one line, without signs that no file can hold."""
    return " ".join(visible_text(text).split())


def web_address(url: str) -> str:
    """The address if it is one that a reader can follow, else nothing."""
    clean = visible_text(url).strip()
    return clean if clean.startswith(("https://", "http://")) and not set(clean) & set(' \n\t"<>') else ""


def _entry(source: SourceLine, anchor: str) -> Entry:
    url = web_address(source.url)
    title = one_line(source.title) or url or one_line(source.url) or "—"
    address = "" if url == title else url or one_line(source.url)
    return Entry(source.number, title, url, _joined(address, one_line(source.date)), f"{anchor}-{source.number}")


def _made(export: Export) -> str:
    said = {"name": one_line(export.made_by), "moment": _moment(export.made_at)}
    if export.made_by:
        return _("Exported from Parley by %(name)s on %(moment)s") % said
    return _("Exported from Parley on %(moment)s") % said


def _asked(question: ExportedQuestion) -> str:
    said = {"name": one_line(question.asked_by), "moment": _moment(question.at)}
    return _("Asked by %(name)s on %(moment)s") % said if question.asked_by and question.at else said["moment"]


def _moment(at: datetime | None) -> str:
    return formats.moment(at) if at else ""


def _joined(*pieces: str) -> str:
    return " · ".join(filter(None, map(one_line, pieces)))
