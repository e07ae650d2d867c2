"""Reviewers of one team: an owner marks them, they review that team's images, and those of no other."""

import csv
import io
from collections.abc import Mapping

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from imaging import access
from imaging.models import Decision, GeneratedImage
from imaging.review import decisions
from tests.imaging.conftest import Draw, People
from tests.imaging.review.reviewers import address, approve, browser, page, post, reject, see, seen, state
from tests.imaging.review.test_review_admin import READING, WRITING
from tests.imaging.stored_images import drawn

pytestmark = pytest.mark.django_db

Images = Mapping[str, GeneratedImage]


@pytest.fixture
def marked(people: People, vera: User) -> Client:
    """The browser of Vera, a viewer of the Harbour whom its owner has marked. She has no permission of Django's."""
    vera.user_permissions.clear()
    Membership.objects.filter(user=vera).update(is_reviewer=True)
    return browser(vera)


@pytest.fixture
def images(alice: User, bob: User, charlie: User, make: Draw) -> Images:
    """One waiting image of each team."""
    return {"Harbour": make("A light of ours"), "Elsewhere": make("A light of theirs", by="charlie")}


@pytest.mark.parametrize("name", [*READING, *WRITING])
def test_every_address_of_review_opens_for_a_marked_reviewer(
    name: str, marked: Client, alice: User, make: Draw, images: Images
) -> None:
    if name in READING:
        decided = make("A decided one", state="rejected")
        Decision.objects.create(image=decided, by=alice, verdict="rejected", reason="Too bright.")
        assert marked.get(address(name, decided)).status_code == READING[name]
    else:
        data = {"seen": seen(images["Harbour"]), "why": "wrong"}
        assert marked.post(address(name, images["Harbour"]), data).status_code == WRITING[name]


@pytest.mark.parametrize("name", ["_image", "_claim", "_release"])
def test_an_image_of_another_team_is_not_found(name: str, marked: Client, images: Images) -> None:
    url = reverse(f"admin:imaging_review{name}", args=[images["Elsewhere"].pk])

    assert (marked.get(url) if name == "_image" else marked.post(url)).status_code == 404
    assert marked.get(reverse("imaging:image", args=[images["Elsewhere"].pk])).status_code == 404
    images["Elsewhere"].refresh_from_db()
    assert images["Elsewhere"].claimed_by is None


@pytest.mark.parametrize("name", ["approve", "reject", "many_approve", "many_reject"])
def test_an_image_of_another_team_is_not_decided(name: str, marked: Client, images: Images) -> None:
    both = f"{seen(images['Harbour'])} {seen(images['Elsewhere'])}"

    marked.post(reverse(f"admin:imaging_review_{name}"), {"seen": both, "why": "wrong"})

    assert state(images["Harbour"]) != "pending"
    assert state(images["Elsewhere"]) == "pending"


def test_every_list_shows_the_own_team_alone(
    marked: Client, alice: User, charlie: User, make: Draw, images: Images
) -> None:
    Membership.objects.filter(user__in=[alice, charlie]).update(is_reviewer=True)
    reject(make("Rejected at home"), alice, "Reason of ours")
    reject(make("Rejected far away", by="charlie"), _reviewer_of(charlie), "Reason of theirs")

    for name in ("imaging_review", "imaging_review_many", "index"):
        assert "of theirs" not in page(marked, name)
    assert "A light of ours" in page(marked, "imaging_review")
    assert "Elsewhere" not in page(marked, "imaging_review_many")
    assert "1 image is waiting for review" in page(marked, "index")
    for name in ("imaging_review_decided", "imaging_decision_changelist"):
        assert "Reason of ours" in page(marked, name)
        assert "Reason of theirs" not in page(marked, name)
        assert "Rejected far away" not in page(marked, name)
    theirs = Decision.objects.get(reason="Reason of theirs")
    record = marked.get(reverse("admin:imaging_decision_change", args=[theirs.pk]), follow=True)
    assert "Reason of theirs" not in record.content.decode()
    assert "ruth" not in page(marked, "imaging_review_figures")
    rows = csv.DictReader(io.StringIO(b"".join(marked.get(reverse("admin:imaging_review_export"))).decode()))  # type: ignore[arg-type]
    assert [row["reason"] for row in rows] == ["Reason of ours"]


def _reviewer_of(owner: User) -> User:
    """Another reviewer of the owner's team."""
    ruth = User.objects.create_user("ruth")
    Membership.objects.create(team=owner.memberships.get().team, user=ruth, is_reviewer=True)
    return ruth


def test_the_filter_offers_no_other_team(marked: Client, images: Images) -> None:
    other = images["Elsewhere"].team_id

    shown = marked.get(reverse("admin:imaging_review_many"), {"team": str(other)}).content.decode()

    assert str(other) not in shown.partition("<select")[2].partition("</select>")[0]
    assert "A light of theirs" not in shown


