"""Members say what they think of a site: it can be trusted, is doubtful, or is blocked for new questions."""

import logging
from collections import defaultdict
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from chat.models import LedgerSource, SiteMark
from chat.sources import copies
from chat.sources.ledger.listing import sites_under
from chat.sources.marks import MOST_MARKS, marks_in_force
from core.errors import ActionRefused

logger = logging.getLogger(__name__)

LONGEST_SITE = 253
MOST_OF_HISTORY = 50


def site_named(text: str) -> str:
    """The site that somebody means by an address or a host, as the ledger has it; empty for anything else."""
    said = text.strip()[: LONGEST_SITE * 4]
    site = copies.site_of(said if "://" in said else f"https://{said}")
    is_name = "." in site.strip(".") and site.isascii() and site.replace("-", "").replace(".", "").isalnum()
    return site if is_name and len(site) <= LONGEST_SITE and ".." not in site else ""


def mark_site(*, team: Team, site: str, mark: SiteMark.Mark, reason: str, by: User) -> None:
    """Say of the site, and of those that belong to it, what holds from now on; without a mark, that nothing does.

    Raises ActionRefused where the team has as many marks as it can have.
    """
    if mark and SiteMark.objects.filter(team=team, holds=True).exclude(mark="").count() >= MOST_MARKS:
        raise ActionRefused(_("Your team can’t mark any more sites. Remove a mark first."))
    try:
        _store(team, site, mark, reason, by)
    except IntegrityError:  # somebody else was first by a moment
        _store(team, site, mark, reason, by)
    logger.info("%s marked a site as %s.", by.get_username(), mark or "nothing")


@transaction.atomic
def bring_marks(*, team: Team, site: str, said: Sequence[SiteMark]) -> None:
    """Put on record what was said of the site elsewhere, oldest first; the newest holds from now on.

    Raises ActionRefused where the team has as many marks as it can have.
    """
    if said[-1].mark and SiteMark.objects.filter(team=team, holds=True).exclude(mark="").count() >= MOST_MARKS:
        raise ActionRefused(_("Your team can’t mark any more sites. Remove a mark first."))
    SiteMark.objects.filter(team=team, site=site, holds=True).update(holds=False)
    said[-1].holds = True
    SiteMark.objects.bulk_create(said)
    _note_in_ledgers(team, site)


def undo_mark(*, team: Team, site: str, by: User) -> bool:
    """Bring back what was said of the site before. Says whether anything had been said at all."""
    newest = list(SiteMark.objects.filter(team=team, site=site)[:2])
    if not newest:
        return False
    before = newest[1] if len(newest) > 1 else SiteMark()
    mark_site(team=team, site=site, mark=SiteMark.Mark(before.mark), reason=before.reason, by=by)
    return True


def history_of(team: Team, site: str) -> list[SiteMark]:
    """What was said of the site, the newest first."""
    return list(SiteMark.objects.filter(team=team, site=site).select_related("marked_by")[:MOST_OF_HISTORY])


@transaction.atomic
def _store(team: Team, site: str, mark: SiteMark.Mark, reason: str, by: User) -> None:
    SiteMark.objects.filter(team=team, site=site, holds=True).update(holds=False)
    SiteMark.objects.create(team=team, site=site, mark=mark, reason=reason, marked_by=by)
    _note_in_ledgers(team, site)


def _note_in_ledgers(team: Team, site: str) -> None:
    there, marks = LedgerSource.objects.filter(team=team), marks_in_force(team.pk)
    words: dict[str, list[str]] = defaultdict(list)
    for name in sites_under(there, site):
        words[marks.word_for(name)].append(name)
    for word, names in words.items():
        there.filter(site__in=names).exclude(mark=word).update(mark=word)
