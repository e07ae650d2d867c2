"""When two addresses are the same page, as far as an address tells.

`http` or `https`, `www.`, the host for telephones, a slash at the end, a place on the page, what a newsletter added to
count its readers: none of it makes another page. Addresses are compared here and never fetched: what is fetched is the
address as somebody gave it.
"""

import hashlib
import re
from urllib.parse import SplitResult, quote, unquote, urlsplit

import idna

_COUNTING = re.compile(
    r"(?:utm_.*|mtm_.*|pk_.*|hsa_.*|_hs.*|at_(?:medium|campaign)|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid"
    r"|igshid|igsh|mc_cid|mc_eid|mkt_tok|oly_anon_id|oly_enc_id|vero_id|wickedid|srsltid|ref_src|ref_url|cmpid|ocid|ncid"
    r"|s_cid|soc_src|soc_trk|spm|share|__twitter_impression|amp|amp_js_v|usqp|_gl|_ga)",
    re.IGNORECASE,
)
"""Parameters that say where a reader came from, or that the page is meant for a telephone."""
_FOR_TELEPHONES = re.compile(r"^(?:(?:www|m|mobile|amp|touch)\.)+(?=[^.]+\.)")
_TELEPHONE_INSIDE = re.compile(r"^([a-z]{2,12})\.m\.(?=[^.]+\.[^.]+$)")  # such as en.m.wikipedia.org
_AMP_CACHE = re.compile(r"^/(?:[a-z]/)?(?:s/)?(?=[^/]+\.[^/]+/)")
_AMP_ENDING = re.compile(r"(?:/amp|\.amp(?=\.html?$)|\.amp$)$")
_VERSION = re.compile(r"v\d{1,3}")
_USUAL = {"http": 80, "https": 443}
_KEPT_IN_PATHS = "/:@!$&'()*+,;=-._~"
LONGEST = 4_000
"""Characters of an address that is looked at; a longer one stands for itself."""


def normal_address(address: str) -> str:
    """The address as all others of the same page have it; one that is no web address as it was."""
    text = address.strip()
    parts = _parsed(text)
    if parts is None:
        return text[:LONGEST]
    parts = _without_amp(parts)
    host, port = _host(parts), _port(parts)
    path = _AMP_ENDING.sub("", _path(parts.path)).rstrip("/")
    query = "&".join(piece for piece in parts.query.split("&") if piece and not _counts(piece))
    return f"https://{host}{port}{path or '/'}{f'?{query}' if query else ''}"


def address_key(address: str) -> str:
    """What stands for the page in rows: 64 characters, the same for all addresses that are the same page."""
    return hashlib.sha256(normal_address(address).encode("utf-8", "replace")).hexdigest()


def site_of(address: str) -> str:
    """The site: the host in ASCII without `www.` and without what marks one for telephones; empty where the address
    names none."""
    parts = _parsed(address.strip())
    return _host(_without_amp(parts))[:253] if parts else ""


def own_address(said: str, *, of: str) -> str:
    """The address that a page at `of` gives itself, if it is to be believed; else the page's address as it is.

    A page may speak for its own site alone. One that names the front page as itself is in error, and a version of a
    publication (`/abs/2310.06770v1`) is not the publication.
    """
    parts, page = _parsed(said.strip()), _parsed(of.strip())
    if parts is None or page is None or site_of(said) != site_of(of):
        return of
    if not parts.path.strip("/") and not parts.query and (page.path.strip("/") or page.query):
        return of
    if page.path.startswith(parts.path) and _VERSION.fullmatch(page.path[len(parts.path) :]):
        return of
    return said.strip()


def _parsed(text: str) -> SplitResult | None:
    if not text or len(text) > LONGEST:
        return None
    try:
        parts = urlsplit(text)
        is_one = parts.scheme.lower() in _USUAL and bool(parts.hostname)
        parts.port  # noqa: B018 - raises for a number that is none
    except ValueError:
        return None
    return parts if is_one else None


def _without_amp(parts: SplitResult) -> SplitResult:
    """The address behind one of a cache of pages for telephones."""
    host = (parts.hostname or "").lower()
    path = parts.path
    if host in ("google.com", "www.google.com") and path.startswith("/amp/"):
        path = path[len("/amp") :]
    elif not host.endswith(".cdn.ampproject.org"):
        return parts
    behind = _AMP_CACHE.sub("", path)
    inner = (
        _parsed(f"https://{behind}?{parts.query}" if parts.query else f"https://{behind}") if behind != path else None
    )
    return inner or parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    try:
        host = idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        host = host.lower()
    host = _FOR_TELEPHONES.sub("", host)
    host = _TELEPHONE_INSIDE.sub(r"\1.", host)
    return f"[{host}]" if ":" in host else host


def _port(parts: SplitResult) -> str:
    return f":{parts.port}" if parts.port and parts.port not in _USUAL.values() else ""


def _path(path: str) -> str:
    """The path in one spelling: what may stand as it is does, all else is escaped with capital letters."""
    return quote(unquote(path, errors="surrogateescape"), safe=_KEPT_IN_PATHS, errors="surrogateescape")


def _counts(piece: str) -> bool:
    name, _, value = piece.partition("=")
    return bool(_COUNTING.fullmatch(name)) or (name.lower() == "outputtype" and value.lower() == "amp")
