"""Cuts what was read in a document into passages that can be searched, sent with a question, and cited.

A passage is about 1,200 characters long and begins and ends where its author made a cut if that is near: at a heading,
a paragraph, a row, a sentence. It never spans two pages or slides, so that a citation opens where it stands. Scripts
with a sign for each syllable or word say as much in half the characters. docs/documents.md, "Passages", has the rules.
"""

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from files.text.document_text import DocumentText, Passage
from files.text.headings import LONGEST_LABEL, HeadingFinder, is_rule
from files.text.page_lines import PageLines, is_table

TARGET = 1_200
"""Characters after which a passage ends with the paragraph."""
MOST = 1_500
"""Characters that no passage exceeds but by a repeated header, a carried sentence, or a short rest."""
FEWEST = 300
"""Characters below which no passage ends for the sake of a heading, and a rest is joined to what came before."""
LONGEST_CARRIED = 200
"""Characters of a sentence, or of a table's header, that are repeated where a cut goes through."""

_FIRST_DENSE = "\u2e80"
_END = re.compile(r"[.!?:;。！？…؟۔।][\"'”’»)\]」』]*\s*$")
_SENTENCE = re.compile(r"(?<=[.!?؟۔।])\s+|(?<=[。！？])")
_ITEM = re.compile(r"\s*(?:[-*•▪‣◦–]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+\S")
_NUMBER = re.compile(r"[\W_]*\d[\d\W_]*")


@dataclass(frozen=True, slots=True)
class CutPassage:
    """A passage. `page` counts pages, slides, sheets or lines as the document's unit says, from 1. `label` is what
    stands above it: its section, or the sheet and rows."""

    page: int
    label: str
    text: str


@dataclass(slots=True)
class _Piece:
    """A line, or a part of one that is too long, with what stands between it and the one before. `ends` says that a cut
    after it goes through no sentence; `row` counts the rows of a sheet."""

    page: int
    text: str
    label: str
    begins_section: bool = False
    ends: bool = False
    header: str = ""
    row: int = 0
    before: str = "\n"


def cut_passages(text: DocumentText) -> Iterator[CutPassage]:
    """The passages of the document, in their order. Takes a time that grows evenly with the text."""
    scale = _scale_of(text)
    packer = _Packer(target=int(TARGET * scale), most=int(MOST * scale))
    by_page = text.unit in ("page", "slide", "sheet")
    for pieces in _pieces_by_passage(text, packer.most):
        for piece in pieces:
            yield from packer.add(piece)
        if by_page:
            yield from packer.end_page()
    yield from packer.end()


class _Packer:
    """Collects pieces until they are a passage."""

    def __init__(self, *, target: int, most: int) -> None:
        self.most = most
        self._target = target
        self._kept: list[_Piece] = []
        self._length = 0
        self._carried = ""
        self._pending: CutPassage | None = None

    def add(self, piece: _Piece) -> Iterator[CutPassage]:
        """Take a piece; gives a passage that is complete by it."""
        if self._kept:
            full = self._length + len(piece.text) > self.most
            if full:
                yield from self._cut(self._best_cut())
            elif (piece.begins_section and self._length >= FEWEST) or (
                self._length >= self._target and self._kept[-1].ends
            ):
                yield from self._cut(len(self._kept))
        self._kept.append(piece)
        self._length += len(piece.text) + 1

    def end_page(self) -> Iterator[CutPassage]:
        """What is left is a passage, and what goes on on the next page is carried there."""
        last = self._kept[-1] if self._kept else None
        yield from self._cut(len(self._kept))
        self._carried = _last_sentence(last.text) if last and not (last.ends or last.header) else ""
        yield from self._give()

    def end(self) -> Iterator[CutPassage]:
        """The last ones."""
        yield from self._cut(len(self._kept))
        yield from self._give()

    def _best_cut(self) -> int:
        """After how many pieces to cut: where something ends, unless that is too near to the beginning."""
        length = self._length
        for count in range(len(self._kept), 0, -1):
            if self._kept[count - 1].ends and length >= self._target // 2:
                return count
            length -= len(self._kept[count - 1].text) + 1
        return len(self._kept)

    def _cut(self, count: int) -> Iterator[CutPassage]:
        taken, self._kept = self._kept[:count], self._kept[count:]
        self._length = sum(len(piece.text) + 1 for piece in self._kept)
        made = _passage_of(taken, self._carried)
        if taken:
            last = taken[-1]
            self._carried = "" if last.ends or last.header else _last_sentence(last.text)
        if made is None:
            return
        before = self._pending
        if before and before.page == made.page and len(made.text) < FEWEST and not taken[0].header:
            joined = f"{before.text}\n{made.text}"
            if len(joined) <= self.most + FEWEST:
                self._pending = CutPassage(before.page, before.label or made.label, joined)
                return
        yield from self._give()
        self._pending = made

    def _give(self) -> Iterator[CutPassage]:
        if self._pending:
            yield self._pending
        self._pending = None


def _passage_of(pieces: Sequence[_Piece], carried: str) -> CutPassage | None:
    """The pieces as one passage; None when they say nothing."""
    said = "".join(piece.before + piece.text for piece in pieces).strip()
    if not any(sign.isalnum() for sign in said):
        return None
    first = pieces[0]
    label = first.label
    if first.row:
        rows = f", rows {first.row}–{max(piece.row for piece in pieces)}"
        label = label[: LONGEST_LABEL - len(rows)] + rows
    before = first.header or ("" if first.begins_section else carried)
    return CutPassage(first.page, label, f"{before}\n{said}" if before else said)


