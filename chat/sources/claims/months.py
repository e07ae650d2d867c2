"""The names of months in several languages, by Babel, and the years in which Japanese eras begin."""

from functools import cache

from babel import Locale

from chat.sources.claims.folding import fold

_LOCALES = ("en", "de", "fr", "es", "pt", "it", "nl", "ar")
SHORT_NAMES_THAT_ARE_WORDS = frozenset({"set", "out", "ago", "mag", "dic", "giu", "lug", "maa"})
"""Short names of months that are words of other languages."""
_MORE = {"sept": 9, "setiembre": 9, "jänner": 1, "feber": 2, "marz": 3, "dic": 12, "ago": 8, "set": 9, "out": 10}

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""The year before the first one of each."""


@cache
def months() -> dict[str, int]:
    """The folded names and short names of months, without the point, from 1."""
    found: dict[str, int] = {}
    for name in _LOCALES:
        for forms in Locale.parse(name).months.values():
            for width in ("wide", "abbreviated"):
                for number, month in forms.get(width, {}).items():
                    folded = fold(month).rstrip(".")
                    if len(folded) >= 3 and not folded.isdigit():
                        found.setdefault(folded, number)
    found.update({fold(name): number for name, number in _MORE.items()})
    return found


@cache
def is_month(folded: str) -> bool:
    """Whether a folded word is the name of a month."""
    return folded.rstrip(".") in months()
