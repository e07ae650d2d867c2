"""What happens to documents of a space: added, replaced, removed, brought back, removed for good."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from chat.documents import quota, service
from chat.documents.texts import store
from chat.models import Document, DocumentVersion, Passage, Space
from core.errors import ActionRefused
from files import FileRefused
from tests.chat.documents.conftest import Add, new_version, read
from tests.files import papers, samples

pytestmark = pytest.mark.django_db


def put(space: Space, by: User, name: str, content: str | bytes) -> service.Added:
    data = content.encode() if isinstance(content, str) else content
    return service.add_document(source=io.BytesIO(data), name=name, space=space, by=by)


@pytest.mark.parametrize(
    ("name", "content", "unit", "pages"),
    [
        ("notes.md", b"# Lights\n\nThe light is kept by Ada.", "line", 0),
        ("table.csv", b"keeper,light\nAda,Harbour", "line", 0),
        ("page.html", b"<!doctype html><title>x</title><p>The light is kept by Ada.", "part", 0),
        ("word.docx", papers.word("The light is kept by Ada.", heading="Lights"), "part", 0),
        ("talk.pptx", papers.slides(("Lights", "The light is kept by Ada.", "")), "slide", 1),
        ("book.xlsx", papers.sheets(Lights=[["Keeper", "Light"], ["Ada", "Harbour"]]), "sheet", 1),
    ],
)
def test_every_kind_of_document_is_read(
    space: Space, alice: User, name: str, content: bytes, unit: str, pages: int
) -> None:
    added = put(space, alice, name, content)
    assert (added.version.state, added.document.current) == ("waiting", None)

    version = read(added.version)

    added.document.refresh_from_db()
    assert (version.state, version.problem, version.unit, version.pages) == ("ready", "", unit, pages)
    assert added.document.current == version
    assert "Ada" in "".join(version.passages.values_list("text", flat=True))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("light.png", samples.encoded(samples.drawn(), "PNG"), "This is an image"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "older Office"),
        ("tool.exe", b"MZ\x90\x00" + b"\0" * 600, "isn’t a document that Parley can read"),
        ("empty.txt", b"", "This file is empty"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj", "incomplete"),
    ],
)
def test_what_is_no_document_is_refused(space: Space, alice: User, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        put(space, alice, name, content)
    assert not Document.objects.exists()


def test_a_name_loses_its_folders_and_what_nobody_sees(space: Space, alice: User) -> None:
    added = put(space, alice, "../../etc/re\u202eport\x00\x1b[1m.md", "Words.")
    assert added.document.name == "report[1m.md"


def test_the_same_file_is_in_a_space_once(space: Space, add: Add, alice: User) -> None:
    first = add("lights.md", "The light is kept by Ada.")
    with pytest.raises(service.AlreadyThere, match=r"already in the space, as “lights.md”") as refusal:
        put(space, alice, "other name.md", "The light is kept by Ada.")
    assert refusal.value.document == first
    elsewhere = Space.objects.create(team=space.team, owner=alice, name="Q4")
    put(elsewhere, alice, "lights.md", "The light is kept by Ada.")
    service.remove_document(document=first, by=alice)
    put(space, alice, "lights.md", "The light is kept by Ada.")


def test_a_file_of_a_taken_name_can_become_its_new_version(space: Space, add: Add, alice: User, bob: User) -> None:
    first = add("lights.md", "The light is kept by Ada.")
    added = put(space, bob, "LIGHTS.md", "The light is kept by Grace.")
    read(added.version)
    assert (added.document.name, added.same_name) == ("LIGHTS (2).md", first)

    service.make_version_of(document=added.document, earlier=first, by=bob)

    first.refresh_from_db()
    assert first.current is not None
    assert (first.current.number, first.current.uploaded_by) == (2, bob)
    assert [one.number for one in first.versions.all()] == [2, 1]
    assert Document.objects.get() == first


def test_a_document_with_versions_becomes_no_version_of_another(space: Space, add: Add, alice: User) -> None:
    one, two = add("one.md", "One."), add("two.md", "Two.")
    new_version(two, "Two again.", by=alice)
    with pytest.raises(ActionRefused, match="versions of its own"):
        service.make_version_of(document=two, earlier=one, by=alice)
    with pytest.raises(ActionRefused, match="removed meanwhile"):
        service.make_version_of(document=one, earlier=one, by=alice)


def test_a_new_version_that_cannot_be_read_leaves_the_one_before(space: Space, add: Add, alice: User) -> None:
    document = add("lights.md", "The light is kept by Ada.")
    before = document.current
    version = service.add_version(
        source=io.BytesIO(papers.encrypted(samples.pdf("Secret"), user="x")),
        name="lights.pdf",
        document=document,
        by=alice,
    )
    read(version)
    document.refresh_from_db()
    assert (version.state, version.problem) == ("failed", "encrypted")
    assert document.current == before


def test_the_version_that_is_there_is_no_new_one(space: Space, add: Add, alice: User) -> None:
    document = add("lights.md", "The light is kept by Ada.")
    with pytest.raises(service.AlreadyThere):
        new_version(document, "The light is kept by Ada.", by=alice)


def test_a_removed_document_comes_back_under_a_free_name(space: Space, add: Add, alice: User) -> None:
    first = add("lights.md", "One.")
    service.remove_document(document=first, by=alice)
    add("lights.md", "Two.")
    service.restore_document(document=first, by=alice)
    assert sorted(Document.objects.values_list("name", flat=True)) == ["lights (2).md", "lights.md"]


def test_what_was_removed_long_ago_goes_with_bytes_that_nobody_else_has(space: Space, add: Add, alice: User) -> None:
    gone, kept = add("gone.md", "Nobody has this."), add("kept.md", "Somebody else has this.")
    other = Space.objects.create(team=space.team, owner=alice, name="Q4")
    add("copy.md", "Somebody else has this.", to=other)
    hashes = [one.current.sha256 for one in (gone, kept) if one.current]
    Document.objects.filter(space=space).update(deleted_at=timezone.now() - timedelta(days=29))
    assert service.purge_documents() == 0
    Document.objects.filter(space=space).update(deleted_at=timezone.now() - timedelta(days=31))

    assert service.purge_documents() == 2
    store.sweep(before=timezone.now() + timedelta(hours=1), kept=service.files_in_use)

    assert [store.has(one) for one in hashes] == [False, True]
    assert Passage.objects.filter(version__document__space=space).count() == 0


def test_files_that_were_stored_just_now_are_kept(space: Space, alice: User) -> None:
    sha256 = store.put(b"a document whose row is still to come")
    assert service.tidy_files() == 0
    assert store.has(sha256)


def test_room_is_counted_with_versions_and_what_can_be_restored(space: Space, add: Add, alice: User) -> None:
    document = add("lights.md", "x" * 1000)
    new_version(document, "y" * 500, by=alice)
    add("other.md", "z" * 200)
    assert quota.room_of_space(space).used == 1700
    assert list(quota.largest_documents(space).values_list("name", "total", "copies")) == [
        ("lights.md", 1500, 2),
        ("other.md", 200, 1),
    ]
    service.remove_document(document=document, by=alice)
    assert (quota.room_of_space(space).used, quota.removed_size(space)) == (1700, 1500)
    assert service.erase_removed(space=space, by=alice) == 1
    assert (quota.room_of_space(space).used, quota.room_of_team(space.team).used) == (200, 200)


def test_a_full_space_takes_nothing_more(space: Space, add: Add, alice: User, settings: Settings) -> None:
    settings.SPACE_DOCUMENTS_MB = 1
    document = add("lights.txt", "x" * 900_000)
    with pytest.raises(quota.QuotaReached, match=r"This file is 0\.2 MB, and this space has 0\.1 MB left of 1 MB"):
        put(space, alice, "more.txt", "y" * 200_000)
    with pytest.raises(quota.QuotaReached):
        service.add_version(source=io.BytesIO(b"z" * 200_000), name="lights.txt", document=document, by=alice)
    assert DocumentVersion.objects.count() == 1


def test_a_full_team_takes_nothing_more_in_any_space(space: Space, add: Add, alice: User, settings: Settings) -> None:
    settings.TEAM_DOCUMENTS_MB = 1
    add("lights.txt", "x" * 900_000)
    other = Space.objects.create(team=space.team, owner=alice, name="Q4")
    with pytest.raises(quota.QuotaReached, match=r"the team’s documents have 0\.1 MB left"):
        put(other, alice, "more.txt", "y" * 200_000)


def test_a_version_is_read_again_when_somebody_asks(space: Space, add: Add, alice: User) -> None:
    document = add("lights.md", "The light is kept by Ada.")
    assert document.current
    assert service.read_again(version=document.current, by=alice)
    assert not service.read_again(version=document.current, by=alice)
    version = read(document.current)
    assert (version.state, version.passages.count()) == ("ready", 1)
