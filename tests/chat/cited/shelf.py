"""A space with documents and an empty conversation in it, written into a server's database."""

import io
import time
import uuid
from typing import Any

from accounts.models import Membership, Team, User
from chat.documents import service
from chat.models import Conversation, Document, Space, SpaceMember

REPORT = """# Annual report

## Ferries

The ferry between Harbour and Elsewhere carried 41,230 passengers in 2025. Tickets cost 3.20 euros since March.

## Lighthouse

The lighthouse of Harbour was built in 1872 by Ada Stevenson. Its lamp was replaced in 2019.
"""
MINUTES = """# Minutes

The committee agreed that ferry tickets for children stay free. The lighthouse opens on Sundays.
"""
PATIENCE = 30.0  # seconds until the server has read them


def write(wish: dict[str, Any]) -> dict[str, str]:
    """Alice's space: for those `chosen` among Harbour's people, else for everybody; with `documents` by their names.

    Returns the ids of the space and of a conversation of `owner` in it, `visible` to the space or to the owner alone.
    With `to`, the documents go to the space that is there; with `change`, people leave it, or the conversation `in` it
    is moved.
    """
    team, alice = Team.objects.get(name="Harbour"), User.objects.get(username="alice")
    if "change" in wish:
        return _change(wish)
    if "to" in wish:
        space = Space.objects.get(pk=wish["to"])
    else:
        chosen = wish.get("chosen")
        space = Space.objects.create(team=team, owner=alice, name=wish.get("name", "Q3"), everyone=chosen is None)
        for name in chosen or ():
            place = Membership.objects.get(team=team, user__username=name)
            SpaceMember.objects.create(space=space, membership=place)
    for name, text in wish.get("documents", {"report.md": REPORT, "minutes.md": MINUTES}).items():
        service.add_document(source=io.BytesIO(text.encode()), name=name, space=space, by=alice)
    _wait_until_read(space)
    owner = User.objects.get(username=wish.get("owner", "alice"))
    conversation = Conversation.objects.create(
        id=uuid.uuid4(), team=team, owner=owner, space=space, title="Ferries", visibility=wish.get("visible", "space")
    )
    return {"space": str(space.pk), "conversation": str(conversation.pk)}


def _change(wish: dict[str, Any]) -> dict[str, str]:
    if name := wish.get("leaves"):
        SpaceMember.objects.get(space=wish["change"], membership__user__username=name).delete()
    if wish.get("moves_to_team"):
        conversation = Conversation.objects.get(pk=wish["in"])
        conversation.space, conversation.visibility = None, Conversation.Visibility.TEAM
        conversation.save()
    return {}


def _wait_until_read(space: Space) -> None:
    """The server does that in the background."""
    deadline = time.monotonic() + PATIENCE
    while Document.objects.filter(space=space, current=None).exists():
        assert time.monotonic() < deadline, "nobody reads the documents"
        time.sleep(0.05)
