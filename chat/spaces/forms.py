"""What people type about a space."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team
from chat.catalog import offers
from chat.models import Space, SpaceMember
from chat.spaces.service import SpaceWish
from core.text import one_line

LONGEST_NAME = Space._meta.get_field("name").max_length
LONGEST_DESCRIPTION = Space._meta.get_field("description").max_length
ROLE_PREFIX = "role:"
"""Before the id of a membership, in the names of the fields that say who is in a space."""


class SpaceForm(forms.Form):
    """What a space is called and looks like."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        strip=False,
        error_messages={
            "required": _("Enter a name."),
            "max_length": _("A name can have up to %(limit_value)d characters; this one has %(show_value)d."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(
        label=_("Description (optional)"),
        max_length=LONGEST_DESCRIPTION,
        required=False,
        error_messages={
            "max_length": _("A description can have up to %(limit_value)d characters; this one has %(show_value)d."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    colour = forms.ChoiceField(
        label=_("Color"),
        choices=Space.Colour,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the colors.")},
    )

    def clean_name(self) -> str:
        """The name on one line."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean_description(self) -> str:
        """The description on one line."""
        return one_line(self.cleaned_data["description"])

    def clean_colour(self) -> str:
        """The color; grey where none was chosen."""
        return self.cleaned_data["colour"] or Space.Colour.GREY

    @property
    def wish(self) -> SpaceWish:
        """What a valid form asks for."""
        said = self.cleaned_data
        return SpaceWish(name=said["name"], description=said["description"], colour=said["colour"])


class NewSpaceForm(SpaceForm):
    """A space to make, for everyone on the team or for some."""

    EVERYONE, CHOSEN = "everyone", "chosen"

    people = forms.ChoiceField(
        label=_("Who is in it"),
        choices=[(EVERYONE, _("Everyone on the team")), (CHOSEN, _("Only people you choose"))],
        required=False,
        error_messages={"invalid_choice": _("Choose one of the two.")},
    )

    @property
    def is_for_chosen(self) -> bool:
        """Whether the form says that only some are in it."""
        return bool(self["people"].value() == self.CHOSEN)


class SpaceSettingsForm(SpaceForm):
    """What a space is like, and how questions in it begin. `model` counts only with `own_model`."""

    own_model = forms.BooleanField(label=_("Questions here start with a certain model"), required=False)
    model = forms.CharField(required=False, max_length=160)
    visible_to = forms.ChoiceField(
        label=_("New questions are visible to"),
        choices=Space.Asking,
        error_messages={
            "required": _("Choose who will see new questions."),
            "invalid_choice": _("Choose who will see new questions."),
        },
    )

    check_citations = forms.BooleanField(label=_("Check the citations in answers here"), required=False)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._team = team

    @property
    def offer(self) -> offers.Offer:
        """The model whose options the form has: the one that it names, else the team's default one."""
        name = str(self["model"].value() or "").strip()
        return offers.find_offer(name, self._team) or offers.default_offer(self._team)

    def clean_model(self) -> str:
        """The id of an offer that the team may ask. Raises ValidationError for any other."""
        name = str(self.cleaned_data["model"]).strip()
        offer = offers.find_offer(name, self._team) if name else None
        if not self.cleaned_data.get("own_model"):
            return ""
        if offer is None or offer.retired:
            raise ValidationError(_("This model isn’t available here. Choose another one."))
        return offer.id


class SpaceRoleForm(forms.Form):
    """What somebody may do in a space."""

    role = forms.ChoiceField(label=_("Role"), choices=SpaceMember.Role.choices)


class SpaceMemberForm(SpaceRoleForm):
    """Who is to come into a space."""

    member = forms.UUIDField(label=_("Person"))


def chosen_people(data: Mapping[str, Any], teammates: Iterable[Membership]) -> dict[UUID, str]:
    """The roles that the form gives to these teammates, by the ids of their memberships; without those it leaves
    out."""
    found = {mate.pk: str(data.get(f"{ROLE_PREFIX}{mate.pk}", "")) for mate in teammates}
    return {pk: role for pk, role in found.items() if role in SpaceMember.Role.values}
