"""What pages ask about answers that were asked for in a form."""

from django import template

from chat import structured

register = template.Library()


@register.filter
def has_json(html: str) -> bool:
    """Whether the HTML of an answer has JSON in it that can be copied."""
    return structured.has_json(html)
