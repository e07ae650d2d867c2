"""Bare web addresses in plain text: where they begin, and where the sentence goes on."""

import re
from collections.abc import Iterator

from chat.rendering.links import LONGEST_URL

# Han, kana, Hangul and what belongs to them, which are written without blanks around an address.
_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u30ff\u3105-\u31bf\u31f0-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff"
)
# Letters that no address in Latin script has in the middle of a word.
_OTHER = f"\u0370-\u1cff{_CJK}\U00020000-\U0003ffff"
# Punctuation of East Asia, full-width forms, and the quotation marks of all scripts.
_SIGNS = "\u2018-\u201f\u2026\u2039\u203a\u00ab\u00bb\u3000-\u3003\u3008-\u3020\u3030\u30fb\ufe10-\ufe6f\uff00-\uffef"
ADDRESS = re.compile(rf"https?://[^\s<>\[\]\"'`|\\{_SIGNS}]+", re.IGNORECASE)

_SCRIPT_CHANGES = re.compile(rf"(?<=[A-Za-z0-9%])[{_OTHER}]")
_AFTER_ADDRESS = ".,:;!?*_~'\""
_BEFORE_ADDRESS = re.compile(r"[A-Za-z0-9@/.:_-]\Z")


def addresses_in(content: str) -> Iterator[tuple[int, str]]:
    """The addresses, and where they begin. Longer ones than a link may have are left out."""
    for match in ADDRESS.finditer(content):
        begin = match.start()
        if len(match[0]) <= LONGEST_URL and not _BEFORE_ADDRESS.search(content, max(begin - 1, 0), begin):
            yield begin, _without_what_follows(_in_one_script(match[0]))


def _in_one_script(url: str) -> str:
    """The address up to where a word of another script is written on to it: `https://a.example/1` before Chinese.

    Names in other scripts are whole parts of an address (`/wiki/` and a Chinese word), and are kept.
    """
    changes = _SCRIPT_CHANGES.search(url, len("https://"))
    return url[: changes.start()] if changes else url


def _without_what_follows(url: str) -> str:
    """Leave the full stop or bracket that belongs to the sentence out of an address."""
    while True:
        shorter = url.rstrip(_AFTER_ADDRESS)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == url:
            return url
        url = shorter
