"""What people type about a conversation."""

from typing import ClassVar

from django import forms

from chat.models import Conversation


class RenameForm(forms.ModelForm):  # type: ignore[type-arg]
    """Another title: one line of 1 to 200 characters."""

    class Meta:
        model = Conversation
        fields: ClassVar = ["title"]

    def clean_title(self) -> str:
        """The title on one line."""
        title: str = self.cleaned_data["title"]
        return " ".join(title.split())
