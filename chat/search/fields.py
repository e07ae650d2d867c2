"""Fields that narrow a list of conversations: who, and from which day to which."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from chat import access
from chat.search.days import FIRST_YEAR, LAST_YEAR
from core.web.params import uuid_in

MOST_TAGS = 300
"""Tags that can be chosen by name."""
MOST_PEOPLE = 300
"""Members of a team that can be chosen by name."""
ME = "me"


class DayField(forms.DateField):
    """A day as `2026-11-26`, which is how browsers send it."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": _("Enter a date, such as 2026-11-26.")},
        )

    def clean(self, value: Any) -> Any:
        """The day, in years that a calendar offers."""
        day = super().clean(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("Enter a date, such as 2026-11-26."))
        return day


def people_choices(membership: Membership) -> list[tuple[str, Any]]:
    """Anyone, oneself, and the others on the team by their names."""
    others = Membership.objects.filter(team=membership.team_id).exclude(user=membership.user_id)
    people = [one.user for one in others.select_related("user").order_by("joined_at")[:MOST_PEOPLE]]
    people.sort(key=lambda person: person.display_name.casefold())
    return [("", _("Anyone")), (ME, _("Me")), *((str(person.pk), person.display_name) for person in people)]


def person_in(chosen: str, membership: Membership) -> UUID | None:
    """Whom a choice among `people_choices` means; None for anyone."""
    if chosen == ME:
        return membership.user_id
    return UUID(chosen) if chosen else None


def tag_choices(membership: Membership, chosen: str = "") -> list[tuple[str, Any]]:
    """Any tag, and those that the member sees, by their names; the chosen one also where there are too many."""
    seen = access.visible_tags(membership)
    tags = list(seen[:MOST_TAGS])
    chosen_id = uuid_in(chosen)
    if chosen_id and len(tags) == MOST_TAGS and all(tag.pk != chosen_id for tag in tags):
        tags += seen.filter(pk=chosen_id)
    return [("", _("Any")), *((str(tag.pk), tag.name) for tag in tags)]


def tags_in(chosen: str) -> tuple[UUID, ...]:
    """Which tags a choice among `tag_choices` means."""
    return (UUID(chosen),) if chosen else ()


def start_of(day: date | None, *, after: int = 0) -> datetime | None:
    """When the reader's day begins, or one so many days after it."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=after), time())) if day else None
