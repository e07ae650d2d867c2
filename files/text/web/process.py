"""Reads one page of the web, in a process of its own within bounds (`files.isolation`).

Writes what `files.text.process` does, and before it one line with what the page says of itself.
"""

import io
import time
from collections.abc import Iterable
from typing import Any, BinaryIO

import orjson

from files.text.document_text import Problem
from files.text.formats.html import lines_of
from files.text.formats.outline import Outline, parts_of
from files.text.process import write_passages
from files.text.web.charset import decode
from files.text.web.head import read_head
from files.text.web.main_text import main_lines
from files.text.web.publications import standing_of
from files.text.web.walls import wall_of

_THIN = 200  # characters; less main text than this is no page
_SHARE = 0.1  # of what can be seen at all, that a page's main text has at least
_MOST_NESTED = 200  # elements within each other; beyond, nobody looks for the main text


def read_html(source: BinaryIO, out: BinaryIO, *, charset: str, url: str, text: int, cpu: int, plainly: bool) -> str:
    """Write what the page says; returns its problem, one of `Problem` or of `walls`.

    `plainly` reads it line by line without looking for its main text, which takes a page of any size and make.
    """
    html = decode(source.read(), said=charset)
    if plainly:
        return _write(lines_of(io.StringIO(html)), out, text, cpu).value
    import lxml.html

    seen = list(lines_of(io.StringIO(html)))
    tree = lxml.html.document_fromstring(_without_declaration(html) or "<html></html>")
    head = read_head(tree, url=url)
    if seen and seen[0] == " ".join((tree.findtext(".//title") or "").split()):
        del seen[0]  # it stands above the window, not on the page
    lines = _best(main_lines(tree) if _is_flat(tree) else [], seen)
    # What trafilatura reads it takes out of the tree, so the rest is asked of a fresh one.
    tree = lxml.html.document_fromstring(_without_declaration(html) or "<html></html>")
    words = "\n".join(lines)
    told = {
        "title": head.title,
        "language": head.language,
        "published": head.published,
        "canonical": head.canonical,
        "newer": standing_of(tree, head, url=url, text=words),
    }
    out.write(orjson.dumps(told) + b"\n")
    wall = wall_of(tree, head, text=words, seen="\n".join(seen))
    return wall or _write(lines, out, text, cpu).value


def read_plain(source: BinaryIO, out: BinaryIO, *, charset: str, text: int, cpu: int) -> str:
    """Write the lines of a text; returns its problem."""
    return _write(decode(source.read(), said=charset).splitlines(), out, text, cpu).value


def _write(lines: Iterable[str], out: BinaryIO, room: int, cpu: int) -> Problem:
    return write_passages(Outline("part", parts_of(lines)), out, room=room, pages=0, cpu=int(time.process_time()) + cpu)


def _best(main: list[str], seen: list[str]) -> list[str]:
    """The main text, unless so little of the page is in it that it can hardly be right."""
    length, whole = sum(map(len, main)), sum(map(len, seen))
    return main if length >= _THIN and length >= _SHARE * whole else seen


def _without_declaration(html: str) -> str:
    """Without the XML declaration, which lxml takes of bytes alone."""
    begun = html.lstrip("\ufeff \t\r\n")
    return begun.partition("?>")[2] if begun.startswith("<?xml") else begun


def _is_flat(tree: Any) -> bool:
    """Whether what goes through the page by calling itself comes to an end."""
    deepest, element = 0, tree
    for element in tree.iter("div", "span", "font", "blockquote", "ul", "table"):
        if not len(element):
            deepest = max(deepest, sum(1 for _above in element.iterancestors()))
            if deepest > _MOST_NESTED:
                return False
    return True


_PAGE = f"""<html lang="en"><title>Tides</title><body><nav><a href="/">Home</a></nav><article><h1>Tides</h1>
{"<p>The <b>sea</b> rises and falls <a href='/moon'>twice a day</a>, by up to 16&nbsp;m.</p>" * 20}
<ul><li>High</li><li>Low</li></ul><table><tr><th>Port</th><td>3.2 m</td></tr></table></article></body></html>"""
# What libraries look up at their first page is looked up once, before any work.
read_html(io.BytesIO(_PAGE.encode()), io.BytesIO(), charset="utf-8", url="", text=10_000, cpu=10, plainly=False)
