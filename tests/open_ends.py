"""What a viewer makes of the changes in the open end of an answer: static/js/stream/grow_end.js, on HTML as text."""

import re
from html import unescape

_PART = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>|&\w+;|[^<&]', re.S)
_VOID = {"br", "hr", "input", "wbr"}


def grown(html: str, how: str, at: str, more: str) -> str:
    """The HTML after a change. Fails when it was made for another HTML."""
    *counts, units = map(int, at.split())
    end, names = _place(html, counts, units)
    if how == "text":
        assert units
        assert re.match(r"\n?<", html[end:]), (html[end:], at)
        return html[:end] + more + html[end:]
    assert how == "grow", how
    opened = "".join(f"<{name}>" for name in names)
    assert more.startswith(opened), (more, names)
    return html[:end] + more.removeprefix(opened)


def _place(html: str, counts: list[int], units: int) -> tuple[int, list[str]]:
    """Where in the HTML the tree has so many nodes at each level, and a last text of so many UTF-16 units; and the
    names of the elements that are open there."""
    names: list[str] = []
    nodes = [0]
    text = 0
    if [nodes, text] == [counts, units]:
        return 0, names
    for part in _PART.finditer(html):
        if part[2] is None:
            nodes[-1] += not text
            text += len(unescape(part[0]).encode("utf-16-le")) // 2
        elif part[1]:
            names.pop()
            nodes.pop()
            text = 0
        else:
            nodes[-1] += 1
            text = 0
            if part[2] not in _VOID:
                names.append(part[2])
                nodes.append(0)
        if [nodes, text] == [counts, units]:
            return part.end(), names
    raise AssertionError(f"no place {counts} {units} in {html}")
