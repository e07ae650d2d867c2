"""Images among what a search finds: by prompt and description, and by nobody who may not see them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.chat.conversations.conftest import as_, plain
from tests.imaging.conftest import Draw

pytestmark = pytest.mark.django_db


def found(person: User, typed: str) -> list[str]:
    """The addresses of the images that the page shows for what is typed."""
    page = plain(person).get(reverse("chat:search"), {"q": typed}).content.decode()
    part = page.partition('data-kind="image"')[2].partition("</ul>")[0]
    return [line.partition('"')[0] for line in part.split('href="')[1:]]


def address(image: object) -> str:
    return reverse("imaging:image", args=[getattr(image, "pk", None)])


def test_an_image_is_found_by_its_prompt_and_description_by_whoever_may_see_it(
    alice: User, bob: User, charlie: User, draw: Draw
) -> None:
    shown = draw(prompt="A heliotrope tower", state="approved")
    told = draw(prompt="Something", description="A heliotrope, seen from above.", state="approved")
    waiting = draw(prompt="A heliotrope boat")

    assert found(alice, "heliotrope") == [address(told), address(shown)]
    assert found(bob, "heliotrope") == [address(waiting), address(told), address(shown)]
    assert found(charlie, "heliotrope") == []
    assert found(alice, "heliotrope boat") == []
    assert found(alice, "heliotrope -tower") == [address(told)]
    assert found(alice, "heliotrope type:image from:bob") == [address(told), address(shown)]
    assert found(alice, "heliotrope from:me") == found(alice, "heliotrope type:answer") == []
    assert found(alice, "heliotrope has:table") == found(alice, "from:bob") == []


def test_a_reviewer_finds_what_waits_and_it_says_so(alice: User, draw: Draw) -> None:
    draw(prompt="A heliotrope boat")
    assert found(alice, "heliotrope") == []

    alice.memberships.update(is_reviewer=True)

    page = as_(alice, on="/").get(reverse("chat:search"), {"q": "heliotrope"}).content.decode()
    assert "A <mark>heliotrope</mark> boat" in page
    assert "Pending" in page
    assert "No results" not in page


def test_six_are_shown_and_the_rest_is_on_the_page_of_images(alice: User, draw: Draw) -> None:
    for _number in range(8):
        draw(prompt="A heliotrope", state="approved")

    page = plain(alice).get(reverse("chat:search"), {"q": "heliotrope"}).content.decode()

    assert len(found(alice, "heliotrope")) == 6
    assert 'href="/images/?q=heliotrope"' in page


def test_a_deleted_image_is_not_found(alice: User, draw: Draw) -> None:
    draw(prompt="A heliotrope", state="approved", deleted_at=timezone.now())

    assert found(alice, "heliotrope") == []
