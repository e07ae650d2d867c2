"""What the operators in a search mean to the person who typed them, as filters and in words.

Only what the person may know of is recognized: teammates, spaces and tags that they see, and models that the team may
ask. Everything else is said to be wrong in the same words, whether or not it is there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Membership
from chat import access
from chat.catalog import offers
from chat.search.days import span_of
from chat.search.facts import UNCHECKED
from chat.search.fields import ME, MOST_TAGS, start_of
from chat.search.filters import NO_FILTERS, SearchFilters
from chat.search.operators import Operator, Typed, read_operators
from chat.search.ranking import HitKind
from core.web.palette import fold, match_rank

MOST_PEOPLE = 500
"""Teammates among whom a name is looked for, those first who have been on the team longest."""
MOST_SPACES = 1_000
"""Spaces among which a name is looked for."""
_MOST_ALIKE = 10
"""People, spaces or models that one value may mean together."""

Label = str | Promise
LABELS: dict[str, Label] = {
    "from": gettext_lazy("Asked by"),
    "site": gettext_lazy("Source site"),
    "in": gettext_lazy("Space"),
    "tag": gettext_lazy("Tag"),
    "model": gettext_lazy("Model"),
    "after": pgettext_lazy("search filter", "From"),
    "before": pgettext_lazy("search filter", "Before"),
    "until": pgettext_lazy("search filter", "To"),
    "on": pgettext_lazy("search filter", "On"),
    "during": pgettext_lazy("search filter", "During"),
    "has": pgettext_lazy("search filter", "Contains"),
    "is": pgettext_lazy("search filter", "Only"),
    "type": pgettext_lazy("search filter", "Found in"),
}
"""What a filter is called where it is shown."""
HAS_LABELS: dict[str, Label] = {
    "table": gettext_lazy("Table"),
    "code": gettext_lazy("Code"),
    "math": gettext_lazy("Formula"),
    "image": gettext_lazy("Image"),
    "file": gettext_lazy("Attached file"),
    "sources": gettext_lazy("Sources"),
    "missing-figure": gettext_lazy("Figure in no source"),
}
IS_LABELS: dict[str, Label] = {
    "private": pgettext_lazy("conversations", "Private"),
    "shared": pgettext_lazy("conversations", "Shared"),
    "pinned": pgettext_lazy("conversations", "Pinned"),
    "archived": pgettext_lazy("conversations", "Archived"),
    "unread": pgettext_lazy("conversations", "Unread"),
    "mine": pgettext_lazy("conversations", "Mine"),
    "unchecked": pgettext_lazy("answers", "Not checked"),
    "verified": pgettext_lazy("answers", "Verified"),
}
TYPE_LABELS: dict[str, Label] = {
    "title": gettext_lazy("Titles"),
    "question": gettext_lazy("Questions"),
    "answer": gettext_lazy("Answers"),
    "source": gettext_lazy("Sources"),
    "document": gettext_lazy("Documents"),
    "image": gettext_lazy("Images"),
}
_ALSO = {
    "has": {"maths": "math", "formula": "math", "tables": "table", "images": "image", "picture": "image",
            "files": "file", "attachment": "file", "attachments": "file", "source": "sources"},
    "is": {"team": "shared", "own": "mine"},
    "type": {},
}  # fmt: skip
_ME = ("me", "myself", "ich", "mich", "mir", "moi", "yo", "mi", "eu", "mim")
CHOICES: dict[str, dict[str, Label]] = {"has": HAS_LABELS, "is": IS_LABELS, "type": TYPE_LABELS}


@dataclass(frozen=True)
class Part:
    """One operator and what it means: alone, as a filter; in the form, as these fields; and in words.

    `problem` says what is wrong with it; then it narrows nothing.
    """

    operator: Operator
    filters: SearchFilters = NO_FILTERS
    fields: tuple[tuple[str, str], ...] = ()
    value: Label = ""
    problem: str = ""

    @property
    def label(self) -> str:
        """The filter in words."""
        said = _("%(name)s: %(value)s") % {"name": LABELS[self.operator.name], "value": self.value}
        return _("Not: %(filter)s") % {"filter": said} if self.operator.negated else said


@dataclass(frozen=True)
class Meaning:
    """What was typed, and what it means. `problems` are sentences for the person."""

    typed: Typed
    parts: tuple[Part, ...]
    problems: tuple[str, ...]
    filters: SearchFilters

    @property
    def words(self) -> str:
        """What is looked for in texts."""
        return self.typed.words

    @property
    def in_force(self) -> list[Part]:
        """The operators that narrow the search."""
        return [part for part in self.parts if not part.problem]


@dataclass
class _Reader:
    """Understands values for one person."""

    membership: Membership
    today: date = field(default_factory=timezone.localdate)

    @cached_property
    def people(self) -> list[tuple[UUID, str, str]]:
        """The teammates: id, user name and name, as they are compared."""
        found = Membership.objects.filter(team=self.membership.team_id).select_related("user").order_by("joined_at")
        return [(one.user_id, one.user.username, one.user.display_name) for one in found[:MOST_PEOPLE]]

    @cached_property
    def spaces(self) -> list[tuple[UUID, str]]:
        """The spaces that the person may read: id and name."""
        return list(
            access.readable_spaces(self.membership).order_by("name", "pk").values_list("pk", "name")[:MOST_SPACES]
        )

    @cached_property
    def tags(self) -> list[tuple[UUID, str]]:
        """The tags that the person sees: id and name."""
        return list(access.visible_tags(self.membership).values_list("pk", "name")[:MOST_TAGS])

    def read(self, operator: Operator) -> Part:
        """What the operator means."""
        how: dict[str, Callable[[Operator], Part]] = {
            "from": self._from,
            "site": self._site,
            "in": self._in,
            "tag": self._tag,
            "model": self._model,
            "has": self._has,
            "is": self._is,
            "type": self._type,
        }
        return how.get(operator.name, self._time)(operator)

    def _from(self, operator: Operator) -> Part:
        wanted = fold(operator.value)
        if wanted in _ME:
            mine = SearchFilters(people=(self.membership.user_id,))
            return Part(operator, mine, (("by", ME),), _("Me"))
        exact = [one for one in self.people if wanted == fold(one[1])] or [
            one for one in self.people if wanted == fold(one[2])
        ]
        wanted = wanted.removeprefix("@")
        alike = exact or [
            one for one in self.people if any(word.startswith(wanted) for word in (fold(one[1]), *fold(one[2]).split()))
        ]
        if not alike:
            return Part(operator, problem=_("Nobody on this team is called “%(name)s”.") % {"name": operator.value})
        alike = alike[:_MOST_ALIKE]
        chosen = ME if alike[0][0] == self.membership.user_id else str(alike[0][0])
        fields = (("by", chosen),) if len(alike) == 1 else ()
        return Part(
            operator, SearchFilters(people=tuple(pk for pk, *_ in alike)), fields, _list(name for *_, name in alike)
        )

    def _site(self, operator: Operator) -> Part:
        host = site_in(operator.value)
        if not host:
            return Part(operator, problem=_("Enter a site, such as example.org."))
        return Part(operator, SearchFilters(sites=(host,)), (("site", host),), host)

    def _in(self, operator: Operator) -> Part:
        wanted = fold(operator.value)
        exact = [one for one in self.spaces if wanted in (fold(one[1]), str(one[0]))]
        alike = exact or [one for one in self.spaces if match_rank(wanted, one[1]) is not None]
        if not alike:
            return Part(operator, problem=_("There’s no space called “%(name)s”.") % {"name": operator.value})
        alike = alike[:_MOST_ALIKE]
        fields = (("space", str(alike[0][0])),) if len(alike) == 1 else ()
        return Part(
            operator, SearchFilters(spaces=tuple(pk for pk, _name in alike)), fields, _list(name for _pk, name in alike)
        )

    def _tag(self, operator: Operator) -> Part:
        wanted = fold(operator.value).removeprefix("#")
        exact = [one for one in self.tags if wanted in (fold(one[1]), str(one[0]))]
        alike = exact or [one for one in self.tags if fold(one[1]).startswith(wanted)]
        if len(alike) != 1:
            return Part(operator, problem=_("There’s no tag called “%(name)s”.") % {"name": operator.value})
        tag, name = alike[0]
        return Part(operator, SearchFilters(tags=(tag,)), (("tag", str(tag)),), name)

    def _model(self, operator: Operator) -> Part:
        wanted = fold(operator.value)
        made = offers.offers(self.membership.team)
        exact = [one for one in made if wanted in (one.id.lower(), one.model.lower(), fold(one.label))]
        alike = exact or [one for one in made if wanted in fold(one.label) or wanted in one.id.lower()]
        if not alike:
            problem = _("Your team has no model called “%(name)s”. Try %(models)s.")
            some = _list([one.id for one in made if not one.retired][:4])
            return Part(operator, problem=problem % {"name": operator.value, "models": some})
        alike = alike[:_MOST_ALIKE]
        models = tuple((one.provider, one.model) for one in alike)
        fields = (("model", alike[0].id),) if len(alike) == 1 else ()
        return Part(operator, SearchFilters(models=models), fields, _list(one.label for one in alike))

    def _has(self, operator: Operator) -> Part:
        what = _choice(operator)
        if not what:
            return _no_choice(operator)
        return Part(operator, SearchFilters(has=(what,)), (("has", what),), HAS_LABELS[what])

    def _is(self, operator: Operator) -> Part:
        what, me = _choice(operator), self.membership.user_id
        meant = {
            "private": (SearchFilters(private=True), "visible"),
            "shared": (SearchFilters(private=False), "visible"),
            "pinned": (SearchFilters(pinned=True), "only"),
            "archived": (SearchFilters(archived=True), "state"),
            "unread": (SearchFilters(unread_by=me), "only"),
            "mine": (SearchFilters(owner=me), "only"),
            "unchecked": (SearchFilters(has=(UNCHECKED,)), "only"),
            "verified": (SearchFilters(verified_on=self.today), "only"),
        }.get(what)
        return Part(operator, meant[0], ((meant[1], what),), IS_LABELS[what]) if meant else _no_choice(operator)

    def _type(self, operator: Operator) -> Part:
        what = _choice(operator)
        if not what:
            return _no_choice(operator)
        return Part(operator, SearchFilters(kinds=frozenset({HitKind(what)})), (("kind", what),), TYPE_LABELS[what])

    def _time(self, operator: Operator) -> Part:
        span = span_of(operator.value, today=self.today)
        if span is None:
            return Part(
                operator,
                problem=_("“%(value)s” isn’t a date. Try 2026-11-26, 2026-11, 2026, today, yesterday or 7d.")
                % {"value": operator.value},
            )
        first, after = span
        since = None if operator.name in ("before", "until") else first
        until = {"after": None, "before": first}.get(operator.name, after)
        fields = (
            *([("since", f"{since:%Y-%m-%d}")] if since else []),
            *([("until", f"{date.fromordinal(until.toordinal() - 1):%Y-%m-%d}")] if until else []),
        )
        return Part(operator, SearchFilters(since=start_of(since), until=start_of(until)), fields, operator.value)


def read_meaning(text: str, membership: Membership) -> Meaning:
    """What the text asks for, to this member. There is no text of which this can't be said."""
    typed = read_operators(text)
    reader = _Reader(membership)
    parts = tuple(reader.read(operator) for operator in typed.operators)
    problems = list(dict.fromkeys(part.problem for part in parts if part.problem))
    problems += [
        _("“%(name)s:” isn’t a filter, so it was searched for as text.") % {"name": name} for name in typed.unknown[:3]
    ]
    if typed.too_many:
        problems.append(_("That’s more filters than one search takes. The last ones were left out."))
    return Meaning(typed, parts, tuple(problems), _together([part for part in parts if not part.problem]))


