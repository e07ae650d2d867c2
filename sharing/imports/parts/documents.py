"""Documents of an archive's spaces, in all of their versions."""

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.models import User
from chat.documents.bringing import BroughtVersion, bring_document, keep_version
from chat.documents.quota import QuotaReached
from chat.models import Document, DocumentVersion, Space
from core.storable import storable
from files import FileRefused
from sharing.imports.foreign import dict_of, text_of
from sharing.imports.parts.kinds import Deletable, Made, NotTaken
from sharing.imports.values import rows_in, time_in, whole_in
from sharing.models import ImportedPart

MOST_VERSIONS = 100  # of one document
MOST_NUMBER = 100_000


@dataclass(frozen=True, slots=True)
class _Brought:
    """A document whose files were judged and are kept."""

    id: str
    space: Space
    name: str
    versions: Sequence[BroughtVersion]
    by: User
    at: datetime | None


class Documents(Deletable):
    """They. What a version's file cannot give is left out, and with it the version."""

    kind = ImportedPart.Kind.DOCUMENT
    file, counted = "documents.jsonl", "documents"
    model = Document
    weight = 10

    @classmethod
    def of_team(cls, team: UUID) -> "QuerySet[Document]":
        """The documents of all spaces of a team."""
        return Document.objects.filter(space__team=team)

    def here(self, ids: Collection[str]) -> Mapping[str, str]:
        """Those that have these very ids, in spaces that are there."""
        found = super().here(ids)
        there = Document.objects.filter(pk__in=found.values(), space__deleted_at=None).values_list("pk", flat=True)
        kept = {str(pk) for pk in there}
        return {id: pk for id, pk in found.items() if pk in kept}

    def prepared(self, row: Mapping[str, Any]) -> _Brought:
        """The files of all versions, judged."""
        space = self.target.spaces.get(text_of(row.get("space")))
        name = storable(text_of(row.get("name")))[:200]
        by = self.target.somebody(dict_of(row.get("uploaded_by"))) or self.target.membership.user
        if space is None or not name:
            raise NotTaken
        versions: dict[int, BroughtVersion] = {}
        for one in rows_in(row.get("versions"), MOST_VERSIONS):
            number = whole_in(one.get("number"), MOST_NUMBER)
            if number and (kept := self._kept(one, name, number)):
                versions[number] = kept
        if not versions:
            raise NotTaken
        in_turn = [versions[number] for number in sorted(versions)]
        return _Brought(self.id_of(row), space, name, in_turn, by, time_in(row.get("created_at")))

    def store(self, prepared: _Brought) -> Made:
        """The document; where there is no room for all of it, its newest version alone."""
        one = prepared
        try:
            document, is_new = bring_document(
                space=one.space, name=one.name, versions=one.versions, by=one.by, at=one.at
            )
        except QuotaReached:
            if len(one.versions) == 1:
                raise
            newest = one.versions[-1:]
            document, is_new = bring_document(space=one.space, name=one.name, versions=newest, by=one.by, at=one.at)
        self._note(one.id, document.pk)
        found = self.of_team(self.target.run.team_id).get(pk=document.pk)
        return Made(str(document.pk), self.like(found) if is_new else {"was_here": True})

    def again(self, row: Mapping[str, Any], known: str) -> bool:
        """Answers of the archive name it."""
        if not super().again(row, known):
            return False
        self._note(self.id_of(row), UUID(known))
        return True

    @classmethod
    def like(cls, row: Any) -> dict[str, Any]:
        """Its name, and how many versions it has."""
        counted = DocumentVersion.objects.filter(document=row.pk).aggregate(count=Count("pk"))
        return {"name": row.name, "versions": counted["count"]}

    def _kept(self, one: Mapping[str, Any], name: str, number: int) -> BroughtVersion | None:
        sha256 = text_of(one.get("sha256"))
        file = self.upload.archive.file_of(sha256, name) if self.upload.archive else None
        if file is None:
            return None
        by = self.target.somebody(dict_of(one.get("uploaded_by"))) or self.target.membership.user
        try:
            return keep_version(
                io.BytesIO(file.read()), name=name, number=number, by=by, at=time_in(one.get("created_at"))
            )
        except FileRefused:
            return None

    def _note(self, id: str, document: UUID) -> None:
        self.target.documents[id] = document
        for number, pk in DocumentVersion.objects.filter(document=document).values_list("number", "pk"):
            self.target.versions[id, number] = pk
