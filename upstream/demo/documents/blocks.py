"""Text as Python's documentation and Markdown files have it, cut into blocks that can be quoted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt().enable("table")
_BULLET = re.compile(r"^(?:[*+-]|\d{1,2}\.)\s+")
_UNDERLINE = re.compile(r"^([*=\-~^])\1{2,}$")
_DEFINITION = re.compile(r"^(?:(?:class|async|awaitable|classmethod|exception) )*[A-Za-z_][\w.]*\([^\n]*\)$")
_ASIDE = re.compile(r"^(See also|Note|Warning|Changed|New|Deprecated|Tip)\b")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)\s+(?=[A-Z\"“`*(])")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one line), a list (an item a line), a table of Markdown or code (as they stand)."""

    kind: Literal["text", "list", "table", "code"]
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, which may be empty, with what stands below it up to the next one."""

    heading: str
    blocks: tuple[Block, ...]
    is_definition: bool = False


def of_plain(text: str) -> list[Section]:
    """Sections of a text in the manner of docstrings and pydoc: underlined headings, code indented."""
    sections: list[tuple[str, list[list[str]], bool]] = [("", [], False)]
    paragraphs = list(_paragraphs(text))
    for paragraph in paragraphs:
        if len(paragraph) == 2 and _UNDERLINE.match(paragraph[1]):
            sections.append((paragraph[0].strip(), [], False))
        elif len(paragraph) == 1 and _DEFINITION.match(paragraph[0]):
            sections.append((paragraph[0], [], True))
        else:
            sections[-1][1].append(paragraph)
    return [
        Section(heading, tuple(_blocks(body)), is_definition)
        for heading, body, is_definition in sections
        if heading or body
    ]


def of_markdown(text: str) -> list[Section]:
    """Sections of a Markdown file, whose text stays Markdown."""
    lines = text.splitlines()
    sections: list[tuple[str, list[Block]]] = [("", [])]
    tokens = _MARKDOWN.parse(text)
    for token, following in zip(tokens, [*tokens[1:], *tokens[-1:]], strict=True):
        if token.level or token.map is None:
            continue
        written = lines[slice(*token.map)]
        if token.type == "heading_open":
            sections.append((following.content, []))
        elif token.type in ("fence", "code_block"):
            sections[-1][1].append(Block("code", token.content.rstrip("\n")))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            sections[-1][1].append(Block("list", "\n".join(_items(list(filter(str.strip, written))))))
        elif token.type == "table_open":
            sections[-1][1].append(Block("table", "\n".join(written)))
        elif token.type != "hr":
            sections[-1][1].append(Block("text", " ".join(" ".join(written).split())))
    return [Section(heading, tuple(blocks)) for heading, blocks in sections if heading or blocks]


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence]


def _paragraphs(text: str) -> Iterator[list[str]]:
    gathered: list[str] = []
    for line in text.splitlines():
        if line.strip():
            gathered.append(line.rstrip())
        elif gathered:
            yield gathered
            gathered = []
    if gathered:
        yield gathered


def _blocks(paragraphs: Iterable[list[str]]) -> Iterator[Block]:
    """Tell code from prose: code is indented below a line that ends in a colon, a session, or a grammar."""
    announced_at = -1
    code: list[str] = []
    items: list[str] = []
    for paragraph in paragraphs:
        indent = len(paragraph[0]) - len(paragraph[0].lstrip())
        text = " ".join(" ".join(paragraph).split())
        if _is_code(paragraph, text, indent > announced_at >= 0, bool(code)):
            if items:
                yield Block("list", "\n".join(items))
                items = []
            code.append("\n".join(paragraph))
            continue
        if code:
            yield Block("code", _dedented("\n\n".join(code)))
            code = []
        announced_at = indent if text.endswith(":") and not _ASIDE.match(text) else -1
        if _BULLET.match(text):
            items.extend(_items(paragraph))
            continue
        if items:
            yield Block("list", "\n".join(items))
            items = []
        yield Block("text", text)
    if items:
        yield Block("list", "\n".join(items))
    if code:
        yield Block("code", _dedented("\n\n".join(code)))


def _is_code(paragraph: list[str], text: str, announced: bool, continues: bool) -> bool:
    if text.startswith((">>>", "... ")) or "::=" in paragraph[0]:
        return True
    indented = paragraph[0].startswith((" ", "\t"))
    if not indented or not (announced or continues):
        return False
    prose = text[0].isupper() and text[-1] in ".:" and text.count(" ") >= 5 and "=" not in text
    return not prose and not _BULLET.match(text)


def _items(paragraph: list[str]) -> list[str]:
    items: list[str] = []
    for line in paragraph:
        stripped = line.strip()
        if _BULLET.match(stripped) or not items:
            items.append(_BULLET.sub("", stripped))
        else:
            items[-1] += " " + stripped
    return items


def _dedented(text: str) -> str:
    lines = text.split("\n")
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines)
