"""The part of a question's form that says what is attached to it."""

import uuid
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from chat.attachments import service as attachment_service
from chat.models import Attachment


class AttachmentField(forms.Field):
    """The ids of uploads, each once and in their order."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[uuid.UUID]:
        """The ids. Raises ValidationError for what is none."""
        try:
            return list(dict.fromkeys(uuid.UUID(str(one)) for one in value or ()))
        except ValueError:
            raise forms.ValidationError(_("One of the attachments couldn’t be found. Attach it again.")) from None


class AttachmentsForm(forms.Form):
    """A form that takes uploads along.

    `by` is who sends it: only their own uploads can be attached. `refused` are the reasons why files that came with
    the form itself are not taken.
    """

    attachment = AttachmentField(required=False)

    def __init__(self, *args: Any, by: User | None = None, refused: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by = by
        self._refused = refused

    @cached_property
    def attachments(self) -> list[Attachment]:
        """The uploads that the form names and that its sender can send, also before the form was looked at."""
        said = getattr(self, "cleaned_data", {})
        wanted = said.get("attachment") or _identifiers(self["attachment"].value())
        if not self._by or not wanted or not self.is_bound:
            return []
        key = attachment_service.question_key(said["key"], said["text"]) if {"key", "text"} <= set(said) else None
        return attachment_service.sendable_uploads(by=self._by, ids=wanted, key=key)

    def clean(self) -> dict[str, Any]:
        """See that every attachment is there, and that they can go together."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        wanted = said.get("attachment") or []
        if len(self.attachments) < len(wanted):
            self.refuse_attachments()
        if problem := attachment_service.attachments_problem(self.attachments):
            self.add_error("attachment", problem)
        for sentence in self._refused:
            self.add_error("attachment", sentence)
        if self.attachments and not str(self.data.get("text", "")).strip():
            self.errors["text"] = self.error_class([_("Write a question about the attachments first.")])
        return said

    def refuse_attachments(self) -> None:
        """Say that something which was attached cannot be sent any more."""
        self.add_error("attachment", _("An attachment was already removed or sent. Attach it again."))


def _identifiers(said: Sequence[Any] | None) -> list[uuid.UUID]:
    try:
        return AttachmentField(required=False).clean(said)
    except forms.ValidationError:
        return []
