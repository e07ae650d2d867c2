"""Follows a Markdown text piece by piece, to say whether what comes next stands in a code sample.

Most texts are never asked about, so a piece is read only once something wants to be known.
"""

import re

_FENCE = re.compile(r"[ \t>]*(?:[-*+] +|\d{1,9}[.)] +)?(`{3,}|~{3,})(.*)", re.DOTALL)
_HEAD = 80  # characters of a line that are looked at for a fence


class CodeWatch:
    """Fences, code within paragraphs, and indented lines. It errs towards code: a fence may be indented at will."""

    def __init__(self) -> None:
        self._unread: list[str] = []
        self._fence = ""
        self._head = ""  # of the line that has not ended
        self._ticks = 0  # of the paragraph so far

    @property
    def at_line_start(self) -> bool:
        """Whether the line that has not ended holds nothing but a few blanks."""
        self._read()
        return len(self._head) < 4 and not self._head.strip(" ")

    @property
    def inside(self) -> bool:
        """Whether what comes next is code."""
        self._read()
        return bool(self._fence) or self._ticks % 2 == 1 or self._head.startswith(("    ", "\t"))

    def feed(self, text: str) -> None:
        """Take the next piece."""
        self._unread.append(text)

    def _read(self) -> None:
        line, *following = "".join(self._unread).split("\n")
        self._unread.clear()
        self._extend(line)
        for line in following:
            self._end_line()
            self._extend(line)

    def _extend(self, piece: str) -> None:
        if len(self._head) < _HEAD:
            self._head += piece[: _HEAD - len(self._head)]
        if not self._fence and "`" in piece:
            self._ticks += piece.count("`")

    def _end_line(self) -> None:
        found = _FENCE.match(self._head)
        if found and self._fence:
            if found[1].startswith(self._fence) and not found[2].strip():
                self._fence, self._ticks = "", 0
        elif found and "`" not in found[2]:
            self._fence = found[1]
        elif not self._head.strip():
            self._ticks = 0
        self._head = ""
