"""People and teams in the admin panel."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Team, User
from accounts.services import invitations


@pytest.mark.parametrize("model", ["user", "team", "membership", "invitation", "spending"])
def test_every_list_opens(admin_client: Client, alice: User, model: str) -> None:
    invitations.create_invitation(team=Team.objects.get(name="Harbour"), by=alice, role="member", note="Dana")

    assert admin_client.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 200


def test_the_hash_of_a_token_is_not_shown(admin_client: Client, alice: User) -> None:
    invitation, token = invitations.create_invitation(team=Team.objects.get(name="Harbour"), by=alice, role="member")

    page = admin_client.get(reverse("admin:accounts_invitation_change", args=[invitation.pk])).content.decode()

    assert invitation.token_hash not in page
    assert token not in page


def test_invitations_are_not_made_here_but_can_be_revoked(admin_client: Client, alice: User) -> None:
    invitation, _ = invitations.create_invitation(team=Team.objects.get(name="Harbour"), by=alice, role="member")
    assert admin_client.get(reverse("admin:accounts_invitation_add")).status_code == 403

    admin_client.post(
        reverse("admin:accounts_invitation_changelist"),
        {"action": "revoke", "_selected_action": [str(invitation.pk)]},
    )

    assert Invitation.objects.get().state == Invitation.State.REVOKED


def test_an_administrator_makes_an_account(admin_client: Client) -> None:
    admin_client.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "dana",
            "usable_password": "true",
            "password1": "a longer horse 7",
            "password2": "a longer horse 7",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )

    assert User.objects.get(username="dana").check_password("a longer horse 7")


def test_the_panel_is_for_staff(alice: User) -> None:
    browser = Client()
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")

    assert browser.get(reverse("admin:index")).status_code == 302