def site_in(text: str) -> str:
    """The host alone, whether an address was typed or a site with its *www*; empty for what is neither."""
    typed = text.strip().lower()
    host = typed.partition("://")[2] if "://" in typed else typed
    host = host.partition("/")[0].removeprefix("www.").removeprefix("*.").strip(".")
    return host if host and len(host) <= 253 and all(letter.isalnum() or letter in "-." for letter in host) else ""


def _together(parts: Sequence[Part]) -> SearchFilters:
    """All at once: of several people, sites, models or kinds any one, of everything else each."""
    all_of = NO_FILTERS
    for part in parts:
        one = part.filters
        if part.operator.negated:
            all_of = replace(all_of, unless=(*all_of.unless, one))
            continue
        changed: dict[str, Any] = {
            name: getattr(all_of, name) + getattr(one, name)
            for name in ("people", "sites", "spaces", "tags", "models", "has")
        }
        changed["kinds"] = all_of.kinds | one.kinds
        changed["since"] = max(filter(None, (all_of.since, one.since)), default=None)
        changed["until"] = min(filter(None, (all_of.until, one.until)), default=None)
        for name in ("pinned", "archived", "owner", "unread_by", "verified_on"):
            changed[name] = getattr(one, name) or getattr(all_of, name)
        if one.private is not None:
            contradicts = all_of.private not in (None, one.private)
            changed["private"] = one.private
            changed["unless"] = (*all_of.unless, *([SearchFilters(private=one.private)] if contradicts else []))
        all_of = replace(all_of, **changed)
    return all_of


def _choice(operator: Operator) -> str:
    """Which choice is meant by the value: one of them, another word for it, or how no other one begins."""
    wanted, also = fold(operator.value), _ALSO[operator.name]
    choices = CHOICES[operator.name]
    if wanted in choices or wanted in also:
        return also.get(wanted, wanted)
    by_label = [name for name, label in choices.items() if wanted == fold(str(label))]
    begun = by_label or [name for name in choices if len(wanted) > 1 and name.startswith(wanted)]
    plural = [name for name in choices if wanted == f"{name}s"]
    found = plural or begun
    return found[0] if len(found) == 1 else ""


def _no_choice(operator: Operator) -> Part:
    problem = _("“%(typed)s” isn’t a filter. Try %(choices)s.")
    name = operator.name
    choices = _list(f"{name}:{choice}" for choice in CHOICES[name])
    return Part(operator, problem=problem % {"typed": f"{name}:{operator.value}", "choices": choices})


def _list(names: Any) -> str:
    return ", ".join(map(str, names))
