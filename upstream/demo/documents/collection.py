"""What the demo can quote: our own documentation, and the documentation that comes with every Python.

Nothing here leaves the machine. The addresses are those of the same texts on the web.
"""

import importlib
import inspect
import platform
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from upstream.demo.documents import blocks
from upstream.demo.documents.invented import invented
from upstream.demo.documents.passages import Passage

PYTHON = "https://docs.python.org/3"
# The README in English alone, and what is told of services, files and options: the more pages there are with everyday
# words, the less is found of Python's.
OUR_FILES = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    *(
        f"docs/{page}.md"
        for page in ("agent", "documents", "gateway", "images", "markdown", "parameters", "sonar", "words")
    ),
)

_MODULES = (
    "argparse array ast asyncio base64 bisect builtins calendar collections concurrent.futures contextlib "
    "contextvars copy csv dataclasses datetime decimal difflib email.message enum fractions functools getpass glob "
    "gzip hashlib heapq hmac html http importlib inspect io ipaddress itertools json locale logging math mimetypes "
    "operator os os.path pathlib pickle platform pprint queue random re secrets shlex shutil signal socket sqlite3 "
    "ssl statistics string struct subprocess sys tarfile tempfile textwrap threading time timeit tomllib traceback "
    "types typing unicodedata unittest urllib.parse urllib.request uuid warnings weakref xml.etree.ElementTree "
    "zipfile zlib zoneinfo"
)

# Which page of the documentation a language topic of pydoc is part of.
_PAGES = {
    "reference/simple_stmts.html": (
        "Simple statements",
        "assert assignment augassign break continue del global import nonlocal pass raise return yield",
    ),
    "reference/compound_stmts.html": (
        "Compound statements",
        "async class compound else for function if try while with",
    ),
    "reference/expressions.html": (
        "Expressions",
        "atom-identifiers atom-literals attribute-references await binary bitwise booleans calls comparisons "
        "conversions dict exprlists in lambda lists operator-summary power shifting slicings subscriptions unary",
    ),
    "reference/datamodel.html": (
        "Data model",
        "attribute-access callable-types context-managers customization numeric-types objects sequence-types "
        "specialnames types",
    ),
    "reference/lexical_analysis.html": (
        "Lexical analysis",
        "floating id-classes identifiers imaginary integers numbers strings",
    ),
    "reference/executionmodel.html": ("Execution model", "dynamic-features exceptions execmodel naming"),
    "library/stdtypes.html": (
        "Built-in types",
        "bltin-code-objects bltin-ellipsis-object bltin-null-object bltin-type-objects specialattrs string-methods "
        "truth typesfunctions typesmapping typesmethods typesmodules typesseq typesseq-mutable",
    ),
    "library/string.html": ("Common string operations", "formatstrings"),
    "library/pdb.html": ("The Python debugger", "debugger"),
}
_PAGE_OF = {topic: (page, name) for page, (name, topics) in _PAGES.items() for topic in topics.split()}
_LONGEST_SUMMARY = 90  # characters
_BEFORE_NAME = re.compile(r"^(?:(?:class|async|awaitable|classmethod|exception) )*|\(.*")
_TYPES = (str, int, float, list, dict, set, tuple, bytes, bytearray, frozenset, range)


def gather(*, documents_url: str) -> list[Passage]:
    """All passages. Our own files are looked for beside the code; `documents_url` is where readers find them."""
    sections = [*_ours(documents_url), *_topics(), *_modules()]
    return [*(passage for section in sections for passage in section.cut()), *invented()]


