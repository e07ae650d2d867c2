"""A forgotten password: an owner makes a link, the teammate sets a new password by it, once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, OneTimeLink, Team, User
from accounts.services.link_tokens import hash_token
from tests.accounts.conftest import SignedIn, Together
from tests.cast import PASSWORD

NEW = {"new_password1": "a longer horse 7", "new_password2": "a longer horse 7"}


def ask_for_link(browser: Client, person: User, team: Team) -> str:
    """The page that an owner gets who asks for a link."""
    place = Membership.objects.get(user=person, team=team)
    return browser.post(reverse("accounts:password_link", args=[place.pk]), follow=True).content.decode()


def path_in(page: str) -> str:
    found = re.search(r"http://testserver(/accounts/new-password/[\w-]+/)", page)
    assert found, page
    return found[1]


@pytest.fixture
def path(signed_in: SignedIn, crew: Team, alice: User, bob: User) -> str:
    """The address at which Bob can set a new password."""
    return path_in(ask_for_link(signed_in(alice), bob, crew))


def test_a_teammate_sets_a_new_password_by_the_link(anyone: Client, bob: User, path: str) -> None:
    assert "bob" in anyone.get(path).content.decode()

    assert anyone.post(path, NEW).status_code == 302

    assert anyone.get(reverse("accounts:me")).status_code == 200
    bob.refresh_from_db()
    assert bob.check_password("a longer horse 7")


def test_setting_it_ends_every_session_of_before(signed_in: SignedIn, anyone: Client, bob: User, path: str) -> None:
    before = signed_in(bob)

    anyone.post(path, NEW)

    assert before.get(reverse("accounts:me")).status_code == 302


def test_the_link_works_once_and_only_its_hash_is_kept(anyone: Client, path: str) -> None:
    assert OneTimeLink.objects.get().token_hash == hash_token(path.split("/")[-2])
    anyone.post(path, NEW)

    again = {"new_password1": "another horse 8", "new_password2": "another horse 8"}
    assert Client().get(path).status_code == 410
    assert Client().post(path, again).status_code == 410
    assert User.objects.get(username="bob").check_password("a longer horse 7")


def test_a_newer_link_replaces_the_older(
    signed_in: SignedIn, anyone: Client, crew: Team, alice: User, bob: User, path: str
) -> None:
    newer = path_in(ask_for_link(signed_in(alice), bob, crew))

    assert anyone.get(path).status_code == 404
    assert anyone.get(newer).status_code == 200


def test_a_link_lasts_a_day(anyone: Client, path: str) -> None:
    link = OneTimeLink.objects.get()
    assert link.expires_at - timezone.now() <= timedelta(days=1)
    OneTimeLink.objects.update(expires_at=timezone.now())

    assert anyone.post(path, NEW).status_code == 410


def test_a_weak_password_is_refused_and_the_link_stays(anyone: Client, path: str) -> None:
    response = anyone.post(path, {"new_password1": "bob", "new_password2": "bob"})

    assert response.status_code == 422
    assert "too short" in response.content.decode()
    assert anyone.post(path, NEW).status_code == 302


def test_changing_the_password_oneself_ends_the_link(signed_in: SignedIn, anyone: Client, bob: User, path: str) -> None:
    signed_in(bob).post(reverse("password_change"), {"old_password": PASSWORD, **NEW})

    assert anyone.get(path).status_code == 404


def test_an_unknown_link_is_not_found(anyone: Client, crew: Team) -> None:
    assert anyone.get(reverse("accounts:new_password", args=["x" * 43])).status_code == 404


def test_no_owner_gets_into_the_administration_that_way(
    signed_in: SignedIn, crew: Team, alice: User, bob: User
) -> None:
    for flag in ("is_staff", "is_superuser"):
        User.objects.filter(pk=bob.pk).update(is_staff=False, is_superuser=False)
        User.objects.filter(pk=bob.pk).update(**{flag: True})

        page = ask_for_link(signed_in(alice), bob, crew)

        assert "Only your administrator" in page
    assert not OneTimeLink.objects.exists()


def test_no_owner_gets_into_another_team_that_way(signed_in: SignedIn, crew: Team, alice: User, charlie: User) -> None:
    Membership.objects.create(team=crew, user=charlie)

    page = ask_for_link(signed_in(alice), charlie, crew)

    assert "Only your administrator" in page
    offered = signed_in(alice).get(reverse("accounts:team")).content.decode()
    assert "New password link for bob" in offered
    assert "New password link for charlie" not in offered


def test_a_link_ends_when_its_maker_could_not_make_it_any_more(
    anyone: Client, alice: User, bob: User, path: str, elsewhere: Team
) -> None:
    changes: list[Callable[[], object]] = [
        lambda: Membership.objects.filter(user=alice).update(role="member"),
        lambda: User.objects.filter(pk=alice.pk).update(is_active=False),
        lambda: User.objects.filter(pk=bob.pk).update(is_staff=True),
        lambda: User.objects.filter(pk=bob.pk).update(is_active=False),
        lambda: Membership.objects.create(user=bob, team=elsewhere),
        lambda: Membership.objects.filter(user=bob).delete(),
    ]
    for change in changes:
        Membership.objects.filter(user=alice).update(role="owner")
        User.objects.update(is_active=True, is_staff=False)
        Membership.objects.filter(user=bob, team=elsewhere).delete()
        assert anyone.get(path).status_code == 200

        change()

        assert anyone.get(path).status_code == 410
        assert anyone.post(path, NEW).status_code == 410
    assert User.objects.get(username="bob").check_password(PASSWORD)


def test_an_administrator_who_owns_the_team_may_help_everybody(
    signed_in: SignedIn, anyone: Client, crew: Team, alice: User, bob: User, elsewhere: Team
) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    Membership.objects.create(user=bob, team=elsewhere)

    path = path_in(ask_for_link(signed_in(alice), bob, crew))

    assert anyone.post(path, NEW).status_code == 302


def test_nobody_resets_their_own_password(signed_in: SignedIn, crew: Team, alice: User) -> None:
    ask_for_link(signed_in(alice), alice, crew)

    assert not OneTimeLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_uses_at_once_one_counts(
    together: Together, signed_in: SignedIn, crew: Team, alice: User, bob: User
) -> None:
    path = path_in(ask_for_link(signed_in(alice), bob, crew))

    def use(number: int) -> int:
        password = f"a longer horse {number}"
        return Client().post(path, {"new_password1": password, "new_password2": password}).status_code

    answers = together(*[lambda n=n: use(n) for n in range(4)])

    assert sorted(answers) == [302, 410, 410, 410]
    bob.refresh_from_db()
    assert bob.check_password(f"a longer horse {answers.index(302)}")
