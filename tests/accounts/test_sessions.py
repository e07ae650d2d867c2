"""When sessions end: with the password, with the account, and when one says so."""

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.conftest import SignedIn
from tests.cast import PASSWORD

NEW = "a longer horse 7"


def is_signed_in(browser: Client) -> bool:
    return browser.get(reverse("accounts:me")).status_code == 200


def change_password(browser: Client, old: str = PASSWORD, new: str = NEW) -> int:
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    return browser.post(reverse("password_change"), fields).status_code


def test_changing_the_password_ends_the_sessions_on_other_devices(signed_in: SignedIn, bob: User) -> None:
    here, elsewhere = signed_in(bob), signed_in(bob)

    assert change_password(here) == 302

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_the_new_password_works_and_the_old_one_does_not(signed_in: SignedIn, anyone: Client, bob: User) -> None:
    change_password(signed_in(bob))

    for password, status in ((PASSWORD, 200), (NEW, 302)):
        assert anyone.post(reverse("login"), {"username": "bob", "password": password}).status_code == status


def test_changing_the_password_needs_the_old_one(signed_in: SignedIn, bob: User) -> None:
    browser, other = signed_in(bob), signed_in(bob)

    assert change_password(browser, old="guess") == 200

    assert is_signed_in(other)


def test_a_weak_password_is_refused_with_the_reason(signed_in: SignedIn, bob: User) -> None:
    fields = {"old_password": PASSWORD, "new_password1": "12345", "new_password2": "12345"}

    page = signed_in(bob).post(reverse("password_change"), fields).content.decode()

    assert "too short" in page
    assert 'aria-describedby="id_new_password2_error"' in page
    assert "12345" not in page


def test_a_deactivated_person_is_out_at_once(signed_in: SignedIn, bob: User) -> None:
    browser = signed_in(bob)
    assert is_signed_in(browser)

    User.objects.filter(pk=bob.pk).update(is_active=False)

    assert not is_signed_in(browser)


def test_sessions_from_before_a_deactivation_do_not_come_back(
    signed_in: SignedIn, admin_client: Client, bob: User
) -> None:
    browser = signed_in(bob)
    page = reverse("admin:accounts_user_change", args=[bob.pk])
    fields = {
        "username": "bob",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }

    assert admin_client.post(page, fields).status_code == 302
    assert not User.objects.get(pk=bob.pk).is_active
    assert admin_client.post(page, {**fields, "is_active": "on"}).status_code == 302

    assert User.objects.get(pk=bob.pk).is_active
    assert not is_signed_in(browser)


def test_signing_out_everywhere_ends_every_session(signed_in: SignedIn, bob: User, vera: User) -> None:
    here, elsewhere, another = signed_in(bob), signed_in(bob), signed_in(vera)

    response = here.post(reverse("accounts:sign_out_everywhere"))

    assert response["Location"] == reverse("login")
    assert not is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert is_signed_in(another)


def test_signing_out_everywhere_is_a_post(signed_in: SignedIn, bob: User) -> None:
    assert signed_in(bob).get(reverse("accounts:sign_out_everywhere")).status_code == 405


def test_a_person_changes_the_name_that_others_see(signed_in: SignedIn, bob: User) -> None:
    signed_in(bob).post(reverse("accounts:me"), {"full_name": "Bob Ferry"})

    bob.refresh_from_db()
    assert bob.display_name == "Bob Ferry"
    assert bob.initials == "BF"


def test_a_name_that_is_too_long_is_refused_beside_its_field(signed_in: SignedIn, bob: User) -> None:
    response = signed_in(bob).post(reverse("accounts:me"), {"full_name": "x" * 151})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


def test_own_pages_ask_strangers_to_sign_in(anyone: Client, db: None) -> None:
    for name in ("accounts:me", "password_change", "accounts:team", "accounts:invite"):
        assert anyone.get(reverse(name))["Location"] == f"/accounts/login/?next={reverse(name)}"
