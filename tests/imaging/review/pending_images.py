"""Images that wait for review, without a service that drew them.

The pictures are small and each is different, by colours and by how it looks, unless they are told to be alike.
"""

import io
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NotRequired, TypedDict

from tests.stores import Store
from tests.writing import written


class Waiting(TypedDict):
    """One image: what it was asked with and by whom. `like` makes pictures of one number look alike, `size` is in
    pixels."""

    prompt: str
    by: str
    minutes_ago: NotRequired[float]
    like: NotRequired[int]
    size: NotRequired[tuple[int, int]]
    fields: NotRequired[dict[str, Any]]


def painted(number: int, *, size: tuple[int, int] = (240, 180), speck: int = 0) -> bytes:
    """A PNG of coloured fields, the same for the same number but for a speck that hardly anybody sees."""
    from PIL import Image

    chance = random.Random(number)
    fields = Image.new("RGB", (12, 9))
    fields.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(12 * 9)])
    image = fields.resize(size, Image.Resampling.BICUBIC)
    image.putpixel((speck % size[0], size[1] - 1), (speck % 256, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def queue(store: Store, images: Sequence[Waiting]) -> list[str]:
    """Put the images into a server's store. Their ids, in order."""
    return list(written(store, __name__, images))


def grant(store: Store, *usernames: str) -> None:
    """Make these people reviewers."""
    for username in usernames:
        store.rows(
            "INSERT INTO accounts_user_user_permissions (user_id, permission_id) SELECT u.id, p.id"
            " FROM accounts_user u, auth_permission p WHERE u.username = ? AND p.codename = 'review_images'",
            [username],
        )


def make(waiting: Waiting, number: int) -> Any:
    """The row with its bytes in the store."""
    from django.utils import timezone

    from accounts.models import User
    from imaging.models import GeneratedImage
    from imaging.storage import store
    from tests.imaging.stored_images import fingerprint_of

    user = User.objects.get(username=waiting["by"])
    membership = user.memberships.select_related("team").get()
    width, height = waiting.get("size", (240, 180))
    data = painted(waiting.get("like", 1_000 + number), size=(width, height), speck=number)
    at = timezone.now() - timedelta(minutes=waiting.get("minutes_ago", 60 - number / 100))
    fields = {"state": "pending", "description": "Fields of colour.", "generation_model": "painter-1"}
    return GeneratedImage.objects.create(
        team=membership.team,
        requested_by=user,
        prompt=waiting["prompt"],
        model="turbo",
        resolved_model="turbo",
        sha256=store.put(data, thumbnail=data),
        media_type="image/png",
        size=len(data),
        width=width,
        height=height,
        fingerprint=fingerprint_of(data),
        created_at=at,
        drawn_at=at,
        **{**fields, **waiting.get("fields", {})},
    )


def write(images: Sequence[Waiting]) -> list[str]:
    """Write them into the database of this process. Their ids, in order."""
    return [str(make(waiting, number).pk) for number, waiting in enumerate(images)]
