"""The scripts that a text is written in, as far as a server may lack fonts for them (docs/export.md, "Fonts")."""

import re

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, to_locale

FAMILIES = (
    "Noto Sans",
    "Liberation Sans",
    "DejaVu Sans",
    "Noto Sans Arabic",
    "Noto Naskh Arabic",
    "Noto Sans Hebrew",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Libertinus Serif",
    "Noto Color Emoji",
)
"""Families of fonts in the order in which a letter is looked for; after them come all others of the machine."""

_SCRIPTS = {
    "Hani": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "Jpan": "\u3041-\u30ff",
    "Kore": "\uac00-\ud7a3\u1100-\u11ff",
    "Arab": "\u0620-\u064a\u0671-\u06d3",
    "Hebr": "\u05d0-\u05ea",
    "Deva": "\u0904-\u0939",
    "Beng": "\u0985-\u09b9",
    "Taml": "\u0b85-\u0bb9",
    "Thai": "\u0e01-\u0e30",
    "Geor": "\u10d0-\u10ff",
    "Armn": "\u0531-\u0587",
    "Zsye": "\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001f9ff",
}
"""The letters of scripts, by their codes in ISO 15924."""
_ANY = re.compile(f"[{''.join(_SCRIPTS.values())}]")
_EACH = {code: re.compile(f"[{signs}]") for code, signs in _SCRIPTS.items()}


class ScriptsSeen:
    """Which of these scripts were seen, each with the first of its letters."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def look(self, text: str) -> None:
        """Take note of the scripts in a text."""
        if text.isascii() or not _ANY.search(text):
            return
        for code, signs in _EACH.items():
            if code not in self._found and (found := signs.search(text)):
                self._found[code] = found[0]

    @property
    def signs(self) -> dict[str, str]:
        """One letter of each, by the name of the script in the language in force."""
        names = _locale().scripts
        return {str(names.get(code, code)): sign for code, sign in self._found.items()}


def _locale() -> Locale:
    try:
        return Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
