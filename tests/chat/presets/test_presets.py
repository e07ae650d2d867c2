"""What people keep: their defaults, and presets that they may share with the team."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from accounts.models import Membership, Team, User
from chat import access
from chat.models import Preset
from chat.presets import service as presets
from core.errors import ActionRefused
from tests.chat.conversations.conftest import plain
from tests.racing import at_once

pytestmark = pytest.mark.django_db

PAPERS: dict[str, Any] = {"search_mode": "academic", "search_after_date_filter": "1/1/2024"}
NAME = "Papers since 2024"


def keep(team: Team, by: User, name: str = NAME, **fields: Any) -> Preset:
    return presets.save_preset(team=team, by=by, name=name, **{"options": PAPERS, **fields})


def names(person: User, team: Team) -> list[str]:
    return [preset.name for preset in presets.visible_presets(person, team)]


def to(name: str, preset: Preset) -> str:
    return reverse(f"chat:{name}_preset", args=[preset.pk])


def page_of(person: User, **query: Any) -> str:
    return plain(person).get(reverse("chat:presets"), query).content.decode()


# --- Keeping -----------------------------------------------------------------------------------------


def test_a_preset_keeps_options_and_model(harbour: Team, alice: User) -> None:
    keep(harbour, alice, model="sonar-pro")

    (found,) = presets.visible_presets(alice, harbour)
    assert (found.name, found.options, found.model, found.shared) == (NAME, PAPERS, "sonar-pro", False)


@pytest.mark.parametrize("again", [NAME, NAME.upper()])
def test_a_name_that_one_has_already_is_refused_however_it_is_written(harbour: Team, alice: User, again: str) -> None:
    keep(harbour, alice)

    with pytest.raises(presets.NameTaken, match="You already have a preset"):
        keep(harbour, alice, again, options={"search_mode": "sec"})

    assert presets.visible_presets(alice, harbour)[0].options == PAPERS


def test_a_preset_is_replaced_when_its_owner_says_so(harbour: Team, alice: User) -> None:
    first = keep(harbour, alice, model="sonar-pro", shared=True)

    second = keep(harbour, alice, "papers SINCE 2024", options={"search_mode": "sec"}, replace=True)

    assert second.pk == first.pk
    (found,) = presets.visible_presets(alice, harbour)
    assert (found.name, found.options, found.model, found.shared) == (
        "papers SINCE 2024",
        {"search_mode": "sec"},
        "",
        False,
    )


def test_replacing_never_touches_a_teammates_preset_of_that_name(harbour: Team, alice: User, bob: User) -> None:
    keep(harbour, alice, shared=True)

    keep(harbour, bob, options={"search_mode": "sec"}, replace=True)

    assert [preset.options for preset in presets.visible_presets(bob, harbour)] == [{"search_mode": "sec"}, PAPERS]


def test_a_viewer_keeps_nothing(harbour: Team, vera: User) -> None:
    with pytest.raises(PermissionDenied):
        keep(harbour, vera)
    with pytest.raises(PermissionDenied):
        presets.save_defaults(team=harbour, by=vera, options=PAPERS)
    assert not Preset.objects.exists()


def test_a_stranger_keeps_nothing_in_the_team(harbour: Team, charlie: User) -> None:
    with pytest.raises(PermissionDenied):
        keep(harbour, charlie)


def test_nothing_is_no_preset(harbour: Team, alice: User) -> None:
    with pytest.raises(ActionRefused, match="There’s nothing to save"):
        keep(harbour, alice, options={})

    assert keep(harbour, alice, options={}, model="sonar-pro").model == "sonar-pro"


def test_options_that_are_very_long_are_refused(harbour: Team, alice: User) -> None:
    with pytest.raises(ActionRefused, match="too long"):
        keep(harbour, alice, options={"response_format": "x" * presets.LONGEST_OPTIONS})


def test_one_keeps_fifty_and_not_one_more(harbour: Team, alice: User, bob: User) -> None:
    for number in range(presets.MOST):
        keep(harbour, alice, f"Number {number}")
    presets.save_defaults(team=harbour, by=alice, options=PAPERS)

    with pytest.raises(ActionRefused, match="You have 50 presets"):
        keep(harbour, alice, "One more")

    keep(harbour, alice, "Number 7", options={"search_mode": "sec"}, replace=True)
    keep(harbour, bob)
    presets.delete_preset(preset=presets.visible_presets(alice, harbour)[0], by=alice)
    keep(harbour, alice, "One more")
    assert len(names(alice, harbour)) == presets.MOST


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_makes_the_preset_and_the_other_is_told(harbour: Team, alice: User) -> None:
    def save() -> str:
        try:
            return keep(harbour, alice).name
        except presets.NameTaken:
            return "taken"

    for _ in range(5):
        assert sorted(at_once(4, save)) == [NAME, "taken", "taken", "taken"]
        Preset.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_saves_at_once_do_not_pass_the_limit_together(harbour: Team, alice: User) -> None:
    for number in range(presets.MOST - 1):
        keep(harbour, alice, f"Number {number}")
    free = iter("abcd")

    def save() -> bool:
        try:
            return bool(keep(harbour, alice, next(free)))
        except presets.NameTaken:
            raise
        except ActionRefused:
            return False

    assert sorted(at_once(4, save)) == [False, False, False, True]


# --- Defaults ----------------------------------------------------------------------------------------


def test_defaults_are_kept_once_and_replaced(harbour: Team, alice: User) -> None:
    assert presets.defaults_of(alice, harbour) == {}

    presets.save_defaults(team=harbour, by=alice, options={"search_mode": "sec"}, model="sonar-pro")
    presets.save_defaults(team=harbour, by=alice, options=PAPERS)

    kept = Preset.objects.get()
    assert presets.defaults_of(alice, harbour) == PAPERS
    assert (kept.name, kept.model, kept.shared) == ("", "", False)


def test_defaults_are_ones_own_and_of_one_team(harbour: Team, elsewhere: Team, alice: User, bob: User) -> None:
    Membership.objects.create(team=elsewhere, user=alice)
    presets.save_defaults(team=harbour, by=alice, options=PAPERS)

    assert presets.defaults_of(bob, harbour) == {}
    assert presets.defaults_of(alice, elsewhere) == {}
    assert presets.visible_presets(alice, harbour) == []


@pytest.mark.django_db(transaction=True)
def test_defaults_kept_twice_at_once_are_one(harbour: Team, alice: User) -> None:
    for _ in range(5):
        at_once(4, lambda: presets.save_defaults(team=harbour, by=alice, options=PAPERS))
        Preset.objects.get().delete()


@pytest.mark.parametrize("name", ["share", "rename"])
def test_defaults_are_neither_shared_nor_named(harbour: Team, alice: User, name: str) -> None:
    kept = presets.save_defaults(team=harbour, by=alice, options=PAPERS)

    response = plain(alice).post(to(name, kept), {"name": "Mine"})

    kept.refresh_from_db()
    assert (response.status_code, kept.name, kept.shared) == (404, "", False)


# --- Who sees what -----------------------------------------------------------------------------------


def test_own_presets_come_first_then_shared_ones_each_by_name(harbour: Team, alice: User, bob: User) -> None:
    for name in ("zebra", "Yak", "apes"):
        keep(harbour, alice, name)
        keep(harbour, bob, f"Bob's {name}", shared=name != "apes")

    assert names(alice, harbour) == ["apes", "Yak", "zebra", "Bob's Yak", "Bob's zebra"]


def test_a_preset_is_private_until_it_is_shared(harbour: Team, alice: User, bob: User, vera: User) -> None:
    kept = keep(harbour, alice)
    assert names(bob, harbour) == []
    with pytest.raises(Http404):
        access.readable_preset(bob, kept.pk)

    presets.share_preset(preset=kept, by=alice)
    assert names(bob, harbour) == names(vera, harbour) == [NAME]
    assert access.readable_preset(vera, kept.pk) == kept

    presets.unshare_preset(preset=kept, by=alice)
    assert names(bob, harbour) == []


def test_another_team_never_finds_a_shared_preset(harbour: Team, elsewhere: Team, alice: User, charlie: User) -> None:
    kept = keep(harbour, alice, shared=True)

    assert names(charlie, elsewhere) == []
    for lookup in (access.readable_preset, access.managed_preset, access.owned_preset):
        with pytest.raises(Http404):
            lookup(charlie, kept.pk)


def test_somebody_who_left_the_team_finds_not_even_their_own(harbour: Team, alice: User) -> None:
    kept = keep(harbour, alice)
    Membership.objects.filter(user=alice).delete()

    with pytest.raises(Http404):
        access.readable_preset(alice, kept.pk)


def test_an_owner_who_became_a_viewer_applies_but_does_not_change(harbour: Team, alice: User) -> None:
    kept = keep(harbour, alice)
    Membership.objects.filter(user=alice).update(role="viewer")

    assert access.readable_preset(alice, kept.pk) == kept
    with pytest.raises(PermissionDenied):
        access.managed_preset(alice, kept.pk)
