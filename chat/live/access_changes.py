"""Hears in this process when what somebody may read could have changed. What others change is found by looking."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from accounts.models import Membership, User
from chat.models import Conversation, Space, SpaceMember

Changed = str | UUID | None
"""The session key, or the id of the person or conversation; None where it may be anybody's."""


class AccessChanges:
    """Calls `heard` in the event loop with what was changed, after the commit of it."""

    def __init__(self, heard: Callable[[Changed], object]) -> None:
        self._heard = heard
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to listen."""
        self._loop = loop
        post_delete.connect(self._session_ended, sender=Session)
        for changed in (post_save, post_delete):
            changed.connect(self._membership_changed, sender=Membership)
        post_save.connect(self._person_or_conversation_changed, sender=User)
        post_save.connect(self._person_or_conversation_changed, sender=Conversation)
        for sender in (Space, SpaceMember):
            post_save.connect(self._space_changed, sender=sender)
            post_delete.connect(self._space_changed, sender=sender)

    def close(self) -> None:
        """Listen no more."""
        post_delete.disconnect(self._session_ended, sender=Session)
        for changed in (post_save, post_delete):
            changed.disconnect(self._membership_changed, sender=Membership)
        post_save.disconnect(self._person_or_conversation_changed, sender=User)
        post_save.disconnect(self._person_or_conversation_changed, sender=Conversation)
        for sender in (Space, SpaceMember):
            post_save.disconnect(self._space_changed, sender=sender)
            post_delete.disconnect(self._space_changed, sender=sender)

    def _session_ended(self, instance: Session, **_: Any) -> None:
        self._tell(instance.session_key)

    def _membership_changed(self, instance: Membership, **_: Any) -> None:
        self._tell(instance.user_id)

    def _person_or_conversation_changed(self, instance: User | Conversation, *, created: bool, **_: Any) -> None:
        if not created:
            self._tell(instance.pk)

    def _space_changed(self, *, created: bool = False, **_: Any) -> None:
        """A space has many conversations, and changes now and then: everybody is looked at."""
        if not created:
            self._tell(None)

    def _tell(self, what: Changed) -> None:
        loop = self._loop
        assert loop
        transaction.on_commit(lambda: loop.call_soon_threadsafe(self._heard, what))
