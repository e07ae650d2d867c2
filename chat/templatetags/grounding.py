"""What an answer leans on: its sources, what its steps brought, and what is said where nothing was searched."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chat import rendering
from chat.answers.passages import is_alone
from chat.models import Answer

register = template.Library()


@register.simple_tag
def search_note(answer: Answer, sources: Iterable[Any], steps: Iterable[Mapping[str, Any]]) -> str:
    """What readers have to know where an answer does not lean on a search; empty where it does."""
    options: Mapping[str, Any] = answer.request.get("options", {})
    if not answer.text:
        return ""
    if service := answer.request.get("imported_from"):
        return _("Imported from %(service)s.") % {"service": service}
    if answer.searched:
        found = new_sources(sources) or any(step.get("content") for step in steps)
        return "" if found else _("The web search found nothing.")
    if is_alone(answer):
        return _("Answered from documents. No web search was used.")
    if options.get("disable_search"):
        return _("No web search was used, as requested.")
    if options.get("enable_search_classifier"):
        return _("No web search was used because the service judged it unnecessary.")
    if answer.provider == "agent" and not options.get("sandbox"):
        return _unasked() if "/" not in answer.model else _asked_in_vain()
    return _("No web search was used.")


@register.simple_tag
def documents_note(answer: Answer, passages: Any) -> str:
    """What readers have to know where documents were asked and had nothing to say; empty where they had."""
    if not passages.asked or passages.hidden or passages.passages:
        return ""
    return _("Nothing in the documents of this space matched the question.")


def _unasked() -> str:
    """Presets decide for themselves (docs/agent.md, "Searching")."""
    return _("No web search was used. The service chose not to search, so the answer comes from the model’s memory.")


def _asked_in_vain() -> str:
    return _(
        "No web search was used. The service was asked to search but didn’t, so the answer comes from "
        "the model’s memory."
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
