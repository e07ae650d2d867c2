"""The chain of hashes over an answer's log (docs/passports.md, "The log").

An entry's link is the hash of the link before it, its number, its kind and the hash of its data. What an entry added to
the text that the answer has now is written as a number of code points, so that the link can be made from the text
alone: whoever changes a letter of the text gets another chain.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from chat.sources.passports.canonical import canonical, sha256

BEGINNING = sha256(b"parley log 1")
_TEXT, _REPLACED = "text", "text_replaced"

Described = list[list[Any]]
"""For each entry its kind, and how many code points of the text it holds, or the SHA-256 of its data."""


def describe(entries: Iterable[tuple[str, Any]], *, text: str) -> Described:
    """The entries, each a kind and its data in order, as the chain is made of them; `text` is the answer's."""
    rows = list(entries)
    replaced = [place for place, (kind, _data) in enumerate(rows) if kind == _REPLACED]
    begins = replaced[-1] if replaced else 0  # what came before is not in the text any more
    told = "".join(data for kind, data in rows[begins:] if kind in (_TEXT, _REPLACED))
    by_length = told == text
    return [
        [kind, len(data)]
        if by_length and place >= begins and kind in (_TEXT, _REPLACED)
        else [kind, sha256(canonical(data))]
        for place, (kind, data) in enumerate(rows)
    ]


def head_of(described: Sequence[Sequence[Any]], *, text: str) -> str:
    """The last link. Raises ValueError where the entries hold more or less of the text than there is."""
    link, done, is_told = BEGINNING, 0, False
    for number, (kind, what) in enumerate(described, start=1):
        if isinstance(what, bool) or not isinstance(kind, str):
            raise ValueError("an entry is none")
        if isinstance(what, int):
            if kind not in (_TEXT, _REPLACED) or what < 0 or done + what > len(text):
                raise ValueError("the text is shorter than its log")
            digest = sha256(canonical(text[done : done + what]))
            done, is_told = done + what, True
        else:
            digest = str(what)
        link = sha256(canonical([link, number, kind, digest]))
    if is_told and done != len(text):
        raise ValueError("the text is longer than its log")
    return link


def tells_text(described: Sequence[Sequence[Any]]) -> bool:
    """Whether the text can be followed through the log."""
    return any(isinstance(what, int) for _kind, what in described)
