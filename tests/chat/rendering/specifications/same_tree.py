"""When two pieces of HTML say the same: as trees, without what our pages add and with what they change by design.

`ours` and `theirs` give forms that are equal where they do. Both are nested tuples: `(tag, attributes, *children)`,
a text being a string.

Ours is shown without the frames around tables and code, without directions, labels, classes and what a link says about
itself. In theirs the addresses that no link may have are written out, pictures are links, and headings have the levels
that they have below our own; single rules, which `differences.py` would else have to repeat for hundreds of examples.
"""

import re
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]

from chat.rendering.links import normalized_url, safe_href, site_of

Tree = tuple[object, ...]

HTML = "{http://www.w3.org/1999/xhtml}"
ADDED = {"dir", "tabindex", "role", "aria-label", "target", "rel", "title", "class", "data-note"}
"""Attributes that stand on our elements by design, and what theirs say there: the title of a link is no part of its
text, and its place is taken by the word whether the search returned the address."""
SAME = {"del": "s", "b": "strong", "i": "em"}

_BLOCKS = {
    *("p", "div", "ul", "ol", "li", "blockquote", "pre", "table", "thead", "tbody", "tr", "th", "td", "hr"),
    *("heading", "h1", "h2", "h3", "h4", "h5", "h6", "details", "summary", "br", "root"),
}


def ours(html: str) -> Tree:
    """The tree of what we render."""
    return _whole(_Reader().children(_fragment(html)))


def theirs(html: str) -> Tree:
    """The tree of what a specification expects, with our rules applied."""
    return _whole(_Expected().children(_fragment(html)))


def _fragment(html: str) -> Element:
    fragment: Element = html5lib.parseFragment(html, treebuilder="etree")
    return fragment


def _whole(children: list[object]) -> Tree:
    return _tidy(("root", {}, *children))


class _Reader:
    """Turns elements into tuples."""

    def children(self, element: Element) -> list[object]:
        parts: list[object] = [element.text or ""]
        for child in element:
            if isinstance(child.tag, str):  # and no comment
                parts += self.element(child, child.tag.removeprefix(HTML))
            parts.append(child.tail or "")
        return parts

    def element(self, element: Element, tag: str) -> list[object]:
        kind = element.get("class", "")
        if tag == "div" and kind == "code":
            language = "".join(element[0].itertext())
            return [("pre", {}, ("code", {"language": language}, "".join(element[1].itertext())))]
        if tag == "div" and kind == "table":
            return self.children(element)
        if tag == "span" and kind in ("lines", "held"):
            return self.children(element)
        return [(SAME.get(tag, tag), self.attributes(element), *self.children(element))]

    def attributes(self, element: Element) -> dict[str, str]:
        kept = {name: value for name, value in element.attrib.items() if name not in ADDED}
        if align := re.fullmatch("align-([a-z]+)", element.get("class", "")):
            kept["align"] = align[1]
        return kept


class _Expected(_Reader):
    def __init__(self) -> None:
        self._outline: tuple[int, ...] = ()
        self._in_link = False

    def element(self, element: Element, tag: str) -> list[object]:
        if tag == "pre" and len(element) == 1:
            code = element[0]
            language = code.get("class", "").removeprefix("language-")
            return [("pre", {}, ("code", {"language": language}, "".join(code.itertext())))]
        if re.fullmatch("h[1-6]", tag):
            level = int(tag[1])
            self._outline = (*(above for above in self._outline if above < level), level)
            return [(f"h{min(2 + len(self._outline), 6)}", {}, *self.children(element))]
        if tag == "a" and "href" in element.attrib:
            return self._link(element, element.attrib["href"])
        if tag == "img":
            return self._picture(element)
        if tag == "th" and not "".join(element.itertext()).strip():
            return [("td", self.attributes(element))]
        return super().element(element, tag)

    def _link(self, element: Element, url: str) -> list[object]:
        self._in_link = bool(safe_href(normalized_url(url)))
        children = self.children(element)
        self._in_link = False
        text = "".join(element.itertext())
        if safe_href(normalized_url(url)):
            return [("a", {"href": normalized_url(url)}, *(children if any(children) else [site_of(url)]))]
        if url and unquote(url) == unquote(text):  # an address between angle brackets
            return children
        return ["[", *children, _written(url, element.get("title"))]

    def _picture(self, element: Element) -> list[object]:
        url, text = element.get("src", ""), element.get("alt", "")
        if self._in_link:
            return [text or site_of(url)]
        if safe_href(normalized_url(url)):
            return [("a", {"href": normalized_url(url)}, text or site_of(url))]
        return [f"![{text}", _written(url, element.get("title"))]


def _written(url: str, title: str | None) -> str:
    return f']({url} "{title}")' if title else f"]({url})"


def _tidy(node: Tree) -> Tree:
    """The node with its texts joined, and without blanks that no page shows."""
    tag, attributes, *children = node
    parts: list[object] = []
    for child in children:
        if tag == "pre" or isinstance(child, str):
            _append(parts, child)
            continue
        whole = _tidy(child)  # type: ignore[arg-type]
        for part in whole[2:] if tag == whole[0] == "strong" else [whole]:  # strong within strong looks no stronger
            _append(parts, part)
    if tag != "pre":
        parts = [
            _text(part, parts, place, str(tag)) if isinstance(part, str) else part for place, part in enumerate(parts)
        ]
    return (tag, attributes, *(part for part in parts if part != ""))


def _append(parts: list[object], part: object) -> None:
    if isinstance(part, str) and parts and isinstance(parts[-1], str):
        parts[-1] += part
    elif part != "":
        parts.append(part)


def _text(text: str, parts: list[object], place: int, tag: str) -> str:
    """A text without blanks beside the borders of blocks, addresses in it in one spelling."""
    text = unquote(re.sub(r"[ \t]*\n[ \t]*", "\n", text))
    if (place == 0 and tag in _BLOCKS) or (place and _is_block(parts[place - 1])):
        text = text.lstrip(" \n\t")
    if (place == len(parts) - 1 and tag in _BLOCKS) or (place < len(parts) - 1 and _is_block(parts[place + 1])):
        text = text.rstrip(" \n\t")
    return text


def _is_block(part: object) -> bool:
    return isinstance(part, tuple) and part[0] in _BLOCKS
