"""Whether the HTML of a table or tree is well formed and inert, judged by a browser's parsing rules."""

import re

import html5lib  # type: ignore[import-untyped]

HTML = "{http://www.w3.org/1999/xhtml}"
BARE = ("br", "dd", "dl", "dt", "em", "li", "strong", "summary", "table", "tbody", "thead", "tr", "ul", "wbr")
ATTRIBUTES = {
    "a": {"class", "href", "rel", "target", "data-source", "aria-label", "data-note"},
    "code": {"class"},
    "details": {"class", "open"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "p": {"class"},
    "pre": {"class", "tabindex"},
    "span": {"class", "title", "data-note"},
    "td": {"class"},
    "th": {"class", "scope"},
    **{name: set[str]() for name in BARE},
}
HREF = re.compile(r"https?://[^\s\"<>`\\]+|#source-([a-z0-9-]+-)?[0-9]+")
PARENTS = {"dt": "div", "dd": "div", "li": "ul", "td": "tr", "th": "tr", "summary": "details", "tr": "t(head|body)"}


def assert_inert(html: str) -> None:
    """Nothing in the HTML is foreign, and everything stands where it may stand."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    fragment = parser.parseFragment(html)
    errors = [code for _place, code, _words in parser.errors if code != "invalid-codepoint"]
    assert not errors, errors[:3]
    for parent in fragment.iter():
        for element in parent:
            tag = str(element.tag).removeprefix(HTML)
            assert tag in ATTRIBUTES, tag
            assert set(element.attrib) <= ATTRIBUTES[tag], (tag, element.attrib)
            assert HREF.fullmatch(element.attrib.get("href", "#source-1")), element.attrib
            expected = PARENTS.get(tag)
            assert not expected or re.fullmatch(expected, str(parent.tag).removeprefix(HTML)), (tag, parent.tag)


def text_of(html: str) -> str:
    """What a reader of the HTML sees."""
    return "".join(html5lib.parseFragment(html, treebuilder="etree").itertext())
