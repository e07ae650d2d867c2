"""What an answer's article needs: the addresses of its sources, what went with its question, where that leads."""

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
