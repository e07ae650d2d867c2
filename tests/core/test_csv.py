"""Tables for other programs: nothing that people wrote is computed where they are opened; numbers stay numbers."""

import csv
import io
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.csv import harmless, lines
from tests import walks
from tests.core.spreadsheets import HOSTILE, NUMBERS, cells, computes


def table(*rows: tuple[str, ...]) -> str:
    return "".join(lines(("time", "person", "cost", "prompt"), rows))


def around(text: str) -> str:
    """A table with the text in every place where people's words stand, beside figures and words of others."""
    return table(
        ("2026-11-26T20:00:00Z", text, "-0.25", text),
        ("2026-11-26T20:00:00Z", "x;", "1", text),
        ("2026-11-26T20:00:00Z", text, "-5", "1+cmd|' /C calc'!A0"),
        ("2026-11-26T20:00:00Z", text, "1+1", "=1+1"),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula_wherever_the_table_is_split(text: str) -> None:
    assert not [cell for cell in cells(around(text)) if computes(cell)]


@given(st.text(st.sampled_from(list("=+-@＝－1a;,\t|\n\r\"' \u200b\ufeff")), max_size=12))
@settings(max_examples=walks.examples(4_000), deadline=None)
@example("-,1")
def test_no_text_at_all_becomes_a_formula(text: str) -> None:
    assert not [cell for cell in cells(around(text)) if computes(cell)]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_stay_numbers_whatever_their_sign(number: str) -> None:
    assert harmless(number) == number


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("What is a lighthouse?", "What is a lighthouse?"),
        ("one; two, three | four", "one; two, three | four"),
        ("Anne-Marie + 1 = 2 @ home", "Anne-Marie + 1 = 2 @ home"),
        ('it\'s "so"', 'it\'s "so"'),
        ("=1+1", "'=1+1"),
        ("- a list\n- of things", "'- a list\n'- of things"),
        ("x;=1+1;y", "x;'=1+1;y"),
        ("+49 30 1234", "'+49 30 1234"),
    ],
)
def test_words_stay_readable(text: str, shown: str) -> None:
    assert harmless(text) == shown
    assert list(csv.reader(io.StringIO(table(("", text, "", "")), newline="")))[1][1] == shown


def soffice() -> str:
    """LibreOffice, from Debian where it is not there yet."""
    if not shutil.which("soffice"):
        get = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", "libreoffice-calc-nogui"]
        subprocess.run(get, check=True, capture_output=True, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    found = shutil.which("soffice")
    assert found, "LibreOffice is needed here: install libreoffice-calc-nogui"
    return found


FORMULA = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}formula"
SEPARATORS = {"comma": "44", "semicolon": "59", "tab": "9", "bar": "124", "all": "44/59/9/124"}


def opened(written: Path, separators: str, quote: str) -> tuple[int, list[str]]:
    """How many cells LibreOffice sees with these separators, and the formulas among them."""
    folder = written.parent / f"{separators}-{quote}".replace("/", "-")
    options = f"CSV:{separators},{quote},76,1,,0,false,true,false"
    subprocess.run(
        [
            soffice(),
            f"-env:UserInstallation=file://{written.parent}/profile",
            "--headless",
            f"--infilter={options}",
            "--convert-to",
            "fods",
            "--outdir",
            str(folder),
            str(written),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    found = ElementTree.parse(folder / f"{written.stem}.fods").getroot()
    seen = [cell for cell in found.iter("{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell") if len(cell)]
    return len(seen), [cell.attrib[FORMULA] for cell in found.iter() if FORMULA in cell.attrib]


if walks.ALL:

    def test_libreoffice_sees_no_formula_by_any_separator(tmp_path: Path) -> None:
        harmful, written = tmp_path / "harmful.csv", tmp_path / "written.csv"
        harmful.write_text("name;sum\r\nx;=1+1\r\n", encoding="utf-8", newline="")
        written.write_text("".join(map(around, HOSTILE)), encoding="utf-8", newline="")
        assert opened(harmful, "59", "34")[1], "it would compute one that is there"

        for separators in SEPARATORS.values():
            for quote in ("34", ""):  # a text in quotes, and quotes that mean nothing
                count, formulas = opened(written, separators, quote)
                assert count > len(HOSTILE)
                assert not formulas
