"""Who may do what to whose account: every actor, every action, every person it could be done to.

A cell says what comes of it: *yes* it is done, *no* it is answered with a sentence or not heeded, a status such as 403,
*in* is the page to sign in, *-* there is no such case. Whatever is not *yes* leaves accounts, places on teams, rights
and links as they were. A new address that acts on people has to find its place in one of the lists at the end.
"""

from collections.abc import Iterator, Mapping

import pytest
from django.contrib import admin

from tests.accounts.attempts import (
    ACTORS,
    TARGETS,
    Action,
    World,
    admin_remove,
    admin_role,
    attempt,
    deactivate,
    delete,
    delete_many,
    edit,
    flip_group,
    flip_permission,
    flip_staff,
    flip_superuser,
    hand_over,
    mark,
    older_link,
    password_link,
    remove,
    role_down,
    role_up,
    set_password,
)
from tests.stores import ROOT
from tests.test_permissions import NAMES

pytestmark = pytest.mark.django_db

# What is so already cannot be done: an owner's role goes no further up, a viewer's none further down.
ON_THE_TEAM_PAGE: Mapping[Action, str] = {
    password_link: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    stranger              403      403      403      403      403      403      403      403      403      403        -
    viewer                403      403      403      403      403      403      403      403      403      404      403
    member                403      403      403      403      403      403      403      403      403      404      403
    owner                 yes      yes      yes       no       no       no       no       no       no      404       no
    owner_elsewhere       404      404      404      404      404      404      404      404      404      404       no
    owner_of_two          yes      yes      yes      yes       no       no       no       no       no      404       no
    owner_reviewing       yes      yes      yes       no      yes      yes       no       no       no      404       no
    reviewer              403      403      403      403      403      403      403      403      403      404      403
    staff                 403      403      403      403      403      403      403      403      403      403        -
    staff_owner           yes      yes      yes       no       no       no      yes       no       no      404       no
    staff_users           403      403      403      403      403      403      403      403      403      403        -
    staff_places          403      403      403      403      403      403      403      403      403      403        -
    superuser             403      403      403      403      403      403      403      403      403      403        -
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes       no      404       no
    deactivated            in       in       in       in       in       in       in       in       in       in       in
    last_owner            404      404      404      404      404      404      404      404      404      404       no
    """,
    older_link: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    stranger              410      410      410      410      410      410      410      410      410      410      410
    viewer                410      410      410      410      410      410      410      410      410      410      410
    member                410      410      410      410      410      410      410      410      410      410      410
    owner                 yes      yes      yes      410      410      410      410      410      410      410      410
    owner_elsewhere       410      410      410      410      410      410      410      410      410      410      410
    owner_of_two          yes      yes      yes      yes      410      410      410      410      410      410      410
    owner_reviewing       yes      yes      yes      410      yes      yes      410      410      410      410      410
    reviewer              410      410      410      410      410      410      410      410      410      410      410
    staff                 410      410      410      410      410      410      410      410      410      410      410
    staff_owner           yes      yes      yes      410      410      410      yes      410      410      410      410
    staff_users           410      410      410      410      410      410      410      410      410      410      410
    staff_places          410      410      410      410      410      410      410      410      410      410      410
    superuser             410      410      410      410      410      410      410      410      410      410      410
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      410      410      410
    deactivated           410      410      410      410      410      410      410      410      410      410      410
    last_owner            410      410      410      410      410      410      410      410      410      410      410
    """,
    role_up: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    stranger              403      403      403      403      403      403      403      403      403      403        -
    viewer                403      403      403      403      403      403      403      403      403      404      403
    member                403      403      403      403      403      403      403      403      403      404      403
    owner                 yes      yes       no      yes      yes      yes      yes      yes      yes      404       no
    owner_elsewhere       404      404      404      404      404      404      404      404      404      404       no
    owner_of_two          yes      yes       no      yes      yes      yes      yes      yes      yes      404       no
    owner_reviewing       yes      yes       no      yes      yes      yes      yes      yes      yes      404       no
    reviewer              403      403      403      403      403      403      403      403      403      404      403
    staff                 403      403      403      403      403      403      403      403      403      403        -
    staff_owner           yes      yes       no      yes      yes      yes      yes      yes      yes      404       no
    staff_users           403      403      403      403      403      403      403      403      403      403        -
    staff_places          403      403      403      403      403      403      403      403      403      403        -
    superuser             403      403      403      403      403      403      403      403      403      403        -
    super_owner           yes      yes       no      yes      yes      yes      yes      yes      yes      404       no
    deactivated            in       in       in       in       in       in       in       in       in       in       in
    last_owner            404      404      404      404      404      404      404      404      404      404       no
    """,
    mark: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    stranger              403      403      403      403      403      403      403      403      403      403        -
    viewer                403      403      403      403      403      403      403      403      403      404      403
    member                403      403      403      403      403      403      403      403      403      404      403
    owner                 yes      yes      yes      yes      yes      yes      yes      yes      yes      404      yes
    owner_elsewhere       404      404      404      404      404      404      404      404      404      404      yes
    owner_of_two          yes      yes      yes      yes      yes      yes      yes      yes      yes      404      yes
    owner_reviewing       yes      yes      yes      yes      yes      yes      yes      yes      yes      404      yes
    reviewer              403      403      403      403      403      403      403      403      403      404      403
    staff                 403      403      403      403      403      403      403      403      403      403        -
    staff_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      404      yes
    staff_users           403      403      403      403      403      403      403      403      403      403        -
    staff_places          403      403      403      403      403      403      403      403      403      403        -
    superuser             403      403      403      403      403      403      403      403      403      403        -
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      404      yes
    deactivated            in       in       in       in       in       in       in       in       in       in       in
    last_owner            404      404      404      404      404      404      404      404      404      404      yes
    """,
    hand_over: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    stranger              403      403      403      403      403      403      403      403      403      403        -
    viewer                403      403      403      403      403      403      403      403      403      404      403
    member                403      403      403      403      403      403      403      403      403      404      403
    owner                 yes      yes      yes      yes      yes      yes      yes      yes       no      404       no
    owner_elsewhere       404      404      404      404      404      404      404      404      404      404       no
    owner_of_two          yes      yes      yes      yes      yes      yes      yes      yes       no      404       no
    owner_reviewing       yes      yes      yes      yes      yes      yes      yes      yes       no      404       no
    reviewer              403      403      403      403      403      403      403      403      403      404      403
    staff                 403      403      403      403      403      403      403      403      403      403        -
    staff_owner           yes      yes      yes      yes      yes      yes      yes      yes       no      404       no
    staff_users           403      403      403      403      403      403      403      403      403      403        -
    staff_places          403      403      403      403      403      403      403      403      403      403        -
    superuser             403      403      403      403      403      403      403      403      403      403        -
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes       no      404       no
    deactivated            in       in       in       in       in       in       in       in       in       in       in
    last_owner            404      404      404      404      404      404      404      404      404      404       no
    """,
    role_down: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    stranger              403      403      403      403      403      403      403      403      403      403        -
    viewer                403      403      403      403      403      403      403      403      403      404      403
    member                403      403      403      403      403      403      403      403      403      404      403
    owner                 yes       no      yes      yes      yes      yes      yes      yes      yes      404      yes
    owner_elsewhere       404      404      404      404      404      404      404      404      404      404      yes
    owner_of_two          yes       no      yes      yes      yes      yes      yes      yes      yes      404      yes
    owner_reviewing       yes       no      yes      yes      yes      yes      yes      yes      yes      404      yes
    reviewer              403      403      403      403      403      403      403      403      403      404      403
    staff                 403      403      403      403      403      403      403      403      403      403        -
    staff_owner           yes       no      yes      yes      yes      yes      yes      yes      yes      404      yes
    staff_users           403      403      403      403      403      403      403      403      403      403        -
    staff_places          403      403      403      403      403      403      403      403      403      403        -
    superuser             403      403      403      403      403      403      403      403      403      403        -
    super_owner           yes       no      yes      yes      yes      yes      yes      yes      yes      404      yes
    deactivated            in       in       in       in       in       in       in       in       in       in       in
    last_owner            404      404      404      404      404      404      404      404      404      404       no
    """,
    remove: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    stranger              403      403      403      403      403      403      403      403      403      403        -
    viewer                403      403      403      403      403      403      403      403      403      404      403
    member                403      403      403      403      403      403      403      403      403      404      403
    owner                 yes      yes      yes      yes      yes      yes      yes      yes      yes      404      yes
    owner_elsewhere       404      404      404      404      404      404      404      404      404      404      yes
    owner_of_two          yes      yes      yes      yes      yes      yes      yes      yes      yes      404      yes
    owner_reviewing       yes      yes      yes      yes      yes      yes      yes      yes      yes      404      yes
    reviewer              403      403      403      403      403      403      403      403      403      404      403
    staff                 403      403      403      403      403      403      403      403      403      403        -
    staff_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      404      yes
    staff_users           403      403      403      403      403      403      403      403      403      403        -
    staff_places          403      403      403      403      403      403      403      403      403      403        -
    superuser             403      403      403      403      403      403      403      403      403      403        -
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      404      yes
    deactivated            in       in       in       in       in       in       in       in       in       in       in
    last_owner            404      404      404      404      404      404      404      404      404      404       no
    """,
}
# The administration opens to staff alone: see below for everybody else.
IN_THE_ADMINISTRATION: Mapping[Action, str] = {
    deactivate: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403      403
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403      yes
    staff_places          yes      yes      yes      yes      403      403      yes      403      yes      yes      yes
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
    edit: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403      403
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403      yes
    staff_places          yes      yes      yes      yes      403      403      yes      403      yes      yes      yes
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
    set_password: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403      403
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403      yes
    staff_places          yes      yes      yes      yes      403      403      yes      403      yes      yes      yes
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
    flip_staff: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403      403
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403       no
    staff_places           no       no       no       no      403      403       no      403       no       no       no
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
    flip_superuser: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403      403
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403       no
    staff_places           no       no       no       no      403      403       no      403       no       no       no
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
    flip_permission: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403      403
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403       no
    staff_places           no       no       no       no      403      403       no      403       no       no       no
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
    flip_group: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403      403
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403       no
    staff_places           no       no       no       no      403      403       no      403       no       no       no
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
    delete: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403      403
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403      yes
    staff_places          yes      yes      yes      yes      403      403      yes      403      yes      yes      yes
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
    delete_many: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403      403
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403      yes
    staff_places          yes      yes      yes      yes      403      403      yes      403      yes      yes      yes
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
    admin_role: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403        -
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403        -
    staff_places          yes      yes      yes      yes      yes      yes      yes      yes      yes      yes        -
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes        -
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
    admin_remove: """
                       member   viewer co-owner     both   review  grouped    staff    super inactive     last     self
    staff                 403      403      403      403      403      403      403      403      403      403        -
    staff_owner           403      403      403      403      403      403      403      403      403      403      403
    staff_users           403      403      403      403      403      403      403      403      403      403        -
    staff_places          yes      yes      yes      yes      yes      yes      yes      yes      yes      yes        -
    superuser             yes      yes      yes      yes      yes      yes      yes      yes      yes      yes        -
    super_owner           yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes
    """,
}
TABLE = {**ON_THE_TEAM_PAGE, **IN_THE_ADMINISTRATION}
STAFF = [name for name, part in ACTORS.items() if part.flags]


def rows_of(table: str) -> dict[str, dict[str, str]]:
    head, *lines = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(head, cells, strict=True)) for name, *cells in lines}


def written(found: Mapping[str, Mapping[str, str]]) -> str:
    """A table as it stands above, so that a difference is seen at once."""
    lines = [" " * 16 + "".join(f"{whom:>9}" for whom in (*TARGETS, "self"))]
    lines += [f"{name:<16}" + "".join(f"{cell:>9}" for cell in cells.values()) for name, cells in found.items()]
    return "\n".join(lines)


@pytest.mark.parametrize("action", TABLE, ids=lambda action: action.__name__)
def test_nobody_does_more_to_another_than_the_table_says(action: Action) -> None:
    expected = rows_of(TABLE[action])
    assert list(expected) == (list(ACTORS) if action in ON_THE_TEAM_PAGE else STAFF)
    world = World()

    found = {name: {whom: attempt(world, name, whom, action) for whom in row} for name, row in expected.items()}

    assert all(list(row) == [*TARGETS, "self"] for row in expected.values())
    assert written(found) == written(expected)


def test_the_administration_is_closed_to_whoever_is_no_staff() -> None:
    world = World()
    others = [name for name in ACTORS if name not in STAFF]

    found = {
        attempt(world, name, whom, action)
        for name in others
        for whom in ("viewer", "self")
        for action in IN_THE_ADMINISTRATION
    }

    assert found == {"in", "-"}


# --- No address without a row ------------------------------------------------------------------------

PAGES = ("changelist", "add", "change", "delete")
MODELS = ("auth_group", "accounts_invitation", "accounts_team", "accounts_teaminstructions", "accounts_spending")
BY_ADDRESS: Mapping[str, tuple[Action, ...]] = {
    "accounts:new_password": (older_link,),
    "accounts:password_link": (password_link,),
    "accounts:change_role": (role_up, role_down),
    "accounts:mark_reviewer": (mark,),
    "accounts:hand_over": (hand_over,),
    "accounts:remove": (remove,),
    "admin:auth_user_password_change": (set_password,),
    "admin:accounts_user_change": (deactivate, edit, flip_staff, flip_superuser, flip_permission, flip_group),
    "admin:accounts_user_delete": (delete,),
    "admin:accounts_user_changelist": (delete_many,),
    "admin:accounts_membership_change": (admin_role,),
    "admin:accounts_membership_delete": (admin_remove,),
}
"""The addresses by which one person does something to another's account."""
OF_ONES_OWN = {
    "login", "logout", "password_change", "password_reset", "accounts:me", "accounts:address",
    "accounts:own_instructions", "accounts:sign_out_everywhere",
    "accounts:language", "accounts:switch", "accounts:time_zone", "accounts:browser_time_zone",
}  # fmt: skip
OF_THE_TEAM = {
    "accounts:team", "accounts:rename", "accounts:team_instructions", "accounts:image_approval",
    "accounts:default_visibility", "accounts:setup_team", "accounts:setup_review",
}  # fmt: skip
WITH_TESTS_OF_THEIR_OWN = {
    "accounts:welcome": "tests/accounts/test_first_sign_in.py",
    "accounts:join": "tests/accounts/test_invitations.py",
    "accounts:accept": "tests/accounts/test_invitations.py",
    "accounts:invite": "tests/accounts/test_rights.py",
    "accounts:revoke": "tests/accounts/test_rights.py",
    "accounts:join_link": "tests/accounts/test_inviting_many.py",
    "accounts:new_link": "tests/accounts/test_inviting_many.py",
    "accounts:join_by_email": "tests/accounts/test_inviting_many.py",
    "accounts:confirm_address": "tests/accounts/test_addresses.py",
    "password_reset_confirm": "tests/accounts/test_addresses.py",
    "chat:limit_member": "tests/accounts/test_spending.py",
    "chat:space_role": "tests/chat/spaces/test_space_people.py",
    "chat:space_remove": "tests/chat/spaces/test_space_people.py",
    "admin:accounts_user_add": "tests/accounts/test_admin.py",
    "admin:accounts_membership_add": "tests/accounts/test_rights.py",
    "admin:accounts_membership_changelist": "tests/accounts/test_admin.py",
    **{f"admin:{model}_{page}": "tests/accounts/test_rights.py" for model in MODELS[:2] for page in PAGES},
    **{f"admin:{model}_{page}": "tests/accounts/test_admin.py" for model in MODELS[2:] for page in PAGES},
}


def addresses() -> Iterator[str]:
    """Every address of accounts, every other one that names a member, and every one that the administration has for
    what is theirs; but for those that only tell what was done."""
    for name, pattern in NAMES.items():
        if (
            pattern.lookup_str.startswith(("accounts.", "django.contrib.auth."))
            or "member_id" in pattern.pattern.converters
        ):
            yield name
    for model, pages in admin.site._registry.items():
        if model._meta.app_label in {"accounts", "auth"}:
            yield from (f"admin:{page.name}" for page in pages.get_urls() if page.name and "history" not in page.name)


def test_no_address_acts_on_people_without_a_place_in_these_lists() -> None:
    assert sorted(addresses()) == sorted([*BY_ADDRESS, *OF_ONES_OWN, *OF_THE_TEAM, *WITH_TESTS_OF_THEIR_OWN])
    assert {action for actions in BY_ADDRESS.values() for action in actions} == set(TABLE)
    assert all((ROOT / path).is_file() for path in WITH_TESTS_OF_THEIR_OWN.values())
