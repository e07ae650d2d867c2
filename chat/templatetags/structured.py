"""What pages say about answers that are asked for in a form."""

from collections.abc import Collection

from django import template

from chat import structured

register = template.Library()


@register.filter
def has_json(html: str) -> bool:
    """Whether the HTML of an answer has JSON in it that can be copied."""
    return structured.has_json(html)


@register.filter
def schema_preview(text: str) -> str:
    """How answers by the schema in this text will be shown; empty for a text that is no schema to send."""
    return structured.preview(text)


@register.simple_tag
def schema_examples() -> Collection[structured.Example]:
    """Schemas to begin with."""
    return structured.EXAMPLES.values()
