"""What people fill in about themselves and their teams."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm, UserCreationForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts import guest_list, time_zones
from accounts.models import Membership, Team, User
from accounts.services.invitations import LONGEST, MOST_USES, USUAL, Guest
from core.text import LONGEST_INSTRUCTIONS, can_be_seen, one_line, visible_text
from core.web import mail


class _Named:
    """A form with how a person is called. A name that nobody can see is none."""

    cleaned_data: dict[str, Any]

    def clean_full_name(self) -> str:
        """The name on one line."""
        return one_line(self.cleaned_data["full_name"])


class AccountForm(_Named, UserCreationForm):  # type: ignore[type-arg]
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

    def _post_clean(self) -> None:
        """Say all that is wrong with the passwords at once: Django judges one only if it was typed twice alike."""
        super()._post_clean()  # type: ignore[misc]  # Django's own, of which the stubs know nothing
        password = self.cleaned_data.get("password1")
        if password and self.has_error("password2", "password_mismatch"):
            try:
                password_validation.validate_password(password, self.instance)
            except ValidationError as weak:
                self.add_error("password1", weak)

    def unsaved_user(self) -> User:
        """The account with its password set, not saved yet: hashing takes long, and no transaction should wait."""
        user: User = self.save(commit=False)
        return user


class ChosenPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A new password for somebody who need not know the one before it; in the words of the form for an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password2"].label = _("Confirm password")
        self.fields["new_password2"].help_text = ""


class OwnPasswordForm(ChosenPasswordForm, PasswordChangeForm):
    """Another password for somebody who types the one that they have."""

    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Current password")


class FirstAccountForm(AccountForm):
    """The first account, and the team it owns."""

    team_name = forms.CharField(
        label=_("Team name"), max_length=80, help_text=_("Everyone on the team sees it. You can change it later.")
    )

    field_order = ["username", "full_name", "team_name", "password1", "password2"]

    def clean_team_name(self) -> str:
        """The name on one line."""
        return _seen(self.cleaned_data["team_name"])


class PersonNameForm(_Named, forms.ModelForm):  # type: ignore[type-arg]
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

    def clean_name(self) -> str:
        """The name on one line."""
        return _seen(self.cleaned_data["name"])


def _seen(name: str) -> str:
    """The name on one line. Raises ValidationError where nobody can see it."""
    line = one_line(name)
    if not line:
        raise forms.ValidationError(_("Enter a name."))
    return line


class ImageReviewForm(forms.Form):
    """Whether the team sees generated images only once somebody has approved them."""

    APPROVED, AT_ONCE = "approved", "at_once"

    images = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[
            (APPROVED, _("Reviewers approve images before the team sees them")),
            (AT_ONCE, _("The team sees images right away")),
        ],
        error_messages={
            "required": _("Choose one of the two."),
            "invalid_choice": _("Choose one of the two."),
        },
    )


class RoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)


class LongText(forms.CharField):
    """Several paragraphs without characters that nobody can see. A browser never cuts what is pasted: we say what is
    too long, and the form keeps it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text with plain line ends; nothing where it is made of what nobody can see."""
        text = super().to_python(visible_text(value or "")) or ""
        return text if can_be_seen(text) else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without the limit, beyond which browsers drop what is pasted."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class _JoiningForm(forms.Form):
    """What every invitation says: with which role, and for how long."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role.choices,
        initial=Membership.Role.MEMBER,
        help_text=_("Viewers can read. Members can also ask. Owners can also manage the team."),
    )
    days = forms.IntegerField(
        label=_("Days until it expires"),
        min_value=1,
        max_value=LONGEST,
        initial=USUAL,
    )


class InvitationForm(_JoiningForm):
    """Invitations to make: a link for each of some people, or for one who is not named."""

    people = LongText(
        label=_("Who to invite (optional)"),
        required=False,
        max_length=20_000,
        help_text=_("One name or e-mail address per line, up to 50. Each gets a link of their own."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    send = forms.BooleanField(label=_("Send the links by e-mail"), required=False, initial=True)

    field_order = ["people", "role", "days", "send"]

    def clean_people(self) -> list[Guest]:
        """The people, each address once. Somebody without a name where nobody is named."""
        guests = guest_list.read_guests(self.cleaned_data["people"])
        return guests or [Guest()]


class JoinLinkForm(_JoiningForm):
    """A link by which several people can join."""

    uses = forms.IntegerField(label=_("How many people can use it"), min_value=2, max_value=MOST_USES, initial=10)
    domain = forms.CharField(
        label=_("Only for e-mail addresses at (optional)"),
        max_length=120,
        required=False,
        help_text=_("Such as example.org. People then confirm their address before they can join."),
    )

    field_order = ["role", "uses", "days", "domain"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "link_%s", **kwargs})
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [choice for choice in Membership.Role.choices if choice[0] != Membership.Role.OWNER]
        role.help_text = _("Viewers can read. Members can also ask. Invite each owner separately.")
        if not mail.is_set():
            del self.fields["domain"]

    def clean_domain(self) -> str:
        """The domain without what people write before it."""
        domain = str(self.cleaned_data["domain"]).strip().lstrip("@").lower()
        if domain and not guest_list.is_address(f"name@{domain}"):
            raise forms.ValidationError(_("Enter a domain such as example.org."))
        return domain


class AddressForm(forms.Form):
    """A person's e-mail address, and their password, without which nobody changes it."""

    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OwnLinkForm(forms.Form):
    """Where somebody at a join link's domain reads mail."""

    address = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
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
