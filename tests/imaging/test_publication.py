"""Who may see which image: every state, every person, every surface."""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Team, User
from imaging import access
from imaging.models import Decision, GeneratedImage
from tests.imaging.stored_images import drawn

pytestmark = pytest.mark.django_db

STATES = ("drawing", "failed", "pending", "approved", "rejected")
PEOPLE = ("author", "owner", "teammate", "viewer", "stranger", "reviewer", "superuser")
REVIEWING = {"author", "reviewer", "superuser"}
TEAM = {"author", "owner", "teammate", "viewer", "reviewer", "superuser"}

SEEN_BY: Mapping[str, set[str]] = {
    "drawing": {"author"},
    "failed": {"author"},
    "pending": REVIEWING,
    "approved": TEAM,
    "rejected": REVIEWING,
}
SEEN_AT_ONCE_BY = {**SEEN_BY, "pending": TEAM}
HAS_BYTES = {"pending", "approved", "rejected"}
SECRET = "lighthouse of the secret harbour"


@pytest.fixture
def people(alice: User, bob: User, vera: User, charlie: User, harbour: Team) -> Mapping[str, User]:
    author, reviewer = User.objects.create_user("dora"), User.objects.create_user("rita")
    Membership.objects.create(team=harbour, user=author)
    reviewer.user_permissions.add(Permission.objects.get(codename="review_images"))
    return {
        "author": author,
        "owner": alice,
        "teammate": bob,
        "viewer": vera,
        "stranger": charlie,
        "reviewer": reviewer,
        "superuser": User.objects.create_user("root", is_superuser=True, is_staff=True),
    }


@pytest.fixture
def images(people: Mapping[str, User], harbour: Team) -> Mapping[str, GeneratedImage]:
    return {
        state: drawn(team=harbour, by=people["author"], state=state, prompt=f"{SECRET} {state}") for state in STATES
    }


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def body(response: HttpResponseBase) -> bytes:
    if response.streaming:
        return b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return bytes(response.content)  # type: ignore[attr-defined]


def check(seen_by: Mapping[str, set[str]], people: Mapping[str, User], images: Mapping[str, GeneratedImage]) -> None:
    for name, user in people.items():
        client = client_of(user)
        for state, image in images.items():
            may = name in seen_by[state]
            for surface in ("image", "tile", "picture", "thumbnail", "download"):
                response = client.get(reverse(f"imaging:{surface}", args=[image.pk]))
                shown = may and (surface in ("image", "tile") or state in HAS_BYTES)
                assert response.status_code == (200 if shown else 404), (name, state, surface)
                assert (SECRET.encode() in body(response)) is (shown and surface in ("image", "tile", "download"))


@pytest.mark.parametrize("path", ["images", "search"])
def test_lists_and_searches_show_what_each_person_may_see(
    path: str, people: Mapping[str, User], images: Mapping[str, GeneratedImage], harbour: Team
) -> None:
    for outsider in ("reviewer", "superuser"):  # lists belong to teams
        Membership.objects.create(team=harbour, user=people[outsider], role="viewer")
    for name, user in people.items():
        query = {"q": "SECRET harbour"} if path == "search" else {}
        page = client_of(user).get(reverse("imaging:images"), query).content.decode()
        for state, image in images.items():
            shown = name in SEEN_BY[state]
            assert (f"{SECRET} {state}" in page) is shown, (name, state)
            assert (str(image.pk) in page) is shown, (name, state)


def test_every_surface_of_every_state(people: Mapping[str, User], images: Mapping[str, GeneratedImage]) -> None:
    check(SEEN_BY, people, images)


def test_a_team_that_needs_no_approval_sees_what_is_pending_at_once(
    people: Mapping[str, User], images: Mapping[str, GeneratedImage], harbour: Team
) -> None:
    Team.objects.filter(pk=harbour.pk).update(images_need_approval=False)
    check(SEEN_AT_ONCE_BY, people, images)


def test_the_setting_is_the_owners_and_works_at_once(
    people: Mapping[str, User], images: Mapping[str, GeneratedImage]
) -> None:
    address = reverse("imaging:picture", args=[images["pending"].pk])
    teammate, owner = client_of(people["teammate"]), client_of(people["owner"])
    assert teammate.get(address).status_code == 404
    owner.post(reverse("accounts:image_approval"), {})
    assert teammate.get(address).status_code == 200
    owner.post(reverse("accounts:image_approval"), {"images_need_approval": "on"})
    assert teammate.get(address).status_code == 404


