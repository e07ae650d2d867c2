"""What narrows a search as fields that can be chosen: another face of what stands in the search box as operators.

The text has the say, and an address needs nothing else. A form is sent with what its fields said when it was shown
(`was`), so that a field that somebody changed is told from one that is older than the text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership
from chat import access
from chat.catalog import offers
from chat.search.fields import ME, MOST_TAGS, DayField, people_choices, tag_choices
from chat.search.filters import SearchFilters
from chat.search.meaning import HAS_LABELS, IS_LABELS, MOST_SPACES, TYPE_LABELS, Meaning, Part, read_meaning, site_in
from chat.search.operators import without_operators, written
from chat.search.ranking import SearchOrder

_LONGEST_SITE = 253  # characters of a host name, by RFC 1035
_SEVERAL = ("has", "only")
"""Fields of which several choices can be set."""
_ONLY = ("mine", "pinned", "unread", "unchecked", "verified")
Values = Mapping[str, tuple[str, ...]]


class SearchFilterForm(forms.Form):
    """Who asked, when, with which model, with a source of which site, what is in it, which conversations, which kind of
    text; and what comes first. Empty fields narrow nothing."""

    STATES = (("", _("Any")), ("current", _("Not archived")), ("archived", _("Archived only")))
    VISIBLE = (("", _("Any")), ("private", _("Only me")), ("shared", pgettext_lazy("conversations", "Shared")))
    ORDERS = ((SearchOrder.BEST.value, _("Best match")), (SearchOrder.NEWEST.value, _("Newest first")))

    by = forms.ChoiceField(required=False, label=_("Asked by"))
    since = DayField(_("From"))
    until = DayField(_("To"))
    site = forms.CharField(
        required=False,
        max_length=_LONGEST_SITE,
        label=_("Source site"),
        widget=forms.TextInput(attrs={"placeholder": "example.org", "inputmode": "url"}),
    )
    model = forms.ChoiceField(required=False, label=_("Model"))
    space = forms.ChoiceField(required=False, label=_("Space"))
    tag = forms.ChoiceField(required=False, label=_("Tag"))
    kind = forms.ChoiceField(
        required=False,
        label=pgettext_lazy("search filter", "Found in"),
        choices=[("", pgettext_lazy("search filter", "Everything")), *TYPE_LABELS.items()],
    )
    visible = forms.ChoiceField(choices=VISIBLE, required=False, label=_("Visible to"))
    state = forms.ChoiceField(choices=STATES, required=False, label=_("State"))
    has = forms.MultipleChoiceField(
        choices=list(HAS_LABELS.items()),
        required=False,
        label=pgettext_lazy("search filter", "Contains"),
        widget=forms.CheckboxSelectMultiple,
    )
    only = forms.MultipleChoiceField(
        choices=[(name, IS_LABELS[name]) for name in _ONLY],
        required=False,
        label=pgettext_lazy("search filter", "Only"),
        widget=forms.CheckboxSelectMultiple,
    )
    sort = forms.ChoiceField(choices=ORDERS, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, membership: Membership) -> None:
        super().__init__(data, auto_id="filter-%s", label_suffix="")
        self.fields["by"].choices = people_choices(membership)  # type: ignore[attr-defined]
        spaces = access.readable_spaces(membership).order_by("name", "pk").values_list("pk", "name")[:MOST_SPACES]
        self.fields["space"].choices = [("", _("Any")), *((str(pk), name) for pk, name in spaces)]  # type: ignore[attr-defined]
        if not spaces:
            del self.fields["space"]
        tags = tag_choices(membership, self["tag"].value() or "")
        self.fields["tag"].choices = tags  # type: ignore[attr-defined]
        if len(tags) == 1:
            del self.fields["tag"]
        self.fields["model"].choices = _model_choices(membership)  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "search-filter"
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = _("Choose an option from the list.")

    def clean_site(self) -> str:
        """The host alone, whether an address was typed or a site with its *www*."""
        typed: str = self.cleaned_data["site"]
        host = site_in(typed)
        if typed.strip() and not host:
            raise ValidationError(_("Enter a site, such as example.org."))
        return host

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for a time that ends before it begins."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("“To” can’t be before “From”."))
        return self.cleaned_data

    @property
    def values(self) -> Values:
        """What the form's fields say, each as none, one or several texts."""
        read = {name: self.cleaned_data.get(name) for name in self.fields if name != "sort"}
        listed = {name: value if isinstance(value, list) else [value] for name, value in read.items()}
        return {name: tuple(str(one) for one in value if one) for name, value in listed.items()}


