"""PPTX, slide by slide, with what its author noted for the talk."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from files.text.document_text import Passage
from files.text.formats.office import check_package
from files.text.formats.outline import Outline


def open_pptx(source: BinaryIO) -> Outline:
    """The slides in their order."""
    from pptx import Presentation

    check_package(source)
    slides = Presentation(source).slides
    return Outline("slide", _passages(slides), len(slides))


def _passages(slides: Iterable[Any]) -> Iterator[Passage]:
    for number, slide in enumerate(slides, start=1):
        lines = list(_lines(slide.shapes))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = slide.notes_slide.notes_text_frame.text
            lines += ["", f"Notes: {notes}"] if notes.strip() else []
        yield Passage(number, "\n".join(lines).replace("\v", "\n"))


def _lines(shapes: Iterable[Any]) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes"):  # a group
            yield from _lines(shape.shapes)
        elif shape.has_text_frame and shape.text_frame.text.strip():
            yield shape.text_frame.text
        elif getattr(shape, "has_table", False):
            for row in shape.table.rows:
                yield "| " + " | ".join(cell.text for cell in row.cells)
