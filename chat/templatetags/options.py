"""Options in words."""

from collections.abc import Mapping
from typing import Any

from django import template

from chat.options import Chip, chips

register = template.Library()


@register.simple_tag
def option_chips(options: Mapping[str, Any]) -> list[Chip]:
    """What these options set, each in a few words."""
    return chips(options) if options else []