@dataclass(frozen=True)
class AskedSearch:
    """A search as an address asks for it. `form` has the fields as they are shown; with errors in it, nothing is
    searched."""

    meaning: Meaning
    form: SearchFilterForm
    order: SearchOrder

    def filters(self, conversation: UUID | None = None) -> SearchFilters:
        """What narrows the search, in one conversation if one is named."""
        return replace(self.meaning.filters, conversation=conversation)

    @property
    def text(self) -> str:
        """What stands in the search box."""
        return self.meaning.typed.text

    @property
    def was(self) -> str:
        """What the fields say that are shown, for the form to bring back."""
        return _as_query(_values_of(self.meaning.parts))

    def query(self, *, text: str | None = None, **changed: str) -> str:
        """What stands behind the question mark of an address with this search and the changes, without what is
        empty."""
        said = {"q": self.text.strip() if text is None else text, "sort": self.order.value, **changed}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def chips(self) -> list[tuple[str, str]]:
        """The filters in force in words, each with the address without it."""
        typed = self.meaning.typed
        return [
            (part.label, self.query(text=without_operators(typed, part.operator))) for part in self.meaning.in_force
        ]

    @property
    def without_filters(self) -> str:
        """The address with the words alone."""
        return self.query(text=self.meaning.words.strip())


def read_search(data: QueryDict, membership: Membership) -> AskedSearch:
    """What an address asks for: its text, changed by the fields that somebody set."""
    meaning = read_meaning(data.get("q", ""), membership)
    sent = SearchFilterForm(_with_old_names(data), membership=membership)
    is_valid = sent.is_valid()
    order = SearchOrder(sent.cleaned_data.get("sort") or "")
    if not is_valid:
        return AskedSearch(meaning, sent, order)
    before = _from_query(data.get("was", ""))
    changed = {name for name, value in sent.values.items() if set(value) != set(before.get(name, ()))}
    if changed:
        meaning = read_meaning(_rewritten(meaning, changed, sent.values, membership), membership)
    shown: dict[str, Any] = {
        name: list(value) if name in _SEVERAL else value[0] for name, value in _values_of(meaning.parts).items()
    }
    form = SearchFilterForm(shown | {"sort": order.value}, membership=membership)
    form.is_valid()
    return AskedSearch(meaning, form, order)


def _rewritten(meaning: Meaning, changed: set[str], values: Values, membership: Membership) -> str:
    """The text with other operators for these fields. One that stands for several of them is written anew as a
    whole."""
    gone: list[Part] = []
    touched = set(changed)
    for part in meaning.parts:
        names = {name for name, _value in _fields_of(part)}
        if names & touched:
            gone.append(part)
            touched |= names
    kept = without_operators(meaning.typed, *(part.operator for part in gone))
    added = [operator for name in values if name in touched for operator in _operators(name, values[name], membership)]
    return " ".join([kept, *added]).strip()


def _operators(field: str, values: Sequence[str], membership: Membership) -> list[str]:
    """How the field's values are typed."""
    if field == "by":
        people = Membership.objects.filter(team=membership.team_id).values_list("user_id", "user__username")
        called = {str(pk): name for pk, name in people.filter(user__in=[one for one in values if one != ME])}
        return [written("from", called.get(value, value)) for value in values]
    names = {"since": "after", "kind": "type", "visible": "is", "only": "is"}
    if field == "space":
        named = access.readable_spaces(membership).values_list("pk", "name")
        called = {str(pk): name for pk, name in named}
        alone = [name for name in called.values() if list(called.values()).count(name) == 1]
        return [written("in", called[one] if called.get(one) in alone else one) for one in values]
    if field == "tag":
        tags = {str(tag.pk): tag.name for tag in access.visible_tags(membership)[:MOST_TAGS]}
        return [written("tag", tags.get(one, one)) for one in values]
    if field == "state":
        return [written("is", "archived", negated=value == "current") for value in values]
    return [written(names.get(field, field), value) for value in values]


def _fields_of(part: Part) -> tuple[tuple[str, str], ...]:
    """The fields that say the same as an operator."""
    if part.problem:
        return ()
    if part.operator.negated:
        return (("state", "current"),) if part.fields == (("state", "archived"),) else ()
    return part.fields


def _values_of(parts: Iterable[Part]) -> Values:
    """What the fields say when these operators are in force: the first where a field takes only one."""
    found: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for name, value in _fields_of(part):
            if name in _SEVERAL:
                found[name] = tuple(dict.fromkeys((*found.get(name, ()), value)))
            else:
                found.setdefault(name, (value,))
    return found


def _as_query(values: Values) -> str:
    return urlencode([(name, one) for name, value in values.items() for one in value])


def _from_query(text: str) -> Values:
    found: dict[str, tuple[str, ...]] = {}
    try:
        for name, value in parse_qsl(text[:2_000], max_num_fields=40):
            found[name] = (*found.get(name, ()), value)
    except ValueError:
        return {}
    return found


def _with_old_names(data: QueryDict) -> QueryDict:
    """The address as it is written now: files were a field of their own."""
    if not data.get("attached"):
        return data
    changed = data.copy()
    changed.appendlist("has", "file")
    return changed


def _model_choices(membership: Membership) -> list[tuple[str, Any]]:
    return [("", _("Any")), *((offer.id, offer.label) for offer in offers.offers(membership.team))]
