"""Several images at once: downloaded in one archive, deleted and brought back, handed to review, compared."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from files import Store
from imaging import downloads
from imaging.models import GeneratedImage
from imaging.queries import MOST_CHOSEN
from imaging.views.selection import MOST_REVIEWED
from tests.files.samples import drawn as a_picture
from tests.files.samples import encoded
from tests.imaging.stored_images import drawn

pytestmark = pytest.mark.django_db
OTHER = encoded(a_picture(size=(30, 30)), "PNG")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(user: User, name: str, *images: GeneratedImage) -> Any:
    return client_of(user).post(reverse(f"imaging:{name}"), {"image": [str(image.pk) for image in images]})


def unpacked(pieces: Iterator[bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_archive_has_the_pictures_in_their_order_with_where_they_come_from(harbour: Team, bob: User) -> None:
    one = drawn(team=harbour, by=bob, prompt="A red boat")
    two = drawn(team=harbour, by=bob, prompt="A red boat", picture=OTHER)
    response = post(bob, "download_selected", two, one)
    assert response["Content-Type"] == "application/zip"
    assert response["Cache-Control"] == "private, no-store"
    found = unpacked(response.streaming_content)
    assert [name[:15] for name in found] == ["001-A-red-boat-", "002-A-red-boat-"]
    assert all(b"A red boat" in content and content.startswith(b"\x89PNG") for content in found.values())


def test_one_picture_is_in_memory_at_a_time(harbour: Team, bob: User) -> None:
    images = [drawn(team=harbour, by=bob), drawn(team=harbour, by=bob, picture=OTHER)]
    pieces = downloads.archive(ids=[image.pk for image in images], by=bob)
    next(pieces)
    GeneratedImage.objects.filter(pk=images[1].pk).update(deleted_at=timezone.now())
    rest = b"".join(pieces)
    assert b"not-included.txt" in rest  # the second one was not read before its turn


def test_an_image_that_is_rejected_while_others_are_sent_is_not_sent(harbour: Team, alice: User, bob: User) -> None:
    images = [drawn(team=harbour, by=alice, state="approved") for _ in range(2)]
    pieces = downloads.archive(ids=[image.pk for image in images], by=bob)
    first = next(pieces)
    GeneratedImage.objects.filter(pk=images[1].pk).update(state="rejected")
    found = unpacked(iter([first, *pieces]))
    assert sorted(name[:4] for name in found) == ["001-", "not-"]
    assert f"Image {images[1].pk}" in found["not-included.txt"].decode()


def test_what_vanished_or_is_not_there_for_the_person_is_listed(
    harbour: Team, elsewhere: Team, alice: User, bob: User, charlie: User
) -> None:
    kept = drawn(team=harbour, by=alice, state="approved")
    rejected = drawn(team=harbour, by=alice, state="rejected")
    lost = drawn(team=harbour, by=bob, state="approved", picture=OTHER, prompt="Lost bytes")
    foreign = drawn(team=elsewhere, by=charlie, state="approved", prompt="A secret elsewhere")
    failed = drawn(team=harbour, by=bob, state="failed", prompt="Never drawn")
    default_storage.delete(Store("images")._key(lost.sha256))
    found = unpacked(post(bob, "download_selected", kept, rejected, lost, foreign, failed).streaming_content)
    assert len(found) == 2
    said = found["not-included.txt"].decode()
    assert f"{rejected.pk}: deleted, or no longer visible to you" in said
    assert f"{foreign.pk}: deleted, or no longer visible to you" in said
    assert "Lost-bytes" in said
    assert "Never-drawn" in said
    assert "secret" not in said


def test_ones_own_are_deleted_together_and_come_back_together(harbour: Team, alice: User, bob: User) -> None:
    mine = [drawn(team=harbour, by=bob, prompt=f"Mine {number}") for number in range(3)]
    earlier = drawn(team=harbour, by=bob, deleted_at=timezone.now() - timedelta(days=1))
    theirs = drawn(team=harbour, by=alice, state="approved")
    response = post(bob, "delete_selected", *mine[:2], theirs)
    page = client_of(bob).get(response.url).content.decode()
    assert "2 images were deleted." in page
    assert GeneratedImage.objects.filter(deleted_at=None).count() == 2
    client_of(bob).post(reverse("imaging:restore", args=[mine[0].pk]))
    assert GeneratedImage.objects.filter(deleted_at=None).count() == 4
    earlier.refresh_from_db()
    assert earlier.deleted_at


def test_it_is_said_how_many_were_not_ones_own(harbour: Team, alice: User, bob: User, vera: User) -> None:
    theirs = drawn(team=harbour, by=alice, state="approved")
    client = client_of(bob)
    page = client.post(reverse("imaging:delete_selected"), {"image": str(theirs.pk)}, follow=True).content.decode()
    assert "1 image wasn’t deleted: only the person who requested an image can delete it." in page
    was_member = drawn(team=harbour, by=vera, state="approved")
    post(vera, "delete_selected", was_member)
    assert not GeneratedImage.objects.exclude(deleted_at=None).exists()


def test_nothing_chosen_and_too_much_chosen_are_told(harbour: Team, bob: User) -> None:
    for chosen, said in (
        ([], "Select at least one image."),
        (["x"], "Select at least one image."),
        ([f"{number:032x}" for number in range(MOST_CHOSEN + 5)], f"up to {MOST_CHOSEN} images at once"),
    ):
        for name in ("download_selected", "delete_selected", "compare_selected"):
            response = client_of(bob).post(reverse(f"imaging:{name}"), {"image": chosen}, follow=True)
            assert said in response.content.decode()
            assert "images-page choosing" in response.content.decode()


def test_reviewers_go_on_to_review_what_they_chose(harbour: Team, alice: User, bob: User, vera: User) -> None:
    vera.user_permissions.add(Permission.objects.get(codename="review_images"))
    chosen = [drawn(team=harbour, by=bob, prompt=f"Chosen {number}") for number in range(2)]
    drawn(team=harbour, by=bob, prompt="Not chosen")
    response = post(vera, "review_selected", *chosen)
    page = client_of(vera).get(response.url).content.decode()
    assert "Chosen 0" in page
    assert "Chosen 1" in page
    assert "Not chosen" not in page
    assert post(bob, "review_selected", *chosen).status_code == 403
    many = [drawn(team=harbour, by=bob, state="failed") for _ in range(MOST_REVIEWED + 1)]
    assert len(post(vera, "review_selected", *many).url) < 4000


def test_images_are_compared_as_far_as_one_may_see_them(harbour: Team, alice: User, bob: User) -> None:
    one = drawn(team=harbour, by=bob, prompt="By day")
    hidden = drawn(team=harbour, by=alice, prompt="Not approved yet")
    other = drawn(team=harbour, by=bob, prompt="By night", picture=OTHER)
    response = post(bob, "compare_selected", one, hidden, other)
    page = client_of(bob).get(response.url).content.decode()
    assert page.index("By day") < page.index("By night")
    assert "Not approved yet" not in page
    assert "1 image was deleted or is no longer visible to you." in page
    alone = client_of(bob).get(reverse("imaging:compare"), {"image": ["x", str(one.pk)]}).content.decode()
    assert "Select at least two images" in alone
