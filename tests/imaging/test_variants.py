"""Images that were drawn from one idea: with a change, anew, or several at once; they know of each other."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Team, User
from imaging import queries
from imaging.generation import service as generation
from imaging.generation.service import DrawWish, ImageSource
from imaging.library import tidy_images
from imaging.models import GeneratedImage
from tests.imaging.stored_images import drawn

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def draw(user: User, prompt: str, **more: Any) -> GeneratedImage:
    data = {"prompt": prompt, "key": str(uuid.uuid4()), "language": "en-US", **more}
    assert client_of(user).post("/images/draw/", data).status_code == 302
    return GeneratedImage.objects.filter(prompt=prompt).latest("created_at")


def test_the_box_is_filled_in_as_the_image_was_drawn(harbour: Team, bob: User, alice: User) -> None:
    image = drawn(
        team=harbour,
        by=alice,
        state="approved",
        prompt="A boat at dawn",
        service="images",
        model="gpt-image-1",
        wished_size="1536x1024",
    )
    page = client_of(bob).get("/images/", {"change": str(image.pk)}).content.decode()
    assert "A boat at dawn</textarea>" in page
    assert 'value="images:gpt-image-1" selected' in page
    assert 'value="1536x1024" selected' in page
    assert f'name="variant_of"\nvalue="{image.pk}"' in page.replace("           ", "")
    hidden = drawn(team=harbour, by=alice, prompt="Nobody’s business")
    assert "business" not in client_of(bob).get("/images/", {"change": str(hidden.pk)}).content.decode()


def test_a_variant_of_a_variant_belongs_to_the_first(harbour: Team, bob: User) -> None:
    first = drawn(team=harbour, by=bob, prompt="A boat")
    second = draw(bob, "A red boat", variant_of=str(first.pk))
    third = draw(bob, "A red boat at night", variant_of=str(second.pk))
    assert (second.variant_of_id, third.variant_of_id) == (first.pk, first.pk)
    assert queries.variants_of(bob, second) == [first, third]
    assert queries.variants_of(bob, first) == [second, third]
    page = client_of(bob).get(f"/images/{first.pk}/").content.decode()
    assert "Variants" in page
    assert f"/images/compare/?image={first.pk.hex}&amp;image={second.pk.hex}" in page


def test_several_of_one_form_are_variants_and_so_is_one_drawn_again(harbour: Team, bob: User) -> None:
    wish = DrawWish("Three boats")
    images = generation.request_images(team=harbour, by=bob, wish=wish, key=uuid.uuid4(), count=3)
    assert [image.variant_of_id for image in images] == [None, images[0].pk, images[0].pk]
    again = generation.request_image_again(image=images[1], by=bob, key=uuid.uuid4())
    assert again.variant_of_id == images[0].pk
    alone = drawn(team=harbour, by=bob, state="failed")
    instead = generation.request_image_again(image=alone, by=bob, key=uuid.uuid4())
    assert instead.variant_of_id is None  # it takes the place of what failed


def test_an_image_that_one_may_not_see_is_nothing_to_vary(harbour: Team, bob: User, alice: User) -> None:
    hidden = drawn(team=harbour, by=alice, prompt="Hidden")
    assert draw(bob, "A guess", variant_of=str(hidden.pk)).variant_of_id is None


def test_variants_that_one_may_not_see_are_not_listed(harbour: Team, bob: User, alice: User) -> None:
    first = drawn(team=harbour, by=bob, state="approved")
    mine = drawn(team=harbour, by=alice, variant_of=first)
    assert queries.variants_of(alice, first) == [mine]
    assert queries.variants_of(bob, first) == []


def test_the_first_stays_as_long_as_it_has_variants(harbour: Team, bob: User) -> None:
    first = drawn(team=harbour, by=bob, deleted_at=timezone.now() - timedelta(days=40))
    variant = drawn(team=harbour, by=bob, variant_of=first)
    tidy_images()
    variant.refresh_from_db()
    assert variant.variant_of_id == first.pk


def test_a_form_remembers_the_question_that_led_to_it(harbour: Team, bob: User) -> None:
    source = ImageSource(conversation_id=uuid.uuid4(), question_id=uuid.uuid4())
    [image] = generation.request_images(team=harbour, by=bob, wish=DrawWish("A boat"), key=uuid.uuid4(), source=source)
    again = generation.request_image_again(image=image, by=bob, key=uuid.uuid4())
    assert (again.conversation_id, again.question_id) == (source.conversation_id, source.question_id)
