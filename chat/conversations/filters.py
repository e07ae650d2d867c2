"""What narrows the page of all conversations, as people say it in an address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from chat import access
from chat.conversations.history import HistoryFilter
from chat.models import Conversation
from chat.search.fields import DayField, people_choices, person_in, start_of, tag_choices, tags_in


class HistoryFilterForm(forms.Form):
    """Who started a conversation, when it was last asked in, who sees it, and its tag. Empty fields narrow nothing."""

    VISIBLE_TO = (("", _("Any")), ("team", _("Team")), ("space", _("People in a space")), ("private", _("Only me")))

    by = forms.ChoiceField(required=False, label=_("Started by"))
    since = DayField(_("From"))
    until = DayField(_("To"))
    visible = forms.ChoiceField(choices=VISIBLE_TO, required=False, label=_("Visible to"))
    space = forms.ChoiceField(required=False, label=_("Space"))
    tag = forms.ChoiceField(required=False, label=_("Tag"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, membership: Membership) -> None:
        super().__init__(data, auto_id="filter-%s", label_suffix="")
        self._membership = membership
        self.fields["by"].choices = people_choices(membership)  # type: ignore[attr-defined]
        self.fields["space"].choices = _spaces(membership)  # type: ignore[attr-defined]
        self.fields["tag"].choices = tag_choices(membership, self["tag"].value() or "")  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = _("Choose an option from the list.")

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for a time that ends before it begins."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("“To” can’t be before “From”."))
        return self.cleaned_data

    def condition(self) -> Q:
        """What conversations have to be; nothing is, for a form that cannot be read."""
        if not self.is_valid():
            return Q(pk=None)
        chosen = self.cleaned_data
        wanted = Q()
        if person := person_in(chosen["by"], self._membership):
            wanted &= Q(owner=person)
        if since := start_of(chosen["since"]):
            wanted &= Q(last_asked_at__gte=since)
        if until := start_of(chosen["until"], after=1):
            wanted &= Q(last_asked_at__lt=until)
        if chosen["visible"]:
            wanted &= Q(visibility=Conversation.Visibility(chosen["visible"]))
        if chosen["space"]:
            wanted &= Q(space=chosen["space"])
        for tag in tags_in(chosen["tag"]):
            wanted &= Q(taggings__tag=tag)
        return wanted

    @property
    def tag_names(self) -> list[str]:
        """The tags that can be chosen."""
        return [str(name) for value, name in self.fields["tag"].choices if value]  # type: ignore[attr-defined]

    @property
    def count(self) -> int:
        """How many filters are set."""
        return sum(1 for name in self.fields if self[name].value())

    def query(self, filter: HistoryFilter, **changed: str) -> str:
        """What stands behind the question mark of an address with these filters and the changes."""
        self.is_valid()
        values = {name: str(self.cleaned_data.get(name) or "") for name in self.fields}
        said = {"filter": filter.value, **values, **changed}
        return urlencode({name: value for name, value in said.items() if value})


def _spaces(membership: Membership) -> list[tuple[str, Any]]:
    """All of them, and each that the person may read by its name."""
    named = access.readable_spaces(membership).values_list("pk", "name")
    return [("", _("Any")), *((str(pk), name) for pk, name in named)]
