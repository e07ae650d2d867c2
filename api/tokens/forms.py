"""What people say about a new access token."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Membership
from api.models import Scope, Token
from chat import access
from chat.models import Space
from core.text import one_line
from core.web.params import uuid_in

LONGEST_LIFE = timedelta(days=365)
ON_A_DATE = "date"
_WHAT = {
    Scope.READ: _("Read and search what you can read"),
    Scope.ASK: _("Ask questions in your name, at the team’s cost"),
    Scope.DRAW: _("Have images drawn in your name"),
    Scope.REVIEW: _("See images that wait for review, and decide about them"),
}


def scopes_of(membership: Membership) -> list[Scope]:
    """Those that are of use to the person: nobody can give a program more than they have themselves."""
    asks = [Scope.ASK, Scope.DRAW] if membership.may_ask else []
    return [Scope.READ, *asks, *([Scope.REVIEW] if membership.is_reviewer else [])]


class TokenForm(forms.Form):
    """A name, what the program may do, where its questions go, and until when."""

    name = forms.CharField(
        label=_("Name"),
        max_length=Token._meta.get_field("name").max_length,
        help_text=_("Such as the program or the device that will use it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter a name."),
            "max_length": _("A name can have up to %(limit_value)d characters; this one has %(show_value)d."),
        },
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one thing that the token may do."),
            "invalid_choice": _("You can’t give a token this right."),
        },
    )
    space = forms.ChoiceField(
        label=_("Where its questions go"),
        required=False,
        error_messages={"invalid_choice": _("You can’t ask in this space. Choose another one.")},
    )
    expiry = forms.ChoiceField(
        label=_("Expires"),
        choices=[
            (str(days), ngettext_lazy("In %(days)d day", "In %(days)d days", days) % {"days": days})
            for days in (30, 90, 365)
        ]
        + [(ON_A_DATE, _("On a date"))],
        initial="90",
        error_messages={"invalid_choice": _("Choose when the token expires.")},
    )
    date = forms.DateField(
        label=_("Date"),
        required=False,
        help_text=_("Only if you chose “On a date”. At most a year from now."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._spaces = {str(space.pk): space for space in access.offered_places(membership).spaces}
        self._membership = membership
        scopes, space = self.fields["scopes"], self.fields["space"]
        assert isinstance(scopes, forms.ChoiceField)
        assert isinstance(space, forms.ChoiceField)
        scopes.choices = [(scope.value, _WHAT[scope]) for scope in scopes_of(membership)]
        space.choices = [("", _("Only me")), *((key, one.name) for key, one in self._spaces.items())]
        if not membership.may_ask:
            del self.fields["space"]

    def clean_name(self) -> str:
        """The name on one line."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse a day that has gone, or is too far away."""
        asked = self.cleaned_data
        if asked.get("expiry") == ON_A_DATE and not self.errors.get("date"):
            day, today = asked.get("date"), timezone.localdate()
            if day is None:
                self.add_error("date", _("Enter the date on which the token expires."))
            elif not today < day <= today + LONGEST_LIFE:
                self.add_error("date", _("Choose a date from tomorrow to a year from now."))
        return asked

    @property
    def expires_at(self) -> datetime:
        """Until when the token of a valid form works: so many days from now, or to the beginning of the day."""
        asked = self.cleaned_data
        if asked["expiry"] == ON_A_DATE:
            return timezone.make_aware(datetime.combine(asked["date"], time.min))
        return timezone.now() + timedelta(days=int(asked["expiry"]))

    @property
    def chosen_space(self) -> Space | None:
        """Where the questions of a valid form's token go; None for its person alone."""
        space_id: UUID | None = uuid_in(self.cleaned_data.get("space"))
        return self._spaces.get(str(space_id)) if space_id else None
