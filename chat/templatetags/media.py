"""Filters that read the pictures and videos of an answer."""

from typing import Any

from django import template

from chat.answers import media

register = template.Library()


@register.filter
def pictures(images: Any) -> list[media.ShownPicture]:
    """The pictures that can be shown."""
    return media.shown_pictures(images)


@register.filter
def videos(items: Any) -> list[media.ShownVideo]:
    """The videos that can be shown."""
    return media.shown_videos(items)