def test_a_rejection_works_at_once_even_for_a_browser_that_has_the_bytes(
    people: Mapping[str, User], images: Mapping[str, GeneratedImage]
) -> None:
    image, teammate = images["approved"], client_of(people["teammate"])
    for surface in ("picture", "thumbnail"):
        address = reverse(f"imaging:{surface}", args=[image.pk])
        first = teammate.get(address)
        assert first["Cache-Control"] == "private, no-cache"
        known = {"If-None-Match": first["ETag"]}
        assert teammate.get(address, headers=known).status_code == 304
        GeneratedImage.objects.filter(pk=image.pk).update(state="rejected")
        assert teammate.get(address, headers=known).status_code == 404
        GeneratedImage.objects.filter(pk=image.pk).update(state="approved")


def test_an_open_page_hears_what_has_to_go_and_what_has_changed(
    people: Mapping[str, User], images: Mapping[str, GeneratedImage]
) -> None:
    teammate, author = client_of(people["teammate"]), client_of(people["author"])
    image, unknown = images["approved"], uuid.uuid4()
    shown: dict[str, Any] = {"shown": [f"{image.pk}:approved"]}
    assert teammate.post(reverse("imaging:changes"), shown).status_code == 204
    GeneratedImage.objects.filter(pk=image.pk).update(state="rejected")
    gone = teammate.post(reverse("imaging:changes"), shown).content.decode()
    assert f'id="shot-{image.pk}" hx-swap-oob="delete"' in gone
    assert SECRET not in gone
    changed = author.post(reverse("imaging:changes"), shown).content.decode()
    assert 'data-state="rejected"' in changed
    # what never existed is told as what may not be seen
    shown = {"shown": [f"{unknown}:approved", "nonsense", "x:y"]}
    assert f"shot-{unknown}" in teammate.post(reverse("imaging:changes"), shown).content.decode()


def test_who_has_left_the_team_sees_nothing_any_more_not_even_their_own(
    people: Mapping[str, User], images: Mapping[str, GeneratedImage]
) -> None:
    Membership.objects.filter(user__in=[people["author"], people["teammate"]]).delete()
    for state in STATES:
        for name in ("author", "teammate"):
            assert not access.visible_images(people[name]).filter(pk=images[state].pk).exists()


def test_a_deleted_image_is_there_for_nobody(
    people: Mapping[str, User], images: Mapping[str, GeneratedImage], harbour: Team
) -> None:
    author = client_of(people["author"])
    image = images["approved"]
    response = author.post(reverse("imaging:delete", args=[image.pk]))
    assert response["Location"].endswith(f"?deleted={image.pk}")
    assert "Undo" in author.get(response["Location"]).content.decode()
    check({**SEEN_BY, "approved": set()}, people, images)
    assert author.post(reverse("imaging:restore", args=[image.pk])).status_code == 302
    check(SEEN_BY, people, images)


def test_decisions_are_told_to_author_and_reviewers_only(
    people: Mapping[str, User], images: Mapping[str, GeneratedImage]
) -> None:
    image = images["approved"]
    Decision.objects.create(image=image, by=people["reviewer"], verdict="approved", reason="as the charter asks")
    for name in TEAM:
        page = client_of(people[name]).get(reverse("imaging:image", args=[image.pk])).content.decode()
        assert ("as the charter asks" in page) is (name in REVIEWING), name


def test_bytes_are_sent_so_that_they_can_do_nothing(
    people: Mapping[str, User], images: Mapping[str, GeneratedImage]
) -> None:
    for surface in ("picture", "thumbnail", "download"):
        response = client_of(people["author"]).get(reverse(f"imaging:{surface}", args=[images["pending"].pk]))
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "private" in response["Cache-Control"]


def test_a_prompt_is_shown_as_text(people: Mapping[str, User], harbour: Team) -> None:
    image = drawn(team=harbour, by=people["author"], prompt='"><script>alert(1)</script>', description="<img src=x>")
    for address in (reverse("imaging:images"), reverse("imaging:image", args=[image.pk])):
        page = client_of(people["author"]).get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
