"""What a formula in MathML says and how it is built, in a form in which two renderers can be compared.

Left out is what only concerns looks: spaces, sizes, fonts (an upright or bold letter counts as the letter), invisible
operators, groups of one, and whether a limit stands below its sign or beside it.
"""

import re
import unicodedata
from collections.abc import Iterable
from xml.etree.ElementTree import Element, fromstring

_GROUPS = {"math", "mrow", "mstyle", "mpadded", "semantics", "mphantom"}
_SCRIPTS = {
    "msub": ("low",),
    "munder": ("low",),
    "msup": ("high",),
    "mover": ("high",),
    "msubsup": ("low", "high"),
    "munderover": ("low", "high"),
}
_NAMED = {"mfrac": "frac", "msqrt": "root", "mroot": "root", "menclose": "box"}
_SAME = str.maketrans(
    {
        "-": "−",
        "∣": "|",
        "∥": "‖",
        "⋅": "·",
        "′": "'",
        "∗": "*",
        "⋆": "*",
        "∶": ":",
        "⟨": "〈",
        "⟩": "〉",
        "ˆ": "^",
        "̂": "^",
        "˜": "~",
        "∼": "~",
        "̃": "~",
        "→": "→",
        "⃗": "→",
        "¯": "‾",
        "̄": "‾",
        "―": "‾",
        "_": "‾",
        "̲": "‾",
        "ϵ": "ε",
        "ϕ": "φ",
        "ℏ": "ħ",
    }
)
_INVISIBLE = re.compile("[\\s\u00a0\u2000-\u200f\u2028-\u202f\u205f-\u2064\ufe00-\ufe0f]")


def shape_of(mathml: str) -> str:
    """The formula as one line, such as `frac(a;b)+x{low:i}` or `table[a|b/c|d]`."""
    return _shape(fromstring(re.sub(r' xmlns="[^"]*"', "", mathml.replace("&nbsp;", " "))))


def _shape(element: Element) -> str:
    tag = element.tag
    parts = list(element)
    if tag in ("annotation", "mspace", "mprescripts", "none"):
        return ""
    if tag in _SCRIPTS:
        base, *scripts = map(_shape, parts)
        told = "".join(f"{{{name}:{script}}}" for name, script in zip(_SCRIPTS[tag], scripts, strict=True) if script)
        return f"{base}{told}"
    if tag == "mtable":
        return f"table[{'/'.join(map(_row, parts))}]"
    if tag == "mfenced":
        return f"{element.get('open', '(')}{_joined(parts)}{element.get('close', ')')}"
    if tag in _NAMED:
        inside = ";".join(map(_shape, parts)) if tag in ("mfrac", "mroot") else _joined(parts)
        return f"{_NAMED[tag]}({inside})"
    if tag == "mmultiscripts":
        return "".join(sorted(map(_shape, parts)))
    return _joined(parts) if parts or tag in _GROUPS else _text(element.text or "")


def _joined(parts: Iterable[Element]) -> str:
    return "".join(map(_shape, parts))


def _row(row: Element) -> str:
    return "|".join(map(_joined, row)).rstrip("|")


def _text(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.replace("‴", "'''").replace("″", "''").translate(_SAME))
    return _INVISIBLE.sub("", plain.translate(_SAME))
