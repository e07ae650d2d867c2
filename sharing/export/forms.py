"""What somebody wants to take out, and how: the form of the export page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sharing.export import making
from sharing.export.content import Along
from sharing.export.formats import FORMATS
from sharing.export.scope import KINDS, MOST_NAMED, TEAM, Scope


class ExportForm(forms.Form):
    """The format and what goes along; of what, in hidden fields."""

    kind = forms.ChoiceField(choices=[(one, one) for one in KINDS], widget=forms.HiddenInput)
    ids = forms.CharField(required=False, max_length=37 * MOST_NAMED, widget=forms.HiddenInput)
    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect)
    pictures = forms.BooleanField(label=_("Pictures"), required=False)
    checks = forms.BooleanField(label=_("Results of citation checks"), required=False)
    reasoning = forms.BooleanField(label=_("Reasoning of the models"), required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = formats_for(kind)
        self.fields["format"].choices = [(name, label) for name, label, _about in self.choices]  # type: ignore[attr-defined]

    def wanted(self) -> Scope:
        """What is to be taken out."""
        return scope_of(self.cleaned_data["kind"], self.cleaned_data["ids"])

    def along(self) -> Along:
        """What goes along."""
        said = self.cleaned_data
        return Along(reasoning=said["reasoning"], pictures=said["pictures"], checks=said["checks"])


def scope_of(kind: str, ids: str) -> Scope:
    """From the fields of a form or an address; what is none of it is left out."""
    return Scope.of({"kind": kind, "ids": ids.split(",", MOST_NAMED)[:MOST_NAMED]})


def formats_for(kind: str) -> list[tuple[str, str, str]]:
    """Name, label and use of each format that there is for this kind."""
    found = [(one.name, str(one.label), str(one.about)) for one in FORMATS.values()]
    if kind == TEAM:
        found.insert(0, (making.ARCHIVE, str(making.ARCHIVE_LABEL), str(making.ARCHIVE_ABOUT)))
    return found
