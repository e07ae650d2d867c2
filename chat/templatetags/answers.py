"""What an answer's article needs: the addresses of its sources, what went with its question, where that leads."""

from typing import Any

from django import template

from chat.answers import instructions
from chat.models import Answer
from chat.rendering import links
from core import notices

register = template.Library()


@register.filter
def instruction_origins(answer: Answer) -> list[str]:
    """Whose instructions went with the answer's question."""
    return [origin.label for origin in instructions.origins_of(answer)]


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


@register.simple_tag
def answer_links(answer_id: object) -> list[notices.Link]:
    """Links that take the answer itself further, from packages that have something to offer for it."""
    return notices.answer_links.ask(answer_id)


@register.simple_tag
def conversation_links(conversation: object, may_manage: bool) -> list[notices.Link]:
    """Links in a conversation's menu, from packages that have something to do with it."""
    return notices.conversation_links.ask(conversation, may_manage)


@register.simple_tag(takes_context=True)
def question_fragments(context: Any, conversation_id: object, question_id: object) -> list[str]:
    """Addresses of pieces of the page that belong below the question's answers, from packages that have some."""
    request = context["request"]
    known: dict[object, list[Any]] = request.__dict__.setdefault("_question_fragments", {})
    if conversation_id not in known:
        known[conversation_id] = notices.question_fragments.ask(request.user, conversation_id)
    return [found[question_id] for found in known[conversation_id] if question_id in found]
