"""What an answer's article needs: its sources and steps, where its question went, and where it leads further."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chat import rendering
from chat.models import Answer
from chat.rendering import links
from core import notices

register = template.Library()

# Who makes the models, by the first half of their names.
MAKERS = {
    "anthropic": "Anthropic",
    "google": "Google",
    "openai": "OpenAI",
    "perplexity": "Perplexity",
    "xai": "xAI",
}


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
    if answer.provider == "agent":
        return _(
            "Nothing was searched for this answer. The service was asked to search and did not: the answer comes from "
            "the model's memory."
        )
    return _("Nothing was searched for this answer.")


@register.filter
def new_sources(sources: Iterable[Any]) -> int:
    """How many of the sources were found for this answer."""
    return sum(not source.carried for source in sources)


@register.filter
def carried_sources(sources: Iterable[Any]) -> int:
    """How many of the sources are from before."""
    return sum(bool(source.carried) for source in sources)


@register.filter
def served_model(answer: Answer) -> str:
    """The model that answered, where that is another one than the one that was asked."""
    is_known = answer.provider != "agent" or "/" in answer.resolved_model
    return answer.resolved_model if is_known and answer.resolved_model != answer.model else ""


@register.filter
def where_it_went(answer: Answer) -> str:
    """Who got the question to read beside the service that it was sent to; empty where only that one did."""
    if answer.provider != "agent":
        return ""
    model = answer.resolved_model if "/" in answer.resolved_model else answer.model
    maker, slash, _name = model.partition("/")
    if not slash:
        return _(
            "Your question went to Perplexity. Which model it was passed on to is not known: the answer did not reach "
            "its end."
        )
    if maker == "perplexity":
        return _("Your question went to %(model)s, which Perplexity runs.") % {"model": model}
    return _("Your question went to %(model)s (%(maker)s), through Perplexity.") % {
        "model": model,
        "maker": MAKERS.get(maker, maker),
    }


@register.filter
def data_html(text: str) -> SafeString:
    """The tables or the program that a step brought, as HTML."""
    return rendering.data_to_html(text)


@register.filter
def safe_url(url: str) -> str:
    """The address when it may be linked to, otherwise nothing."""
    return links.safe_url(str(url or ""))


@register.filter
def host(url: str) -> str:
    """The site that an address belongs to, without `www.`."""
    return links.site_of(str(url or ""))


@register.simple_tag
def question_links(question_id: object) -> list[notices.Link]:
    """Links that take the question further, from packages that have something to offer for it."""
    return notices.question_links.ask(question_id)
