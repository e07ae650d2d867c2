"""Catalogs that translate everything into English that nobody can mistake for the original, and that is longer.

What a page says in them begins with ⟦ and ends with ⟧; whatever does not was never translated. Words are two fifths
longer, as they are in German, and where the catalog is that of Arabic the page runs from right to left.
"""

import re
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog

from scripts import messages

_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&#?\w+;|\s+)")
_ACCENTS = str.maketrans("aceinouyACEINOUY", "àçéíñöüýÀÇÉÍÑÖÜÝ")
OPEN, CLOSE, LONGER = "⟦", "⟧", "ẋ"


def translated(text: str) -> str:
    """The text in accented letters and longer words, its placeholders, tags and outer blanks as they were."""
    body = text.strip()
    inner = "".join(part if _KEPT.fullmatch(part) else _longer(part) for part in _KEPT.split(body))
    return text.replace(body, f"{OPEN}{inner}{CLOSE}")


def _longer(word: str) -> str:
    return word.translate(_ACCENTS) + LONGER * ceil(0.4 * len(word)) if word else ""


@cache
def english() -> Catalog:
    """All that the product says; gathering it takes seconds."""
    return messages.template()


def write(folder: Path, *locales: str) -> Path:
    """Write a catalog of all messages for each of the locales, such as de; returns the folder."""
    for locale in locales:
        catalog = Catalog(locale=locale, fuzzy=False)
        for message in english():
            if message.id:
                catalog.add(message.id, _of(message.id, catalog.num_plurals), context=message.context)
        path = folder / locale / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True)
        path.write_bytes(messages.written(catalog))
    return folder


def _of(message: Any, plurals: int) -> Any:
    if isinstance(message, str):
        return translated(message)
    one, many = map(translated, message)
    return (one, *[many] * (plurals - 1))
