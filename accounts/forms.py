"""What people fill in about themselves and their teams."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserCreationForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts import time_zones
from accounts.models import Membership, Team, User
from accounts.services.invitations import LONGEST, USUAL
from core.text import LONGEST_INSTRUCTIONS, visible_text


class AccountForm(UserCreationForm):  # type: ignore[type-arg]
    """A new account."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "full_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _(
            "Up to 150 characters: letters, digits and @ . + - _. You sign in with it."
        )
        self.fields["full_name"].label = _("Full name (optional)")
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"
        self.fields["password2"].label = _("Confirm password")
        self.fields["password2"].help_text = ""

    def unsaved_user(self) -> User:
        """The account with its password set, not saved yet: hashing takes long, and no transaction should wait."""
        user: User = self.save(commit=False)
        return user


class FirstAccountForm(AccountForm):
    """The first account, and the team it owns."""

    team_name = forms.CharField(
        label=_("Team name"), max_length=80, help_text=_("Everyone on the team sees it. You can change it later.")
    )

    field_order = ["username", "full_name", "team_name", "password1", "password2"]


class PersonNameForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a person is called."""

    class Meta:
        model = User
        fields = ("full_name",)
        help_texts = {"full_name": _("Shown to teammates next to your questions. Without it they see your username.")}
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name"})}


def _languages() -> list[tuple[str, Any]]:
    return [("", _("Follow my browser")), *settings.LANGUAGES]


class LanguageForm(forms.Form):
    """The language of the interface; empty for the one that the browser asks for."""

    language = forms.ChoiceField(label=_("Language"), required=False, choices=_languages)


class TimeZoneForm(forms.Form):
    """In which time zone a person sees days and hours; none for that of their browser."""

    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, user: User, browser: str, **kwargs: Any) -> None:
        chosen = user.time_zone if user.time_zone_is_chosen else ""
        super().__init__(*args, **kwargs)
        spelt = time_zones.spelt_today(browser).replace("_", " ")
        follow = _("Follow my browser (%(zone)s)") % {"zone": spelt} if browser else _("Follow my browser")
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.initial = chosen
        field.choices = [("", follow), (time_zones.UTC.key, time_zones.UTC.key), *time_zones.places().items()]
        if chosen and not field.valid_value(chosen):  # an older name of it
            field.choices = [*field.choices, (chosen, chosen)]
        self.now = timezone.now()


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a team is called."""

    class Meta:
        model = Team
        fields = ("name",)
        labels = {"name": _("Team name")}


class RoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)


class InvitationForm(forms.Form):
    """An invitation to make."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role.choices,
        initial=Membership.Role.MEMBER,
        help_text=_("Viewers can read. Members can also ask. Owners can also manage the team."),
    )
    note = forms.CharField(
        label=_("Who it’s for (optional)"),
        max_length=120,
        required=False,
        help_text=_("A note for owners, to remember who the link was for."),
    )
    days = forms.IntegerField(
        label=_("Days until it expires"),
        min_value=1,
        max_value=LONGEST,
        initial=USUAL,
    )


class Dollars(forms.DecimalField):
    """An amount of US dollars, also written with the sign. A comma means different things to different people."""

    default_error_messages = {
        "invalid": _("Enter an amount such as 12.50, or leave this empty for no limit."),
        "min_value": _("A limit can’t be negative."),
        "max_value": _("A limit can be at most $100,000. Leave this empty for no limit."),
        "max_decimal_places": _("An amount can have at most six decimal places."),
    }

    def to_python(self, value: Any) -> Any:
        """The amount as a Decimal; None for an empty field."""
        return super().to_python(str(value or "").replace("$", "").strip())


class LimitForm(forms.Form):
    """How much may be spent in a month; empty for as much as one likes."""

    limit = Dollars(
        label=_("Monthly limit in US dollars"), required=False, min_value=0, max_value=100_000, decimal_places=6
    )


class LongText(forms.CharField):
    """Several paragraphs without characters that nobody can see. A browser never cuts what is pasted: we say what is
    too long, and the form keeps it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text with plain line ends."""
        return super().to_python(visible_text(value or "")) or ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without the limit, beyond which browsers drop what is pasted."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class InstructionsForm(forms.Form):
    """Standing instructions, and which version of them the form was filled with; empty for none."""

    text = LongText(
        label=_("Instructions"),
        required=False,
        max_length=LONGEST_INSTRUCTIONS,
        error_messages={
            "max_length": ngettext_lazy(
                (
                    "Instructions can be at most %(limit_value)d character long; yours have %(show_value)d. "
                    "Shorten them. Nothing was saved."
                ),
                "Instructions can be at most %(limit_value)d characters long; yours have %(show_value)d. Shorten "
                "them. Nothing was saved.",
                LONGEST_INSTRUCTIONS,
            )
        },
    )
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
