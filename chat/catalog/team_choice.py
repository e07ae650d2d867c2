"""What the owners of a team let it use: which models, and which tools beside the search.

They choose for everybody on the team, themselves included. Without a choice everything may be used, also what comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Team


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that a question may switch on: what it does, and the options that are about it."""

    label: str | Promise
    help: str | Promise
    options: frozenset[str]


TOOLS: Mapping[str, Tool] = {
    "fetch_url": Tool(
        _("Reading pages"),
        _("Opens pages and reads them in full: usually $0.003 to $0.01 per page."),
        frozenset({"fetch_url", "max_urls"}),
    ),
    "image_search": Tool(
        _("Image search"),
        _("Finds existing images: $0.0025 per search."),
        frozenset(
            {
                "return_images",
                "num_images",
                "image_domain_filter",
                "image_format_filter",
                "media_response.overrides.return_images",
            }
        ),
    ),
    "finance_search": Tool(
        _("Finance"), _("Looks up company prices and figures: $0.005 per search."), frozenset({"finance_search"})
    ),
    "people_search": Tool(_("People"), _("Finds people: $0.005 per search."), frozenset({"people_search"})),
    "sandbox": Tool(_("Sandbox"), _("Runs code: $0.03 per session."), frozenset({"sandbox"})),
}


def models_of(team: Team) -> frozenset[str] | None:
    """The ids of the offers that the team may ask; None for all."""
    return None if team.allowed_models is None else frozenset(team.allowed_models)


def tools_of(team: Team) -> frozenset[str]:
    """The names of the tools that the team may switch on."""
    return frozenset(TOOLS) if team.allowed_tools is None else frozenset(TOOLS) & frozenset(team.allowed_tools)


def options_without(team: Team) -> frozenset[str]:
    """The names of the options that the team may not set."""
    allowed = tools_of(team)
    return frozenset(name for tool, about in TOOLS.items() if tool not in allowed for name in about.options)
