"""Countries by their two letters (ISO 3166-1) and languages by theirs (ISO 639-1), as people name them."""

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from django.utils.translation import to_locale

from upstream.catalog.languages import LANGUAGES, code_of_language

# What Unicode names and ISO 3166-1 does not: parts of countries, unions of them, codes that are only reserved or
# private, and unknown places. What searches for a country knows none of them.
_NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"])

COUNTRIES: Mapping[str, str] = {
    code: name
    for code, name in sorted(Locale("en").territories.items())
    if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
}
"""The English name of each country by its code."""

_OTHER_NAMES = {
    "bonaire, sint eustatius and saba": "BQ",
    "burma": "MM",
    "cabo verde": "CV",
    "cocos islands": "CC",
    "congo (brazzaville)": "CG",
    "congo (kinshasa)": "CD",
    "french southern territories": "TF",
    "hong kong": "HK",
    "macao": "MO",
    "myanmar": "MM",
    "palestine": "PS",
    "pitcairn": "PN",
    "saint helena": "SH",
    "saint vincent and the grenadines": "VC",
    "south georgia and the south sandwich islands": "GS",
    "united states minor outlying islands": "UM",
    "united states virgin islands": "VI",
}


def country(said: str) -> str:
    """The code of the country that somebody named, or what was said, in capitals where it may be a code."""
    return _CODES.get(_comparable(said)) or (said.upper() if len(said) == 2 else said)


def language(said: str) -> str:
    """The code of the language that somebody named, or what was said, in small letters where it may be a code."""
    return code_of_language(said) or (said.lower() if len(said) == 2 else said)


@lru_cache(maxsize=16)
def countries_in(spoken: str) -> list[tuple[str, str]]:
    """The code of each country and its name in the spoken language, such as pt-br, in the order of the codes."""
    names = _locale(spoken).territories
    return [(code, names.get(code) or name) for code, name in COUNTRIES.items()]


@lru_cache(maxsize=16)
def languages_in(spoken: str) -> list[tuple[str, str]]:
    """The code of each language and its name in the spoken language, such as pt-br, in the order of English."""
    names = _locale(spoken).languages
    return [(code, names.get(code) or name) for code, name in LANGUAGES.items()]


def _locale(spoken: str) -> Locale:
    return Locale.parse(to_locale(spoken))


def _comparable(name: str) -> str:
    """A name in the same spelling, whether it has `&` or `and` and `St.` or `Saint` in it."""
    return name.casefold().replace("&", "and").replace("st. ", "saint ")


_CODES = _OTHER_NAMES | {_comparable(name): code for code, name in COUNTRIES.items()}
