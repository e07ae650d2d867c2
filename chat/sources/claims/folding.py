"""Words as they are compared: without case, accents and other forms of the same sign."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from chat.documents.stop_words import STOP_WORDS

LANGUAGES = ("en", "de", "fr", "es", "pt", "ar")
"""Those of `STOP_WORDS`, in its order."""

EAST_ASIAN = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
SMALL_WORDS = frozenset().union(*STOP_WORDS)

_WORD = re.compile(rf"[^\W_{EAST_ASIAN}](?:[^\W_{EAST_ASIAN}]|['\u2019](?=[^\W\d_]))*")
_EAST_ASIAN_RUN = re.compile(rf"[{EAST_ASIAN}]+")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HAS_EAST_ASIAN = re.compile(rf"[{EAST_ASIAN}]")
_SIGNS = {
    "de": "\u00e4\u00f6\u00fc\u00df",
    "fr": "\u00e8\u00ea\u00e0\u00ee\u0153",
    "es": "\u00f1\u00bf\u00a1\u00e1\u00ed\u00f3\u00fa",
    "pt": "\u00e3\u00f5\u00e2\u00ea",
}
_TELLING = 0.5  # of a small word: what such a sign tells of the language
_SAMPLE = 6_000  # characters that tell a text's language
_STEM = 6  # letters by which words are held to be the same, whatever their ending

_PLAIN = {
    **{ord(zero) + digit: str(digit) for zero in "\u0660\u06f0\uff10" for digit in range(10)},
    **dict.fromkeys(map(ord, "\u2007\u2009\u202f"), "\u00a0"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\uff0d"), "-"),
    ord("\u066b"): ".",
    ord("\u066c"): ",",
    ord("\uff0c"): ",",
    ord("\uff0e"): ".",
    ord("\uff05"): "%",
    ord("\u066a"): "%",
    ord("\uff1a"): ":",
    ord("\uff04"): "$",
    ord("\uffe5"): "\u00a5",
    ord("\u2044"): "/",
}
_TO_BE_PLAIN = re.compile(f"[{''.join(map(chr, _PLAIN))}]")


class Word(NamedTuple):
    """A word of a text: where it stands, and folded."""

    start: int
    end: int
    folded: str


def listed(words: str) -> list[str]:
    """The words of a list that is written as one text."""
    return words.split()


def plain(text: str) -> str:
    """The text with plain digits, decimal marks, apostrophes, hyphens and blanks, sign for sign."""
    return text.translate(_PLAIN) if _TO_BE_PLAIN.search(text) else text


def fold(text: str) -> str:
    """Without case and accents. The length may change."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in spread if not unicodedata.combining(sign))


@lru_cache(maxsize=32_768)
def fold_word(word: str) -> str:
    """A word folded, and without the *'s* that English hangs on names."""
    folded = fold(word.replace("\u2019", "'"))
    folded = folded.removesuffix("'s").removesuffix("'")
    for article in ("l'", "d'", "qu'", "s'", "n'"):
        if folded.startswith(article) and len(folded) > len(article):
            return folded[len(article) :]
    return folded


def words_in(text: str) -> Iterator[Word]:
    """The words of scripts that put blanks between them; each run of digits is one too."""
    for found in _WORD.finditer(text):
        yield Word(found.start(), found.end(), fold_word(found[0]))


def _folded_in(text: str) -> Iterator[str]:
    """The words of `words_in`, folded, where nobody asks for their places."""
    return map(fold_word, _WORD.findall(text))


def has_east_asian(text: str) -> bool:
    """Whether something in it is written without blanks."""
    return not text.isascii() and _HAS_EAST_ASIAN.search(text) is not None


def keys_in(text: str) -> set[str]:
    """By what a piece of text is found: the beginnings of its words, and pairs of East Asian signs."""
    if text.isascii():
        return {word[:_STEM] for word in re.findall(r"[a-z0-9]+", text.lower())}
    keys = {word[:_STEM] for word in _folded_in(text)}
    for run in _EAST_ASIAN_RUN.findall(text):
        keys.update(run[at : at + 2] for at in range(len(run) - 1))
    return keys


def content_keys(text: str) -> set[str]:
    """The keys of a sentence without small words, single letters and pairs of kana."""
    keys = {word[:_STEM] for word in _folded_in(text) if word not in SMALL_WORDS and len(word) > 1}
    for run in _EAST_ASIAN_RUN.findall(text):
        pairs = (run[at : at + 2] for at in range(len(run) - 1))
        keys.update(pair for pair in pairs if len(_KANA.findall(pair)) < 2 or "\u30a1" <= pair[0] <= "\u30fa")
    return keys


def language_of(text: str) -> str:
    """The language of a text by its small words, as a code of two letters; "en" where nothing tells."""
    sample = text[:_SAMPLE]
    if has_east_asian(sample):
        signs = len(_HAS_EAST_ASIAN.findall(sample))
        if signs * 4 > len(sample):
            return "ja" if _KANA.search(sample) else "zh"
    words = list(_folded_in(sample))
    counts = [
        sum(word in small for word in words) + _TELLING * sum(map(sample.count, _SIGNS.get(language, "")))
        for language, small in zip(LANGUAGES, STOP_WORDS, strict=True)
    ]
    best = max(range(len(counts)), key=counts.__getitem__)
    return LANGUAGES[best] if counts[best] else "en"
