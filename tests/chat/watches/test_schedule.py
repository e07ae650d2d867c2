"""When a watched question is asked next, wherever its owner lives."""

from datetime import UTC, datetime

import pytest

from chat.watches.schedule import Schedule


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        # every day, before and after the hour
        (Schedule(every="day", hour=9, time_zone="Europe/Berlin"), "2026-11-27T08:59+01:00", "2026-11-27T09:00+01:00"),
        (Schedule(every="day", hour=9, time_zone="Europe/Berlin"), "2026-11-27T09:00+01:00", "2026-11-28T09:00+01:00"),
        # it is tomorrow there already
        (Schedule(every="day", hour=1, time_zone="Asia/Tokyo"), "2026-11-27T20:00+00:00", "2026-11-29T01:00+09:00"),
        # from Friday to Monday
        (Schedule(every="weekday", hour=9), "2026-11-27T09:00+00:00", "2026-11-30T09:00+00:00"),
        # a week later to the hour
        (Schedule(every="week", hour=9, weekday=0), "2026-11-30T09:00+00:00", "2026-12-07T09:00+00:00"),
        (Schedule(every="week", hour=9, weekday=4), "2026-11-25T09:00+00:00", "2026-11-27T09:00+00:00"),
        # the last day of shorter months
        (Schedule(every="month", hour=9, day=31), "2027-01-31T09:00+00:00", "2027-02-28T09:00+00:00"),
        (Schedule(every="month", hour=9, day=31), "2028-02-01T09:00+00:00", "2028-02-29T09:00+00:00"),
        (Schedule(every="month", hour=9, day=1), "2026-12-01T09:00+00:00", "2027-01-01T09:00+00:00"),
        # a zone that nobody knows any more
        (Schedule(every="day", hour=9, time_zone="Mars/Base"), "2026-11-27T08:00+00:00", "2026-11-27T09:00+00:00"),
    ],
)
def test_the_next_time(schedule: Schedule, after: str, expected: str) -> None:
    assert schedule.next_after(moment(after)) == moment(expected)


def test_the_hour_stays_what_the_clock_says_when_clocks_are_changed() -> None:
    daily = Schedule(every="day", hour=9, time_zone="Europe/Berlin")
    before = daily.next_after(moment("2027-03-27T08:30+01:00"))
    assert before == moment("2027-03-27T09:00+01:00")
    assert daily.next_after(before) == moment("2027-03-28T09:00+02:00")


def test_an_hour_that_the_clock_skips_is_the_one_after_it_and_comes_once() -> None:
    nightly = Schedule(every="day", hour=2, time_zone="Europe/Berlin")
    skipped = nightly.next_after(moment("2027-03-28T00:00+01:00"))
    assert skipped == moment("2027-03-28T03:00+02:00")
    assert nightly.next_after(skipped) == moment("2027-03-29T02:00+02:00")


def test_an_hour_that_the_clock_has_twice_comes_once() -> None:
    nightly = Schedule(every="day", hour=2, time_zone="Europe/Berlin")
    first = nightly.next_after(moment("2026-10-25T00:00+02:00"))
    assert first == moment("2026-10-25T02:00+02:00")
    assert nightly.next_after(first) == moment("2026-10-26T02:00+01:00")
