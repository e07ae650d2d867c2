"""Footnotes: `[^1]` in the text and `[^1]: A note.` on a line of its own, shown where it stands.

Models also write `[^1]` for a source. It is a footnote where the text has the note, and else a citation mark.
"""

import re
from itertools import pairwise

_LABEL = r"\[\^([^\]\s\\]{1,40})\]"
REFERENCE = re.compile(_LABEL)
_NOTE = re.compile(rf"^[ \t>]*{_LABEL}:", re.MULTILINE)
_BEGINS_NOTE = re.compile(rf"{_LABEL}:[ \t]*")
_BETWEEN_NOTES = re.compile(rf"\n(?={_LABEL}:)")


def labels_in(text: str) -> frozenset[str]:
    """The labels of the notes in a text."""
    return frozenset(_NOTE.findall(text)) if "[^" in text else frozenset()


def notes_in(content: str) -> list[tuple[str, str]]:
    """The notes in a paragraph, each with its label and its text; none for a paragraph that does not begin with one."""
    if not _BEGINS_NOTE.match(content):
        return []
    notes: list[tuple[str, str]] = []
    starts = [0, *(found.end() for found in _BETWEEN_NOTES.finditer(content)), len(content) + 1]
    for start, end in pairwise(starts):
        found = _BEGINS_NOTE.match(content, start)
        assert found
        notes.append((found[1], content[found.end() : end - 1]))
    return notes
