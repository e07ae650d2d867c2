"""The text of documents as blocks of a prompt, within a budget."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from files.text import DocumentText

MOST_TEXT = 160_000
"""Characters of documents in one request: about 40,000 tokens, a third of the smallest window of any model. A sign of
Chinese, Japanese or Korean is a token or so by itself and counts as four."""

_FIRST_DENSE = "\u2e80"  # from here on stand the scripts with a sign for each syllable or word

FEWEST_TEXT = 2_000  # characters; less of a document than this goes along with no question


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in a prompt for a document. Its `text` is empty where there is no room for it, or `has_none`.

    `first` and `last` count its pages, slides or sheets (`unit`), of which the document has `count`. `whole` says that
    all that it says is there.
    """

    text: str = ""
    unit: str = ""
    first: int = 0
    last: int = 0
    count: int = 0
    whole: bool = False
    has_none: bool = False

    def as_json(self) -> dict[str, Any]:
        """What is kept with the answer."""
        if not self.text:
            return {"has_none": True} if self.has_none else {}
        return {"unit": self.unit, "first": self.first, "last": self.last, "count": self.count, "whole": self.whole}


@dataclass(slots=True)
class TextBudget:
    """The room that is left for the text of documents in one request, in characters."""

    characters: int = MOST_TEXT

    def blocks(self, named: Mapping[Hashable, tuple[str, DocumentText]]) -> dict[Hashable, Block]:
        """The blocks for documents of one question: names and texts by any key.

        The room is shared evenly, and what a short document does not need goes to the longer ones.
        """
        found: dict[Hashable, Block] = {}
        shortest_first = sorted(named.items(), key=lambda item: item[1][1].characters)
        for number, (key, (name, text)) in enumerate(shortest_first):
            weight = _weight_of(text)
            room = int(self.characters / weight) // (len(shortest_first) - number)
            found[key] = block_of(name, text, room) if room >= min(FEWEST_TEXT, text.characters) else Block()
            self.characters -= int(len(found[key].text) * weight)
        return found


def _weight_of(text: DocumentText) -> float:
    """How many characters one of this text counts as, judged by its beginning: from one to four."""
    beginning = "".join(passage.text[:1000] for passage in text.passages[:10])
    dense = sum(sign >= _FIRST_DENSE for sign in beginning)
    return 1 + 3 * dense / max(len(beginning), 1)


def block_of(name: str, text: DocumentText, room: int) -> Block:
    """The block for a document with at most so many characters of its text."""
    excerpt = text.excerpt(room)
    if not excerpt.text:
        return Block(has_none=not text.characters)
    whole = excerpt.whole and not text.problem
    said = excerpt.text.replace("</document>", "</ document>")
    title = name.translate({ord('"'): "'", ord("<"): "(", ord(">"): ")"})
    kept = "" if whole else ' kept="its beginning"'
    if not whole and text.is_numbered:
        kept = f' {text.unit}s="{excerpt.first} to {excerpt.last} of {text.count}"'
    return Block(
        text=f'<document name="{title}"{kept}>\n{said}\n</document>',
        unit=text.unit if text.is_numbered else "",
        first=excerpt.first,
        last=excerpt.last,
        count=text.count,
        whole=whole,
    )
