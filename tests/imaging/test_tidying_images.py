"""What becomes of deleted images and of files that nobody names."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Team, User
from core.web.jobs.leases import Sweeper
from files import FileMissing
from imaging import library
from imaging.generation.leases import image_leases
from imaging.models import Decision, GeneratedImage
from imaging.storage import store
from tests.files.samples import drawn as a_picture
from tests.files.samples import encoded
from tests.imaging.stored_images import drawn

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=31)


def a_png(width: int) -> bytes:
    return encoded(a_picture(size=(width, 30)), "PNG")


def is_there(sha256: str) -> bool:
    try:
        store.open(sha256).close()
    except FileMissing:
        return False
    return True


def age(sha256: str) -> None:
    """Make the file as old as one that may go."""

    path = default_storage.path(f"images/{sha256[:2]}/{sha256}")
    os.utime(path, (0, 0))


def test_an_image_deleted_long_ago_is_gone_and_one_of_today_is_not(harbour: Team, bob: User) -> None:
    old = drawn(team=harbour, by=bob, picture=a_png(31), deleted_at=timezone.now() - LONG_AGO)
    new = drawn(team=harbour, by=bob, picture=a_png(32), deleted_at=timezone.now())
    for image in (old, new):
        age(image.sha256)
    library.tidy_images()
    assert list(GeneratedImage.objects.all()) == [new]
    assert (is_there(old.sha256), is_there(new.sha256)) == (False, True)
    assert library.restore_images(image=old, by=bob) == 0
    assert library.restore_images(image=new, by=bob) == 1


def test_decisions_outlive_the_bytes_of_a_deleted_image(harbour: Team, bob: User, alice: User) -> None:
    image = drawn(team=harbour, by=bob, picture=a_png(33), state="rejected", deleted_at=timezone.now() - LONG_AGO)
    Decision.objects.create(image=image, by=alice, verdict="rejected")
    age(image.sha256)
    library.tidy_images()
    assert Decision.objects.filter(image=image).exists()
    assert not is_there(image.sha256)


def test_bytes_that_two_images_share_stay_as_long_as_one_of_them(harbour: Team, bob: User) -> None:
    drawn(team=harbour, by=bob, picture=a_png(34), deleted_at=timezone.now() - LONG_AGO)
    other = drawn(team=harbour, by=bob, picture=a_png(34))
    age(other.sha256)
    library.tidy_images()
    assert is_there(other.sha256)


def test_deleting_the_first_of_a_response_takes_nothing_from_the_others(harbour: Team, bob: User) -> None:
    first = drawn(team=harbour, by=bob, picture=a_png(35), deleted_at=timezone.now() - LONG_AGO)
    other = drawn(team=harbour, by=bob, picture=a_png(36), first=first, position=1)
    library.tidy_images()
    assert GeneratedImage.objects.filter(pk=other.pk).exists()


def test_a_file_that_no_image_names_goes_after_a_day(harbour: Team, bob: User) -> None:
    young, old = store.put(a_png(37)), store.put(a_png(38))
    age(old)
    library.tidy_images()
    assert (is_there(young), is_there(old)) == (True, False)


def test_a_lease_that_ran_out_ends_the_spinner_unless_the_next_can_go_on(harbour: Team, bob: User) -> None:
    gone = timezone.now() - timedelta(seconds=1)
    holder, heir = harbour.pk, bob.pk  # any two ids
    left: dict[str, Any] = {"state": "drawing", "lease_holder": holder, "lease_expires_at": gone}
    waiting = drawn(team=harbour, by=bob, **left)
    asking = drawn(team=harbour, by=bob, asked_at=gone, **left)
    answered = drawn(team=harbour, by=bob, asked_at=gone, remote_url="http://x/", **left)
    Sweeper(image_leases).sweep()
    asking.refresh_from_db()
    assert (asking.state, asking.error["kind"]) == ("failed", "restart")
    assert image_leases.claim(holder=heir) == [waiting.pk, answered.pk]
    assert image_leases.claim(holder=holder) == []


def test_a_lease_that_is_renewed_is_left_alone(harbour: Team, bob: User) -> None:
    holder = harbour.pk
    image = drawn(
        team=harbour, by=bob, state="drawing", lease_holder=holder, lease_expires_at=timezone.now() - timedelta(1)
    )
    image_leases.renew(holder=holder, held=[image.pk])
    Sweeper(image_leases).sweep()
    image.refresh_from_db()
    assert image.state == "drawing"
