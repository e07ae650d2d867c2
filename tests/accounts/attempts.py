"""What people may try on each other's accounts: who tries, on whom, and by which address.

A new part or action here is a row, a column or a table in `tests/accounts/test_rights_over_others.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, OneTimeLink, Team, User
from accounts.services.link_tokens import hash_token

NEW = {"new_password1": "a longer horse 7", "new_password2": "a longer horse 7"}
REVIEW = "imaging.review_images"
USERS = tuple(f"accounts.{may}_user" for may in ("view", "add", "change", "delete"))
PLACES = tuple(f"accounts.{may}_membership" for may in ("view", "add", "change", "delete"))


@dataclass(frozen=True)
class Part:
    """A person: places as team and role, flags of the account, permissions, and of which group."""

    places: Mapping[str, str]
    flags: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    group: str = ""
    active: bool = True


ACTORS: Mapping[str, Part] = {
    "stranger": Part({}),
    "viewer": Part({"T": "viewer"}),
    "member": Part({"T": "member"}),
    "owner": Part({"T": "owner"}),
    "owner_elsewhere": Part({"U": "owner"}),
    "owner_of_two": Part({"T": "owner", "U": "owner"}),
    "owner_reviewing": Part({"T": "owner"}, permissions=(REVIEW,)),
    "reviewer": Part({"T": "member"}, permissions=(REVIEW,)),
    "staff": Part({}, ("is_staff",)),
    "staff_owner": Part({"T": "owner"}, ("is_staff",)),
    "staff_users": Part({}, ("is_staff",), USERS),
    "staff_places": Part({}, ("is_staff",), USERS + PLACES),
    "superuser": Part({}, ("is_superuser", "is_staff")),
    "super_owner": Part({"T": "owner"}, ("is_superuser", "is_staff")),
    "deactivated": Part({"T": "owner"}, active=False),
    "last_owner": Part({"W": "owner"}),
}
TARGETS: Mapping[str, Part] = {
    "member": Part({"T": "member"}),
    "viewer": Part({"T": "viewer"}),
    "co-owner": Part({"T": "owner"}),
    "both": Part({"T": "member", "U": "viewer"}),
    "review": Part({"T": "member"}, permissions=(REVIEW,)),
    "grouped": Part({"T": "member"}, group="Reviewers"),
    "staff": Part({"T": "member"}, ("is_staff",)),
    "super": Part({"T": "member"}, ("is_superuser", "is_staff")),
    "inactive": Part({"T": "member"}, active=False),
    "last": Part({"V": "owner"}),
}
"""Beside them, `self` is the actor."""


class World:
    """The teams, and a person for each part."""

    def __init__(self) -> None:
        self.only_browser = Client()
        self.group = Group.objects.create(name="Reviewers")
        self.group.permissions.add(permission(REVIEW))
        self.teams = {name: Team.objects.create(name=name) for name in "TUVW"}
        self.targets = {name: self.person(f"target-{name}", part) for name, part in TARGETS.items()}
        self.actors = {name: self.person(f"actor-{name}", part) for name, part in ACTORS.items()}
        self.sessions = {name: self.session(actor) for name, actor in self.actors.items()}
        self.stored = everything()

    def person(self, name: str, part: Part) -> User:
        user = User.objects.create(username=name, is_active=part.active, **dict.fromkeys(part.flags, True))
        for team, role in part.places.items():
            Membership.objects.create(team=self.teams[team], user=user, role=role)
        user.user_permissions.add(*map(permission, part.permissions))
        if part.group:
            user.groups.add(self.group)
        return user

    def session(self, actor: User) -> str:
        self.only_browser.cookies.clear()
        self.only_browser.force_login(actor, backend="django.contrib.auth.backends.ModelBackend")
        return self.only_browser.cookies[settings.SESSION_COOKIE_NAME].value

    def browser(self, name: str) -> Client:
        """The browser, with the actor signed in. Another one, or signing in, would take most of the time."""
        self.only_browser.cookies.clear()
        self.only_browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[name]
        return self.only_browser


def permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


@dataclass(frozen=True)
class Attempt:
    """One person, in their browser, about to do something to another."""

    browser: Client
    world: World
    target: User

    def place(self) -> Membership:
        return Membership.objects.filter(user=self.target).order_by("joined_at")[0]

    def post(self, name: str, *args: object, **data: Any) -> HttpResponse:
        return self.browser.post(reverse(name, args=args), data)

    def change(self, **changes: Any) -> HttpResponse:
        """The person's form in the administration, filled with what is so and these changes; None empties a field."""
        person = self.target
        form = {
            "username": person.username,
            "full_name": person.full_name,
            "email": person.email,
            **{flag: "on" if getattr(person, flag) else None for flag in ("is_active", "is_staff", "is_superuser")},
            "groups": [group.pk for group in person.groups.all()],
            "user_permissions": [one.pk for one in person.user_permissions.all()],
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
            **changes,
        }
        filled = {field: value for field, value in form.items() if value is not None}
        return self.post("admin:accounts_user_change", person.pk, **filled)


