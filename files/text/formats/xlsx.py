"""XLSX, sheet by sheet, some rows at a time, with the values that were calculated last."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from files.text.document_text import Passage
from files.text.formats.office import check_package
from files.text.formats.outline import LENGTH_OF_PART, Outline


def open_xlsx(source: BinaryIO) -> Outline:
    """The sheets in their order; charts alone have no text."""
    from openpyxl import load_workbook

    check_package(source)
    book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    return Outline("sheet", _passages(book.worksheets), len(book.worksheets))


def _passages(sheets: list[Any]) -> Iterator[Passage]:
    for number, sheet in enumerate(sheets, start=1):
        sheet.reset_dimensions()  # programs note sizes that are not true
        yield from _of_sheet(number, sheet)


def _of_sheet(number: int, sheet: Any) -> Iterator[Passage]:
    kept: list[str] = []
    length, first, last = 0, 1, 1
    for row, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        line = _line(values)
        if not line:
            continue
        if not kept:
            first = row
        kept.append(line)
        last = row
        length += len(line)
        if length >= LENGTH_OF_PART:
            yield Passage(number, "\n".join(kept), f"{sheet.title}, rows {first}–{last}")
            kept, length = [], 0
    if kept:
        yield Passage(number, "\n".join(kept), f"{sheet.title}, rows {first}–{last}")


def _line(values: tuple[Any, ...]) -> str:
    shown = [_shown(value) for value in values]
    while shown and not shown[-1]:
        shown.pop()
    return " | ".join(shown)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return f"{value:.15g}" if isinstance(value, float) else str(value).replace("\n", " ")
