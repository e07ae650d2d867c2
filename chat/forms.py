"""The forms in which people ask."""

import re
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from chat import catalogue

LONGEST_QUESTION = 50_000  # characters
# Line breaks and tabs are part of a question; other control characters cannot be seen, sent or stored.
LINE_END = re.compile("\r\n|[\r\u2028\u2029]")
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class QuestionText(forms.CharField):
    """What a person asks: any text of sensible length, without characters that nobody can see."""

    default_error_messages = {"required": _("Write a question first.")}

    def __init__(self) -> None:
        super().__init__(label=_("Question"), widget=forms.Textarea, max_length=LONGEST_QUESTION)
        self.error_messages["max_length"] = ngettext_lazy(
            "A question can have %(limit_value)d character; this one has %(show_value)d.",
            "A question can have %(limit_value)d characters; this one has %(show_value)d. "
            "Shorten it, or ask in several steps.",
            LONGEST_QUESTION,
        )

    def to_python(self, value: Any) -> str:
        """The text with plain line ends."""
        text = super().to_python(INVISIBLE.sub("", LINE_END.sub("\n", value or "")))
        return text or ""


class ModelField(forms.CharField):
    """The model that is to answer: one that is offered and not retired."""

    def clean(self, value: Any) -> catalogue.Offer:
        """The offer behind the name; without a name, the default one. Raises ValidationError with the way out."""
        offer = catalogue.find(str(value or "").strip())
        if offer is None:
            raise forms.ValidationError(_("This model is not offered here. Choose another one."))
        if offer.retired:
            raise forms.ValidationError(offer.retired_note)
        return offer


class AgainForm(forms.Form):
    """Which model shall answer. `key` makes one answer of a form that is sent several times."""

    model = ModelField(label=_("Model"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _("Send the question once more.")})

    @property
    def wish(self) -> dict[str, Any]:
        """What a valid form asks for, in the words of `asking`."""
        offer: catalogue.Offer = self.cleaned_data["model"]
        return {"model": offer.id, "provider": offer.provider, "key": self.cleaned_data["key"]}


class AskForm(AgainForm):
    """A question for a model."""

    text = QuestionText()

    @property
    def wish(self) -> dict[str, Any]:
        """What a valid form asks for, in the words of `asking`."""
        return {**super().wish, "text": self.cleaned_data["text"]}


def blank(*, model: str = "") -> AskForm:
    """An empty form with a key of its own."""
    return AskForm(initial={"model": model or catalogue.default().id, "key": uuid.uuid4()})


def refilled(form: AskForm) -> AskForm:
    """The refused form as it was sent, with a new key if its own cannot be used."""
    if "key" in form.errors:
        kept = {name: form.data.get(name, "") for name in form.fields}
        form.data = {**kept, "key": str(uuid.uuid4())}
    return form
