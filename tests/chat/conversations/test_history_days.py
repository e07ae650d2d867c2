"""Today, yesterday and the days before, as the reader counts them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chat.conversations.history import HistoryDay, day_of
from tests.chat.conversations.conftest import HTMX, Make, as_

ZONES = ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"]
TODAY, YESTERDAY, WEEK, OLDER = HistoryDay


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("clock", [(0, 0), (0, 1), (12, 0), (23, 59)])
def test_a_day_ends_at_the_readers_midnight(zone: str, clock: tuple[int, int]) -> None:
    there = ZoneInfo(zone)
    now = datetime(2026, 11, 26, *clock, tzinfo=there)
    midnight = datetime(2026, 11, 26, tzinfo=there)
    second = timedelta(seconds=1)
    with timezone.override(there):
        days = [
            day_of(moment.astimezone(UTC), now=now.astimezone(UTC))
            for moment in (
                midnight,
                midnight - second,
                midnight - timedelta(days=1),
                midnight - timedelta(days=1) - second,
                midnight - timedelta(days=7),
                midnight - timedelta(days=7) - second,
            )
        ]

    assert days == [TODAY, YESTERDAY, YESTERDAY, WEEK, WEEK, OLDER]


@pytest.mark.parametrize(
    ("zone", "now", "moment", "day"),
    [
        # The day on which clocks go forward has 23 hours, and the one on which they go back has 25.
        ("Europe/Berlin", (2026, 3, 30, 0, 30), (2026, 3, 29, 0, 30), YESTERDAY),
        ("Europe/Berlin", (2026, 3, 30, 0, 30), (2026, 3, 28, 23, 59), WEEK),
        ("Europe/Berlin", (2026, 10, 26, 0, 30), (2026, 10, 25, 0, 0), YESTERDAY),
        ("America/Los_Angeles", (2026, 11, 1, 23, 59), (2026, 11, 1, 0, 0), TODAY),
        # Midnight does not exist on the day on which clocks go forward there.
        ("America/Santiago", (2026, 9, 6, 1, 0), (2026, 9, 5, 23, 59), YESTERDAY),
    ],
)
def test_days_of_other_lengths_are_days(
    zone: str, now: tuple[int, ...], moment: tuple[int, ...], day: HistoryDay
) -> None:
    there = ZoneInfo(zone)
    with timezone.override(there):
        assert day_of(datetime(*moment, tzinfo=there), now=datetime(*now, tzinfo=there)) == day  # type: ignore[misc, arg-type]


@pytest.mark.django_db
def test_the_sidebar_of_each_reader_has_days_of_their_own(alice: User, bob: User, converse: Make) -> None:
    """Tokyo and Buenos Aires are twelve hours apart: what was asked twelve hours ago is of today for one of them."""
    converse(title="Now")
    converse(title="Before", ago=timedelta(hours=12))
    shown = {}
    for person, zone in ((alice, "Asia/Tokyo"), (bob, "America/Argentina/Buenos_Aires")):
        client = as_(person)
        client.cookies["time_zone"] = zone
        shown[zone] = headings(client)
        there = ZoneInfo(zone)
        ago = timezone.localdate(timezone=there) - timezone.localdate(timezone.now() - timedelta(hours=12), there)
        assert shown[zone] == (["Today"] if not ago.days else ["Today", "Yesterday"])

    assert sorted(shown.values()) == [["Today"], ["Today", "Yesterday"]]


@pytest.mark.django_db
def test_a_sidebar_that_was_drawn_for_other_days_is_drawn_anew(alice: User, converse: Make) -> None:
    """The first page that a browser ever gets knows no zone; once it has said its own, the list is asked for again."""
    for hours in range(0, 48, 6):
        converse(title=f"{hours} hours ago", ago=timedelta(hours=hours))
    client = as_(alice)
    first = client.get("/history/", headers=HTMX).content.decode()
    client.cookies["time_zone"] = "Pacific/Kiritimati"
    again = client.get("/history/", headers=HTMX).content.decode()

    assert first != again


def headings(client: Client) -> list[str]:
    page = client.get("/").content.decode()
    return [part.split("<", 1)[0] for part in page.split('<h2 class="history-day">')[1:]]
