"""What people ask for when they want a picture."""

import uuid
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from imaging.generation import service as generation
from imaging.generation import worker
from imaging.generation.service import DEFAULT_LANGUAGE, LONGEST_PROMPT, DrawWish
from imaging.models import GeneratedImage
from upstream.catalog.languages import LANGUAGES

CHOICES = [(DEFAULT_LANGUAGE, _("English (US)")), *LANGUAGES.items()]


class DrawForm(forms.Form):
    """A prompt, and how it is to be drawn. `key` makes one image of a form that is sent twice."""

    key = forms.UUIDField(error_messages={"required": _("This page is out of date."), "invalid": _("Load it again.")})
    prompt = forms.CharField(
        label=_("Prompt"),
        max_length=LONGEST_PROMPT,
        error_messages={
            "required": _("Say what is to be drawn."),
            "max_length": _("A prompt has at most %(limit_value)d characters; this one has %(show_value)d."),
        },
    )
    model = forms.ChoiceField(
        label=_("Model"),
        required=False,
        error_messages={"invalid_choice": _("This model is not offered any more. Choose another one.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=CHOICES,
        error_messages={"invalid_choice": _("Choose one of the languages.")},
    )
    incognito = forms.BooleanField(
        label=_("Incognito"),
        required=False,
        help_text=_("The service keeps nothing of it in the history of the account behind the gateway."),
    )
    conversation = forms.UUIDField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = self.fields["model"]
        assert isinstance(model, forms.ChoiceField)
        model.choices = [
            (one.name, format_lazy("{}: {}", one.name, one.description) if one.description else one.name)
            for one in worker.drawing_models().search
        ]

    def clean_prompt(self) -> str:
        """The prompt with the line ends of this world."""
        prompt: str = self.cleaned_data["prompt"]
        return prompt.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def wish(self) -> DrawWish:
        """What a valid form asks for."""
        asked = self.cleaned_data
        return DrawWish(asked["prompt"], asked["model"], asked["language"] or DEFAULT_LANGUAGE, asked["incognito"])


def blank_draw_form(user: User, *, prompt: str = "", conversation: uuid.UUID | None = None) -> DrawForm:
    """An empty form, set as this person set the last one."""
    listed = worker.drawing_models()
    last = GeneratedImage.objects.filter(requested_by=user, first=None).only("model", "language", "incognito").first()
    offered = {model.name for model in listed.search}
    return DrawForm(
        initial={
            "key": uuid.uuid4(),
            "prompt": prompt[: generation.LONGEST_PROMPT],
            "model": last.model if last and last.model in offered else listed.default_search,
            "language": last.language if last else DEFAULT_LANGUAGE,
            "incognito": last.incognito if last else True,
            "conversation": conversation,
        }
    )
