"""The first minutes of a fresh server: a link, an account, a team. And the other way, createsuperuser."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, OneTimeLink, Team, User
from accounts.services.link_tokens import hash_token
from tests.accounts.conftest import SignedIn, Together
from tests.cast import PASSWORD

FORM = {
    "username": "olivia",
    "full_name": "Olivia Owner",
    "team_name": "Lighthouse",
    "password1": "a longer horse 7",
    "password2": "a longer horse 7",
}


def printed() -> str:
    out = StringIO()
    call_command("first_sign_in", stdout=out)
    return out.getvalue()


def path_in(text: str) -> str:
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/accounts/welcome/[\w-]+/)", text)
    assert found, text
    return found[1]


def test_the_printed_link_makes_the_first_owner_and_the_team(anyone: Client, db: None) -> None:
    path = path_in(printed())
    assert "Welcome to Parley" in anyone.get(path).content.decode()

    response = anyone.post(path, FORM)

    owner = User.objects.get()
    place = Membership.objects.get()
    assert response["Location"] == reverse("accounts:setup_review")
    assert (owner.username, owner.full_name) == ("olivia", "Olivia Owner")
    assert (place.user, place.team.name, place.role) == (owner, "Lighthouse", "owner")
    assert anyone.get(reverse("accounts:team")).status_code == 200
    assert anyone.get(reverse("admin:index")).status_code == 200


def test_the_link_works_once(anyone: Client, db: None) -> None:
    path = path_in(printed())
    anyone.post(path, FORM)

    again = Client().post(path, {**FORM, "username": "second", "team_name": "Other"})

    assert again.status_code == 410
    assert Client().get(path).status_code == 410
    assert [user.username for user in User.objects.all()] == ["olivia"]
    assert Team.objects.count() == 1


def test_only_the_hash_of_the_token_is_kept(anyone: Client, db: None) -> None:
    token = path_in(printed()).split("/")[-2]

    link = OneTimeLink.objects.get()

    assert len(token) == 43
    assert link.token_hash == hash_token(token)
    assert not any(token in str(value) for value in vars(link).values())


def test_running_the_command_again_replaces_the_link(anyone: Client, db: None) -> None:
    first, second = path_in(printed()), path_in(printed())

    assert first != second
    assert anyone.get(first).status_code == 404
    assert anyone.get(second).status_code == 200
    assert OneTimeLink.objects.count() == 1


def test_a_link_that_has_run_out_says_how_to_get_another(anyone: Client, db: None) -> None:
    path = path_in(printed())
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    response = anyone.post(path, FORM)

    assert response.status_code == 410
    assert "first_sign_in" in response.content.decode()
    assert not User.objects.exists()


def test_once_somebody_has_an_account_the_command_says_where_to_sign_in(alice: User) -> None:
    assert printed() == f"Sign in at {settings.SITE_URL}/\n"
    assert not OneTimeLink.objects.exists()


def test_a_link_made_before_an_account_came_another_way_makes_no_second_owner(anyone: Client, db: None) -> None:
    path = path_in(printed())
    User.objects.create_superuser("root", password=PASSWORD)

    assert anyone.get(path).status_code == 410
    assert anyone.post(path, FORM).status_code == 410
    assert User.objects.count() == 1


def test_a_mistake_in_the_form_costs_neither_the_link_nor_what_was_typed(anyone: Client, db: None) -> None:
    path = path_in(printed())

    response = anyone.post(path, {**FORM, "password2": "something else"})

    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="olivia"' in page
    assert 'value="Lighthouse"' in page
    assert "a longer horse 7" not in page
    assert anyone.post(path, FORM).status_code == 302


def test_an_unknown_link_is_not_found(anyone: Client, db: None) -> None:
    assert anyone.get(reverse("accounts:welcome", args=["x" * 43])).status_code == 404
    assert anyone.post(reverse("accounts:welcome", args=["x" * 43]), FORM).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_several_people_at_once_exactly_one_becomes_the_owner(together: Together) -> None:
    path = path_in(printed())

    def begin(number: int) -> int:
        fields = {**FORM, "username": f"person{number}", "team_name": f"Team {number}"}
        return Client().post(path, fields).status_code

    answers = together(*[lambda n=n: begin(n) for n in range(6)])

    assert sorted(answers) == [302, 410, 410, 410, 410, 410]
    assert User.objects.count() == Team.objects.count() == Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_command_run_several_times_at_once_leaves_one_link(together: Together) -> None:
    paths = [path_in(text) for text in together(*[printed] * 4)]

    assert sorted(Client().get(path).status_code for path in paths) == [200, 404, 404, 404]


def test_createsuperuser_without_questions_makes_somebody_who_can_ask_at_once(
    monkeypatch: pytest.MonkeyPatch, anyone: Client, db: None
) -> None:
    for name, value in {"USERNAME": "root", "PASSWORD": "a longer horse 7", "EMAIL": "root@harbour.example"}.items():
        monkeypatch.setenv(f"DJANGO_SUPERUSER_{name}", value)

    call_command("createsuperuser", interactive=False, stdout=StringIO())

    place = Membership.objects.get(user__username="root")
    assert place.may_ask
    assert place.may_manage
    signed = anyone.post(reverse("login"), {"username": "root", "password": "a longer horse 7"})
    assert signed.status_code == 302
    assert anyone.get(reverse("accounts:team")).status_code == 200


def test_a_superuser_joins_the_team_that_is_there(signed_in: SignedIn, alice: User) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)

    assert [place.team.name for place in root.memberships.all()] == ["Harbour"]
    assert Team.objects.count() == 1
