"""What an answer leans on: its sources, what its steps brought, and what is said where nothing was searched."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chat import rendering
from chat.models import Answer

register = template.Library()


@register.simple_tag
def search_note(answer: Answer, sources: Iterable[Any], steps: Iterable[Mapping[str, Any]]) -> str:
    """What readers have to know where an answer does not lean on a search; empty where it does."""
    options: Mapping[str, Any] = answer.request.get("options", {})
    if not answer.text:
        return ""
    if answer.searched:
        found = new_sources(sources) or any(step.get("content") for step in steps)
        return "" if found else _("The search for this answer found nothing.")
    if options.get("disable_search"):
        return _("Nothing was searched for this answer, as requested.")
    if options.get("enable_search_classifier"):
        return _("Nothing was searched for this answer: the service saw no need to.")
    if answer.provider == "agent" and not options.get("sandbox"):
        return _unasked() if "/" not in answer.model else _asked_in_vain()
    return _("Nothing was searched for this answer.")


def _unasked() -> str:
    """Presets decide for themselves (docs/agent.md, "Searching")."""
    return _(
        "Nothing was searched for this answer. The service chose not to: the answer comes from the model's memory."
    )


def _asked_in_vain() -> str:
    return _(
        "Nothing was searched for this answer. The service was asked to search and did not: the answer comes from the "
        "model's memory."
    )


@register.filter
def new_sources(sources: Iterable[Any]) -> int:
    """How many of the sources were found for this answer."""
    return sum(not source.carried for source in sources)


@register.filter
def carried_sources(sources: Iterable[Any]) -> int:
    """How many of the sources are from before."""
    return sum(bool(source.carried) for source in sources)


@register.filter
def data_html(text: str) -> SafeString:
    """The tables or the program that a step brought, as HTML."""
    return rendering.data_to_html(text)
