"""The standing instructions of a space: its versions, and who may add one."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.services.instructions import store_version
from chat.models import Space, SpaceInstructions
from chat.spaces.locking import lock_managed


def space_versions(*, space_id: UUID) -> QuerySet[SpaceInstructions]:
    """The versions of the space's instructions, newest first, with their authors."""
    return SpaceInstructions.objects.filter(space=space_id).select_related("author")


@transaction.atomic
def save_space_instructions(*, space: Space, by: User, text: str, seen: int) -> SpaceInstructions | None:
    """Give the space these instructions, or none with an empty text. Returns the version that holds, None without any.

    Raises InstructionsChanged if the version `seen` is not the newest any more, PermissionDenied for anybody who may
    not change the space.
    """
    kept = lock_managed(space=space, by=by)
    return store_version(versions=space_versions(space_id=kept.pk), by=by, text=text, seen=seen, space=kept)
