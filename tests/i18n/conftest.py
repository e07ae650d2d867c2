"""The product in languages that tests can tell from English."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chat.catalog import offers
from chat.options import form
from chat.templatetags import offers as offer_tags
from config import catalogs
from tests.i18n import pseudo


@pytest.fixture(scope="session")
def pseudo_locale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pseudo-translations under the names of German, which gets long words, and Arabic, which runs the other way."""
    return pseudo.write(tmp_path_factory.mktemp("locale"), "de", "ar")


@pytest.fixture
def pseudo_languages(pseudo_locale: Path, settings: Any) -> Iterator[None]:
    """The product in this process speaks the pseudo-translations."""
    settings.LOCALE_PATHS = [pseudo_locale]
    settings.LANGUAGES = catalogs.offered(pseudo_locale)
    _forget()
    yield
    _forget()


def _forget() -> None:
    """What is drawn once for each language was drawn in another one."""
    for drawn_once in (offers._catalog, offer_tags._draw_list, form._render_groups_once):
        drawn_once.cache_clear()
