"""When a watched question is asked next: at an hour of the wall clock where its owner lives.

An hour that a clock skips in spring is the first one after it; one that it has twice in autumn is the first of both.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.time_zones import UTC as NO_ZONE
from accounts.time_zones import zone_named
from chat.models import Watch

FRIDAY = 4
RUNS_A_MONTH = {Watch.Every.DAY: 31, Watch.Every.WEEKDAY: 23, Watch.Every.WEEK: 5, Watch.Every.MONTH: 1}
"""How often a question is asked in a month at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often, and at which full hour. `weekday` (0 is Monday) counts for a week, `day` for a month: the last one
    where the month is shorter."""

    every: str
    hour: int
    weekday: int = 0
    day: int = 1
    time_zone: str = "UTC"

    def next_after(self, moment: datetime) -> datetime:
        """The first time after the moment, in UTC."""
        zone = zone_named(self.time_zone) or NO_ZONE
        today = moment.astimezone(zone).date()
        return next(at for day in self._days_from(today) if (at := _hour_of(day, self.hour, zone)) > moment)

    def _days_from(self, today: date) -> Iterator[date]:
        """The days on which it is asked, from this one on, for as long as it takes to find one."""
        for ahead in range(64):
            day = today + timedelta(days=ahead)
            if self._is_on(day):
                yield day

    def _is_on(self, day: date) -> bool:
        match self.every:
            case Watch.Every.WEEKDAY:
                return day.weekday() <= FRIDAY
            case Watch.Every.WEEK:
                return day.weekday() == self.weekday
            case Watch.Every.MONTH:
                return day.day == min(self.day, monthrange(day.year, day.month)[1])
            case _:
                return True


def schedule_of(watch: Watch) -> Schedule:
    """When the watch is due."""
    return Schedule(every=watch.every, hour=watch.hour, weekday=watch.weekday, day=watch.day, time_zone=watch.time_zone)


def local_day(watch: Watch, moment: datetime) -> date:
    """Which day it is at the moment where the watch's owner lives."""
    return moment.astimezone(zone_named(watch.time_zone) or NO_ZONE).date()


def _hour_of(day: date, hour: int, zone: ZoneInfo) -> datetime:
    # There and back again: what the clock skips comes out as much later as it skips.
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
