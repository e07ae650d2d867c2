"""What the table of rights over others leaves to tell: links, groups, and the sentences that say why not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, OneTimeLink, Team, User
from accounts.services import invitations, passwords
from accounts.services.link_tokens import hash_token
from tests.accounts.attempts import NEW, REVIEW, USERS, permission
from tests.accounts.conftest import SignedIn

pytestmark = pytest.mark.django_db

BEYOND = "has rights that yours doesn’t"


def page(browser: Client, name: str, *args: object) -> str:
    return " ".join(browser.get(reverse(name, args=args)).content.decode().split())


def link_for(person: User, *, by: User) -> str:
    return reverse("accounts:new_password", args=[passwords.new_password_link(member=person.memberships.get(), by=by)])


@pytest.fixture
def clerk() -> User:
    """Staff who may do everything that Django has a permission for, but is no superuser."""
    found = User.objects.create(username="clerk", is_staff=True)
    names = (*USERS, *(f"auth.{may}_group" for may in ("view", "add", "change", "delete")))
    names += tuple(f"accounts.{may}_invitation" for may in ("view", "change", "delete"))
    found.user_permissions.add(*map(permission, names))
    return found


# --- Password links ----------------------------------------------------------------------------------


@pytest.mark.parametrize("right", ["permission", "group", "group of before", "staff", "superuser", "team"])
def test_a_link_ends_when_the_person_gains_a_right_that_its_maker_has_not(
    crew: Team, alice: User, bob: User, elsewhere: Team, right: str
) -> None:
    reviewers = Group.objects.create(name="Reviewers")
    if right == "group of before":
        bob.groups.add(reviewers)
    path = link_for(bob, by=alice)
    assert Client().get(path).status_code == 200

    if right == "permission":
        bob.user_permissions.add(permission(REVIEW))
    elif right == "group":
        reviewers.permissions.add(permission(REVIEW))
        bob.groups.add(reviewers)
    elif right == "group of before":
        reviewers.permissions.add(permission(REVIEW))
    elif right == "team":
        Membership.objects.create(team=elsewhere, user=bob)
    else:
        User.objects.filter(pk=bob.pk).update(**{f"is_{right}": True})

    assert Client().get(path).status_code == 410
    assert Client().post(path, NEW).status_code == 410
    assert not User.objects.get(pk=bob.pk).check_password(NEW["new_password1"])


def test_a_link_works_again_for_somebody_who_lost_the_right(crew: Team, alice: User, bob: User) -> None:
    path = link_for(bob, by=alice)
    bob.user_permissions.add(permission(REVIEW))
    assert Client().get(path).status_code == 410

    bob.user_permissions.clear()

    assert Client().post(path, NEW).status_code == 302


def test_links_do_not_outlive_a_deactivation(admin_client: Client, crew: Team, alice: User, bob: User) -> None:
    of_bob, by_bob = link_for(bob, by=alice), OneTimeLink(purpose="password", user=alice, made_by=bob)
    by_bob.token_hash, by_bob.expires_at = hash_token("x"), timezone.now() + timedelta(days=1)
    by_bob.save()

    passwords.end_access(user=bob)

    assert Client().get(of_bob).status_code == 404
    assert not OneTimeLink.objects.exists()


def test_a_password_set_by_an_administrator_ends_the_links_to_set_another(
    admin_client: Client, crew: Team, alice: User, bob: User
) -> None:
    path = link_for(bob, by=alice)

    admin_client.post(
        reverse("admin:auth_user_password_change", args=[bob.pk]),
        {
            "password1": "a longer horse 7",
            "password2": "a longer horse 7",
            "usable_password": "true",
            "set-password": "x",
        },
    )

    assert User.objects.get(pk=bob.pk).check_password("a longer horse 7")
    assert Client().get(path).status_code == 404


# --- Invitations -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "expected"),
    [("alice", 200), ("bob", 403), ("vera", 403), ("charlie", 200), ("clerk", 403)],
)
def test_one_invites_to_ones_own_team_alone(
    request: pytest.FixtureRequest, signed_in: SignedIn, crew: Team, who: str, expected: int
) -> None:
    actor = request.getfixturevalue(who)

    response = signed_in(actor).post(reverse("accounts:invite"), {"role": "owner", "days": 7, "team": str(crew.pk)})

    assert response.status_code == expected
    made = Invitation.objects.filter(invited_by=actor).values_list("team__name", flat=True)
    assert list(made) == ([{"alice": "Harbour", "charlie": "Elsewhere"}[who]] if expected == 200 else [])


@pytest.mark.parametrize("lost", ["demoted", "removed", "deactivated", "deleted"])
def test_an_invitation_is_worth_what_its_maker_is(
    signed_in: SignedIn, crew: Team, alice: User, bob: User, charlie: User, lost: str
) -> None:
    Membership.objects.filter(user=bob).update(role="owner")
    token = invitations.create_invitation(team=crew, by=bob, role="owner")[1]
    path, accept = reverse("accounts:join", args=[token]), reverse("accounts:accept", args=[token])
    assert signed_in(charlie).get(path).status_code == 200

    if lost == "demoted":
        Membership.objects.filter(user=bob).update(role="member")
    elif lost == "removed":
        Membership.objects.filter(user=bob).delete()
    elif lost == "deactivated":
        User.objects.filter(pk=bob.pk).update(is_active=False)
    else:
        bob.delete()

    assert signed_in(charlie).get(path).status_code == 410
    assert signed_in(charlie).post(accept).status_code == 410
    assert not Membership.objects.filter(team=crew, user=charlie).exists()
    assert "Revoked" in page(signed_in(alice), "accounts:team")
    assert Invitation.objects.get().accepted_at is None


def test_an_invitation_is_not_edited_in_the_administration(
    signed_in: SignedIn, clerk: User, crew: Team, alice: User, elsewhere: Team
) -> None:
    invitation, _ = invitations.create_invitation(team=crew, by=alice, role="viewer")
    invitations.revoke_invitation(invitation=invitation, by=alice)
    before = Invitation.objects.values().get()

    signed_in(clerk).post(
        reverse("admin:accounts_invitation_change", args=[invitation.pk]),
        {"team": str(elsewhere.pk), "role": "owner", "note": "", "revoked_at_0": "", "revoked_at_1": ""},
    )

    assert Invitation.objects.values().get() == before


# --- The administration ------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["add", "change", "delete"])
def test_groups_are_changed_by_superusers_alone(
    signed_in: SignedIn, admin_client: Client, clerk: User, what: str
) -> None:
    group = Group.objects.create(name="Clerks")
    clerk.groups.add(group)
    address = reverse(f"admin:auth_group_{what}", args=[] if what == "add" else [group.pk])
    data = {"name": "Better clerks", "permissions": [permission(REVIEW).pk], "post": "yes"}

    assert signed_in(clerk).get(reverse("admin:auth_group_changelist")).status_code == 200
    assert signed_in(clerk).post(address, data).status_code == 403
    assert [(one.name, one.permissions.count()) for one in Group.objects.all()] == [("Clerks", 0)]

    assert admin_client.post(address, data).status_code == 302
    assert [one.name for one in Group.objects.order_by("name")] != ["Clerks"]


def test_somebody_new_is_put_on_a_team_by_who_may_do_that(signed_in: SignedIn, crew: Team, clerk: User) -> None:
    data = {"user": str(clerk.pk), "team": str(crew.pk), "role": "owner"}
    assert signed_in(clerk).post(reverse("admin:accounts_membership_add"), data).status_code == 403
    assert not clerk.memberships.exists()

    clerk.user_permissions.add(permission("accounts.add_membership"))

    assert signed_in(clerk).post(reverse("admin:accounts_membership_add"), data).status_code == 302
    assert clerk.memberships.get().role == "owner"


# --- The sentences -----------------------------------------------------------------------------------


def test_the_team_page_says_why_there_is_no_button(
    signed_in: SignedIn, crew: Team, alice: User, bob: User, vera: User
) -> None:
    bob.user_permissions.add(permission(REVIEW))
    User.objects.filter(pk=vera.pk).update(is_active=False)
    browser = signed_in(alice)

    shown = page(browser, "accounts:team")

    assert shown.count("New password link for") == 0
    assert f"The account of bob {BEYOND}. Only your administrator can let this person set" in shown
    assert "This account is deactivated, so nobody can sign in with it." in shown
    assert "Change your own password on your account page." in shown
    assert "review" not in shown.split("The account of bob")[1].split("</p>")[0]  # which right it is, is not told


def test_the_administration_says_why_there_is_no_form(signed_in: SignedIn, clerk: User, admin_user: User) -> None:
    browser = signed_in(clerk)

    assert BEYOND in page(browser, "admin:accounts_user_change", admin_user.pk)
    assert BEYOND in browser.post(reverse("admin:accounts_user_change", args=[admin_user.pk])).content.decode()
    refused = browser.get(reverse("admin:auth_user_password_change", args=[admin_user.pk]))
    assert refused.status_code == 403
    assert BEYOND in refused.content.decode()
    assert "Only superusers can change these." in page(browser, "admin:accounts_user_change", clerk.pk)
