"""What the owners of a team fill in about the models and tools that it uses."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from chat.catalog import team_choice
from chat.catalog.offers import Offer

ALL, CHOSEN = "all", "chosen"
_SCOPES = {
    "models_scope": [(ALL, _("All models, including new ones")), (CHOSEN, _("Only these"))],
    "tools_scope": [(ALL, _("All tools, including new ones")), (CHOSEN, _("Only these"))],
}


class TeamChoiceForm(forms.Form):
    """Which of the `offers`, and which tools, the team may use. Without data it begins with what holds now."""

    models_scope = forms.ChoiceField(choices=_SCOPES["models_scope"], widget=forms.RadioSelect)
    models = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    tools_scope = forms.ChoiceField(choices=_SCOPES["tools_scope"], widget=forms.RadioSelect)
    tools = forms.MultipleChoiceField(
        choices=[(name, tool.label) for name, tool in team_choice.TOOLS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, team: Team, offers: Sequence[Offer]) -> None:
        models, tools = team_choice.models_of(team), team_choice.tools_of(team)
        initial = {
            "models_scope": ALL if models is None else CHOSEN,
            "models": [offer.id for offer in offers if models is None or offer.id in models],
            "tools_scope": ALL if team.allowed_tools is None else CHOSEN,
            "tools": sorted(tools),
        }
        super().__init__(data, initial=initial)
        self._usable = {offer.id for offer in offers if not offer.retired}
        self.fields["models"].choices = [(offer.id, offer.label) for offer in offers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a choice that leaves nobody to ask."""
        chosen = self.cleaned_data.get("models", [])
        if self.cleaned_data.get("models_scope") == CHOSEN and not self._usable.intersection(chosen):
            self.add_error("models", _("Choose at least one available model."))
        return self.cleaned_data

    @property
    def allowed_models(self) -> list[str] | None:
        """The ids of the models that a valid form allows; None for all."""
        return self._chosen("models")

    @property
    def allowed_tools(self) -> list[str] | None:
        """The names of the tools that a valid form allows; None for all."""
        return self._chosen("tools")

    def _chosen(self, name: str) -> list[str] | None:
        return self.cleaned_data[name] if self.cleaned_data[f"{name}_scope"] == CHOSEN else None
