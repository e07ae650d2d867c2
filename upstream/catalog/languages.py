"""Names of languages and their codes of two letters (ISO 639-1): one provider wants the name, another the code."""

from collections.abc import Mapping

from babel import Locale

_WITHDRAWN = "sh"  # Serbo-Croatian: ISO 639-1 no longer has it, Unicode still names it
_OTHER_NAMES = {
    "bengali": "bn",
    "filipino": "tl",
    "frisian": "fy",
    "mandarin": "zh",
    "norwegian bokmal": "nb",
}

LANGUAGES: Mapping[str, str] = {
    code: name
    for code, name in sorted(Locale("en").languages.items(), key=lambda item: item[1])
    if len(code) == 2 and code != _WITHDRAWN
}
"""The English name of each language by its code, in the order of the names."""

_CODES = _OTHER_NAMES | {name.casefold(): code for code, name in LANGUAGES.items()}


def code_of_language(language: str) -> str:
    """The code of a language that is named in English, or is a code already; empty for what is neither."""
    word = language.strip().casefold()
    return word if word in LANGUAGES else _CODES.get(word, "")
