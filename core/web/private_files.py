"""How bytes are served that belong to a team: to whoever may see them, and never as a page of this site."""

from typing import Final, TypeVar

from django.http import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)

# Opened by itself a file runs nothing, loads nothing and belongs to no site. Browsers put a style of their own into
# the page in which they show a picture.
ALONE: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def as_private_file(response: R, *, cache_control: str) -> R:
    """The response with the headers of every private file; `cache_control` says who may keep it, and how long."""
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = cache_control
    return response
