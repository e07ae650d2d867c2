"""What the demo can quote: our own documentation, and the documentation that comes with every Python.

Nothing here leaves the machine. The addresses are those of the same texts on the web.
"""

import importlib
import inspect
import platform
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from upstream.demo.documents import blocks
from upstream.demo.documents.passages import Passage, cut

PYTHON = "https://docs.python.org/3"
OUR_FILES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/*.md")

_MODULES = (
    "argparse array ast asyncio base64 bisect builtins calendar collections concurrent.futures contextlib "
    "contextvars copy csv dataclasses datetime decimal difflib email.message enum fractions functools getpass glob "
    "gzip hashlib heapq hmac html http importlib inspect io ipaddress itertools json locale logging math mimetypes "
    "operator os os.path pathlib pickle platform pprint queue random re secrets shlex shutil signal socket sqlite3 "
    "ssl statistics string struct subprocess sys tarfile tempfile textwrap threading time timeit tomllib traceback "
    "types typing unicodedata unittest urllib.parse urllib.request uuid warnings weakref xml.etree.ElementTree "
    "zipfile zlib zoneinfo"
)
MODULES = _MODULES.split()

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
_LONGEST_SUMMARY = 90  # characters
_FOOTNOTES = "-[ Footnotes ]-"
_PAGE_OF = {topic: (page, name) for page, (name, topics) in _PAGES.items() for topic in topics.split()}
_BUILTIN_PAGES = {"type": "stdtypes", "function": "functions", "exception": "exceptions"}


def gather(*, documents_url: str) -> list[Passage]:
    """All passages. Our own files are looked for beside the code; `documents_url` is where readers find them."""
    return [*_ours(documents_url), *_topics(), *_modules()]


def _ours(documents_url: str) -> Iterator[Passage]:
    root = Path(__file__).resolve().parents[3]
    for path in sorted(found for pattern in OUR_FILES for found in root.glob(pattern)):
        try:
            text = path.read_text(encoding="utf-8")
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
        except (OSError, UnicodeDecodeError):
            continue
        address = f"{documents_url}/{path.relative_to(root).as_posix()}"
        for section in blocks.of_markdown(_without_relative_links(text)):
            yield from cut(
                title=section.heading or path.name,
                page=f"Parley, {path.name}",
                url=f"{address}#{_slug(section.heading)}" if section.heading else address,
                date=changed,
                kind="ours",
                section=section,
            )


def _without_relative_links(text: str) -> str:
    """Pictures go, links within the project become their text: quoted elsewhere they would lead nowhere."""
    return re.sub(r"(?<!!)\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text))


def _topics() -> Iterator[Passage]:
    try:
        from pydoc_data.topics import topics
    except ImportError:  # some systems package Python without its documentation
        return
    date = _date_of_topics()
    seen: set[tuple[str, str]] = set()
    # Long topics repeat short ones as their parts: the short one names the better address.
    for topic, text in sorted(topics.items(), key=lambda item: len(item[1])):
        page, page_name = _PAGE_OF.get(topic, (f"search.html?q={topic}", "Python"))
        for number, section in enumerate(blocks.of_plain(text.partition(_FOOTNOTES)[0])):
            heading = section.heading or topic
            key = (heading, section.blocks[0].text if section.blocks else "")
            if key in seen:
                continue
            seen.add(key)
            name = (
                re.sub(r"^(?:(?:class|async|awaitable|classmethod|exception) )*|\(.*", "", heading)
                if section.is_definition
                else heading
            )
            anchor = topic if number == 0 else name if section.is_definition else _slug(heading)
            yield from cut(
                title=name,
                page=page_name,
                url=f"{PYTHON}/{page}" if "?" in page else f"{PYTHON}/{page}#{anchor}",
                date=date,
                kind="topic",
                section=section,
            )


def _date_of_topics() -> str:
    """The topics say in their first line when they were made; without the source, Python's own date will do."""
    module = sys.modules.get("pydoc_data.topics")
    try:
        with Path(getattr(module, "__file__", None) or "").open(encoding="utf-8") as lines:
            made = re.search(r"on \w{3} (\w{3} +\d+ [\d:]+ \d{4})", lines.readline())
        if made:
            return datetime.strptime(made[1], "%b %d %H:%M:%S %Y").replace(tzinfo=UTC).date().isoformat()
    except (OSError, ValueError):
        pass
    return _date_of_python()


def _date_of_python() -> str:
    try:
        return datetime.strptime(platform.python_build()[1], "%b %d %Y %H:%M:%S").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return ""


def _modules() -> Iterator[Passage]:
    date = _date_of_python()
    for name in MODULES:
        try:
            module = importlib.import_module(name)
        except ImportError:  # Python can be built without some of them
            continue
        page = f"{PYTHON}/library/{name.lower()}.html"
        about = _cleaned(module.__doc__ or "")
        if name != "builtins" and about:
            for section in blocks.of_plain(about):
                yield from cut(
                    title=section.heading or name,
                    page=_summary(about) or f"Module {name}",
                    url=page,
                    date=date,
                    kind="module",
                    section=section,
                )
        for path, member in _members(module, name):
            text = _cleaned(member.__doc__)
            yield from cut(
                title=path,
                page="Built-in" if name == "builtins" else f"Module {name}",
                url=_builtin_url(path, member) if name == "builtins" else f"{page}#{path}",
                date=date,
                kind="module",
                section=blocks.Section(path, tuple(b for s in blocks.of_plain(text) for b in _with_heading(s))),
                subject=member,
            )


def _cleaned(text: str) -> str:
    """A docstring without the marks that its documentation tools want."""
    text = re.sub(r":\w+:`[~!]?([^`\n]+)`", r"``\1``", inspect.cleandoc(text))
    return re.sub(r"<(https?://[^>\s]+)>", r"\1", re.sub(r"::$", ":", text, flags=re.MULTILINE))


def _summary(about: str) -> str:
    first = " ".join(about.partition("\n\n")[0].split()).rstrip(".")
    return first if len(first) <= _LONGEST_SUMMARY else ""


def _with_heading(section: blocks.Section) -> tuple[blocks.Block, ...]:
    return (blocks.Block("text", section.heading), *section.blocks) if section.heading else section.blocks


def _members(module: ModuleType, name: str) -> Iterator[tuple[str, Any]]:
    listed = getattr(module, "__all__", None)
    prefix = "" if name == "builtins" else f"{name}."
    for key in listed or [key for key in vars(module) if not key.startswith("_")]:
        member = None if key.startswith("_") else getattr(module, key, None)
        home = str(getattr(member, "__module__", None) or "").lstrip("_")
        if not callable(member) or (listed is None and not home.startswith(name.partition(".")[0])):
            continue
        if _says_something(member):
            yield f"{prefix}{key}", member
        if isinstance(member, type) and member.__name__ == key:  # not the second name of a class
            for method, body in vars(member).items():
                if not method.startswith("_") and _says_something(body):
                    yield f"{prefix}{key}.{method}", body


def _says_something(member: object) -> bool:
    text = getattr(member, "__doc__", None)
    return isinstance(text, str) and len(text) > 40


def _builtin_url(path: str, member: object) -> str:
    if isinstance(member, type) and issubclass(member, BaseException):
        kind = "exception"
    elif "." in path or member in (str, int, float, list, dict, set, tuple, bytes, bytearray, frozenset, range):
        kind = "type"
    else:
        kind = "function"
    return f"{PYTHON}/library/{_BUILTIN_PAGES[kind]}.html#{path}"


def _slug(heading: str) -> str:
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip())