def _ours(documents_url: str) -> Iterator[Passage]:
    root = Path(__file__).resolve().parents[3]
    for path in sorted(found for pattern in OUR_FILES for found in root.glob(pattern)):
        try:
            text = path.read_text(encoding="utf-8")
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
        except (OSError, UnicodeDecodeError):
            continue
        # Pictures go, links within the project become their text: quoted elsewhere they would lead nowhere.
        text = re.sub(r"(?<!!)\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text))
        page, address = f"Parley, {path.name}", f"{documents_url}/{path.relative_to(root).as_posix()}"
        for section in blocks.of_markdown(text):
            url = f"{address}#{_anchor(section.heading)}" if section.heading else address
            yield Passage(section.heading or path.name, page, url, changed, "ours", section.blocks)


def _topics() -> Iterator[Passage]:
    try:
        from pydoc_data.topics import topics
    except ImportError:  # some systems package Python without its documentation
        return
    date = _date_of_python()
    seen: set[tuple[str, str]] = set()
    # Long topics repeat short ones as their parts: the short one names the better address.
    for topic, text in sorted(topics.items(), key=lambda item: len(item[1])):
        page, page_name = _PAGE_OF.get(topic, (f"search.html?q={topic}", "Python"))
        for number, section in enumerate(blocks.of_plain(text.partition("-[ Footnotes ]-")[0])):
            heading = section.heading or topic
            key = (heading, section.blocks[0].text if section.blocks else "")
            if key in seen:
                continue
            seen.add(key)
            name = _BEFORE_NAME.sub("", heading) if section.is_definition else heading
            anchor = topic if number == 0 else name if section.is_definition else _anchor(heading)
            url = f"{PYTHON}/{page}" if "?" in page else f"{PYTHON}/{page}#{anchor}"
            yield Passage(name, page_name, url, date, "topic", section.blocks)


def _modules() -> Iterator[Passage]:
    date = _date_of_python()
    for name in _MODULES.split():
        try:
            module = importlib.import_module(name)
        except ImportError:  # Python can be built without some of them
            continue
        builtin = name == "builtins"
        url = f"{PYTHON}/library/{name.lower()}.html"
        page = "Built-in" if builtin else f"Module {name}"
        about = "" if builtin else _cleaned(module.__doc__ or "")
        summary = " ".join(about.partition("\n\n")[0].split()).rstrip(".")
        for section in blocks.of_plain(about):
            shown = summary if 0 < len(summary) <= _LONGEST_SUMMARY else page
            yield Passage(section.heading or name, shown, url, date, "module", section.blocks)
        for path, member in _members(module, name):
            found: list[blocks.Block] = []
            for section in blocks.of_plain(_cleaned(member.__doc__)):
                found += [blocks.Block("text", section.heading)] if section.heading else []
                found += section.blocks
            address = f"{PYTHON}/library/{_builtin_page(path, member)}.html" if builtin else url
            yield Passage(path, page, f"{address}#{path}", date, "module", found, member)


def _date_of_python() -> str:
    try:
        return datetime.strptime(platform.python_build()[1], "%b %d %Y %H:%M:%S").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return ""


def _cleaned(text: str) -> str:
    """A docstring without the marks that its documentation tools want."""
    text = re.sub(r":\w+:`[~!]?([^`\n]+)`", r"``\1``", inspect.cleandoc(text))
    return re.sub(r"<(https?://[^>\s]+)>", r"\1", re.sub(r"::$", ":", text, flags=re.MULTILINE))


def _members(module: ModuleType, name: str) -> Iterator[tuple[str, Any]]:
    """The documented functions, classes and methods of a module, by their dotted names."""
    listed = getattr(module, "__all__", None)
    prefix = "" if name == "builtins" else f"{name}."
    for key in listed or list(vars(module)):
        member = None if key.startswith("_") else getattr(module, key, None)
        home = str(getattr(member, "__module__", None) or "").lstrip("_")
        if not callable(member) or (listed is None and not home.startswith(name.partition(".")[0])):
            continue
        if _says_something(member):
            yield f"{prefix}{key}", member
        if isinstance(member, type) and member.__name__ == key:  # not the second name of a class
            methods = ((method, body) for method, body in vars(member).items() if not method.startswith("_"))
            yield from ((f"{prefix}{key}.{method}", body) for method, body in methods if _says_something(body))


def _says_something(member: object) -> bool:
    text = getattr(member, "__doc__", None)
    return isinstance(text, str) and len(text) > 40


def _builtin_page(path: str, member: object) -> str:
    if isinstance(member, type) and issubclass(member, BaseException):
        return "exceptions"
    return "stdtypes" if "." in path or member in _TYPES else "functions"


def _anchor(heading: str) -> str:
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip())
