"""Filters for the addresses of sources."""

from django import template

from chat.rendering import links

register = template.Library()


@register.filter
def safe_url(url: str) -> str:
    """The address when it may be linked to, otherwise nothing."""
    return links.safe_url(str(url or ""))


@register.filter
def host(url: str) -> str:
    """The site that an address belongs to, without `www.`."""
    return links.host(str(url or ""))
