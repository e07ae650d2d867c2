"""`manage.py tidy_files`: what nothing refers to goes, what is in use or new stays, and what is missing is told."""

import io
import os
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Team, User
from chat.attachments import service as attachments
from chat.models import Attachment
from config.backup.file_areas import AREAS
from files import proxy
from files.proxy.cache import PictureCache
from imaging import storage
from imaging.models import GeneratedImage
from tests.stores import ROOT

OLD = (timezone.now() - timedelta(days=2)).timestamp()


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return tmp_path / "media"


def attached(data: bytes, *, team: Team, by: User) -> Attachment:
    return Attachment.objects.create(
        team=team,
        owner=by,
        kind=Attachment.Kind.FILE,
        name="notes.txt",
        media_type="text/plain",
        sha256=attachments.store.put(data),
        original_sha256="0" * 64,
        size=len(data),
    )


def drawn(data: bytes, *, team: Team, by: User) -> GeneratedImage:
    return GeneratedImage.objects.create(
        team=team,
        requested_by=by,
        key=uuid.uuid4(),
        state=GeneratedImage.State.PENDING,
        prompt="A secret harbour",
        model="sonar",
        sha256=storage.store.put(data, thumbnail=b"small"),
    )


def age(media: Path) -> None:
    for path in media.rglob("*"):
        os.utime(path, (OLD, OLD))


def tidied(*options: str) -> str:
    out = io.StringIO()
    call_command("tidy_files", *options, stdout=out)
    return out.getvalue()


def names(media: Path) -> set[str]:
    return {path.name for path in media.rglob("*") if path.is_file()}


def test_what_nothing_refers_to_goes_and_everything_else_stays(media: Path, harbour: Team, alice: User) -> None:
    note, picture = attached(b"used", team=harbour, by=alice), drawn(b"used", team=harbour, by=alice)
    forgotten = [attachments.store.put(b"forgotten"), storage.store.put(b"forgotten", thumbnail=b"small")]
    age(media)
    new = attachments.store.put(b"on its way")
    before = names(media)

    told = tidied("--dry-run")

    assert "Attachments: 1 that nothing refers to can be removed" in told
    assert "Images: 2 that nothing refers to can be removed" in told
    assert names(media) == before

    assert "Images: 2 that nothing refers to removed" in tidied()
    assert names(media) == before - {forgotten[0], f"{forgotten[1]}.thumbnail"}
    assert {note.sha256, picture.sha256, new} <= names(media)


def test_the_same_bytes_in_two_areas_have_lives_of_their_own(media: Path, harbour: Team, alice: User) -> None:
    drawn(b"same", team=harbour, by=alice)
    sha256 = attachments.store.put(b"same")
    age(media)

    tidied()

    assert storage.store.has(sha256)
    assert not attachments.store.has(sha256)


def test_a_row_whose_file_is_missing_is_told_and_left(media: Path, harbour: Team, alice: User) -> None:
    lost, kept = drawn(b"lost", team=harbour, by=alice), drawn(b"kept", team=harbour, by=alice)
    next(media.rglob(lost.sha256)).unlink()
    out = io.StringIO()

    with pytest.raises(CommandError, match="1 files are missing"):
        call_command("tidy_files", stdout=out)

    assert f"missing: images/{lost.sha256}, named by generated image {lost.pk}" in out.getvalue()
    assert kept.sha256 not in out.getvalue()
    assert "secret harbour" not in out.getvalue()
    assert GeneratedImage.objects.count() == 2


def test_an_image_whose_bytes_went_for_good_is_not_missing(media: Path, harbour: Team, alice: User) -> None:
    image = drawn(b"gone", team=harbour, by=alice)
    GeneratedImage.objects.update(deleted_at=timezone.now() - timedelta(days=40))
    age(media)

    tidied()

    assert image.sha256 not in names(media)
    assert "missing" not in tidied()


def test_uploads_that_broke_off_go_and_those_that_come_do_not(media: Path, settings: Settings, db: None) -> None:
    broken, coming = (settings.FILE_UPLOAD_TEMP_DIR / name for name in ("broken.upload", "coming.upload"))
    for path in (broken, coming):
        path.write_bytes(b"half")
    os.utime(broken, (OLD, OLD))

    assert "Unfinished uploads: 1 can be removed" in tidied("--dry-run")
    assert broken.exists()
    assert "Unfinished uploads: 1 removed" in tidied()
    assert not broken.exists()
    assert coming.exists()


def test_copies_from_elsewhere_that_nobody_looks_at_go(media: Path, db: None, tmp_path: Path) -> None:
    pictures = PictureCache(tmp_path / "cache")
    pictures.keep("https://pictures.example/a.png", dict.fromkeys(proxy.Size, b"light"))
    for path in (tmp_path / "cache").rglob("*.webp"):
        os.utime(path, (0, 0))

    kept = proxy.PictureFetcher(cache=pictures)
    assert kept.prune(dry_run=True) == 1
    assert kept.cached("https://pictures.example/a.png", proxy.Size.LARGE)
    for path in (tmp_path / "cache").rglob("*.webp"):
        os.utime(path, (0, 0))
    assert kept.prune() == 1
    assert kept.cached("https://pictures.example/a.png", proxy.Size.LARGE) is None


def test_every_area_of_the_store_is_looked_after() -> None:
    sources = [
        path
        for package in ("accounts", "api", "chat", "imaging", "sharing", "config")
        for path in (ROOT / package).rglob("*.py")
    ]

    used = {name for path in sources for name in re.findall(r'\bStore\("(\w+)"\)', path.read_text())}

    assert used == {area.name for area in AREAS}
