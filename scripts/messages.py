"""What is to be translated, gathered from templates, Python and JavaScript into locale/xx/LC_MESSAGES/django.po.

    .venv/bin/python -m scripts.messages            bring every catalog up to date: make messages
    .venv/bin/python -m scripts.messages it         begin another language: make language LANG=it

Babel does it, so nothing has to be installed. What is translated stays; what has changed in English is empty again and
has to be translated anew, for a guess that nobody looked at is worse than English. What nobody says any more is gone.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import django
from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from config import model_names
from config.catalogs import LOCALE, SOURCE, catalogs
from upstream.catalog.agent_names import NameKind, kind_of
from upstream.catalog.models import models_of
from upstream.catalog.parameters import ParameterGroup
from upstream.catalog.rules import AGENT_PARAMETERS, EVERY_PARAMETER, GATEWAY_PARAMETERS

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ["accounts", "api", "chat", "config", "core", "files", "imaging", "sharing", "templates", "upstream"]
# Nobody reads what operators' commands, migrations and the offline services say but in English.
SKIPPED = ["migrations", "management", "demo"]
TOLD_TO_MODELS = {"CITE"}
KEYWORDS: dict[str, Any] = {
    "_": None,
    **{f"{name}{lazy}": None for name in ("gettext", "sentence") for lazy in ("", "_lazy", "_noop")},
    **{f"ngettext{lazy}": (1, 2) for lazy in ("", "_lazy")},
    "nsentence": (1, 2),
    **{f"pgettext{lazy}": ((1, "c"), 2) for lazy in ("", "_lazy")},
    **{f"npgettext{lazy}": ((1, "c"), 2, 3) for lazy in ("", "_lazy")},
}
COMMENTS = ["Translators"]
HEADER = """\
# Parley in {language}. English stands above each translation; what is left empty is shown in English.
# Brought up to date by: make messages"""
Extraction = Any  # as Babel wants it: line, function, message or messages, comments
Found = tuple[str, int, Any, list[str], str | None]
# What reads as a sentence of ours: it begins with a capital or a quoted name, and ends as sentences do.
_SENTENCE = re.compile(r"(?:[A-Z“]|%\().*\s.*[.!?]", re.S)


def template(root: Path = ROOT) -> Catalog:
    """All messages of the product, without translations."""
    gathered = Catalog(fuzzy=False)
    for file, line, message, comments, context in sorted(found(root), key=lambda one: (one[0], one[1])):
        # Translators see in which file it stands; a line's number would change with every line above it.
        gathered.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return gathered


def found(root: Path) -> Iterator[Found]:
    """File, line, message, comments for translators and context of each message."""
    for folder in FOLDERS:
        python = f"scripts.messages:extract_{'sentences' if folder == 'upstream' else 'calls'}"
        for name, line, message, comments, context in extract_from_dir(
            root / folder,
            [("**.py", python), ("**.html", "scripts.messages:extract_template")],
            keywords=KEYWORDS,
            comment_tags=COMMENTS,
            strip_comment_tags=True,
            directory_filter=lambda path: Path(path).name not in SKIPPED,
        ):
            yield f"{folder}/{name}", line, message, comments, context
    yield from ((file, 0, text, [], None) for file, text in in_tables() if text)
    yield from (("config/model_names.py", 0, name, [], None) for name in model_names.shown())


def in_tables() -> Iterator[tuple[str, str]]:
    """What the catalog's rows say about options and models, which is data and stands in no call, and where."""
    for parameter in (*EVERY_PARAMETER, *AGENT_PARAMETERS, *GATEWAY_PARAMETERS):
        for text in (parameter.label, parameter.help, parameter.why_not, *parameter.why_not_of.values()):
            yield "upstream/catalog/parameters.py", text
    for group in ParameterGroup:
        yield "upstream/catalog/parameters.py", group.value
    for provider in ("sonar", "agent", "gateway"):
        for name, model in models_of(provider).items():
            yield "upstream/catalog/models.py", model.purpose
            if provider == "agent" and kind_of(name) is not NameKind.MODEL:
                yield "upstream/catalog/models.py", model.label  # of a preset; makers' names for models stay theirs


def extract_calls(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Extraction]:
    """Babel's way into Python. Its own one does not look into f-strings."""
    for node in ast.walk(ast.parse(file.read())):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in keywords:
            texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
            if any(isinstance(text, str) for text in texts):
                yield node.lineno, name, tuple(texts), []


