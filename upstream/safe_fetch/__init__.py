"""Fetches what somebody else named, such as a picture in an answer, without being led astray.

Whoever writes an answer, or a page that an answer quotes, chooses these addresses. So nothing here trusts them: only
web addresses are taken, names are looked up by us, every address behind a name has to be public, the connection goes
to exactly the address that was judged, every redirect is judged anew, and size and time are limited while reading.
"""

from upstream.safe_fetch.errors import FetchError, FetchRefused, FetchTooLarge, FetchTooSlow, Unreachable, Unusable
from upstream.safe_fetch.fetch import (
    Answered,
    Fetched,
    Introduction,
    Limits,
    Message,
    ask_once,
    fetch,
    post,
    post_target,
)
from upstream.safe_fetch.resolver import Resolve

__all__ = [
    "Answered",
    "FetchError",
    "FetchRefused",
    "FetchTooLarge",
    "FetchTooSlow",
    "Fetched",
    "Introduction",
    "Limits",
    "Message",
    "Resolve",
    "Unreachable",
    "Unusable",
    "ask_once",
    "fetch",
    "post",
    "post_target",
]
