"""Numbers, amounts, days and times in the reader's language and time zone, and what a program reads in none."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation

from core.web import formats, money

AT = datetime(2026, 11, 26, 8, 5, tzinfo=UTC)
NARROW, NO_BREAK, RTL = "\u202f", "\u00a0", "\u200f"

WRITTEN = {
    "en": ("1,234,567.5", "$1,234.50", "26 Nov 2026", "26 November", "November 2026", "08:05", "26 Nov 2026, 08:05"),
    "de": (
        "1.234.567,5",
        f"1.234,50{NO_BREAK}$",
        "26. Nov. 2026",
        "26. November",
        "November 2026",
        "08:05",
        "26. Nov. 2026, 08:05",
    ),
    "fr": (
        f"1{NARROW}234{NARROW}567,5",
        f"1{NARROW}234,50{NO_BREAK}$US",
        "26 nov. 2026",
        "26 novembre",
        "novembre 2026",
        "08:05",
        "26 nov. 2026, 08:05",
    ),
    "es": (
        "1.234.567,5",
        f"1.234,50{NO_BREAK}US$",
        "26 nov 2026",
        "26 de noviembre",
        "noviembre de 2026",
        "8:05",
        "26 nov 2026, 8:05",
    ),
    "pt-br": (
        "1.234.567,5",
        f"US${NO_BREAK}1.234,50",
        "26 de nov. de 2026",
        "26 de novembro",
        "novembro de 2026",
        "08:05",
        "26 de nov. de 2026 08:05",
    ),
    "ja": ("1,234,567.5", "$1,234.50", "2026年11月26日", "11月26日", "2026年11月", "8:05", "2026年11月26日 8:05"),
    "zh-hans": (
        "1,234,567.5",
        "US$1,234.50",
        "2026年11月26日",
        "11月26日",
        "2026年11月",
        "08:05",
        "2026年11月26日 08:05",
    ),
    "ar": (
        "1,234,567.5",
        f"{RTL}1,234.50{NO_BREAK}US$",
        "26 نوفمبر 2026",
        "26 نوفمبر",
        "نوفمبر 2026",
        "8:05 ص",
        "26 نوفمبر 2026، 8:05 ص",
    ),
}


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    """Whatever a test changes is changed for the test alone."""
    with translation.override("en"), timezone.override(UTC):
        yield


@pytest.mark.parametrize("language", WRITTEN)
def test_each_language_writes_in_its_own_way_with_western_digits(language: str) -> None:
    with translation.override(language):
        written = (
            formats.number(1234567.5),
            formats.dollars(Decimal("1234.5"), places=2),
            formats.day(AT),
            formats.day_of_year(AT),
            formats.month(AT),
            formats.clock(AT),
            formats.moment(AT),
        )

    assert written == WRITTEN[language]


@pytest.mark.parametrize(
    ("zone", "clock", "day"),
    [
        ("Asia/Kathmandu", "13:50", "26 Nov 2026"),
        ("Pacific/Auckland", "21:05", "26 Nov 2026"),
        ("America/Los_Angeles", "00:05", "26 Nov 2026"),
        ("Pacific/Honolulu", "22:05", "25 Nov 2026"),
    ],
)
def test_days_and_hours_are_those_of_the_zone_in_force(zone: str, clock: str, day: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert (formats.clock(AT), formats.day(AT)) == (clock, day)


def test_the_hour_that_comes_twice_and_the_one_that_never_comes() -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        twice = [formats.clock(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1)]
        skipped = [
            formats.clock(datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
            formats.clock(datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ]

    assert twice == ["02:30", "02:30"]
    assert skipped == ["01:59", "03:00"]


def test_a_date_without_a_time_is_the_same_everywhere() -> None:
    with timezone.override(ZoneInfo("Pacific/Honolulu")):
        assert formats.day(date(2026, 11, 26)) == "26 Nov 2026"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-20", "20 Nov 2026"),
        ("2026-11-20T10:00:00Z", "20 Nov 2026"),
        ("2026-11-20 10:00", "20 Nov 2026"),
        ("2026-11", "2026-11"),
        ("2026", "2026"),
        ("2026-02-31", "2026-02-31"),
        ("2026-11-20x", "2026-11-20x"),
        ("three days ago", "three days ago"),
        ("", ""),
    ],
)
def test_a_day_that_a_service_wrote_by_numbers_is_written_out(text: str, shown: str) -> None:
    assert formats.written_day(text) == shown


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (0, None, "0"),
        (999, None, "999"),
        (1000, None, "1,000"),
        (-1234, None, "-1,234"),
        (0.25, 1, "0.3"),
        (4, 1, "4.0"),
        (Decimal("0.1234567"), None, "0.123457"),
    ],
)
def test_numbers_have_the_places_asked_for_and_a_half_goes_up(
    value: float | Decimal, places: int | None, shown: str
) -> None:
    assert formats.number(value, places=places) == shown


# --- Columns of money -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "shown"),
    [
        (["12", "1.5", "0"], ["$12.00", "$1.50", "$0.00"]),
        (["2", "0.5", "0.25"], ["$2.00", "$0.50", "$0.25"]),
        (["0.118", "0.25"], ["$0.118", "$0.250"]),
        (["0.118", "0.10751", "0.010495", "0.00628", "0"], ["$0.1180", "$0.1075", "$0.0105", "$0.0063", "$0.0000"]),
        (["1234.5678", "0.000001"], ["$1,234.5678", "< $0.0001"]),
        (["3.141593"], ["$3.14"]),
        ([], []),
    ],
)
def test_a_column_has_one_precision(amounts: list[str], shown: list[str]) -> None:
    column = [Decimal(amount) for amount in amounts]
    places = money.column_places(column)

    assert [money.in_column(amount, places) for amount in column] == shown


def test_the_filters_of_money_follow_the_language() -> None:
    source = "{% load figures %}{{ a|dollars }} {{ a|about }} {{ a|in_column:2 }} {{ a|plain }}"
    with translation.override("de"):
        shown = Template(source).render(Context({"a": Decimal("0.12345")}))

    assert shown.replace(NO_BREAK, " ") == "0,12345 $ 0,123 $ 0,12 $ 0.12345"


# --- Templates --------------------------------------------------------------------------------------


def test_a_number_has_marks_only_where_a_filter_says_so() -> None:
    source = '<i data-n="{{ n }}" href="?page={{ n }}">{{ n|number }}</i>'
    for language, shown in (("en", "12,345"), ("de", "12.345"), ("ar", "12,345")):
        with translation.override(language):
            assert Template(source).render(Context({"n": 12345})) == (
                f'<i data-n="12345" href="?page=12345">{shown}</i>'
            )
    assert not settings.USE_THOUSAND_SEPARATOR


def test_a_number_with_marks_counts_in_a_plural() -> None:
    counted = "{% blocktranslate count n=n|number %}{{ n }} answer{% plural %}{{ n }} answers{% endblocktranslate %}"
    shown = [Template("{% load i18n %}" + counted).render(Context({"n": n})) for n in (1, 2, 4321)]

    assert shown == ["1 answer", "2 answers", "4,321 answers"]


def test_a_moment_carries_what_a_script_needs_to_tell_it_elsewhere() -> None:
    with timezone.override(ZoneInfo("Asia/Kathmandu")):
        shown = Template('{% when at %} {% when at "day" %}').render(Context({"at": AT}))

    assert shown == (
        '<time datetime="2026-11-26T08:05:00+00:00" data-shown="moment">26 Nov 2026, 13:50</time> '
        '<time datetime="2026-11-26T08:05:00+00:00" data-shown="day">26 Nov 2026</time>'
    )


def test_the_filters_take_nothing_for_nothing() -> None:
    source = "{{ x|number }}{{ x|day }}{{ x|month }}{{ x|clock }}{{ x|moment }}{{ x|day_of_year }}{{ x|written_day }}"

    assert Template(source).render(Context({"x": None})) == ""


@pytest.mark.parametrize("language", WRITTEN)
def test_djangos_own_pages_have_no_other_clock_and_digits(language: str) -> None:
    with translation.override(language):
        shown = Template("{{ at }} {{ n }}").render(Context({"at": AT, "n": 0.5}))
        expected, clock = formats.number(0.5), formats.clock(AT)

    assert clock in shown
    assert "a.m." not in shown
    assert shown.endswith(expected)


def test_a_number_may_have_more_digits_than_anybody_reads() -> None:
    with translation.override("en"):
        assert formats.number(10**22) == "10,000,000,000,000,000,000,000"
        assert formats.number(1e300).startswith("1,000,000")
