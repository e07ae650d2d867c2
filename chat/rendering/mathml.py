"""LaTeX to MathML. What comes out holds only elements, attributes, classes and lengths that are listed here.

The converter speaks MathML Core, keeps the rows of every environment that it knows, and says so when it does not know
something: then the formula is shown as it was written. It writes styles, which our pages do not take; they become
classes of `static/css/prose/maths.css`.
"""

import re
from functools import lru_cache
from html.entities import html5
from xml.etree.ElementTree import Element, fromstring

from math_core import LatexToMathML

from chat.rendering.latex import in_known_words
from chat.rendering.text import escape, escape_attribute

LONGEST = 2_000  # characters of one formula; a longer one is shown as it was written
SOURCE = "data-tex"  # the attribute that holds the LaTeX, for who copies the formula
MOST_ELEMENTS = 3_000
MOST_EXPANSIONS = 50  # of commands such as `\\ket`, which the converter writes as others
DEEPEST = 60

_TOKENS = {"mi", "mn", "mo", "ms", "mtext", "mspace"}
_LAYOUT = {"mrow", "mfrac", "msqrt", "mroot", "mstyle", "mpadded", "mphantom", "menclose", "mmultiscripts"}
_SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover", "mprescripts"}
_CHILDREN = {**dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2), "msubsup": 3, "munderover": 3}
ELEMENTS = frozenset({"math", "mtable", "mtr", "mtd"} | _TOKENS | _LAYOUT | _SCRIPTS)

_FLAG = re.compile(r"true|false")
_WORDS = re.compile(r"[a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*){0,20}")
_LENGTH = re.compile(r"([+-]?(?:\d{1,3}(?:\.\d{1,8})?|\.\d{1,8}))(em|rem|ex|px|pt|mu|)")
_LARGEST = {"em": 20.0, "rem": 20.0, "ex": 40.0, "px": 300.0, "pt": 200.0, "mu": 300.0, "": 20.0}

ATTRIBUTES: dict[str, re.Pattern[str]] = {
    "display": re.compile(r"inline|block"),
    **dict.fromkeys(
        (
            "displaystyle",
            "stretchy",
            "symmetric",
            "fence",
            "separator",
            "largeop",
            "movablelimits",
            "accent",
            "accentunder",
        ),
        _FLAG,
    ),
    **dict.fromkeys(("form", "mathvariant", "notation"), _WORDS),
    "scriptlevel": re.compile(r"[+-]?\d"),
    **dict.fromkeys(
        ("width", "height", "depth", "lspace", "rspace", "voffset", "minsize", "maxsize", "linethickness"),
        _LENGTH,
    ),
}

_CLASSES = {
    "text-align:left": "align-left",
    "text-align:right": "align-right",
    "padding-left:0": "tight-left",
    "padding-right:0": "tight-right",
    "padding-left:1em": "wide-left",
    "border-left:0.05em solid currentcolor": "line-left",
    "border-right:0.05em solid currentcolor": "line-right",
    "border-top:0.05em solid currentcolor": "line-top",
    "border-bottom:0.05em solid currentcolor": "line-bottom",
    "border-left:0.05em dashed currentcolor": "dashes-left",
    "border-right:0.05em dashed currentcolor": "dashes-right",
    "border-top:0.05em dashed currentcolor": "dashes-top",
    "border-bottom:0.05em dashed currentcolor": "dashes-bottom",
    "font-weight:bold": "bold",
    "font-style:italic": "italic",
    "font-family:monospace": "mono",
    "width:100%": "numbered",
    "width:50%": "half",
}
"""What the converter's styles are called in our style sheet. The others, distances and colours, are left out."""

_TEXT_STYLES = {"b": "font-weight:bold", "i": "font-style:italic", "code": "font-family:monospace"}

CLASSES = frozenset(_CLASSES.values())

_REFUSED = re.compile(
    r"\\(?:def|newcommand|renewcommand|providecommand|newenvironment|DeclareMathOperator|href|url|class|style|unicode|"
    r"html\w*|id|require|include\w*|input|let|verb|rule|(?:f?color)box|(?:eq)?ref|cite)(?![a-zA-Z])|"
    r"&#|[\x00-\x08\x0b-\x1f\x7f]"
)
_VECTOR = "\u20d7"  # the arrow that combines with a letter, which browsers set beside it
_LINE_ABOVE = re.compile(r"border-top: ?(0\.05em (?:solid|dashed) currentcolor)")
_REFERENCE = re.compile(r"&(\w+;)")
_XML = {"amp;", "lt;", "gt;", "quot;"}

