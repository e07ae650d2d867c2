"""Where people look after their presets: the page, deleting and undoing, the administration."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Team, User
from chat import access
from chat.models import Preset
from chat.presets import service as presets
from core.errors import ActionRefused
from tests.chat.conversations.conftest import plain

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


def test_a_preset_is_renamed_on_the_page(harbour: Team, alice: User) -> None:
    kept = keep(harbour, alice)

    response = plain(alice).post(to("rename", kept), {"name": "  Recent\r\n papers\u200e "})

    assert response["Location"] == reverse("chat:presets")
    assert names(alice, harbour) == ["Recent papers"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Enter a name."),
        (" \u200e\n", "Enter a name."),
        ("x" * 61, "A name can have up to 60 characters; this one has 61."),
        ("other", "You already have a preset called “other”. Choose another name."),
    ],
)
def test_a_name_that_will_not_do_is_refused_with_the_reason(
    harbour: Team, alice: User, name: str, sentence: str
) -> None:
    keep(harbour, alice, "Other")
    kept = keep(harbour, alice)

    page = plain(alice).post(to("rename", kept), {"name": name}, follow=True).content.decode()

    assert sentence in page
    assert names(alice, harbour) == ["Other", NAME]


def test_a_preset_is_renamed_to_itself_in_capitals(harbour: Team, alice: User) -> None:
    kept = keep(harbour, alice)

    plain(alice).post(to("rename", kept), {"name": NAME.upper()})

    assert names(alice, harbour) == [NAME.upper()]


def test_sharing_and_its_end_are_buttons(harbour: Team, alice: User, bob: User) -> None:
    kept = keep(harbour, alice)

    plain(alice).post(to("share", kept))
    assert NAME in page_of(bob)

    plain(alice).post(to("unshare", kept))
    assert NAME not in page_of(bob)


def test_an_owner_of_the_team_stops_the_sharing_of_a_members_preset(harbour: Team, alice: User, bob: User) -> None:
    kept = keep(harbour, bob, shared=True)

    plain(alice).post(to("unshare", kept))

    assert names(alice, harbour) == []
    assert names(bob, harbour) == [NAME]
    assert plain(alice).post(to("delete", kept)).status_code == 404


def test_deleting_can_be_undone_from_the_page_that_follows(harbour: Team, alice: User, bob: User) -> None:
    kept = keep(harbour, alice, shared=True)

    after = plain(alice).post(to("delete", kept), follow=True)

    assert names(alice, harbour) == names(bob, harbour) == []
    assert f"“{NAME}” was deleted." in after.content.decode()
    assert to("restore", kept) in after.content.decode()
    assert to("restore", kept) not in page_of(bob, deleted=kept.pk)
    plain(alice).post(to("restore", kept))
    assert names(alice, harbour) == names(bob, harbour) == [NAME]


def test_a_deleted_preset_is_found_by_nobody(harbour: Team, alice: User, bob: User) -> None:
    kept = keep(harbour, alice, shared=True)
    presets.delete_preset(preset=kept, by=alice)

    for person in (alice, bob):
        with pytest.raises(Http404):
            access.readable_preset(person, kept.pk)
    with pytest.raises(PermissionDenied):
        access.managed_preset(bob, kept.pk, deleted=True)


def test_a_preset_does_not_come_back_over_another_one_of_its_name(harbour: Team, alice: User) -> None:
    kept = keep(harbour, alice)
    presets.delete_preset(preset=kept, by=alice)
    keep(harbour, alice, NAME.lower(), options={"search_mode": "sec"})

    page = plain(alice).post(to("restore", kept), follow=True).content.decode()

    assert f"Another preset is now called “{NAME}”." in page
    assert names(alice, harbour) == [NAME.lower()]


def test_forgotten_defaults_come_back_unless_others_were_kept(harbour: Team, alice: User) -> None:
    kept = presets.save_defaults(team=harbour, by=alice, options=PAPERS)
    page = plain(alice).post(to("delete", kept), follow=True).content.decode()
    assert "Your defaults were deleted." in page
    assert presets.defaults_of(alice, harbour) == {}

    plain(alice).post(to("restore", kept))
    assert presets.defaults_of(alice, harbour) == PAPERS

    presets.delete_preset(preset=kept, by=alice)
    presets.save_defaults(team=harbour, by=alice, options={"search_mode": "sec"})
    assert (
        "You’ve saved other defaults since then."
        in plain(alice).post(to("restore", kept), follow=True).content.decode()
    )
    assert presets.defaults_of(alice, harbour) == {"search_mode": "sec"}


def test_a_preset_does_not_come_back_beyond_the_limit(harbour: Team, alice: User) -> None:
    kept = keep(harbour, alice)
    presets.delete_preset(preset=kept, by=alice)
    for number in range(presets.MOST):
        keep(harbour, alice, f"Number {number}")

    with pytest.raises(ActionRefused, match="limit of saved presets"):
        presets.restore_preset(preset=kept, by=alice)


def test_what_was_deleted_long_ago_is_purged(harbour: Team, alice: User) -> None:
    old, recent, living = (keep(harbour, alice, name) for name in ("old", "recent", "living"))
    now = timezone.now()
    Preset.objects.filter(pk=old.pk).update(deleted_at=now - presets.KEPT_FOR - timedelta(hours=1))
    Preset.objects.filter(pk=recent.pk).update(deleted_at=now - presets.KEPT_FOR + timedelta(hours=1))

    assert presets.purge_presets() == 1
    assert set(Preset.objects.all()) == {recent, living}


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("alice", {"unshare", "delete"}),
        ("bob", {"rename", "unshare", "delete"}),
        ("dora", set()),
        ("vera", set()),
    ],
)
def test_the_page_offers_what_the_person_may_do(
    request: pytest.FixtureRequest, harbour: Team, bob: User, who: str, offered: set[str]
) -> None:
    kept = keep(harbour, bob, shared=True)
    if who == "dora":
        person = User.objects.create_user("dora")
        Membership.objects.create(team=harbour, user=person)
    else:
        person = request.getfixturevalue(who)

    html = page_of(person)

    assert NAME in html
    assert {name for name in ("rename", "share", "unshare", "delete") if to(name, kept) in html} == offered


def test_names_are_shown_as_they_are_and_never_as_markup(harbour: Team, alice: User, bob: User) -> None:
    keep(harbour, alice, "<img src=x onerror=alert(1)>", shared=True)

    assert "<img src=x" not in page_of(bob)
    assert "&lt;img src=x" in page_of(bob)


def test_the_administration_shows_shared_presets_to_staff_and_changes_none(harbour: Team, alice: User) -> None:
    staff = User.objects.create_user("sam", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="chat"))
    keep(harbour, alice, "A secret one")
    shared = keep(harbour, alice, "An open one", shared=True)

    listed = plain(staff).get(reverse("admin:chat_preset_changelist"), {"q": "alice"}).content.decode()
    changed = plain(staff).post(reverse("admin:chat_preset_change", args=[shared.pk]), {"name": "x"})

    assert ("An open one" in listed, "A secret one" in listed) == (True, False)
    assert plain(staff).get(reverse("admin:chat_preset_change", args=[shared.pk])).status_code == 200
    assert changed.status_code == 403
