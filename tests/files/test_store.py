"""The store: by content, whole or not at all, and tidied up without losing what is in use — on disk and on S3 alike."""

import hashlib
import io
import stat
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

import files
from files import FileMissing, Store
from tests.files.samples import PDF
from tests.objects import Bucket

Names = Callable[[], list[str]]


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(params=["disk", "s3"])
def stored(request: pytest.FixtureRequest, settings: Settings) -> Names:
    """An empty storage of one kind; tells the names of the files in it, seen from outside."""
    if request.param == "disk":
        folder: Path = request.getfixturevalue("media")
        return lambda: sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    bucket: Bucket = request.getfixturevalue("bucket")
    objects = {"BACKEND": "files.storage.s3.ObjectStorage", "OPTIONS": bucket.options(prefix="team/files")}
    settings.STORAGES = {**settings.STORAGES, "default": objects}
    return lambda: [name.removeprefix("team/files/") for name in bucket.names()]


def a_moment_later() -> datetime:
    """A time that is after what was written before and not after what is written next, by clocks of whole seconds."""
    time.sleep(1.05)
    now = timezone.now()
    time.sleep(1.05 - now.microsecond / 1e6)
    return now


def test_the_text_of_a_document_stands_beside_it_and_goes_with_it(stored: Names) -> None:
    store = Store("things")
    sha256 = store.put(b"light")
    with pytest.raises(FileMissing):
        store.read_text(sha256)

    store.put_text(sha256, b"words")

    assert store.read_text(sha256) == b"words"
    assert store.hashes_starting_with(sha256[:2]) == {sha256}
    assert store.sweep(before=a_moment_later(), kept=lambda hashes: hashes) == 0
    assert store.sweep(before=a_moment_later(), kept=lambda _hashes: ()) == 2
    assert stored() == []


def test_bytes_are_found_by_the_hash_of_their_content(stored: Names) -> None:
    store = Store("things")

    sha256 = store.put(b"light", thumbnail=b"small")

    assert sha256 == hashlib.sha256(b"light").hexdigest()
    assert store.read(sha256) == b"light"
    assert store.open_thumbnail(sha256).read() == b"small"
    assert stored() == [f"things/{sha256[:2]}/{sha256}", f"things/{sha256[:2]}/{sha256}.thumbnail"]
    assert store.has(sha256)
    assert store.hashes_starting_with(sha256[:2]) == {sha256}


def test_the_same_bytes_are_kept_once(stored: Names) -> None:
    store = Store("things")
    assert store.put(b"light") == store.put(b"light")
    assert len(stored()) == 1


def test_a_document_is_kept_as_it_came(stored: Names) -> None:
    judged = files.judge(io.BytesIO(PDF), name="report.pdf")
    assert Store("things").read(Store("things").keep(judged)) == PDF


def test_a_large_file_is_read_from_wherever_one_wants(stored: Names) -> None:
    data = bytes(range(256)) * 16_384  # 4 MB: more than is held in memory
    sha256 = Store("things").put(data)

    with Store("things").open(sha256) as found:
        assert found.seek(0, 2) == len(data)
        assert found.seek(len(data) - 3)
        assert found.read() == data[-3:]


def test_what_is_not_there_is_missing(stored: Names) -> None:
    for name in ("0" * 64, "../../secret_key", "", "0" * 63 + "/"):
        with pytest.raises(FileMissing):
            Store("things").read(name)
    assert not Store("things").has("0" * 64)
    assert Store("things").hashes_starting_with("00") == set()


def test_files_can_be_read_by_this_process_alone(media: Path) -> None:
    sha256 = Store("things").put(b"light")
    path = media / "things" / sha256[:2] / sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_write_that_breaks_off_leaves_nothing_behind(stored: Names) -> None:
    class Broken(ContentFile):  # type: ignore[type-arg]
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"half"
            raise OSError("the line is down")

        def read(self, *_args: Any) -> bytes:
            return next(self.pieces)

    broken = Broken(b"whole")
    broken.pieces = broken.chunks()
    with pytest.raises(OSError, match="the line is down"):
        default_storage.save("things/ab/abc", broken)

    assert stored() == []


def test_a_new_version_takes_the_place_of_the_old_one_at_once(stored: Names) -> None:
    default_storage.save("things/a", ContentFile(b"one"))
    with default_storage.open("things/a") as reader:
        default_storage.save("things/a", ContentFile(b"two"))
        assert reader.read() == b"one"
    assert default_storage.open("things/a").read() == b"two"


def test_tidying_up_removes_what_is_old_and_not_in_use_and_nothing_else(stored: Names) -> None:
    store, other = Store("things"), Store("others")
    store.put(b"unused", thumbnail=b"t")
    used, foreign = store.put(b"used", thumbnail=b"t"), other.put(b"foreign")
    again = store.put(b"again", thumbnail=b"t")
    before = a_moment_later()
    new = store.put(b"new")
    store.put(b"again", thumbnail=b"t")  # what comes again is new again

    doomed = list(store.unused(before=before, kept=lambda hashes: {used} & set(hashes)))
    removed = store.sweep(before=before, kept=lambda hashes: {used} & set(hashes))

    assert removed == 2
    assert [found.size for found in doomed] == [6, 1]
    assert {Path(name).stem for name in stored()} == {used, new, again, foreign}


def test_an_area_without_files_is_tidy(stored: Names) -> None:
    assert Store("things").sweep(before=timezone.now(), kept=lambda _hashes: set()) == 0


def test_there_is_no_public_address(stored: Names) -> None:
    default_storage.save("things/ab/abc", ContentFile(b"one"))
    with pytest.raises(ValueError, match="not accessible via a URL"):
        default_storage.url("things/ab/abc")