Action = Callable[[Attempt], HttpResponse]


# --- The actions -------------------------------------------------------------------------------------


def password_link(one: Attempt) -> HttpResponse:
    return one.post("accounts:password_link", one.place().pk)


def older_link(one: Attempt) -> HttpResponse:
    """A link that the actor made when the person had no right yet."""
    return one.post("accounts:new_password", "older", **NEW)


def role_up(one: Attempt) -> HttpResponse:
    return one.post("accounts:change_role", one.place().pk, role="owner")


def role_down(one: Attempt) -> HttpResponse:
    return one.post("accounts:change_role", one.place().pk, role="viewer")


def mark(one: Attempt) -> HttpResponse:
    return one.post("accounts:mark_reviewer", one.place().pk, is_reviewer="on")


def hand_over(one: Attempt) -> HttpResponse:
    return one.post("accounts:hand_over", one.place().pk)


def remove(one: Attempt) -> HttpResponse:
    return one.post("accounts:remove", one.place().pk)


def deactivate(one: Attempt) -> HttpResponse:
    """Or the other way round, for somebody who is deactivated."""
    return one.change(is_active=None if one.target.is_active else "on")


def edit(one: Attempt) -> HttpResponse:
    return one.change(email="somebody@else.example", username="x" + one.target.username)


def set_password(one: Attempt) -> HttpResponse:
    data = {"password1": "a longer horse 7", "password2": "a longer horse 7", "usable_password": "true"}
    return one.post("admin:auth_user_password_change", one.target.pk, **data, **{"set-password": "Change password"})


def flip_staff(one: Attempt) -> HttpResponse:
    return one.change(is_staff=None if one.target.is_staff else "on")


def flip_superuser(one: Attempt) -> HttpResponse:
    return one.change(is_superuser=None if one.target.is_superuser else "on")


def flip_permission(one: Attempt) -> HttpResponse:
    had = one.target.user_permissions.filter(codename="review_images").exists()
    return one.change(user_permissions=[] if had else [permission(REVIEW).pk])


def flip_group(one: Attempt) -> HttpResponse:
    return one.change(groups=[] if one.target.groups.exists() else [one.world.group.pk])


def delete(one: Attempt) -> HttpResponse:
    return one.post("admin:accounts_user_delete", one.target.pk, post="yes")


def delete_many(one: Attempt) -> HttpResponse:
    data = {"action": "delete_selected", "_selected_action": [one.target.pk], "post": "yes"}
    return one.post("admin:accounts_user_changelist", **data)


def admin_role(one: Attempt) -> HttpResponse:
    place = one.place()
    data = {"user": place.user_id, "team": place.team_id, "role": "viewer" if place.role == "owner" else "owner"}
    return one.post("admin:accounts_membership_change", place.pk, **data)


def admin_remove(one: Attempt) -> HttpResponse:
    return one.post("admin:accounts_membership_delete", one.place().pk, post="yes")


# --- Looking at what came of it ----------------------------------------------------------------------

ON_THE_TEAM = (password_link, role_up, role_down, mark, hand_over, remove, admin_role, admin_remove)
"""What is done to a place on a team, and so cannot be done to somebody who has none."""


def everything() -> list[list[tuple[Any, ...]]]:
    """All that an account is and may do, and every link, as it is stored."""
    several = (User.groups.through, User.user_permissions.through, Group.permissions.through)
    tables = [model._meta.db_table for model in (User, Membership, Invitation, OneTimeLink, Group, *several)]
    stored: list[list[tuple[Any, ...]]] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            stored.append(cursor.fetchall())
    return stored


def outcome(response: HttpResponse, *, changed: bool) -> str:
    if changed:
        return "yes"
    if response.status_code == 302 and response["Location"].startswith((reverse("login"), reverse("admin:login"))):
        return "in"
    return "no" if response.status_code in {200, 302} else str(response.status_code)


def attempt(world: World, name: str, whom: str, action: Action) -> str:
    """What comes of it. Nothing of it stays."""
    with transaction.atomic():
        target = User.objects.get(pk=(world.actors[name] if whom == "self" else world.targets[whom]).pk)
        stored = world.stored
        if action in ON_THE_TEAM and not target.memberships.exists():
            found = "-"
        else:
            if action is older_link:
                tomorrow = timezone.now() + timedelta(days=1)
                made = {"purpose": "password", "token_hash": hash_token("older"), "expires_at": tomorrow}
                OneTimeLink.objects.create(**made, user=target, made_by=world.actors[name])
                stored = everything()
            response = action(Attempt(world.browser(name), world, target))
            found = outcome(response, changed=everything() != stored)
        transaction.set_rollback(True)
    return found
