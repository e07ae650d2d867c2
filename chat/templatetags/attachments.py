"""What the composer says of files before they are uploaded."""

from typing import Any

from django import template

from files import limits
from files.formats import DOCUMENTS, PICTURES

register = template.Library()

_ACCEPT = ",".join(
    [*(one.media_type for one in PICTURES), *(ending for one in (*PICTURES, *DOCUMENTS) for ending in one.endings)]
)


@register.simple_tag
def attachment_limits() -> dict[str, Any]:
    """How many attachments, how many bytes of each and together, and what a browser shall offer to choose."""
    return {
        "count": limits.MOST_ATTACHMENTS,
        "upload": limits.MOST_UPLOAD_BYTES,
        "picture": limits.MOST_PICTURE_BYTES,
        "together": limits.MOST_TOGETHER_BYTES,
        "accept": _ACCEPT,
    }
