"""What somebody says of a site."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.models import SiteMark
from core.text import one_line


class SiteMarkForm(forms.Form):
    """A mark, and why. Whoever blocks a site or calls it doubtful says why, for others meet it."""

    mark = forms.ChoiceField(label=_("Mark"), choices=SiteMark.Mark, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def clean_reason(self) -> str:
        """On one line."""
        return one_line(self.cleaned_data["reason"])

    @property
    def said(self) -> SiteMark.Mark:
        """The mark that was chosen."""
        return SiteMark.Mark(self.cleaned_data["mark"])
