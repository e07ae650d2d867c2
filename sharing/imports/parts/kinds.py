"""What all kinds of parts have in common: a row of the archive becomes rows here, once, and can be taken away again."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, models, transaction

from accounts.models import User
from core.web.params import uuid_in
from sharing.imports.foreign import text_of
from sharing.imports.reading import Upload
from sharing.imports.targets import Target
from sharing.models import ImportedPart

logger = logging.getLogger(__name__)

LONGEST_ID = 100
AT_ONCE = 200  # rows that are looked at together when an import is undone


class NotTaken(Exception):
    """This row says nothing that can be brought here."""


class AlreadyHere(Exception):
    """The team has the same, whatever it is called here."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a row of the archive has become: the id of its row here, what that is like, and `waits`: somebody has to
    decide about it before others see it."""

    row: str
    as_brought: Mapping[str, Any] = field(default_factory=dict)
    waits: bool = False


class Kind(ABC):
    """One kind of part. `file` is its name in the archive, `counted` how figures call it."""

    kind: ClassVar[ImportedPart.Kind]
    file: ClassVar[str]
    counted: ClassVar[str]
    weight: ClassVar[int] = 1  # how much there is to do for one, in hundredths of what is done together

    def __init__(self, upload: Upload, target: Target) -> None:
        self.upload = upload
        self.target = target

    def id_of(self, row: Mapping[str, Any]) -> str:
        """What the archive calls it; empty for a row that cannot be one."""
        id = text_of(row.get("id"))
        return id if len(id) <= LONGEST_ID and id.isprintable() else ""

    def here(self, ids: Collection[str]) -> Mapping[str, str]:
        """Those that this team has under these very ids, because they were made here."""
        return {}

    @abstractmethod
    def prepared(self, row: Mapping[str, Any]) -> Any:
        """What is to be stored. Slow work happens here, before the transaction. Raises NotTaken, FileRefused,
        ActionRefused and OSError."""

    @abstractmethod
    def store(self, prepared: Any) -> Made:
        """Store it, in the caller's transaction. Raises NotTaken, ActionRefused, PermissionDenied, IntegrityError."""

    def again(self, row: Mapping[str, Any], known: str) -> bool:
        """Take note of what came before, or was here before; False when it is gone, and has to be made anew."""
        return True

    @classmethod
    @abstractmethod
    def take_away(cls, parts: Sequence[ImportedPart], *, by: User, at: datetime) -> Iterable[ImportedPart]:
        """Undo some parts, all at this moment. Returns those that were; what has been used since stays."""

    @classmethod
    @abstractmethod
    def bring_back(cls, parts: Sequence[ImportedPart], *, by: User, at: datetime) -> None:
        """Take back that they were taken away at this moment."""


class Deletable(Kind):
    """A kind whose rows are deleted by a date, as people do it, and can be restored for as long."""

    model: ClassVar[type[models.Model]]
    says_who: ClassVar[bool] = False  # whether a column says who deleted it

    @classmethod
    def of_team(cls, team: UUID) -> "models.QuerySet[Any]":
        """The rows of a team."""
        return cls.model._default_manager.filter(team=team)

    @classmethod
    @abstractmethod
    def like(cls, row: Any) -> dict[str, Any]:
        """What the row is like, as far as people change it."""

    def here(self, ids: Collection[str]) -> Mapping[str, str]:
        """Those that have these very ids."""
        asked = {id: found for id in ids if (found := uuid_in(id))}
        rows = self.of_team(self.target.run.team_id).filter(pk__in=asked.values(), deleted_at=None)
        there = set(rows.values_list("pk", flat=True))
        return {id: str(pk) for id, pk in asked.items() if pk in there}

    def again(self, row: Mapping[str, Any], known: str) -> bool:
        """One in the trash is restored, as a conversation is; one that is gone from there is made anew."""
        found = self.of_team(self.target.run.team_id).filter(pk=known)
        if not found.exists():
            return False
        try:
            with transaction.atomic():
                found.exclude(deleted_at=None).update(**self._deleted(None, None))
        except IntegrityError:
            logger.info("Something of import %s stays deleted: another one is in its place.", self.target.run.pk)
        return True

    @classmethod
    def take_away(cls, parts: Sequence[ImportedPart], *, by: User, at: datetime) -> Iterable[ImportedPart]:
        """Delete those that are as they were brought."""
        by_row = {part.row: part for part in parts}
        rows = cls.model._default_manager.filter(pk__in=by_row, deleted_at=None)
        untouched = [row for row in rows if cls.like(row) == by_row[str(row.pk)].as_brought]
        cls.model._default_manager.filter(pk__in=[row.pk for row in untouched]).update(**cls._deleted(at, by))
        return [by_row[str(row.pk)] for row in untouched]

    @classmethod
    def bring_back(cls, parts: Sequence[ImportedPart], *, by: User, at: datetime) -> None:
        """Restore those that were deleted at this moment, and whose place nobody has taken."""
        for part in parts:
            deleted = cls.model._default_manager.filter(pk=part.row, deleted_at=at)
            try:
                with transaction.atomic():
                    deleted.update(**cls._deleted(None, None))
            except IntegrityError:
                logger.info("%s stays deleted: another one is in its place.", part)

    @classmethod
    def _deleted(cls, at: datetime | None, by: User | None) -> dict[str, Any]:
        return {"deleted_at": at, **({"deleted_by": by} if cls.says_who else {})}
