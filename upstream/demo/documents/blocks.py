"""Text of Markdown files and of Python's own documentation, cut into sections and blocks that can be quoted."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt().enable("table")
_MARKDOWN_KINDS = {"bullet_list_open": "list", "ordered_list_open": "list", "table_open": "table"}
_BULLET = re.compile(r"^(?:[*+-]|\d{1,2}\.)\s+")
_UNDERLINED = re.compile(r"(.+)\n\s*([*=\-~^])\2{2,}\s*")
_DEFINITION = re.compile(r"^(?:(?:class|async|awaitable|classmethod|exception) )*[A-Za-z_][\w.]*\([^\n]*\)$")
_ASIDE = re.compile(r"^(See also|Note|Warning|Changed|New|Deprecated|Tip)\b")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)\s+(?=[A-Z\"“`*(])")

Kind = Literal["text", "list", "table", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one line), a list (an item a line), a table of Markdown or code (as they stand)."""

    kind: Kind
    text: str


@dataclass(slots=True)
class Section:
    """A heading, which may be empty, with what stands below it up to the next one."""

    heading: str
    blocks: list[Block]
    is_definition: bool = False


def of_plain(text: str) -> list[Section]:
    """Sections of a text in the manner of docstrings and pydoc: underlined headings, code indented."""
    sections: list[tuple[str, list[str], bool]] = [("", [], False)]
    for paragraph in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")):
        if underlined := _UNDERLINED.fullmatch(paragraph):
            sections.append((underlined[1].strip(), [], False))
        elif _DEFINITION.match(paragraph.rstrip()):
            sections.append((paragraph.rstrip(), [], True))
        elif paragraph.strip():
            sections[-1][1].append(paragraph)
    return [Section(heading, list(_blocks(body)), defines) for heading, body, defines in sections if heading or body]


def of_markdown(text: str) -> list[Section]:
    """Sections of a Markdown file, whose text stays Markdown."""
    lines = text.splitlines()
    sections = [Section("", [])]
    tokens = _MARKDOWN.parse(text)
    for number, token in enumerate(tokens):
        if token.level or token.map is None or token.type == "hr":
            continue
        raw = "\n".join(lines[slice(*token.map)])
        if token.type == "heading_open":
            sections.append(Section(tokens[number + 1].content, []))
        elif token.type in ("fence", "code_block"):
            sections[-1].blocks.append(Block("code", token.content.rstrip("\n")))
        else:
            sections[-1].blocks.append(_block(_MARKDOWN_KINDS.get(token.type, "text"), [raw]))
    return [section for section in sections if section.heading or section.blocks]


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence]


def _blocks(paragraphs: Sequence[str]) -> Iterator[Block]:
    """Neighbours of one kind make one block, but for paragraphs of prose."""
    kinds = zip(_kinds(paragraphs), paragraphs, strict=True)
    for kind, neighbours in groupby(kinds, key=lambda pair: pair[0]):
        found = [paragraph for _, paragraph in neighbours]
        for together in [[one] for one in found] if kind == "text" else [found]:
            yield _block(kind, together)


def _block(kind: str, paragraphs: Sequence[str]) -> Block:
    if kind == "code":
        return Block("code", textwrap.dedent("\n\n".join(paragraphs)))
    if kind == "table":
        return Block("table", "\n".join(paragraphs))
    if kind == "text":
        return Block("text", " ".join(" ".join(paragraphs).split()))
    items: list[str] = []
    for line in "\n".join(paragraphs).splitlines():
        if _BULLET.match(line.strip()) or not items:
            items.append(_BULLET.sub("", line.strip()))
        elif line.strip():
            items[-1] += " " + line.strip()
    return Block("list", "\n".join(items))


def _kinds(paragraphs: Sequence[str]) -> Iterator[Kind]:
    """Code is indented below a line that ends in a colon, or it is a session or a grammar."""
    kind: Kind = "text"
    announced_at = -1  # the indentation of the line with the colon
    for paragraph in paragraphs:
        text = " ".join(paragraph.split())
        indent = len(paragraph) - len(paragraph.lstrip())
        if _is_code(paragraph, text, expected=indent > announced_at >= 0 or kind == "code"):
            kind = "code"
        else:
            kind = "list" if _BULLET.match(text) else "text"
            announced_at = indent if text.endswith(":") and not _ASIDE.match(text) else -1
        yield kind


def _is_code(paragraph: str, text: str, *, expected: bool) -> bool:
    if text.startswith((">>>", "... ")) or "::=" in paragraph.partition("\n")[0]:
        return True
    prose = text[0].isupper() and text[-1] in ".:" and text.count(" ") >= 5 and "=" not in text
    return expected and paragraph[0].isspace() and not prose and not _BULLET.match(text)