def extract_sentences(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Extraction]:
    """What the upstream says, which knows no gettext: calls of `sentence`, and every whole sentence as it stands."""
    source = file.read()
    yield from extract_calls(BytesIO(source), keywords, comment_tags, options)
    nodes = list(ast.walk(ast.parse(source)))
    silent = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
    silent |= {id(part) for call in nodes if _is_told_otherwise(call) for part in ast.walk(call)}
    for node in nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
            and _SENTENCE.fullmatch(node.value)
        ):
            yield node.lineno, "sentence", node.value, []


def _is_told_otherwise(node: ast.AST) -> bool:
    """Whether it was gathered already, is a line of the log, or is said to a model and not to people."""
    if isinstance(node, ast.Assign):
        return any(getattr(target, "id", "") in TOLD_TO_MODELS for target in node.targets)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in KEYWORDS
    return isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "logger"


def extract_template(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Extraction]:
    """Babel's way into a Django template: Django writes it as something that looks like Python."""
    # Between parentheses it does not matter how far lines are indented.
    looks_like_python = f"({templatize(file.read().decode())}\n)"
    yield from extract_python(BytesIO(looks_like_python.encode()), keywords, comment_tags, options)


def updated(old: Catalog, messages: Catalog) -> Catalog:
    """The messages, with what the old catalog says for exactly those and is sure of."""
    new = _EvenCatalog(locale=old.locale, header_comment=HEADER.format(language=_english_name(old)), fuzzy=False)
    for message in messages:
        if not message.id:
            continue
        told = old.get(message.id, message.context)
        new.add(
            message.id,
            _translation(message, told, new.num_plurals),
            message.locations,
            message.flags - {"fuzzy"},
            message.auto_comments,
            told.user_comments if told else (),
            context=message.context,
        )
    return new


def _translation(message: Message, told: Message | None, plurals: int) -> Any:
    empty = ("",) * plurals if message.pluralizable else ""
    if told is None or told.fuzzy or told.id != message.id:
        return empty
    strings: Any = told.string
    return strings if not message.pluralizable or len(strings) == plurals else empty


class _EvenCatalog(Catalog):
    """A catalog whose head does not change with the clock and the tools."""

    @property  # type: ignore[misc]
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Parley"),
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def _english_name(catalog: Catalog) -> str:
    return str(catalog.locale.get_display_name("en")) if catalog.locale else ""


def written(catalog: Catalog) -> bytes:
    """The catalog as the file that people translate."""
    file = BytesIO()
    write_po(file, catalog, width=100, sort_by_file=False, ignore_obsolete=True, include_lineno=False)
    return file.getvalue()


def bring_up_to_date(path: Path, messages: Catalog) -> str:
    """Write one catalog anew, and say how much of it is still to be translated."""
    with path.open("rb") as file:
        old = read_po(file, locale=path.parent.parent.name)
    new = updated(old, messages)
    path.write_bytes(written(new))
    empty = sum(not all(_strings(one)) for one in new if one.id)
    return f"{path.relative_to(LOCALE.parent)}: {len(new)} messages, {empty} to be translated"


def _strings(message: Message) -> tuple[str, ...]:
    strings: Any = message.string
    return tuple(strings) if message.pluralizable else (strings,)


def begin(code: str) -> Path:
    """Make an empty catalog for a language such as it or pt-br.

    Raises ValueError, or UnknownLocaleError, when there is no such language.
    """
    locale = str(Locale.parse(to_locale(code.lower())))
    path = LOCALE / locale / "LC_MESSAGES" / "django.po"
    if not path.exists():
        new = _EvenCatalog(locale=locale)
        path.parent.mkdir(parents=True)
        path.write_bytes(written(new))
    return path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    messages = template()
    wanted = sys.argv[1:]
    if SOURCE in wanted:
        sys.exit("English is what all others are translated from.")
    try:
        paths = [begin(code) for code in wanted] or catalogs(LOCALE)
    except (UnknownLocaleError, ValueError) as unknown:
        sys.exit(f"{unknown}. Name a language as browsers do, such as it, pt-br or zh-hans.")
    for path in paths:
        print(bring_up_to_date(path, messages))
    if not paths:
        print(f"{len(messages)} messages, and no language yet: make language LANG=it")


if __name__ == "__main__":
    main()
