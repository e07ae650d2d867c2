"""Fills a store with images: `python -m benchmarks.filling_images 10000 pending`, in the environment of a store.

All of them have the bytes of one small picture, as what is measured looks at rows; each has a fingerprint of its own,
but one in twenty looks like the one before. Prints, as JSON, the place in the middle of the gallery.
"""

import json
import os
import random
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Team, User  # noqa: E402
from core.web.paging import Cursor  # noqa: E402
from imaging.models import GeneratedImage  # noqa: E402
from imaging.storage import keep_picture  # noqa: E402
from upstream.demo.drawing import picture  # noqa: E402

THINGS = ("lighthouse", "harbour", "boat", "forest", "mountain", "garden", "cat", "house")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white")
ALIKE = 20  # one image in so many looks like the one before


def main(count: int, state: str) -> None:
    """Add that many images in that state, half of them Alice's and half Bob's, each a minute younger than the last."""
    chance = random.Random(4)
    authors, team = [User.objects.get(username=name) for name in ("alice", "bob")], Team.objects.get(name="Harbour")
    kept = keep_picture(picture("A red lighthouse by the sea"))
    start = timezone.now() - timedelta(minutes=count)
    images, bits = list[GeneratedImage](), 0
    for number in range(count):
        bits = bits ^ 1 if number % ALIKE == ALIKE - 1 else chance.getrandbits(64)
        at = start + timedelta(minutes=number)
        images.append(
            GeneratedImage(
                team=team,
                requested_by=authors[number % 2],
                state=state,
                prompt=f"A {chance.choice(COLOURS)} {chance.choice(THINGS)} at dusk, in flat colours, number {number}",
                model="turbo",
                resolved_model="turbo",
                description="A flat, simple drawing with few colours.",
                generation_model="seedream",
                router="seedream-router",
                response={"id": f"req_{number}", "answer": "Media generated"},
                sha256=kept.sha256,
                original_sha256=kept.original_sha256,
                media_type=kept.media_type,
                size=kept.size,
                width=kept.width,
                height=kept.height,
                fingerprint=f"{bits:016x}",
                created_at=at,
                drawn_at=at,
            )
        )
    GeneratedImage.objects.bulk_create(images, batch_size=1000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE imaging_generatedimage")
    middle = images[count // 2]
    print(json.dumps(str(Cursor(middle.created_at, middle.pk))))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
