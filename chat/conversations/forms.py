"""What people type about a conversation."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation

LONGEST_TITLE = Conversation._meta.get_field("title").max_length


class RenameForm(forms.Form):
    """Another title: one line of 1 to LONGEST_TITLE characters that can be seen."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, strip=False)

    def clean_title(self) -> str:
        """The title on one line."""
        title = one_line(self.cleaned_data["title"])
        if not title:
            raise ValidationError(_("Enter a title."))
        return title


def one_line(text: str) -> str:
    """The text on one line, without what cannot be seen."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable()).strip()
