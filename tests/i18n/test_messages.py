"""What is gathered for translators, and what becomes of it."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.utils import translation

from config import catalogs
from scripts import messages
from tests.i18n import pseudo


@pytest.fixture(scope="module")
def gathered() -> Catalog:
    return pseudo.english()


def test_every_kind_of_marker_is_found(gathered: Catalog) -> None:
    assert "Skip to content" in gathered  # in a template's tag
    assert ("Ask again in {{ n }} second." in gathered) is False
    assert gathered.get("Ask again in %(n)s second.").id[1] == "Ask again in %(n)s seconds."  # a block with a plural
    assert gathered.get("Default", "option that nobody set")  # with a context
    assert "Sites" in gathered  # a row of the catalog of options
    assert "The answer was cut off." in gathered  # a sentence of the upstream
    assert "“%(label)s” is empty. Leave it out instead." in gathered
    assert "conversations" in gathered  # what the administration calls a model


def test_what_a_template_says_in_a_block_is_gathered_on_one_line() -> None:
    block = b"{% blocktranslate trimmed with name=x %}\n  One {{ name }}\n  two 5 %.\n{% endblocktranslate %}\n"
    source = BytesIO(block + b'{{ a|default:_("Three") }}')
    found = [text for _line, _name, text, _comments in messages.extract_template(source, messages.KEYWORDS, [], {})]
    assert found == ["One %(name)s two 5 %%.", "Three"]


def old(**translations: object) -> Catalog:
    catalog = Catalog(locale="de", fuzzy=False)
    for name, string in translations.items():
        catalog.add(name, string)  # type: ignore[arg-type]
    return catalog


def test_translations_stay_and_changed_english_is_empty_again() -> None:
    now = Catalog()
    now.add("kept")
    now.add(("one", "many of them"))
    before = old(kept="behalten", one="eins", gone="fort")

    after = messages.updated(before, now)

    assert {message.id: message.string for message in after if message.id} == {
        "kept": "behalten",
        ("one", "many of them"): ("", ""),
    }


def test_a_guess_is_no_translation() -> None:
    now = Catalog()
    now.add("unsure")
    before = old()
    before.add("unsure", "unsicher", flags=["fuzzy"])
    assert messages.updated(before, now)["unsure"].string == ""


def test_a_catalog_that_is_up_to_date_stays_as_it_is(gathered: Catalog) -> None:
    once = messages.written(messages.updated(old(), gathered))
    again = messages.written(messages.updated(read_po(BytesIO(once), locale="de"), gathered))
    assert once == again


def folder_with(tmp_path: Path, content: str) -> Path:
    catalog = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    catalog.parent.mkdir(parents=True)
    head = ["Content-Type: text/plain; charset=utf-8", "Plural-Forms: nplurals=2; plural=(n != 1);"]
    catalog.write_text('msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in head) + "\n" + content)
    return catalog


def test_a_language_is_offered_as_soon_as_it_has_a_catalog(tmp_path: Path) -> None:
    assert catalogs.offered(tmp_path) == [("en", "English")]
    folder_with(tmp_path, 'msgid "Sign in"\nmsgstr "Anmelden"\n')
    assert catalogs.offered(tmp_path) == [("en", "English"), ("de", "Deutsch")]


def test_a_catalog_that_changed_is_compiled_again_and_no_other(tmp_path: Path) -> None:
    catalog = folder_with(tmp_path, 'msgid "Sign in"\nmsgstr "Anmelden"\n')
    compiled = catalog.with_suffix(".mo")
    assert catalogs.is_compiled(catalog)
    first = compiled.stat().st_ino
    assert catalogs.is_compiled(catalog)
    assert compiled.stat().st_ino == first

    catalog.write_text(catalog.read_text().replace("Anmelden", "Einloggen"))
    os.utime(catalog, ns=(1, 1))  # older than what was compiled: another version of Parley

    assert catalogs.is_compiled(catalog)
    assert b"Einloggen" in compiled.read_bytes()


def test_what_is_not_translated_yet_is_english_in_every_number(tmp_path: Path, settings: Any) -> None:
    folder_with(tmp_path, 'msgid "One ship"\nmsgid_plural "%(n)s ships"\nmsgstr[0] ""\nmsgstr[1] ""\n')
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = catalogs.offered(tmp_path)
    with translation.override("de"):
        assert translation.ngettext("One ship", "%(n)s ships", 2) == "%(n)s ships"
