"""What somebody typed into the search box, understood the same way whichever database looks for it.

Words and "phrases in quotes" have to be there, -words must not be, and the last word may still be growing. There is
no text that is not a query: what has no word in it (`chat.search.words`) counts for nothing.
"""

import re
from dataclasses import dataclass

from chat.search.words import LONGEST_WORD, fold_text, plain_signs, takes_marks, typed_words

LONGEST = 400
"""Characters of a query that count."""
MOST = 12
"""Terms of a query that count."""
MOST_TOKENS = 24
"""Words of all terms that count."""
MOST_IN_PHRASES = 12
"""Words of phrases that count: each is looked for at every place of every text where the first one stands. So many say
well enough which text is meant."""

_TERM = re.compile(r'(?P<sign>(?<![^\s])-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_SHORTEST_PREFIX = 2
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))  # as keyboards and languages write them


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
    typed = text[:LONGEST].translate(QUOTES)
    wanted: list[Term] = []
    unwanted: list[Term] = []
    room, in_phrases = MOST_TOKENS, MOST_IN_PHRASES
    for found in list(_TERM.finditer(typed))[:MOST]:
        words = typed_words(found["phrase"] if found["word"] is None else found["word"])
        tokens = tuple(word[:LONGEST_WORD] for word in words[: min(room, max(in_phrases, 1))])
        room -= len(tokens)
        in_phrases -= len(tokens) if len(tokens) > 1 else 0
        if not tokens:
            continue
        if found["sign"]:
            unwanted += [Term(tokens)] if len(tokens) > 1 or len(words) == 1 else []  # of a phrase, not just one word
        else:
            at_the_end = found["word"] is not None and found.end() == len(typed)
            wanted.append(Term(tokens, grows=at_the_end and _may_grow(found["word"], tokens[-1])))
    return Query(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)))  # each is looked for once


def _may_grow(typed: str, last: str) -> bool:
    """Whether the last word of what is typed may be the beginning of another: nothing ends it, and it is long enough or
    a letter that still lacks its marks."""
    return fold_text(typed).endswith(plain_signs(last)) and (len(last) >= _SHORTEST_PREFIX or takes_marks(last))
