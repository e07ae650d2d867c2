"""Whether HTML is inert, judged by a browser's parsing rules and a list of its own."""

import re
import xml.etree.ElementTree as ElementTree

import html5lib  # type: ignore[import-untyped]

HTML = "{http://www.w3.org/1999/xhtml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"

HTML_ELEMENTS = {
    "a",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "input",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
}
MATHML_ELEMENTS = {
    "math",
    "menclose",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
}
HTML_ATTRIBUTES = {
    "class": r"[a-z][a-z0-9-]*( [a-z][a-z0-9-]*)?",
    "a href": r"https?://[^\s\"<>`\\]+|mailto:[^\s?&<>\"]+@[^\s?&<>\"]+|#source-([a-z0-9-]+-)?[0-9]+",
    "a rel": r"noopener noreferrer nofollow ugc",
    "a target": r"_blank",
    "a title": r"[A-Z][a-z ,;’]+\.",
    "a aria-label": r"(?s)Source [0-9]+: .*",
    "a data-source": r"[0-9]+",
    "blockquote dir": r"auto",
    "div aria-label": r"Table",
    "div role": r"group",
    "div tabindex": r"0",
    "input aria-label": r"Done|Not done",
    "input checked": r"",
    "input disabled": r"",
    "input type": r"checkbox",
    "ol dir": r"auto",
    "table dir": r"auto",
    "ul dir": r"auto",
    "ol start": r"[0-9]+",
    "pre tabindex": r"0",
}
MATHML_ATTRIBUTE = re.compile(r"[a-z]+")
MATHML_CLASSES = {
    "align-left",
    "align-right",
    "dashes-left",
    "dashes-right",
    "dashes-top",
    "half",
    "line-left",
    "line-right",
    "line-top",
    "numbered",
    "tight-left",
    "tight-right",
    "wide-left",
}
MATHML_VALUE = re.compile(r"[a-z0-9.+ -]*")


def assert_inert(html: str) -> None:
    """Nothing in the HTML runs, loads, submits, styles, has a name, or leads elsewhere than to the web or a source."""
    fragment = html5lib.parseFragment(html, treebuilder="etree")
    for element in fragment.iter():
        if element is not fragment:
            _assert_known(element)


def _assert_known(element: ElementTree.Element) -> None:
    tag = str(element.tag)
    if tag.startswith(MATHML):
        assert tag.removeprefix(MATHML) in MATHML_ELEMENTS, tag
        for name, value in element.attrib.items():
            assert MATHML_ATTRIBUTE.fullmatch(name), (tag, name)
            assert not name.startswith("on"), (tag, name)
            assert name not in {"style", "href", "src", "id", "actiontype", "xmlns", "background"}, (tag, name)
            assert name != "class" or set(value.split()) <= MATHML_CLASSES, (tag, value)
            assert MATHML_VALUE.fullmatch(value), (tag, name, value)
        return
    assert tag.startswith(HTML), tag
    tag = tag.removeprefix(HTML)
    assert tag in HTML_ELEMENTS, tag
    for name, value in element.attrib.items():
        pattern = HTML_ATTRIBUTES.get(f"{tag} {name}", HTML_ATTRIBUTES.get(name))
        assert pattern is not None, (tag, name, value)
        assert re.fullmatch(pattern, value), (tag, name, value)
    if tag == "input":
        assert element.get("type") == "checkbox", "an input that is no disabled checkbox"
        assert "disabled" in element.attrib, "an input that is no disabled checkbox"


def shown(html: str) -> str:
    """The text that a reader of the HTML sees."""
    return "".join(html5lib.parseFragment(html, treebuilder="etree").itertext())
