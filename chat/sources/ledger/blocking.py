"""Sites that the team blocked are left out of what new questions search, as far as the service can be told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from chat.sources.marks import marks_in_force, wider_sites
from core.errors import ActionRefused
from upstream.catalog.parameters import Parameter

FILTER, NO_SEARCH = "search_domain_filter", "disable_search"  # the options
_MOST_NAMED = 50  # sites that the answer's details name because they could not be left out


@dataclass(frozen=True, slots=True)
class Blocking:
    """The options with which one asks. `kept_out` are blocked sites that the search leaves out, `left_in` those for
    which the service's list has no room, or that it cannot leave out."""

    options: dict[str, Any]
    kept_out: list[str] = field(default_factory=list)
    left_in: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What the answer keeps of it; empty where nothing is blocked."""
        if not self.kept_out and not self.left_in:
            return {}
        return {"kept_out": self.kept_out, "left_in": self.left_in[:_MOST_NAMED], "left_in_count": len(self.left_in)}


def options_for_team(options: Mapping[str, Any], parameters: Iterable[Parameter], *, team_id: UUID) -> Blocking:
    """The options with the sites that the team has blocked taken out of the search, those blocked last first.

    Raises ActionRefused where somebody wants to search blocked sites alone.
    """
    return without_blocked(options, parameters, marks_in_force(team_id).blocked)


def without_blocked(options: Mapping[str, Any], parameters: Iterable[Parameter], blocked: Sequence[str]) -> Blocking:
    """The same for these sites. What somebody set themselves stays: their own sites come first, and sites to search
    and sites to leave out do not mix."""
    if not blocked or options.get(NO_SEARCH):
        return Blocking(dict(options))
    taken = next((parameter for parameter in parameters if parameter.name == FILTER), None)
    if taken is None:
        return Blocking(dict(options), left_in=list(blocked))
    own = [site for site in options.get(FILTER) or [] if isinstance(site, str) and site.strip()]
    if own and not own[0].startswith("-"):
        return _of_allowed(options, own, blocked)
    known = {site.removeprefix("-").lower() for site in own}
    missing = [site for site in blocked if not known.intersection(wider_sites(site))]
    room = max(0, (taken.items or len(missing) + len(own)) - len(own))
    added, left_in = missing[:room], missing[room:]
    return Blocking(
        {**options, FILTER: [*own, *(f"-{site}" for site in added)]} if own or added else dict(options),
        kept_out=[site for site in blocked if site not in left_in],
        left_in=left_in,
    )


def _of_allowed(options: Mapping[str, Any], own: Sequence[str], blocked: Sequence[str]) -> Blocking:
    """Where somebody names the sites to search: blocked ones are taken from among them. A part of a site that is to be
    searched cannot be left out."""
    barred = set(blocked)
    kept = [site for site in own if not barred.intersection(wider_sites(_host_in(site)))]
    if not kept:
        raise ActionRefused(_("Your team has blocked all the sites you want to search. Choose other sites."))
    hosts = {_host_in(site) for site in kept}
    left_in = [site for site in blocked if hosts.intersection(wider_sites(site))]
    return Blocking({**options, FILTER: kept}, [site for site in blocked if site not in left_in], left_in)


def _host_in(site: str) -> str:
    """The host in an entry of the filter, which may have a path."""
    return site.lower().partition("/")[0].removeprefix("www.")