def test_pictures_that_look_alike_are_gathered_in_one_team(
    marked: Client, bob: User, charlie: User, make: Draw
) -> None:
    first = make("First of ours", like=1)
    make("Second of ours", like=1)
    make("Twin of theirs", by="charlie", like=1)

    shown = page(marked, "imaging_review_image", first.pk)

    assert "Second of ours" in shown
    assert "Twin of theirs" not in shown


def test_nobody_with_the_mark_decides_on_their_own_image(marked: Client, vera: User, make: Draw) -> None:
    own = make("My own light", by="vera")

    assert "This is your own image" in post(marked, "approve", seen=seen(own))
    assert state(own) == "pending"


def test_who_loses_the_mark_is_out_at_once(marked: Client, vera: User, images: Images) -> None:
    page(marked)
    before = see(images["Harbour"])
    approve(images["Harbour"], vera)

    Membership.objects.filter(user=vera).update(is_reviewer=False)

    assert marked.get(reverse("admin:imaging_review")).status_code == 302
    assert decisions.last_act(vera) == []
    with pytest.raises(decisions.ImageGone):
        decisions.decide(seen=before, by=vera, verdict=Decision.Verdict.REJECTED, reason="Late.")
    assert state(images["Harbour"]) == "approved"


def test_who_leaves_the_team_is_out_at_once(marked: Client, vera: User, images: Images) -> None:
    Membership.objects.filter(user=vera).delete()

    assert not access.may_review(vera)
    assert marked.get(reverse("admin:imaging_review")).status_code == 302


def test_a_marked_reviewer_gets_nothing_else_of_the_administration(marked: Client, vera: User, images: Images) -> None:
    front = page(marked, "index")

    assert reverse("admin:imaging_review") in front
    for path in ("accounts/user/", "accounts/membership/", "chat/answer/"):
        assert path not in front
        assert marked.get(f"/admin/{path}", follow=True).status_code == 403


def test_the_permission_still_opens_the_images_of_all_teams(marked: Client, alice: User, images: Images) -> None:
    alice.user_permissions.add(Permission.objects.get(codename="review_images"))

    shown = page(browser(User.objects.get(pk=alice.pk)), "imaging_review_many")

    assert "A light of ours" in shown
    assert "A light of theirs" in shown


def test_a_reviewer_sees_rejected_images_and_their_decisions_in_the_product(
    marked: Client, alice: User, bob: User, images: Images
) -> None:
    Membership.objects.filter(user=alice).update(is_reviewer=True)
    reject(images["Harbour"], alice, "Too bright.")
    where = reverse("imaging:image", args=[images["Harbour"].pk])

    shown = marked.get(where).content.decode()
    assert "Too bright." in shown
    assert reverse("admin:imaging_review_image", args=[images["Harbour"].pk]) in shown
    Membership.objects.filter(user__username="vera").update(is_reviewer=False)
    assert marked.get(where).status_code == 404


NO_REVIEWER = "Your team has no reviewer yet"


@pytest.mark.parametrize("chosen", ["nobody", "marked", "deactivated", "permission", "no approval", "superuser"])
def test_the_images_page_says_when_nobody_was_chosen(chosen: str, alice: User, vera: User) -> None:
    if chosen in {"marked", "deactivated"}:
        Membership.objects.filter(user=vera).update(is_reviewer=True)
        User.objects.filter(pk=vera.pk).update(is_active=chosen == "marked")
    elif chosen == "permission":
        User.objects.create_user("rita").user_permissions.add(Permission.objects.get(codename="review_images"))
    elif chosen == "superuser":
        User.objects.filter(pk=alice.pk).update(is_superuser=True)
    elif chosen == "no approval":
        alice.memberships.get().team.__class__.objects.update(images_need_approval=False)

    shown = browser(alice).get(reverse("imaging:images")).content.decode()

    assert (NO_REVIEWER in shown) is (chosen in {"nobody", "deactivated", "superuser"})


def test_only_owners_are_led_to_where_reviewers_are_chosen(alice: User, bob: User) -> None:
    link = f'href="{reverse("accounts:team")}#members"'

    assert link in browser(alice).get(reverse("imaging:images")).content.decode()
    shown = browser(bob).get(reverse("imaging:images")).content.decode()
    assert link not in shown
    assert NO_REVIEWER in shown


def test_images_of_several_teams_are_reviewed_by_who_is_marked_on_both(
    marked: Client, vera: User, images: Images
) -> None:
    Membership.objects.create(team=images["Elsewhere"].team, user=vera, role="viewer", is_reviewer=True)

    shown = page(marked, "imaging_review_many")

    assert "A light of ours" in shown
    assert "A light of theirs" in shown


def test_a_place_on_another_team_without_the_mark_shows_only_what_is_approved(
    marked: Client, vera: User, images: Images
) -> None:
    other = images["Elsewhere"]
    Membership.objects.create(team=other.team, user=vera, role="viewer")
    approved = drawn(team=other.team, by=other.requested_by, state="approved")

    assert set(access.visible_images(vera, other.team)) == {approved}
