"""One invitation, several people in the same moment."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Team, User
from accounts.services import invitations
from tests.accounts.conftest import ACCOUNT, SignedIn, Together


@pytest.mark.django_db(transaction=True)
def test_of_several_newcomers_at_once_one_joins(together: Together, crew: Team, alice: User) -> None:
    _, token = invitations.create_invitation(team=crew, by=alice, role="member")
    path = reverse("accounts:join", args=[token])

    def join(number: int) -> int:
        return Client().post(path, {**ACCOUNT, "username": f"person{number}"}).status_code

    answers = together(*[lambda n=n: join(n) for n in range(6)])

    assert sorted(answers) == [302, 410, 410, 410, 410, 410]
    assert User.objects.filter(username__startswith="person").count() == 1
    assert crew.memberships.count() == 4


@pytest.mark.django_db(transaction=True)
def test_the_same_person_clicking_several_times_at_once_joins_once(
    together: Together, signed_in: SignedIn, crew: Team, alice: User, charlie: User
) -> None:
    _, token = invitations.create_invitation(team=crew, by=alice, role="member")
    browsers = [signed_in(charlie) for _ in range(4)]
    path = reverse("accounts:accept", args=[token])

    answers = together(*[lambda b=b: b.post(path).status_code for b in browsers])

    assert answers == [302] * 4
    assert crew.memberships.filter(user=charlie).count() == 1


@pytest.mark.django_db(transaction=True)
def test_clicks_of_one_person_at_once_take_one_place_of_a_join_link(
    together: Together, signed_in: SignedIn, crew: Team, alice: User, charlie: User
) -> None:
    made, token = invitations.create_join_link(team=crew, by=alice, role="member", uses=5)
    browsers = [signed_in(charlie) for _ in range(4)]
    path = reverse("accounts:accept", args=[token])

    answers = together(*[lambda b=b: b.post(path).status_code for b in browsers])

    assert answers == [302] * 4
    made.refresh_from_db()
    assert made.uses == 1


@pytest.mark.django_db(transaction=True)
def test_two_newcomers_who_want_the_same_name_at_once_do_not_break_each_other(
    together: Together, crew: Team, alice: User
) -> None:
    tokens = [invitations.create_invitation(team=crew, by=alice, role="member")[1] for _ in range(2)]
    paths = [reverse("accounts:join", args=[token]) for token in tokens]

    answers = together(*[lambda p=p: Client().post(p, ACCOUNT).status_code for p in paths])

    assert sorted(answers) == [302, 422]
    assert sorted(invitation.is_open for invitation in Invitation.objects.all()) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_joining_and_revoking_at_once_end_in_one_or_the_other(
    together: Together, signed_in: SignedIn, crew: Team, alice: User, charlie: User
) -> None:
    for _ in range(5):
        invitation, token = invitations.create_invitation(team=crew, by=alice, role="member")
        guest, path = signed_in(charlie), reverse("accounts:accept", args=[token])

        def join(guest: Client = guest, path: str = path) -> int:
            return guest.post(path).status_code

        def revoke(invitation: Invitation = invitation) -> bool:
            return invitations.revoke_invitation(invitation=invitation, by=alice)

        joined, revoked = together(join, revoke)

        assert (joined, revoked) in {(302, False), (410, True)}
        assert crew.memberships.filter(user=charlie).exists() is not revoked
        crew.memberships.filter(user=charlie).delete()
