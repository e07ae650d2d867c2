"""What the checks of every address that an operator sets have in common."""

from urllib.parse import SplitResult, urlsplit

from upstream.endpoints import is_local


def split_url(url: str) -> SplitResult | None:
    """The parts of the address; None where it is empty or cannot be read at all."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def web_host(url: SplitResult | None) -> str:
    """The host of an address that begins with https:// or http://; empty for any other, and for one without a host."""
    return url.hostname or "" if url is not None and url.scheme in {"http", "https"} else ""


def holds_a_login(url: SplitResult) -> bool:
    """Whether a user name or a password stands in the address, which would end up in logs."""
    return bool(url.username or url.password)


def is_unencrypted(url: SplitResult) -> bool:
    """Whether what travels to the address can be read on its way."""
    return url.scheme == "http" and not is_local(url.hostname or "")