def _pieces_by_passage(text: DocumentText, most: int) -> Iterator[Iterator[_Piece]]:
    lines = PageLines(text)
    if text.unit == "sheet":
        rows = _SheetRows()
        for passage in text.passages:
            yield _split(rows.of(passage), most)
    elif is_table(text):
        header = ""
        for passage in text.passages:
            if not header:
                header = next((line for line in lines.of(passage) if line.strip()), "")[:LONGEST_CARRIED]
            yield _split(_rows_of_lines(passage, lines.of(passage), header), most)
    else:
        marks = any(line.startswith("#") for passage in text.passages for line in passage.text.split("\n"))
        finder = HeadingFinder(guesses=not marks and text.unit != "line", plain=text.unit == "line")
        for passage in text.passages:
            yield _split(_prose(passage, lines.of(passage), finder, text.unit), most)


def _rows_of_lines(passage: Passage, lines: Sequence[str], header: str) -> Iterator[_Piece]:
    for offset, line in enumerate(lines):
        if line.strip():
            is_header = line.startswith(header) and passage.number + offset == 1
            yield _Piece(passage.number + offset, line, "", ends=True, header="" if is_header else header)


class _SheetRows:
    """The rows of a workbook. The row that names the columns goes along with all others of its sheet."""

    def __init__(self) -> None:
        self._headers: dict[int, str] = {}

    def of(self, passage: Passage) -> Iterator[_Piece]:
        """The rows of some lines of a sheet, with their numbers where no blank rows are left out between them."""
        title, _, numbers = passage.label.rpartition(", rows ")
        first, _, last = numbers.partition("–")
        lines = passage.text.split("\n")
        start = int(first) if first.isdigit() else 1
        exact = last.isdigit() and int(last) - start + 1 == len(lines)
        for offset, line in enumerate(lines):
            if not line.strip():
                continue
            header = self._headers.get(passage.number, "")
            if not header and offset < 5 and _names_columns(line):
                self._headers[passage.number] = line[:LONGEST_CARRIED]
            row = start + offset if exact else 0
            label = title if exact else passage.label
            yield _Piece(passage.number, line, label or passage.label, ends=True, header=header, row=row)


def _names_columns(line: str) -> bool:
    cells = [cell.strip() for cell in line.split(" | ")]
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and not any(_NUMBER.fullmatch(cell) for cell in filled)


def _prose(passage: Passage, lines: Sequence[str], finder: HeadingFinder, unit: str) -> Iterator[_Piece]:
    """The lines of a text, each with its section; rows of a table with the table's first one."""
    short = 0.6 * statistics.median([len(line) for line in lines if line.strip()] or [0])
    finder.turn_to(passage.number)
    header, previous, titled = "", None, False
    for offset, line in enumerate(lines):
        if not line.strip() or (unit == "line" and is_rule(line)):
            header = ""
            if previous:
                previous.ends = True
            continue
        level, title = finder.level_of(lines, offset)
        if unit == "slide" and not titled:
            level, title = level or 1, title or line.strip()
        titled = True
        page = passage.number + offset if unit == "line" else passage.number
        if level:
            finder.enter(level, title, page=passage.number)
            header = ""
            if previous:
                previous.ends = True
        is_row = not level and (line.startswith("|") or " | " in line)
        if previous and (_ITEM.match(line) or (unit == "page" and len(previous.text) < short)):
            previous.ends = True
        piece = _Piece(page, line, finder.label, begins_section=bool(level), header=header if is_row else "")
        piece.ends = is_row or _END.search(line) is not None
        header = (header or line[:LONGEST_CARRIED]) if is_row else ""
        if previous:
            yield previous
        previous = piece
    if previous:
        if unit in ("line", "part") and not previous.ends:
            previous.ends = len(previous.text) < short
        yield previous


def _split(pieces: Iterator[_Piece], most: int) -> Iterator[_Piece]:
    """The pieces, of which those that are too long become several, cut between sentences, else between words."""
    for piece in pieces:
        if len(piece.text) <= most:
            yield piece
            continue
        parts = list(_parts(piece.text, most))
        for number, (between, part) in enumerate(parts):
            last = number == len(parts) - 1
            yield _Piece(
                piece.page,
                part,
                piece.label,
                begins_section=piece.begins_section and not number,
                ends=piece.ends if last else _END.search(part) is not None,
                header=piece.header,
                row=piece.row,
                before=between if number else piece.before,
            )


def _parts(text: str, most: int) -> Iterator[tuple[str, str]]:
    """Sentences, or pieces of those that are too long, each with the blank before it."""
    for sentence in _SENTENCE.split(text):
        start = 0
        while len(sentence) - start > most:
            cut = max(sentence.rfind(sign, start + most // 2, start + most) for sign in " \t、，,")
            end = cut + 1 if cut > 0 else start + most
            yield _between(sentence, start), sentence[start:end]
            start = end
        if sentence[start:]:
            yield _between(sentence, start), sentence[start:]


def _between(sentence: str, start: int) -> str:
    """What stood before this place of a sentence: nothing inside of it, before it a blank if its script has some."""
    return "" if start or sentence[0] >= _FIRST_DENSE else " "


def _last_sentence(text: str) -> str:
    """The sentence that is not at its end, if it is short enough to be said again."""
    begun = _SENTENCE.split(text)[-1].strip()
    if len(begun) > LONGEST_CARRIED:
        begun = begun[-LONGEST_CARRIED:]
        begun = begun[begun.find(" ") + 1 :]
    return begun


def _scale_of(text: DocumentText) -> float:
    """How many characters of this text say what one says in most scripts: from a half to one."""
    beginning = "".join(passage.text[:1000] for passage in text.passages[:10])
    dense = sum(sign >= _FIRST_DENSE for sign in beginning)
    return 1 - 0.5 * dense / max(len(beginning), 1)
