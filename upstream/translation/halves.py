"""Characters that a stream cut in two: half of a surrogate pair, or some of the bytes of one UTF-8 sequence.

Parsed leniently (`payloads`), a half surrogate stays as it is and an odd byte becomes U+DC80 to U+DCFF, as PEP 383 has
it. The next piece of the same text may bring the rest.
"""

import re
from codecs import getincrementaldecoder

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_BYTES = re.compile("[\udc80-\udcff]+")
_ALONE = re.compile("[\ud800-\udfff]")
_LAST = re.compile("(?:[\ud800-\udbff]|(?<![\ud800-\udbff])[\udc80-\udcff]{1,8})\\Z")
_LOOK_BACK = 12  # characters
_DECODER = getincrementaldecoder("utf-8")
REPLACEMENT = "\ufffd"


def mended(text: str) -> str:
    """The text with its halves put together; what stays alone becomes a replacement character."""
    if text.isascii() or not _ALONE.search(text):
        return text
    text = _PAIR.sub(lambda found: found[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    text = _BYTES.sub(lambda found: found[0].encode("utf-8", "surrogateescape").decode("utf-8", "replace"), text)
    return _ALONE.sub(REPLACEMENT, text)


def _begun_in(text: str) -> str:
    """The character at the end of the text that has only begun."""
    last = None if text.isascii() else _LAST.search(text, max(len(text) - _LOOK_BACK, 0))
    if last is None or last[0] < "\udc00":
        return last[0] if last else ""
    decoder = _DECODER("replace")
    decoder.decode(last[0].encode("utf-8", "surrogateescape"))
    return decoder.getstate()[0].decode("utf-8", "surrogateescape")


class Halves:
    """Reads one text in pieces. A character that has begun is held back until its rest comes."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """The piece, with what was held back, as far as its characters are whole."""
        if text.isascii() and not self._held:
            return text
        text = self._held + text
        self._held = _begun_in(text)
        return mended(text[: len(text) - len(self._held)])

    def finish(self) -> str:
        """What was held back, now that its rest does not come."""
        held, self._held = self._held, ""
        return mended(held)
