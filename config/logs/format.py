"""Log lines that hold no secret, whoever writes them: Django, the server, a library, a traceback.

What opens something (the tokens of one-time links, keys, passwords in addresses, cookies) is blotted out, and so is
what follows the question mark of an address: where somebody wants to go, and what they search for.
"""

import logging
import os
import re
from functools import cache
from urllib.parse import unquote, urlsplit

BLOT = "…"
_SECRET_NAMES = re.compile(r"(?:KEY|SECRET|PASSWORD|TOKEN)$")
_SHORTEST = 8  # characters; a shorter value would be found in ordinary words
_PATTERNS = (
    # The paths of secret links (accounts/urls.py, e-mails of watches), also where they stand in another address.
    (
        re.compile(
            r"((?:/|%2F)(?:join|welcome|new-password|confirm-address|watches(?:/|%2F)letters|reset-password(?:/|%2F)[^\s/%]+)"
            r"(?:/|%2F))"
            r"[^\s/\"'<>?%]+",
            re.IGNORECASE,
        ),
        rf"\1{BLOT}",
    ),
    # Links by which people outside read (sharing/urls.py).
    (re.compile(r"((?:/|%2F)s(?:/|%2F))[^\s/\"'<>?%]+", re.IGNORECASE), rf"\1{BLOT}"),
    # What is asked of an address: `next`, words that are searched for, addresses of pictures.
    (re.compile(r"(?<=[\w/%.~+*)-])\?[^\s\"'<>]+"), f"?{BLOT}"),
    (re.compile(r"([?&](?:next|q|url)=)[^\s&\"'<>]+"), rf"\1{BLOT}"),
    (re.compile(r"((?:sessionid|csrftoken|csrfmiddlewaretoken)[\"']?\s*[=:]\s*[\"']?)[^\s;,\"'&}]+"), rf"\1{BLOT}"),
    (re.compile(r"((?:Bearer|Basic)\s+)[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1{BLOT}"),
    (re.compile(r"\b(pplx-|sk-)[\w-]{8,}"), rf"\1{BLOT}"),
    (re.compile(r"(://[^\s:/@]*:)[^\s/@]+(@)"), rf"\1{BLOT}\2"),  # the password in an address
    # PostgreSQL tells the row that it refuses, with everything in it.
    (
        re.compile(r"(\bDETAIL:).*?(?=\n(?:HINT|CONTEXT|QUERY|Traceback|The above|During handling)|\Z)", re.DOTALL),
        rf"\1 {BLOT}",
    ),
)


def redact(text: str) -> str:
    """The text without secrets."""
    for secret in _known_secrets():
        text = text.replace(secret, BLOT)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def redact_address(address: str) -> str:
    """An address of a request, as it came, for a line of its own: no query, no token, nothing that breaks the line."""
    path, mark, _query = address.partition("?")
    plain = redact(unquote(path)) + (f"?{BLOT}" if mark else "")
    return "".join(sign if sign.isprintable() and sign != '"' else f"\\x{ord(sign):02x}" for sign in plain)


class LineFormatter(logging.Formatter):
    """Formats a record as usual, then takes the secrets out of everything that became of it, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without secrets."""
        return redact(super().format(record))


@cache
def _known_secrets() -> tuple[str, ...]:
    """What the operator's settings keep secret, the longest first."""
    found = {value for name, value in os.environ.items() if _SECRET_NAMES.search(name)}
    for name in ("DATABASE_URL",):
        try:
            found.add(unquote(urlsplit(os.environ.get(name, "")).password or ""))
        except ValueError:
            continue
    return tuple(sorted((value for value in found if len(value) >= _SHORTEST), key=len, reverse=True))