_CONVERTER = LatexToMathML(fancy_error=False, allow_unreliable_rendering=True, max_expansions=MOST_EXPANSIONS)


class Odd(ValueError):
    """A formula that is better shown as it was written."""


def formula_html(latex: str, *, display: bool) -> str:
    """A formula as HTML: MathML with its LaTeX, or as it was written where that is not possible."""
    mathml = to_mathml(latex.strip(), display=display)
    return mathml.replace(">", f' {SOURCE}="{escape_attribute(latex)}">', 1) or as_written(latex)


def as_written(latex: str) -> str:
    """A formula as HTML that shows its signs."""
    return f'<code class="math">{escape(latex.strip())}</code>'


@lru_cache(maxsize=1024)
def to_mathml(latex: str, *, display: bool) -> str:
    """The formula as one `math` element; "" when it cannot be told faithfully."""
    if len(latex) > LONGEST or not latex.strip() or _REFUSED.search(latex):
        return ""
    try:
        told = _CONVERTER.convert_with_local_state(in_known_words(latex), displaystyle=display)
        tree = fromstring(_REFERENCE.sub(_character, told))  # noqa: S314 - the converter's own, and no document type
        if not display:
            tree.set("display", "inline")
        if not "".join(tree.itertext()).strip():
            return ""
        for table in tree.iter("mtable"):
            _close_below(table)
        parts: list[str] = []
        _write(tree, parts, depth=0)
    except Exception:  # the converter answers odd input with errors of several kinds
        return ""
    return "".join(parts)


def _character(found: re.Match[str]) -> str:
    return found[0] if found[1] in _XML else html5[found[1]]


def _close_below(table: Element) -> None:
    """A line below the last row comes as a row without content, with a line above it: make it one below."""
    if len(table) < 2 or "".join(table[-1].itertext()).strip():
        return
    line = _LINE_ABOVE.search("".join(cell.get("style", "") for cell in table[-1]))
    if line:
        table.remove(table[-1])
        for cell in table[-1]:
            cell.set("style", f"{cell.get('style', '')};border-bottom:{line[1]}")


def _write(element: Element, parts: list[str], *, depth: int) -> None:
    tag = element.tag
    if tag not in ELEMENTS or depth > DEEPEST or len(parts) > 3 * MOST_ELEMENTS:
        raise Odd(tag)
    if tag == "mtext" and len(element) == 1 and not element.text and (style := _TEXT_STYLES.get(element[0].tag)):
        element.set("style", style)
    parts.append(f"<{tag}{_attributes(element)}>")
    if tag == "mtext":
        parts.append(escape("".join(element.itertext())))
    else:
        children = [child for child in element if child.get("class") is None]  # which only carry the lines of a cancel
        if len(children) != _CHILDREN.get(tag, len(children)):
            raise Odd(tag)
        if element.text:
            parts.append(escape(element.text.replace(_VECTOR, "→")))
        for child in children:
            _write(child, parts, depth=depth + 1)
    parts.append(f"</{tag}>")


def _attributes(element: Element) -> str:
    kept = {name: value for name, value in element.attrib.items() if is_allowed_attribute(name, value)}
    if classes := _classes(element.get("style", "")):
        kept["class"] = classes
    return "".join(f' {name}="{escape_attribute(value)}"' for name, value in kept.items())


def _classes(style: str) -> str:
    pairs = (part.partition(":") for part in style.split(";"))
    names = (_CLASSES.get(f"{name.strip()}:{value.strip()}") for name, _, value in pairs)
    return " ".join(name for name in names if name)


def is_allowed_attribute(name: str, value: str) -> bool:
    """Whether an attribute of a MathML element may be written: a known name and a harmless value."""
    pattern = ATTRIBUTES.get(name)
    match = pattern.fullmatch(value) if pattern else None
    if match is None:
        return False
    return pattern is not _LENGTH or abs(float(match[1])) <= _LARGEST[match[2]]
