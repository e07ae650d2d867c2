"""LaTeX to MathML. What comes out holds only elements, attributes and lengths that are listed here."""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

from chat.rendering.text import escape, escape_attribute

LONGEST = 2_000  # characters of one formula; a longer one is shown as it was written
MOST_ELEMENTS = 3_000
DEEPEST = 60

_TOKENS = {"mi", "mn", "mo", "ms", "mtext", "mspace"}
_LAYOUT = {"mrow", "mfrac", "msqrt", "mroot", "mstyle", "mpadded", "mphantom", "menclose"}
_SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
_CHILDREN = {**dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2), "msubsup": 3, "munderover": 3}
ELEMENTS = frozenset({"math", "mtable", "mtr", "mtd"} | _TOKENS | _LAYOUT | _SCRIPTS)

_FLAG = re.compile(r"true|false")
_WORDS = re.compile(r"[a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*){0,20}")
_LENGTH = re.compile(r"([+-]?(?:\d{1,3}(?:\.\d{1,4})?|\.\d{1,4}))(em|ex|px|pt|mu|)")
_LARGEST = {"em": 20.0, "ex": 40.0, "px": 300.0, "pt": 200.0, "mu": 300.0, "": 20.0}

ATTRIBUTES: dict[str, re.Pattern[str]] = {
    "display": re.compile(r"inline|block"),
    **dict.fromkeys(
        ("displaystyle", "stretchy", "fence", "separator", "largeop", "movablelimits", "accent", "accentunder"), _FLAG
    ),
    **dict.fromkeys(("form", "mathvariant", "columnalign", "rowlines", "columnlines", "notation"), _WORDS),
    "scriptlevel": re.compile(r"[+-]?\d"),
    **dict.fromkeys(
        ("width", "height", "depth", "lspace", "rspace", "voffset", "minsize", "maxsize", "linethickness", "mathsize"),
        _LENGTH,
    ),
    "columnspacing": re.compile(r"\d(?:\.\d{1,4})?em(?: \d(?:\.\d{1,4})?em){0,40}"),
    "rowspacing": re.compile(r"\d(?:\.\d{1,4})?(?:em|pt)"),
}

_REFUSED = re.compile(
    r"\\(?:def|newcommand|renewcommand|newenvironment|DeclareMathOperator|href|url|class|style|unicode|html\w*|id|"
    r"require|include\w*|input|let|verb|rule|(?:f?color)box)(?![a-zA-Z])|&#|[\x00-\x08\x0b-\x1f\x7f]"
)
_REFERENCE = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
_UNKNOWN_COMMAND = re.compile(r"\\[a-zA-Z]+")


class Odd(ValueError):
    """A formula that is better shown as it was written."""


def formula_html(latex: str, *, display: bool) -> str:
    """A formula as HTML: MathML, or as it was written where that is not possible."""
    return to_mathml(latex.strip(), display=display) or as_written(latex)


def as_written(latex: str) -> str:
    """A formula as HTML that shows its signs."""
    return f'<code class="math">{escape(latex.strip())}</code>'


@lru_cache(maxsize=1024)
def to_mathml(latex: str, *, display: bool) -> str:
    """The formula as one `math` element; "" when it cannot be told faithfully."""
    if len(latex) > LONGEST or not latex.strip() or _REFUSED.search(latex):
        return ""
    try:
        tree = convert_to_element(latex, display="block" if display else "inline")
        parts: list[str] = []
        _write(tree, parts, depth=0)
    except Exception:  # the converter answers odd input with errors of every kind
        return ""
    return "".join(parts)


def _write(element: Element, parts: list[str], *, depth: int) -> None:
    tag = element.tag
    if tag not in ELEMENTS or depth > DEEPEST or len(parts) > 3 * MOST_ELEMENTS:
        raise Odd(tag)
    if len(element) != _CHILDREN.get(tag, len(element)):
        raise Odd(tag)
    attributes = "".join(
        f' {name}="{escape_attribute(value)}"'
        for name, value in element.attrib.items()
        if is_allowed_attribute(name, value)
    )
    parts.append(f"<{tag}{attributes}>")
    if element.text:
        parts.append(escape(_characters(element.text)))
    for child in element:
        _write(child, parts, depth=depth + 1)
    parts.append(f"</{tag}>")


def is_allowed_attribute(name: str, value: str) -> bool:
    """Whether an attribute of a MathML element may be written: a known name and a harmless value."""
    pattern = ATTRIBUTES.get(name)
    match = pattern.fullmatch(value) if pattern else None
    if match is None:
        return False
    return pattern is not _LENGTH or abs(float(match[1])) <= _LARGEST[match[2]]


def _characters(text: str) -> str:
    """The converter spells characters as references inside plain text."""
    text = _REFERENCE.sub(_character, text)
    if _UNKNOWN_COMMAND.match(text):
        raise Odd(text)
    return text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        raise Odd(match[0])
    return chr(code)
