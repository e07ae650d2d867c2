"""The folder of foreign pictures: shared by processes, never half a file, never larger than it may be."""

import os
import threading
import time
from pathlib import Path

import pytest

from files.proxy.cache import PictureCache
from files.proxy.previews import Size

URL = "https://pictures.example/light.png"
DAY = 86400.0


def sizes(data: bytes) -> dict[Size, bytes]:
    return {Size.THUMBNAIL: b"small " + data, Size.LARGE: b"large " + data}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def cache(tmp_path: Path) -> PictureCache:
    return PictureCache(tmp_path)


def last_used(folder: Path, data: bytes, *, days_ago: float) -> None:
    """Pretend that nobody looked at the picture since."""
    at = time.time() - days_ago * DAY
    for path in files(folder / "pictures"):
        if path.read_bytes().endswith(data):
            os.utime(path, (at, at))


def test_what_was_kept_is_found_in_both_sizes(cache: PictureCache) -> None:
    assert cache.find(URL, Size.LARGE) is None
    assert cache.keep(URL, sizes(b"light"))
    assert cache.find(URL, Size.THUMBNAIL) == b"small light"
    assert cache.find(URL, Size.LARGE) == b"large light"
    assert cache.find(f"{URL}?2", Size.LARGE) is None


def test_the_same_picture_at_two_addresses_is_kept_once(cache: PictureCache, tmp_path: Path) -> None:
    cache.keep(URL, sizes(b"light"))
    cache.keep(f"{URL}?2", sizes(b"light"))
    assert len(files(tmp_path / "pictures")) == 2
    assert cache.find(f"{URL}?2", Size.LARGE) == b"large light"


def test_what_changes_at_an_address_changes_for_both_sizes(cache: PictureCache) -> None:
    cache.keep(URL, sizes(b"light"))
    cache.keep(URL, sizes(b"dark"))
    assert cache.find(URL, Size.THUMBNAIL) == b"small dark"
    assert cache.find(URL, Size.LARGE) == b"large dark"


def test_what_a_crash_tore_counts_as_missing(cache: PictureCache, tmp_path: Path) -> None:
    cache.keep(URL, sizes(b"light"))
    for path in files(tmp_path / "pictures"):
        path.write_bytes(b"")
    assert cache.find(URL, Size.LARGE) is None
    cache.keep(URL, sizes(b"light"))
    assert cache.find(URL, Size.LARGE) == b"large light"
    for path in files(tmp_path / "addresses"):
        path.write_bytes(b"../../../etc/passwd")
    assert cache.find(URL, Size.LARGE) is None


def test_a_disk_that_takes_nothing_is_no_reason_to_fail(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("here is no folder")
    cache = PictureCache(blocked)
    assert not cache.keep(URL, sizes(b"light"))
    assert cache.find(URL, Size.LARGE) is None
    assert cache.prune(most_bytes=0, unused_for=0, refetched_after=0) == 0


def test_readers_see_whole_pictures_whoever_writes_meanwhile(cache: PictureCache, tmp_path: Path) -> None:
    whole = {b"large " + bytes([number]) * 200_000 for number in range(4)}
    over = threading.Event()
    seen: set[bytes] = set()

    def write(number: int) -> None:
        for _ in range(25):
            PictureCache(tmp_path).keep(URL, sizes(bytes([number]) * 200_000))

    def read() -> None:
        while not over.is_set():
            seen.add(cache.find(URL, Size.LARGE) or b"")

    reader = threading.Thread(target=read)
    reader.start()
    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    over.set()
    reader.join()
    assert seen - {b""} <= whole
    assert cache.find(URL, Size.LARGE) in whole
    assert not [path for path in files(tmp_path) if "draft" in path.name]


@pytest.fixture
def shelf(cache: PictureCache, tmp_path: Path) -> PictureCache:
    """Three pictures of a thousand bytes: *old* was seen 50 days ago, *used* five, *new* just now."""
    for name, days_ago in ((b"old", 50), (b"used", 5), (b"new", 0)):
        data = name.rjust(494, b".")
        cache.keep(f"{URL}?{name.decode()}", sizes(data))
        last_used(tmp_path, data, days_ago=days_ago)
    return cache


def left(cache: PictureCache) -> set[str]:
    return {name for name in ("old", "used", "new") if cache.find(f"{URL}?{name}", Size.LARGE)}


def test_what_nobody_saw_for_long_is_removed(shelf: PictureCache) -> None:
    assert shelf.prune(most_bytes=10**6, unused_for=30 * DAY, refetched_after=30 * DAY) == 1
    assert left(shelf) == {"used", "new"}


def test_what_was_seen_longest_ago_makes_room(shelf: PictureCache) -> None:
    assert shelf.prune(most_bytes=1_500, unused_for=99 * DAY, refetched_after=99 * DAY) == 2
    assert left(shelf) == {"new"}


def test_looking_at_a_picture_keeps_it(shelf: PictureCache) -> None:
    assert shelf.find(f"{URL}?old", Size.THUMBNAIL)
    assert shelf.prune(most_bytes=2_100, unused_for=30 * DAY, refetched_after=30 * DAY) == 1
    assert left(shelf) == {"old", "new"}


def test_an_address_is_looked_at_anew_after_its_time(shelf: PictureCache, tmp_path: Path) -> None:
    at = time.time() - 31 * DAY
    for path in files(tmp_path / "addresses"):
        os.utime(path, (at, at))
    shelf.prune(most_bytes=10**6, unused_for=99 * DAY, refetched_after=30 * DAY)
    assert left(shelf) == set()
    assert files(tmp_path / "addresses") == []


def test_drafts_of_the_dead_are_removed_and_those_of_the_living_are_not(shelf: PictureCache, tmp_path: Path) -> None:
    folder = files(tmp_path / "pictures")[0].parent
    dead, living = folder / ".draft-dead", folder / ".draft-living"
    for path in (dead, living):
        path.write_bytes(b"x")
    os.utime(dead, (time.time() - 7200, time.time() - 7200))
    shelf.prune(most_bytes=10**6, unused_for=99 * DAY, refetched_after=99 * DAY)
    assert living.exists()
    assert not dead.exists()
