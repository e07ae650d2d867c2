"""What people say when they verify an answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models import Answer, Verification
from chat.search.fields import DayField
from chat.sources.verified.sentences import LONGEST, Stretch, find_sentence
from chat.sources.verified.service import VerificationWish

LONGEST_NOTE = Verification._meta.get_field("note").max_length or 500
LONGEST_TIME = timedelta(days=3_660)


class VerifyForm(forms.Form):
    """Which sentence, a note, and until when. All of it can be left empty.

    With `of`, it changes that verification, and the sentence stays. `near` is how many letters of the answer stand
    before the words, where a script knows.
    """

    sentence = forms.CharField(
        label=_("Sentence (optional)"),
        required=False,
        max_length=LONGEST,
        help_text=_("Leave this empty to verify the whole answer."),
        error_messages={"max_length": _("A sentence can have up to %(limit_value)d characters.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(
        label=_("Note (optional)"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("Such as how you checked it. Everyone who can read the answer sees it."),
        error_messages={
            "max_length": _("A note can have up to %(limit_value)d characters; this one has %(show_value)d.")
        },
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    until = DayField(_("Verified until (optional)"))
    near = forms.IntegerField(required=False, min_value=0, max_value=100_000_000, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, answer: Answer, of: Verification | None = None
    ) -> None:
        initial = {"note": of.note, "until": of.until} if of else {}
        # Several can be open on a page.
        super().__init__(data, auto_id=f"verify-{of.pk if of else answer.pk}-%s", label_suffix="", initial=initial)
        self._answer, self._of = answer, of
        if of:
            del self.fields["sentence"], self.fields["near"]
        else:
            self.fields["until"].help_text = _("You’re reminded a week before and when it ends.")

    def clean_note(self) -> str:
        """The note without blanks around it."""
        note: str = self.cleaned_data["note"]
        return note.strip()

    def clean_until(self) -> Any:
        """A day that is still to come, or today. Raises ValidationError."""
        until, today = self.cleaned_data["until"], timezone.localdate()
        if until and not today <= until <= today + LONGEST_TIME:
            raise ValidationError(_("Choose a day from today on, at most ten years ahead."))
        return until

    def clean(self) -> dict[str, Any]:
        """Finds the sentence. Raises ValidationError for words that are not in the answer."""
        words = self.cleaned_data.get("sentence")
        if words:
            found = find_sentence(self._answer.html, words, near=self.cleaned_data.get("near") or 0)
            if found is None:
                self.add_error("sentence", _("These words aren’t in the answer. Copy them from its text."))
            self.cleaned_data["found"] = found
        return self.cleaned_data

    def wish(self) -> VerificationWish:
        """What a form that is valid asks for."""
        return VerificationWish(
            sentence=self._sentence(), note=self.cleaned_data["note"], until=self.cleaned_data["until"]
        )

    def _sentence(self) -> Stretch | None:
        if self._of is None:
            return self.cleaned_data.get("found")
        of = self._of
        return None if of.start is None or of.end is None else Stretch(of.start, of.end, of.text)
