"""What somebody typed into the search box, understood the same way whichever database looks for it.

Words and "phrases in quotes" have to be there, -words must not be, and the last word may still be growing. There is
no text that is not a query: what has no letter and no digit in it counts for nothing.
"""

import re
import unicodedata
from dataclasses import dataclass

CJK = "\u2e80-\u2fdf\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
"""Characters of scripts that put no blanks between words: each is looked for as a word of its own."""

LONGEST = 400
"""Characters of a query that count."""
MOST = 12
"""Terms of a query that count."""
MOST_TOKENS = 24
"""Words of all terms that count; a long phrase is looked for at every place of every text."""

_TERM = re.compile(r'(?P<sign>(?<![^\s])-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_TOKEN = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
_SHORTEST_PREFIX = 2


@dataclass(frozen=True)
class Term:
    """Words that stand next to each other, at least one; of the last, with `grows`, only the beginning is known."""

    tokens: tuple[str, ...]
    grows: bool = False


@dataclass(frozen=True)
class Query:
    """What has to be there and what must not be."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.wanted)


def parse_query(text: str) -> Query:
    """The query that somebody typed; an empty one for a text that asks for nothing."""
    typed = unicodedata.normalize("NFC", text[:LONGEST])
    wanted: list[Term] = []
    unwanted: list[Term] = []
    room = MOST_TOKENS
    for found in list(_TERM.finditer(typed))[:MOST]:
        tokens = tuple(_TOKEN.findall(found["phrase"] if found["word"] is None else found["word"])[:room])
        room -= len(tokens)
        if not tokens:
            continue
        grows = found["word"] is not None and found.end() == len(typed) and len(tokens[-1]) >= _SHORTEST_PREFIX
        if found["sign"]:
            unwanted.append(Term(tokens))
        else:
            wanted.append(Term(tokens, grows=grows and typed[-1] == tokens[-1][-1]))
    return Query(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)))  # each is looked for once


def fold_text(text: str) -> str:
    """The text in small letters and without diacritics, as words are compared."""
    apart = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(mark for mark in apart if not "\u0300" <= mark <= "\u036f")
    return unicodedata.normalize("NFKC", bare)
