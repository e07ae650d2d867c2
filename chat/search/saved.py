"""Searches that people keep under a name, each for themselves.

What one person keeps is changed one change after the other, so that two saves at once leave one search of a name.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Team, User
from chat.models import SavedSearch
from core.errors import ActionRefused

MOST = 50  # searches that one person keeps in one team
KEPT_FOR = timedelta(days=30)
"""How long a deleted search can be restored."""

logger = logging.getLogger(__name__)


def saved_searches(user: User, team: Team) -> list[SavedSearch]:
    """What the person keeps in that team, by name."""
    found = SavedSearch.objects.filter(owner=user, team=team, deleted_at=None)
    return sorted(found, key=lambda one: (one.name.casefold(), one.pk))


@transaction.atomic
def save_search(*, team: Team, by: User, name: str, query: str, newest_first: bool = False) -> SavedSearch:
    """Keep a search under a name of 1 to 60 characters. The one that the person has under this name is changed.

    Raises ActionRefused when there are too many, or nothing to keep.
    """
    mine = _lock(team=team, by=by)
    if not query.strip():
        raise ActionRefused(_("There’s nothing to save. Search for something first."))
    same = _named(mine, name)
    if same is None:
        if len(mine) >= MOST:
            raise ActionRefused(
                ngettext(
                    "You have %(most)d saved search, which is the limit. Delete it first.",
                    "You have %(most)d saved searches, which is the limit. Delete one first.",
                    MOST,
                )
                % {"most": MOST}
            )
        same = SavedSearch(team=team, owner=by)
    same.name, same.query, same.newest_first = name, query.strip(), newest_first
    same.save()
    logger.info("%s saved search %s.", by.get_username(), same.pk)
    return same


@transaction.atomic
def rename_search(*, search: SavedSearch, by: User, name: str) -> None:
    """Give the search another name of 1 to 60 characters. Raises ActionRefused when the person has one of that name."""
    others = [one for one in _lock(team=search.team, by=by) if one.pk != search.pk]
    if _named(others, name):
        raise ActionRefused(_("You already have a search called “%(name)s”. Choose another name.") % {"name": name})
    search.name = name
    search.save(update_fields=["name"])


def delete_search(*, search: SavedSearch, by: User) -> None:
    """Take the search away; it can be restored for KEPT_FOR and is purged after that."""
    search.deleted_at = timezone.now()
    search.save(update_fields=["deleted_at"])
    logger.info("%s deleted search %s.", by.get_username(), search.pk)


@transaction.atomic
def restore_search(*, search: SavedSearch, by: User) -> None:
    """Bring a deleted search back. Raises ActionRefused when another one has its name by now, or there are too many."""
    mine = _lock(team=search.team, by=by)
    if _named(mine, search.name):
        raise ActionRefused(
            _("Another search is now called “%(name)s”. Rename that one first.") % {"name": search.name}
        )
    if len(mine) >= MOST:
        raise ActionRefused(_("The limit of saved searches has been reached. Delete one first."))
    search.deleted_at = None
    search.save(update_fields=["deleted_at"])


def purge_searches() -> int:
    """Remove for good what was deleted longer than KEPT_FOR ago. Returns how many that were."""
    return SavedSearch.objects.filter(deleted_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _lock(*, team: Team, by: User) -> list[SavedSearch]:
    """What the person keeps, to oneself until the transaction ends."""
    list(Membership.objects.select_for_update(no_key=True).filter(team=team, user=by))
    return list(SavedSearch.objects.filter(team=team, owner=by, deleted_at=None))


def _named(searches: list[SavedSearch], name: str) -> SavedSearch | None:
    """The one of that name, whether written in small letters or capitals."""
    return next((one for one in searches if one.name.casefold() == name.casefold()), None)
