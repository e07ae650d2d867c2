"""The day of a source, out of what the service wrote as its date."""

from datetime import date

import pytest

from chat.templatetags.answers import source_day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02T23:59:00Z", date(2026, 3, 2)),
        ("2026-03", None),
        ("2026", None),
        ("2026-02-30", None),
        ("March 2, 2026", None),
        ("", None),
    ],
)
def test_a_date_names_a_day_or_is_shown_as_it_was_written(written: str, day: date | None) -> None:
    assert source_day(written) == day
