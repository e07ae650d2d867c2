"""Exports as Markdown. It is written from blocks, with every sign escaped that could be read as markup: what an answer
says stays inside of it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from sharing.export.blocks import Block, Code, Heading, Item, Listing, Paragraph, Quote, Rule, Run, Table
from sharing.export.content import Export
from sharing.export.layout import Body, Element, Illustration, Meta, Note, Section, SourceList, Title, elements

_SPECIAL = re.compile(r"([\\`*_\[\]<>~|$#^])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^([ \t]*)(?:([-+=:])|(\d{1,9})([.)]))")
_INNER = re.compile(r"\w.*\w|\w", re.DOTALL)
_FENCE = re.compile(r"`{3,}|~{3,}")
_BAR = re.compile(r"(?<!\\)\|")
_TAGS = {"underline": "u", "sub": "sub", "sup": "sup", "mark": "mark", "small": "small", "strike": "s"}


def write(export: Export, stream: BinaryIO) -> None:
    """Write the export as UTF-8."""
    for element in elements(export):
        stream.write(f"{_element(element)}\n\n".encode())


def _element(element: Element) -> str:
    match element:
        case Title():
            return f"# {escaped(element.text)}"
        case Meta():
            return f"*{_link(escaped(element.text), element.href)}*" if element.text else ""
        case Section():
            return f"{'#' * element.level} {escaped(element.text)}"
        case Note():
            return f"> **{escaped(element.text)}**"
        case SourceList():
            lines = [f"**{escaped(element.label)}**", ""]
            for one in element.entries:
                details = f" — {escaped(one.details)}" if one.details else ""
                lines.append(f"- \\[{one.number}\\] {_link(escaped(one.title), one.url)}{details}")
            return "\n".join(lines)
        case Illustration():
            return f"*{escaped(' '.join(element.picture.name.split()))}*"
        case Body():
            text = "\n".join(_blocks(element.blocks, element))
            return _indented(text, "> ") if element.is_quiet else text


def _blocks(blocks: Iterable[Block], body: Body, *, is_tight: bool = False) -> Iterator[str]:
    """The lines of blocks, with an empty one between them. Of two lists of one kind the second has other signs, so that
    they stay two."""
    before: Block | None = None
    is_other = False
    for block in blocks:
        if before is not None and not is_tight:
            yield ""
        if isinstance(block, Listing):
            is_other = isinstance(before, Listing) and before.ordered == block.ordered and not is_other
            yield from _list(block, body, is_other=is_other)
        else:
            yield from _block(block, body)
        before = block


def _block(block: Paragraph | Heading | Code | Quote | Table | Rule, body: Body) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from inline(block.runs, body).split("\n")
        case Heading():
            yield f"{'#' * min(6, body.level + block.level)} {inline(block.runs, body)}"
        case Code():
            fence = "`" * max(3, 1 + max((len(run[0]) for run in _FENCE.finditer(block.text)), default=2))
            yield fence + block.language
            yield from block.text.split("\n")
            yield fence
        case Quote():
            yield _indented("\n".join(_blocks(block.blocks, body)), "> ")
        case Table():
            yield from _table(block, body)
        case Rule():
            yield "* * *"


def _list(block: Listing, body: Body, *, is_other: bool) -> Iterator[str]:
    is_loose = any(not isinstance(one, Listing) for item in block.items for one in item.blocks[1:])
    point, dot = ("*", ")") if is_other else ("-", ".")
    for place, item in enumerate(block.items):
        if place and is_loose:
            yield ""
        sign = f"{block.start + place}{dot}" if block.ordered else point
        lines = "\n".join(_blocks(item.blocks, body, is_tight=not is_loose))
        yield f"{sign} {_box(item)}" + _indented(lines, " " * (len(sign) + 1)).lstrip(" ")


def _box(item: Item) -> str:
    return "" if item.done is None else "[x] " if item.done else "[ ] "


def _table(block: Table, body: Body) -> Iterator[str]:
    rows = [[_cell(cell.runs, body) for cell in row] for row in block.rows]
    has_head = any(cell.is_head for cell in block.rows[0])
    head = rows.pop(0) if has_head else [""] * len(rows[0])
    yield f"| {' | '.join(head)} |"
    signs = {"left": ":---", "right": "---:", "center": ":---:"}
    yield f"| {' | '.join(signs.get(cell.align, '---') for cell in block.rows[0])} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _cell(runs: Sequence[Run], body: Body) -> str:
    line = inline(runs, body).replace("  \n", "<br>").replace("\n", " ")
    return _BAR.sub(r"\|", line)


def inline(runs: Sequence[Run], body: Body) -> str:
    """Runs as Markdown. Lines end with two blanks where a line breaks."""
    parts: list[str] = []
    for place, run in enumerate(runs):
        before = runs[place - 1].text[-1:] if place else ""
        after = runs[place + 1].text[:1] if place + 1 < len(runs) else ""
        parts.append(_run(run, body, before, after))
    text = "".join(parts)
    return "\n".join(_LINE_START.sub(_disarmed, line) for line in text.split("\n"))


def _run(run: Run, body: Body, before: str, after: str) -> str:
    if run.is_break:
        return "  \n"
    if run.latex:
        return _formula(run)
    if run.cite or run.is_unknown:
        address = (body.addresses or {}).get(run.cite, "")
        mark = _link(escaped(run.text), address)
        return f"{mark} ({escaped(run.check)})" if run.check else mark
    text = _code(run.text) if "code" in run.styles else escaped(run.text)
    for style, tag in _TAGS.items():
        if style in run.styles:
            text = f"<{tag}>{text}</{tag}>"
    is_plain = _INNER.fullmatch(run.text) is not None and not (before.isalnum() or after.isalnum())
    for style, sign in (("em", "*"), ("strong", "**")):
        if style in run.styles and run.text.strip():
            text = f"{sign}{text}{sign}" if is_plain else f"<{style}>{text}</{style}>"
    return _link(text, run.href)


def _formula(run: Run) -> str:
    latex = " ".join(run.latex.split()).replace("\\|", "\\Vert ").replace("|", "\\vert ")  # no sign of a table
    if "$" in latex or latex.endswith("\\"):
        return _code(latex)
    return f"$${latex}$$" if run.display else f"${latex}$"


def _code(text: str) -> str:
    """Inline code, whatever ticks are in it."""
    line = text.replace("\n", " ")
    ticks = "`" * (1 + max((len(found[0]) for found in re.finditer("`+", line)), default=0))
    blank = " " if len(ticks) > 1 or not line.strip() or line[0] == " " else ""
    return f"{ticks}{blank}{line}{blank}{ticks}" if line else ""


def escaped(text: str) -> str:
    """Text in which nothing is markup."""
    return _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\1", text))


def _link(text: str, url: str) -> str:
    return f"[{text}](<{url.replace('<', '%3C').replace('>', '%3E')}>)" if url and text else text


def _disarmed(found: re.Match[str]) -> str:
    blanks = found[1].replace("\t", " ")[:3]
    return f"{blanks}\\{found[2]}" if found[2] else f"{blanks}{found[3]}\\{found[4]}"


def _indented(text: str, with_: str) -> str:
    return "\n".join(f"{with_}{line}".rstrip() if not line.strip() else f"{with_}{line}" for line in text.split("\n"))
