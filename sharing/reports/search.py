"""Reports among the results of a search, by their titles."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from chat.search import snippets
from chat.search.query import parse_query
from core.web.search_providers import MOST_HITS, OtherHit, OtherHits, SearchWish
from sharing.reports import access
from sharing.reports.listing import place_of, with_words


def report_hits(wish: SearchWish) -> OtherHits | None:
    """The reports with these words in their titles, those changed last first; None where they are not asked for."""
    member = wish.membership
    words = [word.strip('"') for word in wish.words.split() if not word.startswith("-")]
    if not (words and wish.asks_for("report") and isinstance(member, Membership)):
        return None
    found = with_words(access.readable_reports(member), " ".join(words))
    if wish.people:
        found = found.filter(owner__in=list(wish.people))
    if wish.since:
        found = found.filter(changed_at__gte=wish.since)
    if wish.until:
        found = found.filter(changed_at__lt=wish.until)
    if wish.spaces:
        found = found.filter(space__in=list(wish.spaces))
    reports = list(found.select_related("owner", "space").order_by("-changed_at", "-id")[: MOST_HITS + 1])
    query = parse_query(wish.words)
    return OtherHits(
        kind="report",
        label=_("Reports"),
        icon="report",
        hits=[
            OtherHit(
                title=snippets.mark_hits(report.title, query),
                address=reverse("sharing:report", args=[report.pk]),
                by=report.owner.display_name,
                at=report.changed_at,
                note=place_of(report).label,
            )
            for report in reports[:MOST_HITS]
        ],
        more=f"{reverse('sharing:reports')}?{urlencode({'q': ' '.join(words)})}" if len(reports) > MOST_HITS else "",
    )
