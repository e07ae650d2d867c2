"""Documents that come from another Parley, with all of their versions."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from accounts.models import User
from chat.documents import quota
from chat.documents.service import MOST_VERSIONS, free_name, lock_team_of, same_file_in
from chat.documents.texts import store
from chat.documents.uploads import judge_document
from chat.models import Document, DocumentVersion, Space
from core.errors import ActionRefused

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BroughtVersion:
    """A version whose file was judged and is kept. `size` is in bytes."""

    number: int
    sha256: str
    media_type: str
    size: int
    by: User
    at: datetime | None = None


def keep_version(source: BinaryIO, *, name: str, number: int, by: User, at: datetime | None) -> BroughtVersion:
    """Judge the file of a version and keep it. Raises files.FileRefused with a sentence, and OSError."""
    judged = judge_document(source, name=name)
    store.keep(judged)
    return BroughtVersion(number, judged.original_sha256, judged.format.media_type, judged.size, by, at)


def bring_document(
    *, space: Space, name: str, versions: Sequence[BroughtVersion], by: User, at: datetime | None
) -> tuple[Document, bool]:
    """The document with these versions, to be read in the background, and whether it is new: one whose newest file the
    space has already is that one. To be called in a transaction.

    Raises ActionRefused, QuotaReached among them, with nothing stored.
    """
    with transaction.atomic():
        lock_team_of(space)
        newest = max(versions, key=lambda one: one.number)
        if there := same_file_in(space, newest.sha256):
            return there, False
        if len(versions) > MOST_VERSIONS:
            raise ActionRefused("")
        quota.must_have_room(space, sum(one.size for one in versions), new=True)
        document = Document(space=space, name=free_name(space, name), uploaded_by=by)
        document.created_at = at or document.created_at
        document.save(force_insert=True)
        DocumentVersion.objects.bulk_create(
            DocumentVersion(
                document=document,
                number=one.number,
                sha256=one.sha256,
                media_type=one.media_type,
                size=one.size,
                uploaded_by=one.by,
                **({"created_at": one.at} if one.at else {}),
            )
            for one in versions
        )
    logger.info("%s brought document %s into space %s.", by.get_username(), document.pk, space.pk)
    return document, True
