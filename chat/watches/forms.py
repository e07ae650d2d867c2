"""What people fill in about a watch."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.forms import Dollars
from chat.models import Watch
from chat.watches.service import Plan
from core.web import formats
from core.web.money import plain_amount

MOST = 100_000  # US dollars a month


def _hours() -> list[tuple[int, str]]:
    """The hours of a day as the reader writes them."""
    today = datetime(2024, 1, 1)  # noqa: DTZ001 - of no zone: an hour of any wall clock
    return [(hour, formats.clock(datetime.combine(today, time(hour)))) for hour in range(24)]


def _weekdays() -> list[tuple[int, str]]:
    return [(number, str(name)) for number, name in WEEKDAYS.items()]


class WatchForm(forms.Form):
    """When a question is asked again, and how much that may cost."""

    every = forms.TypedChoiceField(label=_("How often"), choices=Watch.Every.choices)
    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=_weekdays, coerce=int, required=False)
    day = forms.IntegerField(label=_("Day of the month"), min_value=1, max_value=31, required=False)
    hour = forms.TypedChoiceField(label=_("Time"), choices=_hours, coerce=int)
    budget = Dollars(
        label=_("Limit per month in US dollars"),
        min_value=0,
        max_value=MOST,
        decimal_places=6,
        error_messages={
            "required": _("Enter an amount such as 2.50."),
            "invalid": _("Enter an amount such as 2.50."),
            "min_value": _("A limit can’t be negative."),
            "max_value": _("A limit can be at most $100,000."),
        },
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    until = forms.DateField(
        label=_("Last day (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Enter a day such as 2027-01-31.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "watch-%s", **kwargs})

    def clean_weekday(self) -> int:
        """Monday where nothing was said."""
        return self.cleaned_data["weekday"] or 0

    def clean_day(self) -> int:
        """The first one where nothing was said."""
        return self.cleaned_data["day"] or 1

    def clean_until(self) -> Any:
        """A day that has not passed."""
        until = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return until

    def plan(self, *, time_zone: str) -> Plan:
        """What a valid form asks for, by the clock of this zone."""
        return Plan(**self.cleaned_data, time_zone=time_zone)


def values_of(watch: Watch) -> dict[str, Any]:
    """What the form is filled with for a watch that is there."""
    return {
        "every": watch.every,
        "weekday": watch.weekday,
        "day": watch.day,
        "hour": watch.hour,
        "budget": plain_amount(watch.budget),
        "until": watch.until,
    }
