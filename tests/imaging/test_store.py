"""The store: by content, whole or not at all, and tidied up without losing what is in use."""

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from imaging import files
from imaging.files import Missing, Store
from tests.imaging.making import PDF


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def stored(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_bytes_are_found_by_the_hash_of_their_content(media: Path) -> None:
    store = Store("things")

    sha256 = store.put(b"light", thumbnail=b"small")

    assert sha256 == hashlib.sha256(b"light").hexdigest()
    assert store.read(sha256) == b"light"
    assert store.open_thumbnail(sha256).read() == b"small"
    assert stored(media) == [f"things/{sha256[:2]}/{sha256}", f"things/{sha256[:2]}/{sha256}.thumbnail"]


def test_the_same_bytes_are_kept_once(media: Path) -> None:
    store = Store("things")
    assert store.put(b"light") == store.put(b"light")
    assert len(stored(media)) == 1


def test_a_document_is_kept_as_it_came(media: Path) -> None:
    judged = files.judge(io.BytesIO(PDF), name="report.pdf")
    assert Store("things").read(Store("things").keep(judged)) == PDF


def test_what_is_not_there_is_missing(media: Path) -> None:
    for name in ("0" * 64, "../../secret_key", "", "0" * 63 + "/"):
        with pytest.raises(Missing):
            Store("things").read(name)


def test_files_can_be_read_by_this_process_alone(media: Path) -> None:
    sha256 = Store("things").put(b"light")
    path = media / "things" / sha256[:2] / sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_write_that_breaks_off_leaves_nothing_behind(media: Path) -> None:
    class Broken(ContentFile):  # type: ignore[type-arg]
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"half"
            raise OSError("the line is down")

    with pytest.raises(OSError, match="the line is down"):
        default_storage.save("things/ab/abc", Broken(b""))

    assert stored(media) == []


def test_a_new_version_takes_the_place_of_the_old_one_at_once(media: Path) -> None:
    default_storage.save("things/a", ContentFile(b"one"))
    with default_storage.open("things/a") as reader:
        default_storage.save("things/a", ContentFile(b"two"))
        assert reader.read() == b"one"
    assert default_storage.open("things/a").read() == b"two"


def age(media: Path, name: str) -> None:
    past = (timezone.now() - timedelta(days=2)).timestamp()
    for path in media.rglob(f"{name}*"):
        os.utime(path, (past, past))


def test_tidying_up_removes_what_is_old_and_not_in_use_and_nothing_else(media: Path) -> None:
    store, other = Store("things"), Store("others")
    used, unused, new = store.put(b"used", thumbnail=b"t"), store.put(b"unused", thumbnail=b"t"), store.put(b"new")
    foreign = other.put(b"foreign")
    for name in (used, unused, foreign):
        age(media, name)

    removed = store.sweep(before=timezone.now() - timedelta(days=1), kept=lambda hashes: {used} & set(hashes))

    assert removed == 2
    assert {Path(name).stem for name in stored(media)} == {used, new, foreign}


def test_bytes_that_come_again_are_new_again(media: Path) -> None:
    store = Store("things")
    sha256 = store.put(b"light", thumbnail=b"small")
    age(media, sha256)
    store.put(b"light", thumbnail=b"small")

    assert store.sweep(before=timezone.now() - timedelta(days=1), kept=lambda _hashes: set()) == 0


def test_there_is_no_public_address(media: Path) -> None:
    with pytest.raises(ValueError, match="not accessible via a URL"):
        default_storage.url("things/ab/abc")
