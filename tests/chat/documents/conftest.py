"""A space with documents, and a reader of them that needs no server."""

import io
import uuid
from collections.abc import Callable

import pytest

from accounts.models import Team, User
from chat.documents import service, texts
from chat.documents.problems import ReadingProblem
from chat.documents.reading import records
from chat.models import Document, DocumentVersion, Space
from files import FileMissing
from files.text import DocumentText
from files.text.cutting import passages_of

Add = Callable[..., Document]


@pytest.fixture
def space(harbour: Team, alice: User) -> Space:
    """Alice's space, for everybody in Harbour."""
    return Space.objects.create(team=harbour, owner=alice, name="Q3")


@pytest.fixture
def add(space: Space, alice: User) -> Add:
    """Adds a document to the space, or to another one, and reads it: `add("report.md", "# Lights …")`."""

    def make(name: str, content: str | bytes, *, to: Space | None = None, by: User | None = None) -> Document:
        data = content.encode() if isinstance(content, str) else content
        added = service.add_document(source=io.BytesIO(data), name=name, space=to or space, by=by or alice)
        read(added.version)
        added.document.refresh_from_db()
        return added.document

    return make


def new_version(document: Document, content: str, *, by: User) -> DocumentVersion:
    """A new version of the document, which is read."""
    version = service.add_version(source=io.BytesIO(content.encode()), name=document.name, document=document, by=by)
    read(version)
    document.refresh_from_db()
    return version


def read(version: DocumentVersion) -> DocumentVersion:
    """Does what the worker does, at once."""
    holder = uuid.uuid4()
    DocumentVersion.objects.filter(pk=version.pk).update(lease_holder=holder)
    plan = records.begin_reading(version.pk, holder=holder)
    if plan:
        try:
            text = texts.read_file(plan.sha256, plan.media_type)
        except FileMissing:
            records.fail_reading(version.pk, problem=ReadingProblem.MISSING, holder=holder)
        else:
            with passages_of(text) as passages:
                found = list(passages)
            records.add_passages(plan, found, holder=holder, first=1)
            outline = DocumentText(text.unit, text.count, problem=text.problem)
            records.end_reading(plan, outline, characters=text.characters, passages=len(found), holder=holder)
    version.refresh_from_db()
    return version


def settle() -> None:
    """Brings the index in line, as the worker does now and then."""
    while records.settle_index():
        pass


def named(number: int) -> str:
    """A word for a number: pages that differ in figures alone are taken for one line that stands on all of them."""
    return "L" + "".join("abcdefghij"[int(digit)] * 2 for digit in str(number))
