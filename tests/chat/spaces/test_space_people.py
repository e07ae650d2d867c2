"""Who is in a space, who changes that, and whose it becomes."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Team, User
from accounts.services import teams
from chat import access
from chat.models import Space
from chat.spaces import people
from core.errors import ActionRefused
from tests.chat.conversations.conftest import Make, as_, membership_of, plain
from tests.chat.spaces.conftest import MakeSpace, roles_in
from tests.racing import at_once
from tests.test_permissions import NAMES

pytestmark = pytest.mark.django_db

BOTH = {"bob": "contributor", "cora": "reader"}


def of(space: Space, more: str = "") -> str:
    return f"/spaces/{space.pk}/{more}"


def of_member(space: Space, person: User, action: str) -> str:
    return of(space, f"people/{membership_of(person).pk}/{action}/")


def test_the_owner_lets_somebody_in_and_takes_it_back(dora: User, bob: User, cora: User, make_space: MakeSpace) -> None:
    space = make_space(people={"cora": "reader"})
    browser = as_(dora, on=of(space, "people/"))

    added = browser.post(of(space, "people/add/"), {"member": membership_of(bob).pk, "role": "contributor"})

    assert roles_in(space) == {"cora": "reader", "bob": "contributor"}
    assert "bob can ask in this space now." in added.content.decode()
    undo = of_member(space, bob, "remove")
    assert f'hx-post="{undo}"' in added.content.decode()
    browser.post(undo)
    assert roles_in(space) == {"cora": "reader"}


def test_a_role_acts_at_once_and_its_undo_has_the_one_before(dora: User, bob: User, make_space: MakeSpace) -> None:
    space = make_space(people={"bob": "contributor"})

    changed = as_(dora).post(of_member(space, bob, "role"), {"role": "reader"}).content.decode()

    assert roles_in(space) == {"bob": "reader"}
    assert 'name="role" value="contributor"' in changed
    assert as_(dora).post(of_member(space, bob, "role"), {"role": "manager"}).status_code == 200
    assert roles_in(space) == {"bob": "reader"}


def test_whoever_is_taken_out_loses_sight_at_once(dora: User, bob: User, make_space: MakeSpace, converse: Make) -> None:
    space = make_space(people={"bob": "contributor"})
    talk = converse(owner=bob, space=space, visibility="space")

    plain(dora).post(of_member(space, bob, "remove"))

    assert plain(bob).get(of(space)).status_code == 404
    assert plain(bob).get(f"/c/{talk.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["alice", "bob", "cora", "vera"])
def test_nobody_but_the_owner_changes_who_is_in_a_space_of_chosen_people(
    name: str, alice: User, bob: User, cora: User, vera: User, make_space: MakeSpace
) -> None:
    space = make_space(people=BOTH)
    browser = plain(User.objects.get(username=name))
    expected = {403} if name in BOTH else {404}

    found = {
        browser.post(of_member(space, cora, "role"), {"role": "contributor"}).status_code,
        browser.post(of_member(space, cora, "remove")).status_code,
        browser.post(of(space, "people/add/"), {"member": membership_of(vera).pk, "role": "reader"}).status_code,
        browser.post(of(space, "hand-over/"), {"member": membership_of(bob).pk}).status_code,
        browser.post(of(space, "people/choose/"), {"sure": "yes"}).status_code,
        browser.post(of(space, "people/everyone/")).status_code,
    }

    assert found == expected
    assert roles_in(space) == BOTH
    space.refresh_from_db()
    assert (space.owner.username, space.everyone) == ("dora", False)


def test_nobody_of_another_team_is_let_in(dora: User, charlie: User, make_space: MakeSpace) -> None:
    space = make_space(people={})
    stranger = membership_of(charlie)

    assert plain(dora).post(of(space, "people/add/"), {"member": stranger.pk, "role": "reader"}).status_code == 404
    assert plain(dora).post(of(space, f"people/{stranger.pk}/role/"), {"role": "reader"}).status_code == 404
    assert plain(dora).post(of(space, "hand-over/"), {"member": stranger.pk}).status_code == 404
    assert roles_in(space) == {}


def test_a_teammate_leaves_by_themselves_and_the_owner_does_not(dora: User, bob: User, make_space: MakeSpace) -> None:
    space = make_space(people={"bob": "reader"})

    assert plain(bob).post(of(space, "leave/"))["Location"] == "/spaces/"
    plain(dora).post(of(space, "leave/"))

    assert roles_in(space) == {}
    assert plain(bob).get(of(space)).status_code == 404
    assert plain(dora).get(of(space)).status_code == 200
    with pytest.raises(ActionRefused):
        people.leave_space(space=make_space(), member=membership_of(bob))


def test_before_a_space_is_for_some_the_owner_reads_who_loses_sight(
    alice: User, dora: User, bob: User, vera: User, make_space: MakeSpace, converse: Make
) -> None:
    space = make_space()
    converse(owner=bob, space=space, visibility="space")
    address = of(space, "people/choose/")
    assert plain(dora).get(address).context["rows"][1] == (membership_of(bob), "contributor")  # has asked here

    first = plain(dora).post(address, {f"role:{membership_of(bob).pk}": "reader"})

    assert first.context["losing"] == [alice, vera]
    space.refresh_from_db()
    assert space.everyone
    plain(dora).post(address, {f"role:{membership_of(bob).pk}": "reader", "sure": "yes"})
    space.refresh_from_db()
    assert not space.everyone
    assert roles_in(space) == {"bob": "reader"}
    assert plain(alice).get(of(space)).status_code == 404
    plain(dora).post(of(space, "people/everyone/"))
    assert plain(alice).get(of(space)).status_code == 200
    assert roles_in(space) == {}


def test_a_space_is_handed_over_to_somebody_who_contributes(
    dora: User, bob: User, cora: User, make_space: MakeSpace
) -> None:
    space = make_space(people=BOTH)

    plain(dora).post(of(space, "hand-over/"), {"member": membership_of(cora).pk})
    space.refresh_from_db()
    assert space.owner == dora  # Cora only reads
    plain(dora).post(of(space, "hand-over/"), {"member": membership_of(bob).pk})

    space.refresh_from_db()
    assert space.owner == bob
    assert roles_in(space) == {"dora": "contributor", "cora": "reader"}
    with pytest.raises(PermissionDenied):
        access.managed_space(dora, space.pk)
    with pytest.raises(PermissionDenied):
        people.remove_member(space=space, member=membership_of(cora), by=dora)


def remove(person: User, by: User) -> None:
    teams.remove_member(member=membership_of(person), by=by)


def test_with_its_owner_gone_a_space_passes_to_whoever_contributed_longest(
    alice: User, dora: User, bob: User, cora: User, make_space: MakeSpace
) -> None:
    space = make_space(people={"cora": "reader", "bob": "contributor"})

    remove(dora, by=alice)

    space.refresh_from_db()
    assert (space.owner, space.inherited_from) == (bob, dora)
    assert roles_in(space) == {"cora": "reader"}
    assert "dora owned this space and has left the team." in plain(bob).get(of(space)).content.decode()
    plain(bob).post(of(space, "keep/"))
    assert "has left the team" not in plain(bob).get(of(space)).content.decode()


def test_without_somebody_who_contributes_it_passes_to_a_team_owner(
    alice: User, dora: User, cora: User, make_space: MakeSpace
) -> None:
    kept, everybodys, deleted = (
        make_space(people={"cora": "reader"}),
        make_space(),
        make_space(people={}, deleted_at="2026-01-01T00:00Z"),
    )

    remove(dora, by=alice)

    owners = {space.pk: space.owner for space in Space.objects.all()}
    assert owners == {kept.pk: alice, everybodys.pk: alice, deleted.pk: alice}
    assert plain(alice).get(of(kept)).status_code == 200
    assert roles_in(kept) == {"cora": "reader"}


def test_a_space_passes_on_whoever_ends_the_place_on_the_team(
    alice: User, dora: User, bob: User, make_space: MakeSpace
) -> None:
    space = make_space(people={"bob": "contributor"})
    Membership.objects.filter(user=dora).delete()  # as the administration does
    space.refresh_from_db()
    assert space.owner == bob


def test_somebody_who_cannot_sign_in_or_only_looks_on_inherits_nothing(
    alice: User, dora: User, bob: User, vera: User, make_space: MakeSpace
) -> None:
    space = make_space(people={"bob": "contributor", "vera": "contributor"})
    User.objects.filter(pk=bob.pk).update(is_active=False)

    remove(dora, by=alice)

    space.refresh_from_db()
    assert space.owner == alice


def test_a_team_goes_with_its_spaces(harbour: Team, make_space: MakeSpace) -> None:
    make_space(people={})
    harbour.delete()
    assert not Space.objects.exists()


OUTSIDE = ("alice", "vera")  # the team's owner, who was not chosen, and a viewer


@pytest.mark.parametrize("name", OUTSIDE)
def test_whoever_was_not_chosen_finds_no_address_of_the_space(
    name: str, alice: User, vera: User, bob: User, make_space: MakeSpace
) -> None:
    space = make_space(people={"bob": "contributor"})
    ids = {"space_id": space.pk, "member_id": membership_of(bob).pk}
    browser = Client()
    browser.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    found = {}
    for route, pattern in NAMES.items():
        parts = pattern.pattern.converters
        if "space_id" in parts and set(parts) <= set(ids):
            address = reverse(route, kwargs={part: ids[part] for part in parts})
            found[route] = {browser.get(address).status_code, browser.post(address).status_code}
    assert len(found) > 15
    closed = {401, 404, 405}  # what programs use asks for a token first
    assert all(statuses <= closed for statuses in found.values()), found


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hand_over_at_once_one_is_first(
    alice: User, dora: User, bob: User, cora: User, make_space: MakeSpace
) -> None:
    space = make_space()
    heirs = [membership_of(bob), membership_of(cora)]
    doing = [dora, alice]  # both may change a space of everyone

    def hand_over() -> str:
        heir, by = heirs.pop(), doing.pop()
        try:
            people.hand_over(space=Space.objects.get(pk=space.pk), member=heir, by=by)
        except (ActionRefused, PermissionDenied):
            return "refused"
        return heir.user.username

    told = at_once(2, hand_over)

    space.refresh_from_db()
    done = [name for name in told if name != "refused"]
    assert space.owner.username in done


@pytest.mark.django_db(transaction=True)
def test_somebody_gets_one_place_however_often_they_are_let_in(dora: User, bob: User, make_space: MakeSpace) -> None:
    space = make_space(people={})
    roles = ["reader", "contributor", "reader"]
    member = membership_of(bob)

    at_once(3, lambda: people.set_role(space=space, member=member, by=dora, role=roles.pop()))

    assert set(roles_in(space)) == {"bob"}


@pytest.mark.django_db(transaction=True)
def test_who_leaves_the_team_while_a_space_is_handed_to_them_does_not_keep_it(
    alice: User, dora: User, bob: User, make_space: MakeSpace
) -> None:
    space = make_space(people={"bob": "contributor"})
    member = membership_of(bob)
    work = [
        lambda: people.hand_over(space=Space.objects.get(pk=space.pk), member=member, by=dora),
        lambda: teams.remove_member(member=member, by=alice),
    ]

    def do() -> None:
        try:
            work.pop()()
        except ActionRefused:
            return

    at_once(2, do)

    space.refresh_from_db()
    assert Membership.objects.filter(team=space.team, user=space.owner).exists()
    assert space.owner != bob


@pytest.mark.django_db(transaction=True)
def test_the_owner_who_leaves_while_handing_over_leaves_it_to_somebody_on_the_team(
    alice: User, dora: User, bob: User, make_space: MakeSpace
) -> None:
    space = make_space(people={"bob": "contributor"})
    work = [
        lambda: people.hand_over(space=Space.objects.get(pk=space.pk), member=membership_of(bob), by=dora),
        lambda: teams.remove_member(member=membership_of(dora), by=alice),
    ]

    def do() -> None:
        try:
            work.pop()()
        except (ActionRefused, PermissionDenied):
            return

    at_once(2, do)

    space.refresh_from_db()
    assert space.owner == bob
    assert roles_in(space) == {}
