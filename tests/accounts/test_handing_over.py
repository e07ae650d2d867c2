"""Marks and owners: who reviews, and a team that passes from one owner to another."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Membership, Team, User
from accounts.services import invitations, teams
from core.errors import ActionRefused
from tests.accounts.conftest import SignedIn, Together

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def place(user: User) -> Membership:
    return Membership.objects.get(user=user)


def text(browser: Client) -> str:
    return " ".join(browser.get(reverse("accounts:team")).content.decode().split())


def test_an_owner_marks_a_reviewer_and_takes_the_mark_away(
    signed_in: SignedIn, crew: Team, alice: User, vera: User
) -> None:
    browser, url = signed_in(alice), reverse("accounts:mark_reviewer", args=[place(vera).pk])
    assert "No reviewer yet" in text(browser)

    browser.post(url, {"is_reviewer": "on"})
    assert place(vera).is_reviewer
    page = text(browser)
    assert "vera reviews the team’s images now." in page
    assert "No reviewer yet" not in page

    browser.post(url, {})
    assert not place(vera).is_reviewer
    assert "vera no longer reviews images." in text(browser)


def test_everybody_sees_who_reviews(signed_in: SignedIn, crew: Team, bob: User, vera: User) -> None:
    assert text(signed_in(bob)).count('<span class="badge">Reviewer</span>') == 0

    Membership.objects.filter(user=vera).update(is_reviewer=True)

    assert text(signed_in(bob)).count('<span class="badge">Reviewer</span>') == 1


def test_a_team_whose_images_need_no_approval_needs_no_reviewer(signed_in: SignedIn, crew: Team, alice: User) -> None:
    Team.objects.update(images_need_approval=False)

    assert "No reviewer yet" not in text(signed_in(alice))


def test_the_page_says_what_each_role_can_do(signed_in: SignedIn, crew: Team, vera: User) -> None:
    page = text(signed_in(vera))

    assert "What each role can do" in page
    assert "Ask questions and draw images" in page


def test_a_change_by_htmx_answers_with_the_rows_and_a_way_back(
    signed_in: SignedIn, crew: Team, alice: User, bob: User, vera: User
) -> None:
    url = reverse("accounts:change_role", args=[place(bob).pk])

    part = signed_in(alice).post(url, {"role": "viewer"}, headers=HTMX).content.decode()

    assert "<html" not in part
    assert f'id="person-{place(bob).pk}"' in part
    assert f'id="person-{place(vera).pk}"' not in part
    assert 'name="role" value="member"' in part  # the way back


@pytest.mark.parametrize("fields", [{"role": "emperor"}, {}])
def test_a_role_that_is_none_puts_the_row_back(
    fields: dict[str, str], signed_in: SignedIn, crew: Team, alice: User, bob: User
) -> None:
    url = reverse("accounts:change_role", args=[place(bob).pk])

    part = signed_in(alice).post(url, fields, headers=HTMX).content.decode()

    assert "Choose one of the roles. Nothing was changed." in part
    assert place(bob).role == "member"


def test_an_owner_hands_the_team_over(signed_in: SignedIn, crew: Team, alice: User, bob: User) -> None:
    browser = signed_in(alice)
    invitation, _ = invitations.create_invitation(team=crew, by=alice, role="owner")

    browser.post(reverse("accounts:hand_over", args=[place(bob).pk]))

    assert (place(alice).role, place(bob).role) == ("member", "owner")
    assert "bob owns the team now. You’re a member." in text(browser)
    assert not Invitation.objects.get(pk=invitation.pk).is_open


def test_other_owners_stay_owners(crew: Team, alice: User, bob: User, vera: User) -> None:
    Membership.objects.filter(user=vera).update(role="owner")

    teams.hand_over(member=place(bob), by=alice)

    assert (place(alice).role, place(bob).role, place(vera).role) == ("member", "owner", "owner")


@pytest.mark.parametrize("whom", ["oneself", "deactivated", "gone"])
def test_a_team_is_handed_to_nobody_who_cannot_own_it(
    whom: str, signed_in: SignedIn, crew: Team, alice: User, bob: User
) -> None:
    member = place(alice if whom == "oneself" else bob)
    if whom == "deactivated":
        User.objects.filter(pk=bob.pk).update(is_active=False)
    elif whom == "gone":
        Membership.objects.filter(user=bob).delete()

    with pytest.raises(ActionRefused):
        teams.hand_over(member=member, by=alice)

    assert place(alice).role == "owner"


def going(act: Callable[[], None]) -> Callable[[], str]:
    def attempt() -> str:
        try:
            act()
        except ActionRefused:
            return "refused"
        return "done"

    return attempt


@pytest.mark.django_db(transaction=True)
def test_a_team_handed_to_an_owner_who_leaves_in_this_moment_keeps_one(
    together: Together, crew: Team, alice: User, bob: User
) -> None:
    Membership.objects.filter(user=bob).update(role="owner")
    to, of = place(bob), place(bob)

    outcomes = together(
        going(lambda: teams.hand_over(member=to, by=alice)), going(lambda: teams.remove_member(member=of, by=bob))
    )

    assert sorted(outcomes) == ["done", "refused"]
    assert crew.memberships.filter(role="owner").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_hand_over_at_once_leave_the_team_an_owner(
    together: Together, crew: Team, alice: User, bob: User, vera: User
) -> None:
    Membership.objects.filter(user=bob).update(role="owner")

    together(
        going(lambda: teams.hand_over(member=place(vera), by=alice)),
        going(lambda: teams.hand_over(member=place(vera), by=bob)),
    )

    assert {member.user for member in crew.memberships.filter(role="owner")} == {vera}
