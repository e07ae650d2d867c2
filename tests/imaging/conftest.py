"""Images that wait, and the people around their review."""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import Team, User
from imaging.models import GeneratedImage
from tests.imaging.review import pending_images
from tests.imaging.review.reviewers import browser

Draw = Callable[..., GeneratedImage]
People = Mapping[str, User]


@pytest.fixture
def draw(harbour: Team, bob: User) -> Draw:
    """Makes a pending image of Bob's, each a second younger than the one before."""
    numbers = count()

    def make(**fields: object) -> GeneratedImage:
        number = next(numbers)
        at = timezone.now() - timedelta(hours=1) + timedelta(seconds=number)
        known = {
            "team": harbour,
            "requested_by": bob,
            "prompt": f"Light {number}",
            "model": "turbo",
            "state": "pending",
        }
        known |= {"sha256": f"{number:064x}", "fingerprint": f"{random.Random(number).getrandbits(64):016x}"}
        return GeneratedImage.objects.create(**known | {"created_at": at, "drawn_at": at} | fields)

    return make


@pytest.fixture
def people(harbour: Team, alice: User, bob: User, vera: User) -> People:
    """Who may review, and who may not, by role."""
    staff = User.objects.create_user("stella", is_staff=True)
    staff.user_permissions.set(Permission.objects.exclude(codename="review_images"))
    vera.user_permissions.add(Permission.objects.get(codename="review_images"))
    root = User.objects.create_superuser("root")
    return {"member": bob, "owner": alice, "staff": staff, "reviewer": vera, "superuser": root}


@pytest.fixture
def make(people: People) -> Draw:
    """`make("A light", by="bob")` puts a pending image with its bytes into the queue."""
    numbers = count()

    def pending(prompt: str, by: str = "bob", **fields: object) -> GeneratedImage:
        like = fields.pop("like", None)
        waiting: pending_images.Waiting = {"prompt": prompt, "by": by, "fields": fields}
        if isinstance(like, int):
            waiting["like"] = like
        made: GeneratedImage = pending_images.make(waiting, next(numbers))
        return made

    return pending


@pytest.fixture
def reviewer(people: People) -> Client:
    """Vera's browser."""
    return browser(people["reviewer"])
