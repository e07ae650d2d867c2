"""The form in which a key is entered."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.debug import sensitive_variables

from chat.connection import encryption

LONGEST_KEY = 512  # characters; Perplexity's have 53
LONGEST_PASTED = 2000  # characters, with what was copied around it
WAITS_FOR = 900  # seconds that a key which could not be tested waits to be saved anyway

_AROUND = re.compile(r"^(?:(?:export\s+)?PERPLEXITY_API_KEY\s*=|Authorization\s*:|Bearer\s)\s*", re.IGNORECASE)
_CHARACTERS = re.compile(r"[A-Za-z0-9._~+/=:-]+")
_OTHERS = {
    "sk-ant-": "Anthropic",
    "sk-or-": "OpenRouter",
    "sk-": "OpenAI",
    "AIza": "Google",
    "gsk_": "Groq",
    "xai-": "xAI",
    "hf_": "Hugging Face",
}
"""How keys for other services begin, the longest first where one begins as another does."""


class KeyForm(forms.Form):
    """A key that is entered, or one that `waiting` carries, encrypted, since it could not be tested a moment ago."""

    key = forms.CharField(
        label=gettext_lazy("API key"),
        required=False,
        max_length=LONGEST_PASTED,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off", "dir": "ltr"}
        ),
        help_text=gettext_lazy("It starts with pplx-. Blanks and line breaks around or inside it don’t matter."),
        error_messages={"max_length": gettext_lazy("This is too long for a key. Copy the key alone.")},
    )
    waiting = forms.CharField(required=False, max_length=LONGEST_PASTED, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = self.fields["key"]
        del key.widget.attrs["maxlength"]  # a browser would cut what is pasted, without a word
        if settings.PERPLEXITY_BASE_URL:  # whose keys may look any way
            key.help_text = gettext("Blanks and line breaks around or inside it don’t matter.")

    @sensitive_variables("key", "pasted")
    def clean_key(self) -> str:
        """The key without what was copied around it. Raises ValidationError for what cannot be one."""
        pasted = "".join(char for char in self.cleaned_data["key"] if char.isprintable() or char.isspace()).strip()
        while (bare := _AROUND.sub("", pasted.strip("\"'`“”‘’ \t\r\n"))) != pasted:
            pasted = bare
        key = "".join(pasted.split())
        if not key:
            return ""
        if len(key) > LONGEST_KEY:
            raise ValidationError(gettext("This is too long for a key. Copy the key alone."))
        if not _CHARACTERS.fullmatch(key):
            raise ValidationError(gettext("This contains characters that a key can’t have. Copy the key again."))
        if not settings.PERPLEXITY_BASE_URL and (service := _other_service(key)):
            sentence = gettext("This looks like a key for %(service)s. Perplexity’s keys start with pplx-.")
            raise ValidationError(sentence % {"service": service})
        return key

    def clean(self) -> dict[str, Any]:
        """Either of the two has to be there."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if "key" in found and not found["key"]:
            found["key"] = self._waiting_key()
        return found

    def _waiting_key(self) -> str:
        waiting = self.cleaned_data.get("waiting")
        if not waiting:
            self.add_error("key", gettext("Enter a key."))
            return ""
        try:
            return encryption.decrypt(waiting, purpose=encryption.WAITING, max_age=WAITS_FOR)
        except encryption.Unreadable:
            self.add_error("key", gettext("The page was open for too long. Enter the key again."))
            return ""


@sensitive_variables("key")
def carried(key: str) -> str:
    """The key as a form can carry it for a quarter of an hour, unreadable to everybody."""
    return encryption.encrypt(key, purpose=encryption.WAITING)


def _other_service(key: str) -> str:
    """Whose key this is by its beginning; empty where nobody knows."""
    return next((service for beginning, service in _OTHERS.items() if key.startswith(beginning)), "")
