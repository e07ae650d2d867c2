"""The list of images: filters, the search in prompts, paging; and asking with what cannot be drawn."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from core.web.paging import Cursor
from imaging import queries
from imaging.models import GeneratedImage
from imaging.queries import ImageFilter, OwnerFilter, StateFilter
from tests.imaging.stored_images import drawn

pytestmark = pytest.mark.django_db
PAGE = "/images/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def prompts(user: User, team: Team, **wanted: str) -> list[str]:
    asked = ImageFilter(
        whose=OwnerFilter(wanted.get("whose", "everyone")),
        standing=StateFilter(wanted.get("state", "")),
        words=wanted.get("words", ""),
    )
    return [image.prompt for image in queries.page_of_images(user, team, asked).images]


def test_filters_leave_in_what_they_say(harbour: Team, alice: User, bob: User) -> None:
    for state in ("pending", "approved", "rejected"):
        drawn(team=harbour, by=bob, state=state, prompt=f"bob {state}")
    drawn(team=harbour, by=alice, state="approved", prompt="alice approved")
    assert prompts(bob, harbour) == ["alice approved", "bob rejected", "bob approved", "bob pending"]
    assert prompts(bob, harbour, whose="mine") == ["bob rejected", "bob approved", "bob pending"]
    assert prompts(bob, harbour, state="approved") == ["alice approved", "bob approved"]
    assert prompts(bob, harbour, state="rejected") == ["bob rejected"]
    assert prompts(alice, harbour, state="rejected") == []


@pytest.mark.parametrize("words", ["lighthouse", "LIGHT storm", "Ärger", "ärger", "100%", "a_b"])
def test_the_search_finds_every_word_in_prompts(words: str, harbour: Team, bob: User) -> None:
    drawn(team=harbour, by=bob, prompt="A Lighthouse in a storm, Ärger, 100% real a_b")
    drawn(team=harbour, by=bob, prompt="A cat, 1000 real aXb")
    assert prompts(bob, harbour, words=words) == ["A Lighthouse in a storm, Ärger, 100% real a_b"]


def test_paging_neither_repeats_nor_leaves_out_what_was_made_at_the_same_moment(harbour: Team, bob: User) -> None:
    moment = timezone.now()
    drawn(team=harbour, by=bob)
    first = GeneratedImage.objects.get()
    GeneratedImage.objects.bulk_create(
        GeneratedImage(
            team=harbour,
            requested_by=bob,
            state="approved",
            prompt=str(number),
            sha256=first.sha256,
            created_at=moment - timedelta(seconds=number // 7),
        )
        for number in range(100)
    )
    found, before = [], None
    while True:
        page = queries.page_of_images(bob, harbour, ImageFilter(), before=before)
        found += [image.pk for image in page.images]
        if page.next is None:
            break
        before = Cursor.parse(str(page.next))
        assert before == page.next
    assert len(found) == len(set(found)) == 101


def test_a_page_loads_the_next_tiles_and_keeps_what_was_asked_for(harbour: Team, bob: User) -> None:
    for number in range(queries.PAGE + 2):
        GeneratedImage.objects.create(
            team=harbour, requested_by=bob, state="approved", prompt=f"boat {number}", sha256="0" * 64
        )
    page = client_of(bob).get(PAGE, {"q": "boat"}).content.decode()
    assert page.count('class="shot"') == queries.PAGE
    [more] = re.findall(r'class="button"\s+href="([^"]+)"\s+hx-get', page)
    rest = client_of(bob).get(more.replace("&amp;", "&"), headers={"HX-Request": "true"}).content.decode()
    assert rest.count('class="shot"') == 2
    assert "<html" not in rest


@pytest.mark.parametrize(
    "query", ["before=x", "before=99999999999999999-" + "0" * 32, "state=drawing", "whose=x", "q=%00"]
)
def test_an_address_that_nobody_wrote_shows_the_page(query: str, bob: User) -> None:
    assert client_of(bob).get(f"{PAGE}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"prompt": "  "}, "Describe the image first"),
        ({"prompt": "\u200b\u2800"}, "Describe the image first"),
        ({"prompt": "x" * 4001}, "up to 4000 characters; this one has 4001"),
        ({"prompt": "A boat", "model": "sonar-reasoning"}, "no longer available"),
        ({"prompt": "A boat", "language": "klingon"}, "Choose a language from the list"),
        ({"prompt": "A boat", "key": ""}, "out of date"),
    ],
)
def test_what_cannot_be_drawn_is_said_at_the_box_and_the_prompt_stays(
    data: dict[str, str], words: str, bob: User
) -> None:
    sent = {"key": str(uuid.uuid4())} | data
    for headers in ({}, {"HX-Request": "true"}):
        response = client_of(bob).post("/images/draw/", sent, headers=headers)
        page = response.content.decode()
        assert response.status_code == 422
        assert words in page
        assert ("<html" in page) is (not headers)
        assert data["prompt"] + "</textarea>" in page
    assert not GeneratedImage.objects.exists()


def test_somebody_on_two_teams_sees_those_of_the_team_in_force(
    harbour: Team, elsewhere: Team, bob: User, charlie: User
) -> None:
    elsewhere.memberships.create(user=bob)
    drawn(team=elsewhere, by=charlie, state="approved", prompt="Elsewhere's own")
    client = client_of(bob)
    assert "Elsewhere" not in client.get(PAGE).content.decode().partition("<main")[2]
    client.post(reverse("accounts:switch"), {"team": str(elsewhere.pk)})
    assert "Elsewhere&#x27;s own" in client.get(PAGE).content.decode()
