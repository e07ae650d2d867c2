"""What a team says of sites, as it holds now: trusted, doubtful or blocked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from chat.models import SiteMark

MOST_MARKS = 1_000
"""Sites with a mark that a team can have at once."""


@dataclass(frozen=True, slots=True)
class SiteMarks:
    """The marks that hold, by site."""

    by_site: Mapping[str, SiteMark] = field(default_factory=dict)

    def of(self, site: str) -> SiteMark | None:
        """The mark of the site itself, else of the nearest site that it belongs to: that of `example.org` for
        `docs.example.org`. None where nothing was said of either."""
        return next((self.by_site[name] for name in wider_sites(site) if name in self.by_site), None)

    def word_for(self, site: str) -> str:
        """The same as stored: `trusted`, `doubtful`, `blocked`, or empty."""
        found = self.of(site)
        return found.mark if found else ""

    @property
    def blocked(self) -> list[str]:
        """The sites that are blocked by name, the one marked last first."""
        return [site for site, one in self.by_site.items() if one.mark == SiteMark.Mark.BLOCKED]


def marks_in_force(team_id: UUID) -> SiteMarks:
    """The team's marks, by one query."""
    found = SiteMark.objects.filter(team=team_id, holds=True).exclude(mark=SiteMark.Mark.NONE)
    return SiteMarks({one.site: one for one in found.order_by("-marked_at", "-id")[:MOST_MARKS]})


def is_blocked(team_id: UUID, site: str) -> bool:
    """Whether the team has blocked the site, or one that it belongs to, with none of its own."""
    named = list(wider_sites(site))
    found = SiteMark.objects.filter(team=team_id, holds=True, site__in=named).exclude(mark=SiteMark.Mark.NONE)
    return SiteMarks({one.site: one for one in found}).word_for(site) == SiteMark.Mark.BLOCKED


def wider_sites(site: str) -> Iterator[str]:
    """The site, and those that it belongs to, the nearest first; none of them is a name without a dot."""
    name = site
    while name:
        yield name
        name = name.partition(".")[2]
        if "." not in name:
            return
