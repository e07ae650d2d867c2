"""What people type about a report."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chat.rendering.text import tidy
from core.text import one_line
from sharing.models import Report, ReportVersion
from sharing.reports.composing import LONGEST, too_long
from sharing.reports.service import Draft

LONGEST_TITLE = Report._meta.get_field("title").max_length
LONGEST_NOTE = ReportVersion._meta.get_field("note").max_length


class _MarkdownField(forms.CharField):
    """Text as it is stored: lines end with one character, whatever a browser sends."""

    def to_python(self, value: Any) -> str:
        return tidy(str(super().to_python(value) or ""))


class ReportTitleForm(forms.Form):
    """The title of a new report: one line of 1 to LONGEST_TITLE characters."""

    title = forms.CharField(
        label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_title(self) -> str:
        """The title on one line."""
        title = one_line(self.cleaned_data["title"])
        if not title:
            raise ValidationError(_("Enter a title."))
        return title


class ReportForm(ReportTitleForm):
    """A report as somebody edits it: title, text, a note on what changed, and which version they began with."""

    text = _MarkdownField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true", "dir": "auto"}),
    )
    note = forms.CharField(
        label=_("What changed (optional)"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """The text, if a report can be as long."""
        text: str = self.cleaned_data["text"]
        if len(text) > LONGEST:
            raise ValidationError(too_long())
        return text

    def draft(self) -> Draft:
        """What is to be saved."""
        return Draft(self.cleaned_data["title"], self.cleaned_data["text"], one_line(self.cleaned_data["note"]))
