"""What people type about a conversation."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation, Tag
from chat.search.words import fold_text
from core.text import one_line

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


class TagForm(forms.Form):
    """The name of a tag: one line of 1 to Tag.LONGEST characters, with something in it that can be compared."""

    name = forms.CharField(label=_("Tag"), max_length=Tag.LONGEST, strip=False)

    def clean_name(self) -> str:
        """The name on one line."""
        name = one_line(self.cleaned_data["name"])
        if not folded_name(name):
            raise ValidationError(_("Enter a name."))
        return name

    @property
    def problem(self) -> str:
        """What is wrong with the name, in one sentence."""
        return gettext("A tag must have 1 to %(most)d characters.") % {"most": Tag.LONGEST} if self.errors else ""


def folded_name(name: str) -> str:
    """How the name of a tag is compared: without case and accents; empty for a name of which nothing is left."""
    return fold_text(one_line(name))[: 4 * Tag.LONGEST]
