"""The team's page: what everybody sees, what owners do, and what nobody may."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Invitation, Membership, Team, User
from accounts.services import invitations, teams
from core.errors import ActionRefused
from tests.accounts.conftest import SignedIn, Together

TEAM = "/accounts/team/"


def place(user: User) -> Membership:
    return Membership.objects.get(user=user)


def text(browser: Client, path: str = TEAM) -> str:
    return " ".join(browser.get(path).content.decode().split())


def test_everybody_on_the_team_sees_who_is_on_it(signed_in: SignedIn, crew: Team, bob: User, vera: User) -> None:
    for person in (bob, vera):
        page = text(signed_in(person))
        assert all(name in page for name in ("Harbour", "alice", "bob", "vera", "Owner", "Member", "Viewer"))


def test_members_and_viewers_only_read(signed_in: SignedIn, crew: Team, alice: User, bob: User, vera: User) -> None:
    invitations.create_invitation(team=crew, by=alice, role="member", note="for a secret guest")

    for person in (bob, vera):
        page = text(signed_in(person))
        assert "Rename" not in page
        assert "Remove" not in page
        assert "secret guest" not in page
        assert "<select" not in page


def test_nobody_sees_another_team(signed_in: SignedIn, crew: Team, charlie: User) -> None:
    page = text(signed_in(charlie))

    assert "Elsewhere" in page
    assert "alice" not in page


def test_an_owner_renames_the_team(signed_in: SignedIn, crew: Team, alice: User) -> None:
    signed_in(alice).post(reverse("accounts:rename"), {"name": "  Quay  "})

    crew.refresh_from_db()
    assert crew.name == "Quay"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b", "\u200b\u3164"])
def test_a_name_that_cannot_be_changes_nothing(signed_in: SignedIn, crew: Team, alice: User, name: str) -> None:
    browser = signed_in(alice)
    browser.post(reverse("accounts:rename"), {"name": name})

    crew.refresh_from_db()
    assert crew.name == "Harbour"
    assert "The name was not changed." in text(browser)


def test_an_owner_changes_roles(signed_in: SignedIn, crew: Team, alice: User, vera: User) -> None:
    url = reverse("accounts:change_role", args=[place(vera).pk])

    signed_in(alice).post(url, {"role": "member"})

    assert place(vera).may_ask


def test_a_role_that_is_none_changes_nothing(signed_in: SignedIn, crew: Team, alice: User, vera: User) -> None:
    signed_in(alice).post(reverse("accounts:change_role", args=[place(vera).pk]), {"role": "emperor"})

    assert place(vera).role == "viewer"


def test_a_removed_member_is_out_at_once(signed_in: SignedIn, crew: Team, alice: User, bob: User) -> None:
    theirs = signed_in(bob)
    assert theirs.get(TEAM).status_code == 200

    signed_in(alice).post(reverse("accounts:remove", args=[place(bob).pk]))

    response = theirs.get(TEAM)
    assert response.status_code == 403
    assert "You’re not on a team yet" in response.content.decode()
    assert theirs.get(reverse("accounts:me")).status_code == 200


def test_the_last_owner_stays_an_owner(signed_in: SignedIn, crew: Team, alice: User) -> None:
    browser = signed_in(alice)

    for url, fields in (
        (reverse("accounts:change_role", args=[place(alice).pk]), {"role": "member"}),
        (reverse("accounts:remove", args=[place(alice).pk]), {}),
    ):
        browser.post(url, fields)
        assert "A team needs an owner. Make someone else an owner first." in text(browser)

    assert place(alice).role == "owner"


def test_an_owner_who_cannot_sign_in_does_not_count_as_one(crew: Team, alice: User, bob: User) -> None:
    Membership.objects.filter(user=bob).update(role="owner")
    User.objects.filter(pk=bob.pk).update(is_active=False)

    with pytest.raises(ActionRefused):
        teams.remove_member(member=place(alice), by=alice)


def test_an_owner_may_leave_when_another_stays(signed_in: SignedIn, crew: Team, alice: User, bob: User) -> None:
    Membership.objects.filter(user=bob).update(role="owner")

    response = signed_in(alice).post(reverse("accounts:remove", args=[place(alice).pk]))

    assert response["Location"] == reverse("accounts:me")
    assert not alice.memberships.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step_down", [True, False])
def test_two_last_owners_cannot_both_go_at_once(
    together: Together, crew: Team, alice: User, bob: User, step_down: bool
) -> None:
    Membership.objects.filter(user=bob).update(role="owner")

    def go(person: User) -> Callable[[], str]:
        def leave() -> str:
            try:
                if step_down:
                    teams.change_role(member=place(person), by=person, role="viewer")
                else:
                    teams.remove_member(member=place(person), by=person)
            except ActionRefused:
                return "stays"
            return "gone"

        return leave

    assert sorted(together(go(alice), go(bob))) == ["gone", "stays"]
    assert crew.memberships.filter(role="owner").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_remove_each_other_at_once(
    together: Together, signed_in: SignedIn, crew: Team, alice: User, bob: User
) -> None:
    Membership.objects.filter(user=bob).update(role="owner")
    theirs = {person: reverse("accounts:remove", args=[place(person).pk]) for person in (alice, bob)}
    of_alice, of_bob = signed_in(alice), signed_in(bob)

    together(lambda: of_alice.post(theirs[bob]), lambda: of_bob.post(theirs[alice]))

    assert crew.memberships.filter(role="owner").count() == 1


OWNERS_ONLY = ["rename", "invite", "revoke", "change_role", "remove", "password_link"]


def owners_url(name: str, crew: Team, alice: User, vera: User) -> str:
    if name == "revoke":
        return reverse(
            "accounts:revoke", args=[invitations.create_invitation(team=crew, by=alice, role="member")[0].pk]
        )
    return reverse(f"accounts:{name}", args=[place(vera).pk] if name not in {"rename", "invite"} else [])


@pytest.mark.parametrize("name", OWNERS_ONLY)
def test_members_and_viewers_may_not_do_what_owners_do(
    signed_in: SignedIn, crew: Team, alice: User, bob: User, vera: User, name: str
) -> None:
    url = owners_url(name, crew, alice, vera)

    for person in (bob, vera):
        response = signed_in(person).post(url, {"name": "X", "role": "owner", "days": 7})
        assert response.status_code == 403
        assert "Only a team owner can do this." in response.content.decode()

    assert Team.objects.get(pk=crew.pk).name == "Harbour"
    assert place(vera).role == "viewer"
    assert all(invitation.is_open for invitation in Invitation.objects.all())


@pytest.mark.parametrize("name", ["revoke", "change_role", "remove", "password_link"])
@pytest.mark.parametrize("role", ["owner", "member", "viewer"])
def test_what_belongs_to_another_team_is_not_found(
    signed_in: SignedIn, crew: Team, alice: User, vera: User, charlie: User, name: str, role: str
) -> None:
    Membership.objects.filter(user=charlie).update(role=role)

    response = signed_in(charlie).post(owners_url(name, crew, alice, vera), {"role": "owner"})

    assert response.status_code == 404
    assert place(vera).role == "viewer"


@pytest.mark.parametrize("name", OWNERS_ONLY)
def test_whoever_is_not_signed_in_is_asked_to(anyone: Client, crew: Team, alice: User, vera: User, name: str) -> None:
    response = anyone.post(owners_url(name, crew, alice, vera))

    assert response["Location"] == "/accounts/login/?next=/"  # not to an address that only takes forms


@pytest.mark.parametrize("name", ["rename", "revoke", "change_role", "remove", "password_link"])
def test_nothing_changes_by_a_get(signed_in: SignedIn, crew: Team, alice: User, vera: User, name: str) -> None:
    assert signed_in(alice).get(owners_url(name, crew, alice, vera)).status_code == 405


@pytest.mark.parametrize("name", OWNERS_ONLY)
def test_every_change_needs_the_form_of_this_site(crew: Team, alice: User, vera: User, name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")

    assert strict.post(owners_url(name, crew, alice, vera)).status_code == 403


def test_somebody_on_several_teams_switches(signed_in: SignedIn, crew: Team, charlie: User) -> None:
    Membership.objects.create(team=crew, user=charlie, role="viewer")
    browser = signed_in(charlie)
    assert '<p class="lead">Elsewhere</p>' in text(browser)

    response = browser.post(reverse("accounts:switch"), {"team": str(crew.pk)})

    assert response["Location"] == "/"
    assert '<p class="lead">Harbour</p>' in text(browser)
    assert "Switch to Elsewhere" in text(browser, reverse("accounts:me"))


@pytest.mark.parametrize("team", ["", "nonsense", "00000000-0000-0000-0000-000000000000", "harbour"])
def test_nobody_switches_to_a_team_they_are_not_on(signed_in: SignedIn, crew: Team, charlie: User, team: str) -> None:
    browser = signed_in(charlie)
    wanted = str(crew.pk) if team == "harbour" else team

    assert browser.post(reverse("accounts:switch"), {"team": wanted}).status_code == 404
    assert '<p class="lead">Elsewhere</p>' in text(browser)


def test_somebody_removed_from_the_chosen_team_acts_in_another(
    signed_in: SignedIn, crew: Team, alice: User, charlie: User
) -> None:
    guest = Membership.objects.create(team=crew, user=charlie)
    browser = signed_in(charlie)
    browser.post(reverse("accounts:switch"), {"team": str(crew.pk)})

    teams.remove_member(member=guest, by=alice)

    assert '<p class="lead">Elsewhere</p>' in text(browser)


def test_a_large_team_costs_no_more_queries(
    signed_in: SignedIn, crew: Team, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = User.objects.bulk_create(User(username=f"sailor{n}") for n in range(200))
    Membership.objects.bulk_create(Membership(team=crew, user=user) for user in people)
    for _ in range(20):
        invitations.create_invitation(team=crew, by=alice, role="member")
    browser = signed_in(alice)

    with django_assert_max_num_queries(9):
        browser.get(TEAM)
