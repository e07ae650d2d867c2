"""How slowly a site is asked, whichever process asks."""

import time
from pathlib import Path

from upstream.page_fetch.pace import LONGEST_BETWEEN, LONGEST_PAUSE, MOST_WAIT, SitePace


def kept_in(folder: Path) -> float:
    """From when on the only site in the folder may be asked."""
    return float(next(folder.iterdir()).read_text())


def all_kept_in(folder: Path) -> list[float]:
    """The same for all sites."""
    return [float(place.read_text()) for place in folder.iterdir()]


def keep_in(folder: Path, text: str) -> None:
    """Write something else there."""
    next(folder.iterdir()).write_text(text)


async def test_a_site_is_asked_after_a_pause_by_any_process(tmp_path: Path) -> None:
    one, other = SitePace(tmp_path / "pace", between=0.15), SitePace(tmp_path / "pace", between=0.15)
    begun = time.monotonic()
    assert await one.turn("paper.example")
    assert await other.turn("paper.example")
    assert await one.turn("paper.example")
    assert time.monotonic() - begun >= 0.29


async def test_other_sites_do_not_wait_for_it(tmp_path: Path) -> None:
    pace = SitePace(tmp_path, between=60.0)
    for site in ("paper.example", "other.example"):
        assert await pace.turn(site)
    assert all(moment <= time.time() + 60.0 for moment in all_kept_in(tmp_path))


async def test_nobody_waits_for_a_site_that_wants_to_be_left_alone(tmp_path: Path) -> None:
    pace = SitePace(tmp_path)
    await pace.pause("paper.example", seconds=LONGEST_PAUSE * 10)
    assert not await pace.turn("paper.example")
    later = kept_in(tmp_path)
    assert time.time() + MOST_WAIT < later <= time.time() + LONGEST_PAUSE


async def test_a_site_may_ask_for_more_time_within_reason(tmp_path: Path) -> None:
    pace = SitePace(tmp_path)
    assert await pace.turn("paper.example", delay=100_000)
    assert kept_in(tmp_path) <= time.time() + LONGEST_BETWEEN


async def test_a_clock_that_was_wrong_stops_nobody(tmp_path: Path) -> None:
    pace = SitePace(tmp_path, between=0.0)
    assert await pace.turn("paper.example")
    for nonsense in (str(time.time() + 1e9), "nan", "soon", ""):
        keep_in(tmp_path, nonsense)
        assert await pace.turn("paper.example")


async def test_without_a_disk_each_process_keeps_its_own_pace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    pace = SitePace(tmp_path / "file" / "pace", between=0.1)
    begun = time.monotonic()
    assert await pace.turn("paper.example")
    assert await pace.turn("paper.example")
    assert time.monotonic() - begun >= 0.09
