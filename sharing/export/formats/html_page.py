"""Exports as one page of HTML that runs nothing and loads nothing: style and pictures are in the file."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from sharing.export.blocks import Block, Code, Heading, Item, Listing, Paragraph, Quote, Rule, Run, Table
from sharing.export.content import Export
from sharing.export.layout import (
    Body,
    Element,
    Illustration,
    Meta,
    Note,
    Section,
    SourceList,
    Title,
    are_rtl,
    elements,
    one_line,
)
from sharing.export.pictures import embedded

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_CSS = Path(__file__).with_name("page.css")
_TAGS = {"strong": "strong", "em": "em", "strike": "s", "underline": "u", "sub": "sub", "sup": "sup", "mark": "mark",
         "small": "small", "code": "code"}  # fmt: skip


def write(export: Export, stream: BinaryIO) -> None:
    """Write the page as UTF-8."""
    direction = "rtl" if get_language_bidi() else "ltr"
    stream.write(
        f'<!doctype html>\n<html lang="{escape(export.language)}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(one_line(export.title))}</title>\n<style>\n{_CSS.read_text()}</style>\n</head>\n<body>\n"
        "<main>\n".encode()
    )
    for element in elements(export):
        stream.write(f"{_element(element)}\n".encode())
    stream.write(b"</main>\n</body>\n</html>\n")


def _element(element: Element) -> str:
    match element:
        case Title():
            return f'<h1 dir="auto">{escape(element.text)}</h1>'
        case Meta():
            return f'<p class="meta" dir="auto">{_link(escape(element.text), element.href)}</p>' if element.text else ""
        case Section():
            return f'<h{element.level} dir="auto">{escape(element.text)}</h{element.level}>'
        case Note():
            return f'<p class="note" dir="auto">{escape(element.text)}</p>'
        case SourceList():
            entries = [
                f'<li id="{one.anchor}" dir="auto">[{escape(one.number)}] {_link(escape(one.title), one.url)}'
                + (f' <span class="meta">{escape(one.details)}</span></li>' if one.details else "</li>")
                for one in element.entries
            ]
            return f'<p class="meta">{escape(element.label)}</p>\n<ul class="sources">{"".join(entries)}</ul>'
        case Illustration():
            return _figure(element)
        case Body():
            html = "".join(_blocks(element.blocks, element))
            return f'<div class="quiet">{html}</div>' if element.is_quiet else html


def _figure(shown: Illustration) -> str:
    caption = f'<figcaption dir="auto">{escape(one_line(shown.picture.name))}</figcaption>'
    found = embedded(shown.picture) if shown.is_embedded else None
    if found is None:
        return f"<figure>{caption}</figure>"
    data = base64.b64encode(found.data).decode()
    size = f'width="{found.width}" height="{found.height}"'
    return f'<figure><img src="data:{found.media_type};base64,{data}" {size} alt="">{caption}</figure>'


def _blocks(blocks: Iterable[Block], body: Body) -> Iterator[str]:
    for block in blocks:
        yield _block(block, body)


def _block(block: Block, body: Body) -> str:
    match block:
        case Paragraph():
            return f'<p dir="auto">{_inline(block.runs, body)}</p>\n'
        case Heading():
            level = min(6, body.level + block.level)
            return f'<h{level} dir="auto">{_inline(block.runs, body)}</h{level}>\n'
        case Code():
            return f'<pre dir="ltr"><code>{escape(block.text)}</code></pre>\n'
        case Listing():
            tag = f'ol start="{block.start}"' if block.ordered else "ul"
            items = "".join(_item(item, body) for item in block.items)
            return f'<{tag} dir="{_direction([block])}">{items}</{tag[:2]}>\n'
        case Quote():
            return f'<blockquote dir="{_direction(block.blocks)}">{"".join(_blocks(block.blocks, body))}</blockquote>\n'
        case Table():
            return f'<div class="table"><table dir="auto">{"".join(_rows(block, body))}</table></div>\n'
        case Rule():
            return "<hr>\n"


def _direction(blocks: Sequence[Block]) -> str:
    """Of what has paragraphs of its own, each with a direction: `auto` doesn't look into those."""
    return "rtl" if are_rtl(blocks) else "ltr"


def _item(item: Item, body: Body) -> str:
    if item.done is None:
        return f"<li>{''.join(_blocks(item.blocks, body))}</li>"
    label = escape(_("Done") if item.done else _("Not done"))
    box = f'<input type="checkbox" disabled aria-label="{label}"{" checked" if item.done else ""}>'
    only = item.blocks[0] if len(item.blocks) == 1 else None
    text = _inline(only.runs, body) if isinstance(only, Paragraph) else "".join(_blocks(item.blocks, body))
    return f'<li class="task">{box} {text}</li>'


def _rows(table: Table, body: Body) -> Iterator[str]:
    for row in table.rows:
        cells = []
        for cell in row:
            tag = "th" if cell.is_head else "td"
            align = f' class="{cell.align}"' if cell.align else ""
            cells.append(f"<{tag}{align}>{_inline(cell.runs, body)}</{tag}>")
        yield f"<tr>{''.join(cells)}</tr>\n"


def _inline(runs: Sequence[Run], body: Body) -> str:
    return "".join(_run(run, body) for run in runs)


def _run(run: Run, body: Body) -> str:
    if run.is_break:
        return "<br>\n"
    if run.latex:
        return run.mathml or f"<code>{escape(run.latex)}</code>"
    text = escape(run.text)
    if run.cite:
        anchor = body.leads_to(run.cite)
        mark = f'<a class="cite" href="#{escape(anchor)}">{text}</a>' if anchor else text
        return mark + (f'<span class="check">({escape(run.check)})</span>' if run.check else "")
    if run.is_unknown:
        return f'<span class="unknown">{text}</span>'
    for style, tag in _TAGS.items():
        if style in run.styles:
            text = f"<{tag}>{text}</{tag}>"
    return _link(text, run.href)


def _link(html: str, url: str) -> str:
    return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{html}</a>' if url and html else html
