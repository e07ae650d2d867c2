"""What the pages of reports need: where a report is in words, and which of its sources are warned of."""

from collections.abc import Sequence

from django import template

from sharing.models import Report
from sharing.reports.listing import place_of
from sharing.reports.showing import ShownSource

register = template.Library()


@register.filter
def report_place(report: Report) -> str:
    """Who sees the report."""
    return place_of(report).label


@register.filter
def warned_sources(sources: Sequence[ShownSource]) -> list[ShownSource]:
    """Those of sites that the team marked as doubtful or blocked."""
    return [source for source in sources if source.mark]
