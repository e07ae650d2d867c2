"""Answers that a switch asks for instead of the composed one."""

from upstream.demo import library, quoting
from upstream.demo.extracts import Extract
from upstream.demo.switches import Switches

_LONGEST = 400_000  # characters
_MOST_LINES = 20_000


def instead(switches: Switches, extract: Extract, documents_url: str) -> str | None:
    """The text for `echo`, `lines` or `long`, or None."""
    if switches.echo is not None:
        return switches.echo
    if "lines" in switches:
        count = int(switches.number("lines", 100, most=_MOST_LINES))
        return "\n\n".join(f"Line {number} of {count}." for number in range(1, count + 1))
    if "long" in switches:
        return _long(extract, int(switches.number("long", 20_000, most=_LONGEST)), documents_url)
    return None


def _long(extract: Extract, length: int, documents_url: str) -> str:
    """The answer, and then whatever else the library has, until there is enough."""
    parts, size = [extract.text], len(extract.text)
    passages = library.shared(documents_url).passages
    number = 0
    while passages and size < length:
        section = quoting.whole(passages[number % len(passages)])
        parts.append(section)
        size += len(section) + 2
        number += 1
    return "\n\n".join(parts)[:length]
