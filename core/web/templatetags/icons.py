"""`{% icon "name" %}`: one of the drawings in static/img/icons.svg."""

from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, *, label: str = "", classes: str = "icon") -> SafeString:
    """The symbol with this id. Without a label it is decoration, which screen readers pass over."""
    attributes = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    address = _address(settings.STATIC_URL)
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', classes, attributes, address, name)


@cache
def _address(static_url: str) -> str:
    """Where the drawings are. A page has dozens of them, and to look that up takes longer than to write one."""
    return static("img/icons.svg")
