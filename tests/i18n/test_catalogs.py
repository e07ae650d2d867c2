"""Every catalog says everything, with the same placeholders and tags as English."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from config.catalogs import LOCALE, catalogs
from tests.i18n import pseudo

CATALOGS = catalogs(LOCALE)
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")
_TAG = re.compile(r"</?\w+")
ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")

each_catalog = pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parent.parent.name)


@cache
def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def pairs(path: Path) -> list[tuple[Message, str, str]]:
    """Each message, its English, and its translation; for a plural each form with the English of many."""
    found = []
    for message in read(path):
        if not message.id:
            continue
        if isinstance(message.id, tuple):
            strings: Any = message.string
            found += [(message, message.id[1], string) for string in strings]
        else:
            found.append((message, message.id, str(message.string)))
    return found


def forms_of(text: str, pattern: re.Pattern[str]) -> Counter[str]:
    return Counter(pattern.findall(text))


@each_catalog
def test_a_catalog_has_exactly_what_the_product_says(path: Path) -> None:
    def keys(catalog: Catalog) -> set[Any]:
        return {(message.id, message.context) for message in catalog if message.id}

    assert keys(read(path)) == keys(pseudo.english()), "make messages brings it up to date"


@each_catalog
def test_nothing_is_left_out_or_guessed(path: Path) -> None:
    assert [english for _message, english, string in pairs(path) if not string.strip()] == []
    assert [message.id for message in read(path) if message.id and message.fuzzy] == []


@each_catalog
def test_every_form_of_a_plural_is_there(path: Path) -> None:
    wanted = read(path).num_plurals
    assert [one.id for one in read(path) if isinstance(one.id, tuple) and len(one.string) != wanted] == []


@each_catalog
def test_placeholders_are_those_of_the_english(path: Path) -> None:
    wrong = []
    for message, text, string in pairs(path):
        wanted, has = set(forms_of(text, _PLACEHOLDER)), set(forms_of(string, _PLACEHOLDER))
        # A form for one or two of a thing may say so in words, without the figure.
        spare = wanted & set(forms_of("".join(message.id), _PLACEHOLDER)) if isinstance(message.id, tuple) else set()
        if has - wanted or wanted - has - spare:
            wrong.append((text, string))
    assert wrong == []


@each_catalog
def test_tags_are_those_of_the_english(path: Path) -> None:
    assert [(text, string) for _m, text, string in pairs(path) if forms_of(text, _TAG) != forms_of(string, _TAG)] == []


@each_catalog
def test_blanks_at_the_ends_are_those_of_the_english(path: Path) -> None:
    def ends(text: str) -> tuple[bool, bool]:
        text = text.translate(ISOLATES)
        return text[:1].isspace(), text[-1:].isspace()

    assert [(text, string) for _message, text, string in pairs(path) if string and ends(text) != ends(string)] == []
