"""Static files are collected beside a program that serves, which loses nothing by it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from config.serving.static_collection import collect_static

BACKENDS = ["config.static_bundles.BundledStaticFilesStorage", "django.contrib.staticfiles.storage.StaticFilesStorage"]


@pytest.fixture(params=BACKENDS, ids=["hashed", "as they are"])
def source(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The only folder of static files, with a style sheet in it."""
    folder = tmp_path / "source"
    (folder / "css").mkdir(parents=True)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": request.param}}
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders.get_finder.cache_clear()
    write(folder, "a")
    yield folder
    finders.get_finder.cache_clear()


def write(folder: Path, letter: str, *, age: int = 0) -> None:
    sheet = folder / "css" / "app.css"
    sheet.write_text(f"{letter} {{ color: red }}\n" * 100)
    os.utime(sheet, (1_000_000_000 - age, 1_000_000_000 - age))


def served(target: Path) -> str:
    """The text of the sheet at the address that pages are given."""
    manifest = target / "staticfiles.json"
    name = json.loads(manifest.read_text())["paths"]["css/app.css"] if manifest.exists() else "css/app.css"
    return (target / name).read_text()


def test_what_is_new_is_served_even_where_its_date_is_older(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "static"
    collect_static(target)
    assert served(target).startswith("a {")
    write(source, "b", age=500)
    collect_static(target)
    assert served(target).startswith("b {")


def test_the_collection_before_stays_and_what_is_older_goes(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "static"
    names = []
    for age, letter in enumerate("abc"):
        write(source, letter, age=age)
        collect_static(target)
        names.append({file.relative_to(target).as_posix() for file in target.rglob("*") if file.is_file()})
    if (target / "staticfiles.json").exists():
        of_the_first, of_the_second = names[0] - names[1], names[1] - names[0]
        assert not of_the_first, "pages of the first may still be open"
        assert of_the_second <= names[2]
        assert names[0] - names[2], "the first is two collections old"
    else:
        assert names[0] == names[1] == names[2]
    assert not list(tmp_path.glob(".collecting-*"))


def test_nothing_is_collected_twice(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "static"
    collect_static(target)
    before = {file: file.stat().st_mtime_ns for file in target.rglob("*")}
    collect_static(target)
    assert {file: file.stat().st_mtime_ns for file in target.rglob("*")} == before
