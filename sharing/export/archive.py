"""Everything of a team that one person may read, as a ZIP (docs/export-format.md, "The archive of a team: ZIP")."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

import orjson
from django.utils import timezone

from accounts.models import Membership
from chat.attachments.texts import store as attachment_store
from chat.documents.texts import store as document_store
from files import FileMissing, Store
from imaging.storage import store as image_store
from sharing.export import records, team_records
from sharing.export.collecting import collect
from sharing.export.content import Along, ExportedQuestion
from sharing.export.formats.json_file import ConversationWriter
from sharing.export.records import Record
from sharing.export.scope import TEAM, Scope

_PIECE = 1 << 20


def write_archive(stream: BinaryIO, *, by: Membership, along: Along, told: Callable[[int], None]) -> None:
    """Write it. Raises what `told` raises, which hears how many questions are written."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        _Archive(archive, by, along, told).write()


class _Archive:
    def __init__(self, archive: zipfile.ZipFile, by: Membership, along: Along, told: Callable[[int], None]) -> None:
        self._archive = archive
        self._by = by
        self._along = along
        self._told = told
        self._files: dict[str, Store] = {}
        self._counts: dict[str, int] = {}
        self._parts: dict[str, dict[str, Any]] = {}
        self._missing: list[str] = []

    def write(self) -> None:
        """All parts, the manifest last."""
        at = timezone.now()
        self._lines("people.jsonl", "people", team_records.people(self._by))
        self._lines("team.jsonl", "team", team_records.team(self._by))
        self._lines("spaces.jsonl", "spaces", team_records.spaces(self._by))
        self._conversations()
        self._lines("documents.jsonl", "documents", self._documents())
        self._lines("images.jsonl", "images", self._images())
        self._lines("reports.jsonl", "reports", team_records.reports(self._by))
        self._lines("watches.jsonl", "watches", team_records.watches(self._by))
        self._lines("sites.jsonl", "sites", team_records.sites(self._by))
        self._lines("presets.jsonl", "presets", team_records.presets(self._by))
        self._lines("searches.jsonl", "searches", team_records.searches(self._by))
        for sha256, store in self._files.items():
            self._told(self._counts["questions"])
            self._file(sha256, store)
        self._counts["files"] = len(self._files) - len(self._missing)
        manifest = records.head(self._by, title=self._by.team.name, at=at, name=records.ARCHIVE)
        manifest |= {"counts": self._counts, "parts": self._parts, "missing": self._missing}
        self._archive.writestr("manifest.json", orjson.dumps(manifest, option=orjson.OPT_INDENT_2))

    def _conversations(self) -> None:
        found = collect(Scope(TEAM), by=self._by, along=self._along, with_records=True)
        questions = answers = 0
        with self._part("conversations.jsonl") as out:
            writer = ConversationWriter(out)
            for part in found.parts:
                writer.take(part)  # type: ignore[arg-type]  # a team has no texts of its own
                if isinstance(part, ExportedQuestion):
                    questions, answers = questions + 1, answers + len(part.answers)
                    self._told(questions)
                    for one in part.record["attachments"] if self._along.pictures else ():
                        self._files.setdefault(one["sha256"], attachment_store)
            writer.close()
            out.write(b"\n" if writer.conversations else b"")
        self._counts |= {"conversations": writer.conversations, "questions": questions, "answers": answers}

    def _documents(self) -> Iterator[Record]:
        for one in team_records.documents(self._by):
            for version in one["versions"] if self._along.pictures else ():
                self._files.setdefault(version["sha256"], document_store)
            yield one

    def _images(self) -> Iterator[Record]:
        for one in team_records.images(self._by):
            if self._along.pictures:
                self._files.setdefault(one["sha256"], image_store)
            yield one

    def _lines(self, name: str, counted: str, rows: Iterable[Record]) -> None:
        count = 0
        with self._part(name) as out:
            for row in rows:
                out.write(orjson.dumps(row) + b"\n")
                count += 1
                if count % team_records.AT_ONCE == 0:
                    self._told(self._counts.get("questions", 0))
        self._counts[counted] = count

    @contextmanager
    def _part(self, name: str) -> Iterator[BinaryIO]:
        """One part, whose bytes are counted and hashed as they are written."""
        with self._archive.open(name, "w", force_zip64=True) as out:
            counted = _Counted(out)
            yield cast("BinaryIO", counted)
        self._parts[name] = {"bytes": counted.bytes, "sha256": counted.digest.hexdigest()}

    def _file(self, sha256: str, store: Store) -> None:
        info = zipfile.ZipInfo(f"files/{sha256[:2]}/{sha256}", date_time=timezone.now().timetuple()[:6])
        try:
            with store.open(sha256) as source, self._archive.open(info, "w", force_zip64=True) as out:
                while piece := source.read(_PIECE):
                    out.write(piece)
        except FileMissing:
            self._missing.append(sha256)


class _Counted:
    """A file that knows what was written into it."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self.bytes = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write it on."""
        self.bytes += len(data)
        self.digest.update(data)
        return int(self._out.write(data))
