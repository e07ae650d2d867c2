"""Which addresses may become links, and which two addresses are the same."""

import re
from urllib.parse import SplitResult, urlsplit

from markdown_it.common.normalize_url import normalizeLink

LONGEST_URL = 4_000  # characters; a longer address is shown as text

_WEB = re.compile(r"https?://(?:[^\s/?#@\\:%\[\]]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#]|\Z)", re.I)
_MAIL = re.compile(r"mailto:[a-z0-9.!#$&'*+/=^_`{|}~-]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.I)
_FORBIDDEN = re.compile(
    r"[\x00-\x20\x7f-\xa0\xad\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ud800-\udfff"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff\s<>\"\\`]"
)


def safe_url(url: str) -> str:
    """Return `url` unchanged when it is an absolute http or https address that a page may link to, otherwise "".

    Refused are other schemes, addresses without a host or with a user name in front of it, and anything with blanks,
    control characters, invisible characters, quotes or backslashes in it, which browsers and people read differently.
    """
    if len(url) > LONGEST_URL or not _WEB.match(url) or _FORBIDDEN.search(url):
        return ""
    return url


def safe_href(url: str) -> str:
    """Like `safe_url`, and plain mail addresses are allowed as well (`mailto:` without headers)."""
    if _MAIL.fullmatch(url) and len(url) <= LONGEST_URL:
        return url
    return safe_url(url)


def normalized_url(url: str) -> str:
    """The form in which an address from Markdown goes into a page: host in punycode, odd characters escaped."""
    try:
        return normalizeLink(url)
    except (ValueError, IndexError):
        return ""


def comparable_url(url: str) -> str:
    """A form in which two addresses of one page are equal: scheme and host in lower case, no slash at the end, no
    fragment. `url` is what `normalized_url` returns. Addresses that may not be linked to have no such form and give "".
    """
    parts = _split(url) if safe_url(url) else None
    if parts is None:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path.rstrip('/')}{query}"


def site_of(url: str) -> str:
    """The site that an address belongs to, as people name it: without `www.` and port; "" when it is no web address."""
    parts = _split(url) if safe_url(url) else None
    name = parts.hostname if parts else None
    return (name or "").removeprefix("www.")


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
