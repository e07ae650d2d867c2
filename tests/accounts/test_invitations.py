"""The life of an invitation: made, shown once, used by one person, or withdrawn, or forgotten."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, Team, User
from accounts.services import invitations, teams
from accounts.services.link_tokens import hash_token
from tests.accounts.conftest import ACCOUNT, SignedIn
from tests.cast import PASSWORD


def invitation_path(browser: Client, **fields: object) -> str:
    form = {"role": "member", "people": "Dana", "days": 7, **fields}
    page = browser.post(reverse("accounts:invite"), form).content.decode()
    found = re.search(r"http://testserver(/accounts/join/[\w-]+/)", page)
    assert found, page
    return found[1]


@pytest.fixture
def path(signed_in: SignedIn, crew: Team, alice: User) -> str:
    """The address of an open invitation to the Harbour."""
    return invitation_path(signed_in(alice))


def test_the_link_is_shown_once_with_a_button_that_copies_it(signed_in: SignedIn, alice: User) -> None:
    browser = signed_in(alice)

    response = browser.post(reverse("accounts:invite"), {"role": "member", "people": "", "days": 7})

    page = response.content.decode()
    assert 'data-copy="#one-time-link"' in page
    assert 'id="one-time-link"' in page
    assert "no-store" in response["Cache-Control"]
    assert "/accounts/join/" not in browser.get(reverse("accounts:team")).content.decode()


def test_only_the_hash_of_the_token_is_kept(path: str) -> None:
    token = path.split("/")[-2]

    invitation = Invitation.objects.get()

    assert len(token) == 43
    assert invitation.token_hash == hash_token(token)


def test_an_invitation_is_for_seven_days_unless_said_otherwise(signed_in: SignedIn, alice: User) -> None:
    browser = signed_in(alice)
    assert 'value="7"' in browser.get(reverse("accounts:invite")).content.decode()

    invitation_path(browser, days=30)

    left = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)


@pytest.mark.parametrize(
    "wrong", [{"days": 0}, {"days": 31}, {"days": "soon"}, {"role": "emperor"}, {"role": ""}, {"people": "x" * 121}]
)
def test_an_impossible_invitation_is_refused_beside_its_field(
    signed_in: SignedIn, alice: User, wrong: dict[str, object]
) -> None:
    fields = {"role": "member", "people": "", "days": 7, **wrong}

    response = signed_in(alice).post(reverse("accounts:invite"), fields)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert not Invitation.objects.exists()


def test_the_page_says_which_team_and_by_whom(anyone: Client, alice: User, path: str) -> None:
    User.objects.filter(pk=alice.pk).update(full_name="Alice Anchor")

    response = anyone.get(path)

    assert "Alice Anchor has invited you to join the team Harbour as a member." in " ".join(
        response.content.decode().split()
    )
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "strict-origin"


def test_somebody_new_makes_an_account_and_is_on_the_team(anyone: Client, crew: Team, path: str) -> None:
    response = anyone.post(path, ACCOUNT)

    place = Membership.objects.get(user__username="dana")
    assert response["Location"] == "/"
    assert (place.team, place.role, place.user.full_name) == (crew, "member", "Dana Deck")
    assert not place.user.is_staff
    assert Invitation.objects.get().accepted_by == place.user
    assert anyone.get(reverse("accounts:team")).status_code == 200


@pytest.mark.parametrize("role", ["owner", "member", "viewer"])
def test_who_joins_has_the_role_of_the_invitation(anyone: Client, signed_in: SignedIn, alice: User, role: str) -> None:
    anyone.post(invitation_path(signed_in(alice), role=role), {**ACCOUNT, "role": "owner", "is_superuser": "on"})

    place = Membership.objects.get(user__username="dana")
    assert place.role == role
    assert not place.user.is_superuser


def test_somebody_with_an_account_joins_by_one_click(signed_in: SignedIn, crew: Team, charlie: User, path: str) -> None:
    browser = signed_in(charlie)
    assert "Join as charlie" in " ".join(browser.get(path).content.decode().split())

    response = browser.post(f"{path}accept/")

    assert response["Location"] == "/"
    assert Membership.objects.get(user=charlie, team=crew).role == "member"
    assert "Harbour" in browser.get(reverse("accounts:team")).content.decode()


def test_somebody_with_an_account_may_sign_in_first(anyone: Client, crew: Team, charlie: User, path: str) -> None:
    page = anyone.get(path).content.decode()
    found = re.search(r'href="(/accounts/login/\?next=[^"]+)"', page)
    assert found

    response = anyone.post(found[1], {"username": "charlie", "password": PASSWORD})

    assert response["Location"] == path
    assert anyone.post(f"{path}accept/").status_code == 302
    assert crew.memberships.filter(user=charlie).exists()


def test_accepting_without_being_signed_in_leads_back_to_the_invitation(anyone: Client, path: str) -> None:
    response = anyone.post(f"{path}accept/")

    assert response["Location"] == path
    assert Invitation.objects.get().is_open


def test_looking_at_a_link_uses_nothing_up(anyone: Client, path: str) -> None:
    for _ in range(3):
        assert anyone.get(path).status_code == 200
        assert anyone.head(path).status_code == 200
    assert anyone.get(f"{path}accept/").status_code == 405

    assert Invitation.objects.get().is_open


def test_a_link_lets_one_person_in(anyone: Client, signed_in: SignedIn, charlie: User, path: str) -> None:
    anyone.post(path, ACCOUNT)

    late = signed_in(charlie)
    assert late.get(path).status_code == 410
    assert late.post(f"{path}accept/").status_code == 410
    assert Client().post(path, {**ACCOUNT, "username": "eve"}).status_code == 410
    assert not User.objects.filter(username="eve").exists()
    assert "already been used" in late.get(path).content.decode()


def test_who_is_on_the_team_already_leaves_the_invitation_to_others(signed_in: SignedIn, bob: User, path: str) -> None:
    browser = signed_in(bob)
    assert "You’re already on this team" in browser.get(path).content.decode()

    assert browser.post(f"{path}accept/").status_code == 302

    assert Invitation.objects.get().is_open
    assert bob.memberships.count() == 1


def test_a_revoked_invitation_lets_nobody_in(anyone: Client, signed_in: SignedIn, alice: User, path: str) -> None:
    revoke = reverse("accounts:revoke", args=[Invitation.objects.get().pk])

    assert signed_in(alice).post(revoke).status_code == 302

    response = anyone.get(path)
    assert response.status_code == 410
    assert "revoked" in response.content.decode()
    assert anyone.post(path, ACCOUNT).status_code == 410
    assert not User.objects.filter(username="dana").exists()


def test_an_expired_invitation_lets_nobody_in(anyone: Client, path: str) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    response = anyone.get(path)

    assert response.status_code == 410
    assert "expired" in response.content.decode()
    assert anyone.post(path, ACCOUNT).status_code == 410


@pytest.mark.parametrize("token", ["x" * 43, "short", "%00", "é" * 20, "x" * 5000, "%ff"])
def test_an_unknown_link_is_not_found(anyone: Client, crew: Team, token: str) -> None:
    assert anyone.get(f"/accounts/join/{token}/").status_code == 404
    assert anyone.post(f"/accounts/join/{token}/", ACCOUNT).status_code == 404
    assert anyone.post(f"/accounts/join/{token}/accept/").status_code == 404


@pytest.mark.parametrize("name", ["bob", "BOB", "ｂｏｂ"])
def test_a_taken_username_is_refused_and_the_link_stays_open(anyone: Client, bob: User, path: str, name: str) -> None:
    response = anyone.post(path, {**ACCOUNT, "username": name})

    assert response.status_code == 422
    assert "already exists" in response.content.decode()
    assert anyone.post(path, ACCOUNT).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "with space"},
        {"username": ""},
        {"username": "x" * 151},
        {"password1": "dana", "password2": "dana"},
        {"password1": "danadeck1", "password2": "danadeck1"},
        {"password2": "other"},
        {"password1": "", "password2": ""},
    ],
)
def test_an_impossible_account_is_refused_beside_its_field(anyone: Client, path: str, wrong: dict[str, str]) -> None:
    response = anyone.post(path, {**ACCOUNT, **wrong})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert Invitation.objects.get().is_open


def test_owners_see_the_state_of_every_invitation(anyone: Client, signed_in: SignedIn, alice: User) -> None:
    browser = signed_in(alice)
    anyone.post(invitation_path(browser, people="first"), ACCOUNT)
    invitation_path(browser, people="second")
    Invitation.objects.filter(note="second").update(expires_at=timezone.now())
    invitation_path(browser, people="third")
    browser.post(reverse("accounts:revoke", args=[Invitation.objects.get(note="third").pk]))
    invitation_path(browser, people="fourth")

    page = " ".join(browser.get(reverse("accounts:team")).content.decode().split())

    assert "Accepted by Dana Deck" in page
    for note, state in (("second", "Expired"), ("third", "Revoked"), ("fourth", "Revoke the invitation for fourth")):
        row = page[page.index(f"<strong>{note}</strong>") :]
        assert state in row[: row.index("</li>")]
    assert page.count("Revoke the invitation for") == 1


def test_a_member_removed_from_the_team_does_not_come_back_by_a_link_they_made(
    anyone: Client, signed_in: SignedIn, alice: User, bob: User
) -> None:
    Membership.objects.filter(user=bob).update(role="owner")
    path = invitation_path(signed_in(bob), role="owner")

    signed_in(alice).post(reverse("accounts:remove", args=[bob.memberships.get().pk]))

    assert signed_in(bob).post(f"{path}accept/").status_code == 410
    assert anyone.post(path, ACCOUNT).status_code == 410


def test_an_owner_made_a_member_has_no_open_invitations_any_more(
    anyone: Client, signed_in: SignedIn, alice: User, bob: User
) -> None:
    Membership.objects.filter(user=bob).update(role="owner")
    path = invitation_path(signed_in(bob), role="owner")

    signed_in(alice).post(reverse("accounts:change_role", args=[bob.memberships.get().pk]), {"role": "member"})

    assert anyone.get(path).status_code == 410


def test_inviting_is_for_those_who_still_own_the_team(crew: Team, alice: User, bob: User) -> None:
    Membership.objects.filter(user=bob).update(role="owner")
    teams.remove_member(member=alice.memberships.get(), by=bob)

    with pytest.raises(PermissionDenied):
        invitations.create_invitation(team=crew, by=alice, role="owner")
