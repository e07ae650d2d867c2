"""What can stand behind an operator while somebody types it: `from:` offers teammates, `is:` its choices."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Membership
from chat import access
from chat.catalog import offers
from chat.search.fields import MOST_TAGS
from chat.search.meaning import CHOICES, MOST_PEOPLE, MOST_SPACES
from chat.search.operators import NAMES, written
from core.web.palette import fold, match_rank

MOST = 8
"""Suggestions that are shown."""
_INSIDE = 2
"""The rank of what has the typed letters somewhere inside its words; it is offered where nothing begins with them."""
_SHOWN = ("from", "site", "in", "tag", "model", "after", "before", "during", "has", "is", "type")
"""Operators that are offered, in their order; the others are understood all the same."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What would be typed, and what it means. `goes_on` says that a value has yet to follow."""

    text: str
    says: str
    goes_on: bool = False


def operators_said() -> list[Suggestion]:
    """All operators that are offered, each with an example of what it finds."""
    said = {
        "from": _("who asked, such as from:me"),
        "site": _("a source’s site, such as site:arxiv.org"),
        "in": _('in a space, such as in:"Q3 plan"'),
        "tag": _("a tag of the conversation"),
        "model": _("the model that answered"),
        "after": _("from a day or month on, such as after:2026-01"),
        "before": _("before a day or month"),
        "during": _("in a month or year"),
        "has": _("what an answer contains, such as has:table"),
        "is": _("which conversations or answers, such as is:private or is:verified"),
        "type": _("where the words stand, such as type:question"),
    }
    alone = {
        "unchecked": _("answers whose citations haven’t been checked"),
        "figure-missing": _("answers with a figure that is in no source"),
    }
    with_values = [Suggestion(f"{name}:", said[name], goes_on=True) for name in _SHOWN if name in said]
    return [*with_values, *(Suggestion(f"{name}:", says) for name, says in alone.items())]


def suggestions(token: str, membership: Membership) -> list[Suggestion]:
    """What the operator that is being typed may become, the likeliest first: its value, or before the colon its
    name."""
    typed = token[:100].replace("\x00", "")
    negated = typed.startswith("-")
    name, colon, value = typed.removeprefix("-").partition(":")
    sign = "-" if negated else ""
    if not colon:
        offered = [one for one in operators_said() if one.text.startswith(fold(name))]
        return [Suggestion(sign + one.text, one.says, goes_on=one.goes_on) for one in offered][:MOST]
    operator = next((one for one, names in NAMES.items() if fold(name) in names.split()), "")
    values = _VALUES.get(operator)
    if values is None:
        return []
    bare = value.strip('"')
    ranked = [
        (rank, text, says)
        for text, says in values(membership)
        if (rank := match_rank(bare, f"{text} {says}")) is not None
    ]
    ranked.sort(key=lambda found: found[0])
    if ranked and ranked[0][0] < _INSIDE:
        ranked = [one for one in ranked if one[0] < _INSIDE]
    return [Suggestion(written(operator, text, negated=negated), says) for _rank, text, says in ranked[:MOST]]


def _people(membership: Membership) -> list[tuple[str, str]]:
    found = Membership.objects.filter(team=membership.team_id).exclude(user=membership.user_id)
    people = [one.user for one in found.select_related("user").order_by("joined_at")[:MOST_PEOPLE]]
    people.sort(key=lambda person: fold(person.display_name))
    return [("me", _("Me")), *((person.username, person.display_name) for person in people)]


def _spaces(membership: Membership) -> list[tuple[str, str]]:
    found = access.readable_spaces(membership).order_by("name", "pk").values_list("name", flat=True)[:MOST_SPACES]
    return [(name, "") for name in dict.fromkeys(found)]


def _tags(membership: Membership) -> list[tuple[str, str]]:
    return [(name, "") for name in access.visible_tags(membership).values_list("name", flat=True)[:MOST_TAGS]]


def _models(membership: Membership) -> list[tuple[str, str]]:
    return [(offer.id, offer.label) for offer in offers.offers(membership.team) if not offer.retired]


def _days(_membership: Membership) -> list[tuple[str, str]]:
    today = timezone.localdate()
    return [
        ("today", _("Today")),
        ("yesterday", _("Yesterday")),
        ("7d", _("7 days ago")),
        ("30d", _("30 days ago")),
        *_months(today),
    ]


def _spans(_membership: Membership) -> list[tuple[str, str]]:
    today = timezone.localdate()
    return [*_months(today), (f"{today:%Y}", f"{today:%Y}"), (f"{today.year - 1}", f"{today.year - 1}")]


def _months(today: date) -> list[tuple[str, str]]:
    """This month and the one before."""
    this = today.replace(day=1)
    before = (this - timedelta(days=1)).replace(day=1)
    return [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in (this, before)]


def _choices(name: str) -> Callable[[Membership], list[tuple[str, str]]]:
    return lambda _membership: [(choice, str(label)) for choice, label in CHOICES[name].items()]


_VALUES: dict[str, Callable[[Membership], list[tuple[str, str]]]] = {
    "from": _people,
    "in": _spaces,
    "tag": _tags,
    "model": _models,
    "after": _days,
    "before": _days,
    "until": _days,
    "on": _days,
    "during": _spans,
    "has": _choices("has"),
    "is": _choices("is"),
    "type": _choices("type"),
}
"""What stands behind each operator: texts and what they mean."""
