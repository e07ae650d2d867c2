"""Bringing files in a test, by the code that the pages and the worker use."""

import io

from accounts.models import Membership, Team, User
from chat.access import ALONE, Place
from sharing.imports import service
from sharing.imports.importing import Importing
from sharing.imports.surveying import Surveying
from sharing.models import ImportRun


def bring(
    data: bytes,
    *,
    by: User,
    team: Team | None = None,
    place: Place = ALONE,
    as_it_was: bool = False,
    name: str = "export",
) -> ImportRun:
    """A file that was looked through, for this team; for their first one otherwise."""
    theirs = Membership.objects.select_related("user", "team").filter(user=by, **({"team": team} if team else {}))
    membership = theirs.order_by("joined_at").first()
    assert membership
    run = service.bring_file(
        source=io.BytesIO(data), name=name, size=len(data), membership=membership, place=place, as_it_was=as_it_was
    )
    Surveying(run.pk, holder=None).run()
    run.refresh_from_db()
    return run


def import_all(
    data: bytes, *, by: User, team: Team | None = None, place: Place = ALONE, as_it_was: bool = False
) -> ImportRun:
    """A file that was imported."""
    run = bring(data, by=by, team=team, place=place, as_it_was=as_it_was)
    service.begin_import(run=run, by=by)
    Importing(run.pk, holder=None).run()
    run.refresh_from_db()
    return run
