"""What pages of other packages have to know about drawing."""

from django import template

from imaging import studio

register = template.Library()


@register.simple_tag
def drawing_is_offered() -> bool:
    """Whether images can be drawn here at all."""
    return studio.is_connected()
