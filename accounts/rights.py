"""What rights a person holds, and over whose account somebody else has a say.

Whoever sets an account's password can use the account. So one rule holds for everything that one account may do to
another: each right that it would let somebody use, or would take away, is one that they hold or may grant.

    right                                           granted by
    superuser                                       superusers
    staff                                           superusers
    a permission, direct or by a group, of any app  superusers
    a place on a team, with any role or mark        owners of that team; staff who may add or change memberships

Holding a place on a team is not enough to use somebody else's: it comes with private conversations. Nothing is
remembered here: a right counts from the moment in which it is given.
"""

import uuid
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import Q

from accounts.models import Membership, User


def may_grant_rights(by: User | AnonymousUser) -> bool:
    """Whether the person may make others staff or superusers and give or take permissions and groups."""
    return by.is_active and by.is_superuser


def usable_accounts(*, by: User, people: Iterable[User]) -> set[uuid.UUID]:
    """The ids of those people who hold no right that `by` neither holds nor may grant. One's own is among them.

    Two queries, however many people.
    """
    asked = list(people)
    ids = {person.pk for person in asked}
    if not by.is_active:
        return set()
    if by.is_superuser:
        return ids
    beyond = {person.pk for person in asked if person.is_superuser or (person.is_staff and not by.is_staff)}
    beyond |= _with_other_permissions(ids, by=by)
    if not _grants_every_place(by):
        beyond |= _on_other_teams(ids, by=by)
    return (ids - beyond) | (ids & {by.pk})


def may_use_account(*, by: User, person: User) -> bool:
    """Whether everything that the person's account can do is something that `by` can do or may let others do."""
    return person.pk in usable_accounts(by=by, people=[person])


def _with_other_permissions(ids: set[uuid.UUID], *, by: User) -> set[uuid.UUID]:
    """Whoever holds a permission that `by` does not hold. Deactivated people keep theirs, which Django's backends, if
    asked, would say they do not."""
    held = Permission.objects.filter(Q(user=by) | Q(group__user=by)).values("pk")
    others = Permission.objects.exclude(pk__in=held)
    holding = Q(user_permissions__in=others) | Q(groups__permissions__in=others)
    return set(User.objects.filter(holding, pk__in=ids).values_list("pk", flat=True))


def _on_other_teams(ids: set[uuid.UUID], *, by: User) -> set[uuid.UUID]:
    """Whoever is on a team that `by` does not own."""
    owned = Membership.objects.filter(user=by, role=Membership.Role.OWNER).values("team")
    return set(Membership.objects.filter(user__in=ids).exclude(team__in=owned).values_list("user", flat=True))


def _grants_every_place(by: User) -> bool:
    """Whether the administration lets `by` make anybody, themselves too, the owner of any team. One will do: who may
    only change memberships writes themselves into somebody else's."""
    return by.is_staff and any(by.has_perm(f"accounts.{may}_membership") for may in ("add", "change"))
