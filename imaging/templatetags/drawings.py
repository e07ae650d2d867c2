"""What pages of other packages have to know about drawing."""

from django import template

from imaging.generation import worker

register = template.Library()


@register.simple_tag
def drawing_is_offered() -> bool:
    """Whether images can be drawn here at all."""
    return worker.is_connected()
