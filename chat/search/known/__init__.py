"""Questions that the team has asked before, found while somebody types: near-identical ones that have an answer.

The database keeps the keys of every question by itself, as it does the search index: a few numbers that stand for its
words (`keys`). A question is compared only with those that share some of the rarest (`lookup`), word by word
(`likeness`), and only if the person may read it (`answered`).
"""

from chat.search.known.answered import MOST, KnownAnswer, Likeness, known_answers
from chat.search.known.store import install, missing, prepare, rebuild, uninstall

__all__ = [
    "MOST",
    "KnownAnswer",
    "Likeness",
    "install",
    "known_answers",
    "missing",
    "prepare",
    "rebuild",
    "uninstall",
]
