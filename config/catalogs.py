"""The translations in locale/, and which languages they make Parley speak.

What people translate is locale/xx/LC_MESSAGES/django.po. Django reads what is compiled of it, which is no part of the
repository: it is made here, by whichever program first finds it missing or older, and costs two looks at the file
system per language otherwise.

    .venv/bin/python -m config.catalogs      compile all, for an image whose files nobody can write later
"""

import os
import re
import tempfile
from pathlib import Path
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import to_language

LOCALE = Path(__file__).resolve().parent.parent / "locale"
SOURCE = "en"
_TAG_OR_VALUE = re.compile(r"(<[^>]*>)|%\(\w+\)s|\{\w+\}")


def offered(locale: Path) -> list[tuple[str, str]]:
    """The languages that people can choose, by code, each with its own name for itself; English, the source, first.

    A language whose catalog is neither compiled nor can be written here is left out. An installed package has nothing
    but compiled ones.
    """
    translated = catalogs(locale)
    usable = [one for one in translated if is_compiled(one)] if translated else locale.glob("*/LC_MESSAGES/django.mo")
    codes = [to_language(catalog.parent.parent.name) for catalog in usable]
    return [(code, own_name(code)) for code in [SOURCE, *sorted(set(codes) - {SOURCE})]]


def catalogs(locale: Path) -> list[Path]:
    """Every catalog that people translate."""
    return sorted(locale.glob("*/LC_MESSAGES/django.po"))


def own_name(code: str) -> str:
    """What the language calls itself, such as "Deutsch", as a word that begins a line."""
    name = str(LANG_INFO.get(code, {}).get("name_local") or code)
    return name[0].upper() + name[1:]


def is_compiled(catalog: Path) -> bool:
    """Whether Django has something to read for this catalog; compiles it first where that is missing or of other times.

    The compiled file gets the time of its catalog: a catalog that is older than it, from an earlier version of Parley,
    is compiled too.
    """
    compiled = catalog.with_suffix(".mo")
    written = catalog.stat().st_mtime_ns
    if compiled.exists() and compiled.stat().st_mtime_ns == written:
        return True
    try:
        _compile(catalog, compiled, written)
    except OSError:  # the folder cannot be written
        return compiled.exists()
    return True


def _compile(catalog: Path, compiled: Path, written: int) -> None:
    """Write the compiled catalog at once, so that another program reads all of it or what was there before."""
    # Babel is slow to import, and hardly ever needed here.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with catalog.open("rb") as file:
        messages = read_po(file, locale=catalog.parent.parent.name)
    right_to_left = messages.locale is not None and messages.locale.text_direction == "rtl"
    for message in list(messages):
        strings: Any = message.string
        # Babel would write the plurals of what is not translated yet, and people would read nothing at all.
        if message.id and message.pluralizable and not all(strings):
            messages.delete(message.id, message.context)
        if right_to_left and message.id:
            message.string = tuple(map(_isolated, strings)) if message.pluralizable else _isolated(strings)
    handle, name = tempfile.mkstemp(dir=compiled.parent, prefix=".django-", suffix=".mo")
    try:
        with os.fdopen(handle, "wb") as file:
            write_mo(file, messages)
        Path(name).chmod(0o644)
        os.utime(name, ns=(written, written))
        Path(name).replace(compiled)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _isolated(text: str) -> str:
    """The text with each value marked as one whose own direction is none of its surroundings'.

    A name in Latin letters would otherwise pull the full stop behind it to its wrong side. Values within tags are
    addresses, and stay as they are.
    """
    return _TAG_OR_VALUE.sub(lambda found: found[0] if found[1] else f"\u2068{found[0]}\u2069", text)


if __name__ == "__main__":
    for path in catalogs(LOCALE):
        is_compiled(path)
