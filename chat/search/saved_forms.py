"""What people type about a search that they keep."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chat.models import SavedSearch
from chat.search.operators import LONGEST_TYPED
from core.text import one_line

LONGEST_NAME = SavedSearch._meta.get_field("name").max_length


class SearchNameForm(forms.Form):
    """A name for a search: one line of 1 to LONGEST_NAME characters that can be seen."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        error_messages={
            "required": _("Enter a name."),
            "max_length": _("A name can have up to %(limit_value)d characters; this one has %(show_value)d."),
        },
    )

    def clean_name(self) -> str:
        """The name on one line."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(self.fields["name"].error_messages["required"])
        return name


class SavedSearchForm(SearchNameForm):
    """A search and the name under which it is kept."""

    query = forms.CharField(
        max_length=LONGEST_TYPED, error_messages={"required": _("There’s nothing to save. Search for something first.")}
    )
    sort = forms.ChoiceField(choices=[("", ""), ("new", "")], required=False)
