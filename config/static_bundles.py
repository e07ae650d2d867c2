"""Joins small style sheets and scripts when static files are collected, so that a page asks for few files.

Files directly in `css/` and `js/` are entries: what templates name. Those in folders below are parts of entries. An
entry names its parts in the browser's own way, by `@import` and `import`, so without this storage (DEBUG, tests) every
page works the same, only with more requests. Joined, an entry keeps its name and has all its parts inside.

Scripts end up in one scope. So they write imports and exports in the plainest form only, and names at the top level
are unique among the files of an entry; whatever is written otherwise is refused with a sentence.

Comments and needless blanks, a quarter of what would travel, stay at home.
"""

import re
from collections.abc import Callable, Iterator
from posixpath import dirname, join, normpath
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRY: Final = re.compile(r"(css|js)/[^/]+\.\1")
PART: Final = re.compile(r"(css|js)/.+/[^/]+\.\1")
Read = Callable[[str], str]

_STYLE_IMPORT: Final = re.compile(r'^@import "([\w./-]+\.css)";\n', re.MULTILINE)
_BEFORE_RULES: Final = re.compile(r"/\*.*?\*/|@layer [\w, ]+;|\s+", re.DOTALL)
_COMMENTS_AND_BLANKS: Final = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?:\s*(?:/\*.*?\*/|\n)\s*)+""", re.DOTALL
)
_SCRIPT_IMPORT: Final = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.{1,2}/[\w./-]+\.js)";[^\n]*\n', re.MULTILINE)
_DECLARES: Final = r"(?:async function\*?|function\*?|class|const|let|var) "
_EXPORT: Final = re.compile(rf"^export (?={_DECLARES}[\w$])", re.MULTILINE)
_EXPORTED: Final = re.compile(rf"^export {_DECLARES}([\w$]+)", re.MULTILINE)
_DECLARED: Final = re.compile(rf"^(?:export )?{_DECLARES}(?:([\w$]+)|[{{[]([^}}\]]*)[}}\]])", re.MULTILINE)
_OTHER_MODULE_SYNTAX: Final = re.compile(r"^(?:import\b(?! ?\()|export\b|await\b).*", re.MULTILINE)


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Whitenoise's hashed and compressed files, with every entry joined before its hash is taken."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """As in Django: `paths` maps names to (storage, path). Raises ImproperlyConfigured when joining fails."""
        if not dry_run:
            paths = self._bundled(paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _bundled(self, paths: dict[str, Any]) -> dict[str, Any]:
        def read(name: str) -> str:
            if name not in paths:
                raise ImproperlyConfigured(f"static/{name} is imported but does not exist.")
            storage, path = paths[name]
            with storage.open(path) as file:
                return str(file.read().decode())

        bundled = {name: place for name, place in paths.items() if not PART.fullmatch(name)}
        for name in filter(ENTRY.fullmatch, paths):
            self.delete(name)
            text = join_bundle(name, read)
            self._save(name, ContentFile((jsmin(text) if name.endswith(".js") else slim_style(text)).encode()))
            bundled[name] = (self, name)
        return bundled


def join_bundle(entry: str, read: Read) -> str:
    """The text of the entry, such as `css/app.css`, with its parts in it. `read` gives the text of a file by its name.

    Raises ImproperlyConfigured.
    """
    return _join_styles(entry, read) if entry.endswith(".css") else _join_scripts(entry, read)


def slim_style(text: str) -> str:
    """The sheet without its comments and without the blanks at both ends of its lines. Strings stay as they are."""
    return _COMMENTS_AND_BLANKS.sub(lambda found: found["string"] or "\n", text)


def _join_styles(name: str, read: Read) -> str:
    """The sheet with each import replaced by the sheet it names."""
    text = read(name)
    imports = list(_STYLE_IMPORT.finditer(text))
    head = _STYLE_IMPORT.sub("", text[: imports[-1].end()]) if imports else ""
    if _BEFORE_RULES.sub("", head):
        raise ImproperlyConfigured(f"static/{name}: browsers ignore an @import that comes after rules.")
    if PART.fullmatch(name) and "url(" in text:
        raise ImproperlyConfigured(f"static/{name}: the address in url() would mean another file once it is joined.")
    return _STYLE_IMPORT.sub(lambda found: _join_styles(_beside(name, found[1]), read), text)


def _join_scripts(entry: str, read: Read) -> str:
    """The modules that the entry needs, each once and after those it imports, and the entry itself last."""
    texts: dict[str, str] = {}
    _collect(entry, read, texts, importers=())
    _refuse_name_clashes(texts)
    return "".join(
        _SCRIPT_IMPORT.sub("", text if name == entry else _EXPORT.sub("", text)) for name, text in texts.items()
    )


def _collect(name: str, read: Read, texts: dict[str, str], *, importers: tuple[str, ...]) -> None:
    """Add the module to `texts`, behind all that it imports."""
    if name in importers:
        raise ImproperlyConfigured(f"static/{name} imports itself by way of {', '.join(importers)}.")
    if name in texts:
        return
    if importers and not PART.fullmatch(name):
        raise ImproperlyConfigured(f"static/{importers[-1]} imports {name}, which is no part but an entry.")
    text = read(name)
    if odd := _OTHER_MODULE_SYNTAX.search(_EXPORT.sub("", _SCRIPT_IMPORT.sub("", text))):
        raise ImproperlyConfigured(f"static/{name} cannot be joined: {odd[0]}")
    for found in _SCRIPT_IMPORT.finditer(text):
        part = _beside(name, found[2])
        _collect(part, read, texts, importers=(*importers, name))
        if missing := sorted(_bundle_names(found[1]) - set(_EXPORTED.findall(texts[part]))):
            raise ImproperlyConfigured(f"static/{name} imports {', '.join(missing)}, which {part} does not export.")
    texts[name] = text


def _refuse_name_clashes(texts: dict[str, str]) -> None:
    homes: dict[str, str] = {}
    for file, text in texts.items():
        for single, several in _DECLARED.findall(text):
            for name in _bundle_names(single or several):
                if homes.setdefault(name, file) != file:
                    raise ImproperlyConfigured(f"{name} is declared in static/{homes[name]} and in static/{file}.")


def _bundle_names(names: str | None) -> set[str]:
    """The names between the braces of an import or of a declaration that takes an object apart."""
    return {name.split(":")[-1].split("=")[0].strip() for name in (names or "").split(",") if name.strip()}


def _beside(name: str, relative: str) -> str:
    """The name of the file that the file called `name` calls `relative`."""
    return normpath(join(dirname(name), relative))
