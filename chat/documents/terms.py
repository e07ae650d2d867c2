"""Which words of a question are looked for in documents.

They are words as the index has them (`chat.search.words`). An ending that changes with number, case or person is left
out, so that *deductions* finds *deduction*; what is left stands for all words that begin with it. Chinese, Japanese and
Korean have no blanks between words: there each two signs next to each other are a term.
"""

import re

from chat.documents.stop_words import STOP_SIGNS, STOP_WORDS
from chat.search.query import Term
from chat.search.words import CJK, takes_marks, typed_words

MOST_TERMS = 16
"""Terms of one question that are looked for."""
LONGEST_QUESTION = 4_000
"""Characters of a question that are looked at. Who writes more begins or ends with what is asked."""
SHORTEST_STEM = 4
"""Letters that are left of a word without its ending."""

_ENDING_LIST = """
s e y n es er ers ed en em ern ing ings ied ies ly ion ions ation ations ment ments ement ements ness nesses
ity ities al ally ic ical able ible ance ence ances ences ive ives ism ist ists
te ten est st ung ungen keit heit lich isch
aux ale ales ant ante ants antes ait eur eurs euse
o a os as ado ada ados adas ido ida ar ir acion aciones iones mente ando iendo ao oes coes cao ais eis
"""
_ENDINGS = tuple(sorted(set(_ENDING_LIST.split()), key=len, reverse=True))
_SIGN = re.compile(f"[{CJK}]")
_KANA = re.compile("[\u3040-\u309f]")
_LEAST_SHARE = 0.6  # of a word, which is left without its ending
_LONG_ENOUGH, _MANY_ENDINGS = 4, 6  # letters of a word that may have an *s*, and one that may have any ending


def query_terms(question: str) -> tuple[Term, ...]:
    """The terms of a question, those first that are likely to stand in the fewest texts; any of them may match.

    A term with `grows` is the beginning of words. Empty for a question without any word that says something.
    """
    if len(question) > LONGEST_QUESTION:
        half = LONGEST_QUESTION // 2
        question = f"{question[:half]}\n{question[-half:]}"
    words = typed_words(question)
    terms = dict.fromkeys(_terms_of(words, _small_words(words)))
    if not terms:  # it is made of small words alone: these are what there is
        terms = dict.fromkeys(Term((word,)) for word in words if not _SIGN.match(word))
    return tuple(sorted(terms, key=_likely_rare, reverse=True)[:MOST_TERMS])


def stem_of(word: str) -> str:
    """The word without an ending; the word itself where it has none, or is too short."""
    if len(word) < _LONG_ENOUGH or not word.isalpha():
        return word
    if len(word) < _MANY_ENDINGS:
        return word if word.endswith(("ss", "us", "is")) else word.removesuffix("s")
    for ending in _ENDINGS:
        left = len(word) - len(ending)
        if word.endswith(ending) and left >= max(SHORTEST_STEM, len(word) * _LEAST_SHARE):
            return word[:left]
    return word


def _small_words(words: list[str]) -> frozenset[str]:
    """The small words of the language that has most of these as such; of several where they have as many."""
    counts = [sum(word in small for word in words) for small in STOP_WORDS]
    most = max(counts)
    if not most:
        return frozenset()
    return frozenset().union(*(small for small, count in zip(STOP_WORDS, counts, strict=True) if count == most))


def _terms_of(words: list[str], small: frozenset[str]) -> list[Term]:
    found: list[Term] = []
    run: list[str] = []
    for word in [*words, ""]:
        if word and (_SIGN.match(word) or takes_marks(word)):
            if _KANA.match(word) or word in STOP_SIGNS:
                found += _of_run(run)
                run = []
            else:
                run.append(word)
            continue
        found += _of_run(run)
        run = []
        if word and word not in small and (len(word) > 1 or word.isdigit()):
            stem = stem_of(word)
            found.append(Term((stem,), grows=len(word) >= _LONG_ENOUGH and word.isalpha()))
    return found


def _of_run(run: list[str]) -> list[Term]:
    """Signs without blanks between them: each two, or three letters of scripts such as Thai."""
    if not run:
        return []
    size = min(len(run), 3 if takes_marks(run[0]) else 2)
    return [Term(tuple(run[at : at + size])) for at in range(len(run) - size + 1)]


def _likely_rare(term: Term) -> tuple[bool, int]:
    """Numbers and long words stand in few texts."""
    word = "".join(term.tokens)
    return any(sign.isdigit() for sign in word), len(word) * (3 if len(term.tokens) > 1 else 1)
