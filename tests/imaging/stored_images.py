"""Generated images as they lie in the database, with their bytes in the store."""

import hashlib
import io
from functools import cache
from typing import Any

from django.utils import timezone

from accounts.models import Team, User
from files import pictures
from files.formats import HEAD, picture_format
from imaging.fingerprints import SIZE, fingerprint
from imaging.models import GeneratedImage
from imaging.storage import store
from tests.files.samples import drawn as a_picture
from tests.files.samples import encoded

PICTURE = encoded(a_picture(), "PNG")
SMALL = encoded(a_picture(size=(12, 8)), "WEBP")
WITHOUT_BYTES = ("drawing", "failed")


@cache
def fingerprint_of(picture: bytes) -> str:
    """The fingerprint of a picture as it comes. Each takes a decoding in a process apart."""
    kind = picture_format(picture[:HEAD])
    assert kind
    return fingerprint(pictures.clean_picture(io.BytesIO(picture), kind, grey=SIZE).grey)


def drawn(
    *,
    team: Team,
    by: User,
    state: str = "pending",
    prompt: str = "A lighthouse",
    picture: bytes = PICTURE,
    media_type: str = "image/png",
    **more: Any,
) -> GeneratedImage:
    """An image in a state; bytes belong to it if the state has some."""
    known: dict[str, Any] = {}
    if state not in WITHOUT_BYTES:
        known = {
            "sha256": store.put(picture, thumbnail=SMALL),
            "original_sha256": hashlib.sha256(picture).hexdigest(),
            "media_type": media_type,
            "size": len(picture),
            "width": 60,
            "height": 40,
            "fingerprint": fingerprint_of(picture),
            "drawn_at": timezone.now(),
            "resolved_model": "sonar",
            "generation_model": "seedream",
            "router": "seedream-router",
        }
    return GeneratedImage.objects.create(team=team, requested_by=by, state=state, prompt=prompt, **(known | more))
