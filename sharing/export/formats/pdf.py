"""Exports as PDF. The content goes to Typst as data, in a folder of its own; processes of their own set the pages.

What takes more than PART bytes of data is set in parts, one after the other, and joined: Typst holds hundreds of times
as much memory as there are letters.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import orjson
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from sharing.export import typesetting
from sharing.export.content import Export
from sharing.export.formats.failures import NotWritten
from sharing.export.formats.pdf_data import Teller
from sharing.export.formats.scripts import FAMILIES
from sharing.export.layout import QUESTION, Section, elements, is_for_letter, one_line
from sharing.export.typesetting.joining import NotJoined, join, page_count

PART = 600_000
"""Bytes of data that are set at once."""
MOST_TAGGED = 200_000
"""Bytes of data up to which a PDF gets tags for screen readers: they take as much memory as the pages."""
LONGEST = 300
"""Seconds that one part may take."""
PATIENCE = 0.5  # seconds between two looks whether it is still wanted
_TEMPLATE = Path(typesetting.__file__).with_name("export.typ")
_PROCESS = Path(typesetting.__file__).with_name("process.py")
_HANDED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "TMPDIR", "HOME", "LANG")


def write(export: Export, stream: BinaryIO) -> None:
    """Write the PDF. Raises NotWritten where it can't be set, or a part of it not in LONGEST seconds."""
    with tempfile.TemporaryDirectory(prefix="export-") as name:
        folder = Path(name)
        shutil.copy(_TEMPLATE, folder)
        parts = _write_data(export, folder)
        pages = []
        first = 1
        for part in parts:
            pages.append(_set_pages(folder, part, first=first, is_only=len(parts) == 1, still=export.still))
            if len(parts) > 1:
                first += page_count(pages[-1])
        if len(pages) > 1:
            _join(pages, stream)
            return
        with pages[0].open("rb") as done:
            shutil.copyfileobj(done, stream)


def _join(pages: list[Path], stream: BinaryIO) -> None:
    try:
        join(pages, stream)
    except NotJoined as fault:
        raise NotWritten(_("The pages couldn’t be set.")) from fault


def _write_data(export: Export, folder: Path) -> list[Path]:
    """Write what the template reads; returns the files with the parts, in order. A part begins with a question."""
    lang, _dash, region = export.language.partition("-")
    head = {
        "title": one_line(export.title),
        "paper": "us-letter" if is_for_letter(export.language) else "a4",
        "lang": lang.lower() if lang.isalpha() and len(lang) in (2, 3) else "en",
        "region": region.upper() if len(region) == 2 and region.isalpha() else None,
        "rtl": get_language_bidi(),
        "lacking": _("The server has no font for these scripts, so their letters are shown as boxes:"),
    }
    teller = Teller(folder)
    parts = list(_parts(export, teller, folder, orjson.dumps(head)[:-1]))
    plan = {
        "fonts": FAMILIES,
        "signs": teller.scripts.signs,
        "tags": parts[0].stat().st_size <= MOST_TAGGED and len(parts) == 1,
        "at": int(export.made_at.timestamp()),
    }
    (folder / "plan.json").write_bytes(orjson.dumps(plan))
    return parts


def _parts(export: Export, teller: Teller, folder: Path, head: bytes) -> Iterator[Path]:
    pieces = iter(elements(export))
    element = next(pieces, None)
    number = 0
    while element is not None:
        number += 1
        path = folder / f"part-{number}.json"
        with path.open("wb") as out:
            written = out.write(head + b',"blocks":[')
            is_first = True
            while element is not None:
                if written > PART and isinstance(element, Section) and element.level <= QUESTION:
                    break
                written += out.write((b"" if is_first else b",\n") + orjson.dumps(teller.told(element)))
                is_first = False
                element = next(pieces, None)
            out.write(b"]}")
        yield path


def _set_pages(folder: Path, part: Path, *, first: int, is_only: bool, still: Callable[[], None]) -> Path:
    """Set one part, whose pages are counted from `first`; returns the file with its pages."""
    out = part.with_suffix(".pdf")
    env = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    asked = [str(folder), part.name, out.name, str(first), "whole" if is_only else "part"]
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen([sys.executable, "-I", str(_PROCESS), *asked], env=env, stderr=said)  # noqa: S603
        try:
            _wait_for(process, still)
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            said.seek(0)
            told = said.read()[-2000:].decode(errors="replace")
            raise NotWritten(_("The pages couldn’t be set.")) from RuntimeError(told)
    return out


def _wait_for(process: subprocess.Popen[bytes], still: Callable[[], None]) -> None:
    """Wait until it has ended. Raises NotWritten when that takes too long, and what `still` raises."""
    ends_at = time.monotonic() + LONGEST
    while True:
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            still()
            if time.monotonic() > ends_at:
                raise NotWritten(_("Setting the pages took too long. Choose fewer questions.")) from None
        else:
            return
