"""The sources of an export alone: as a table, as BibTeX and as RIS, for reference managers."""

import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from core import csv
from sharing.export.content import Export, ExportedConversation, ExportedQuestion, ExportedText, SourceLine
from sharing.export.layout import one_line, web_address

_BIBTEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_KEY = re.compile(r"[^a-z0-9]+")


class Found(NamedTuple):
    """A source where it stands: in which conversation, below which question."""

    source: SourceLine
    conversation: str
    question: str


def found_in(export: Export) -> Iterator[Found]:
    """Every source of every answer."""
    conversation = export.title
    for part in export.parts:
        match part:
            case ExportedConversation():
                conversation = part.title
            case ExportedQuestion():
                for answer in part.answers:
                    yield from (Found(one, conversation, part.text) for one in answer.sources)
            case ExportedText():
                yield from (Found(one, conversation, "") for one in part.sources)


def write_csv(export: Export, stream: BinaryIO) -> None:
    """A table of the sources, a row for each mark's number under each answer."""
    columns = [_("Number"), _("Title"), _("Address"), _("Date"), _("Cited"), _("Conversation"), _("Question")]
    rows = (
        [
            one.source.number,
            one_line(one.source.title),
            one_line(one.source.url),
            one_line(one.source.date),
            _("yes") if one.source.cited else _("no"),
            one_line(one.conversation),
            one_line(one.question),
        ]
        for one in found_in(export)
    )
    stream.write("\ufeff".encode())  # spreadsheets take the file for UTF-8 then
    for piece in csv.lines(columns, rows):
        stream.write(piece.encode())


def write_bibtex(export: Export, stream: BinaryIO) -> None:
    """Each page once, as `@online`."""
    keys: dict[str, int] = {}
    accessed = export.made_at.date().isoformat()
    for one in _once(export):
        title = one_line(one.title) or one_line(one.url)
        fields = {"title": f"{{{_escaped(title)}}}", "url": _address(one.url), "urldate": accessed}
        if match := _DATE.match(one_line(one.date)):
            fields["date"] = match[0]
            fields["year"] = match[1]
        stream.write(f"@online{{{_key(title, match[1] if match else '', keys)},\n".encode())
        for name, value in fields.items():
            stream.write(f"  {name} = {{{value}}},\n".encode())
        stream.write(b"}\n\n")


def write_ris(export: Export, stream: BinaryIO) -> None:
    """Each page once, as an electronic source."""
    accessed = export.made_at.date().strftime("%Y/%m/%d")
    for one in _once(export):
        lines = ["TY  - ELEC", f"TI  - {one_line(one.title) or one_line(one.url)}", f"UR  - {one_line(one.url)}"]
        if match := _DATE.match(one_line(one.date)):
            lines += [f"PY  - {match[1]}", f"DA  - {match[1]}/{match[2] or ''}/{match[3] or ''}/"]
        lines += [f"Y2  - {accessed}/", "ER  - ", "", ""]
        stream.write("\r\n".join(lines).encode())


def _once(export: Export) -> Iterator[SourceLine]:
    """The sources that have an address, each address once; cited or not."""
    seen: set[str] = set()
    for one in found_in(export):
        url = web_address(one.source.url)
        if url and url not in seen:
            seen.add(url)
            yield one.source


def _key(title: str, year: str, keys: dict[str, int]) -> str:
    """A key of its own for each entry, of plain letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = [word for word in _KEY.split(plain) if word][:3]
    key = ("".join(words)[:40] or "source") + year
    keys[key] = count = keys.get(key, 0) + 1
    return key if count == 1 else f"{key}-{count}"


def _escaped(text: str) -> str:
    """Text in which nothing is a command, and which ends no field."""
    return "".join(_BIBTEX.get(sign, sign) for sign in text)


def _address(url: str) -> str:
    """An address as such programs take it, with what would end the field written otherwise."""
    return one_line(url).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
