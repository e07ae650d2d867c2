"""Forms about documents."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.documents.service import LONGEST_NAME


class DocumentNameForm(forms.Form):
    """Another name for a document."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
