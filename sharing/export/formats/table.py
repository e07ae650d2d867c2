"""Which formats there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sharing.export.content import Export

Writer = Callable[[Export, BinaryIO], None]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `write` writes an export into an open file, in bytes: it raises `NotWritten` where that can't be
    done, and what the file raises.

    `needs_records` says that it writes what import reads back; `is_for_reading` that it shows answers as people read
    them, and not their sources alone.
    """

    name: str
    label: str | Promise
    about: str | Promise
    suffix: str
    media_type: str
    write: Writer
    is_for_reading: bool = True
    needs_records: bool = False


def _later(module: str, name: str = "write") -> Writer:
    """A writer whose module is imported when somebody needs it: a server that exports nothing does without all that
    sets pages and draws formulas."""

    def write(export: Export, stream: BinaryIO) -> None:
        getattr(import_module(f"sharing.export.formats.{module}"), name)(export, stream)

    return write


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("pdf", "PDF", _("To print, send and file away"), "pdf", "application/pdf", _later("pdf")),
        Format("docx", "Word", _("To edit in Word, Writer or Google Docs"), "docx", _WORD, _later("docx_file")),
        Format("html", "HTML", _("One page for any browser, offline too"), "html", "text/html", _later("html_page")),
        Format(
            "markdown", "Markdown", _("For notes, wikis and other tools"), "md", "text/markdown", _later("markdown")
        ),
        Format(
            "json",
            "JSON",
            _("For programs, and to import into Parley again"),
            "json",
            "application/json",
            _later("json_file"),
            is_for_reading=False,
            needs_records=True,
        ),
        Format(
            "csv",
            "CSV",
            _("The sources alone, as a table"),
            "csv",
            "text/csv",
            _later("source_lists", "write_csv"),
            False,
        ),
        Format(
            "bibtex",
            "BibTeX",
            _("The sources alone, for LaTeX"),
            "bib",
            "text/x-bibtex",
            _later("source_lists", "write_bibtex"),
            False,
        ),
        Format(
            "ris",
            "RIS",
            _("The sources alone, for Zotero, EndNote and Citavi"),
            "ris",
            "application/x-research-info-systems",
            _later("source_lists", "write_ris"),
            is_for_reading=False,
        ),
    )
}
"""They by name, in the order in which they are offered."""
