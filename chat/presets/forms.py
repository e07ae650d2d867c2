"""What people type about a preset."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chat.models import Preset
from core.text import one_line

LONGEST_NAME = Preset._meta.get_field("name").max_length


class PresetNameForm(forms.Form):
    """A name for a preset: one line of 1 to LONGEST_NAME characters that can be seen."""

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

    def clean_name(self) -> str:
        """The name on one line."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(self.fields["name"].error_messages["required"])
        return name


class SavePresetForm(PresetNameForm):
    """What becomes of the composer's options: under which name, with its model or for any, shared or not."""

    with_model = forms.BooleanField(label=_("Also save the model"), required=False)
    shared = forms.BooleanField(label=_("Share with the team"), required=False)
    replace = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def wish(self) -> dict[str, Any]:
        """What a valid form asks for, in the words of `presets.save_preset`, besides the options and the model."""
        return {name: self.cleaned_data[name] for name in ("name", "shared", "replace")}
