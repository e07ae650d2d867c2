"""Finds passages for a question: SQLite's full-text search over the demo's collection, in memory.

Built once per process, on first use (about 0.2 s), which belongs in a thread. Safe to use from several threads.
"""

import math
import re
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from upstream.demo.documents.collection import gather
from upstream.demo.documents.passages import Passage

_CANDIDATES = 300
_THIN = 100  # characters; less than this says little
_SAY_LITTLE = (
    "a about all also an and any are as at be been but by can could did do does doing each explain for from give "
    "had has have he her him his how i if in into is it its just know let like made make many may me mean means "
    "might more most much must my need no not of off on one or other our out over please really shall she should "
    "show so some such tell than that the their them then there these they thing things this those through to too "
    "up us use used using very want was way we well were what whats when where which while who whom why will with "
    "work works would write you your don t s re ve ll m d code example examples python hello hi hey thanks thank "
    "okay yes difference between instead versus vs better best prefer there"
)
_STOP_WORDS = frozenset(_SAY_LITTLE.split())
_ABOUT_US = {"parley", "demo", "upstream"}
_GENERIC = {"statement", "statements", "expression", "expressions", "definitions", "module", "object", "objects"}
_SAME = {"dictionary": "dict", "dictionaries": "dict", "regex": "regular", "regexes": "regular", "strings": "string"}
_KEYWORD_FOLLOWED = re.compile(
    r"[`'\"]?\b(\w+)\b[`'\"]?[ -]+(?:statements?|loops?|expressions?|keywords?|clauses?|blocks?|operators?)\b"
)
_QUOTED = re.compile(r"[`'\"](\w+)[`'\"]")


_building = threading.Lock()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    `number` is its place in the library; `coverage` says how much of the question it speaks about, from 0 to 1.
    """

    number: int
    passage: Passage
    score: float
    coverage: float


def search_words(question: str) -> list[str]:
    """The words of a question that are worth looking for, in lower case, each once."""
    lowered = question.lower()
    meant = {match[1] for match in _KEYWORD_FOLLOWED.finditer(lowered)} | {m[1] for m in _QUOTED.finditer(lowered)}
    found = re.findall(r"[^\W_]+", lowered)
    kept = (_SAME.get(word, word) for word in found if word not in _STOP_WORDS or word in meant)
    return list(dict.fromkeys(kept))[:12]


class Library:
    """A collection of passages that can be searched."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._db.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(title, body, content='', tokenize='porter unicode61')"
        )
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT INTO passages(rowid, title, body) VALUES (?, ?, ?)",
            ((number, f"{passage.title} {passage.page}", passage.plain) for number, passage in enumerate(passages)),
        )
        self._db.execute("COMMIT")

    def search(
        self, wanted: Sequence[str], *, limit: int = 20, accept: Callable[[Passage], bool] | None = None
    ) -> list[Hit]:
        """The best passages for these words that `accept` lets through, best first; the same for the same input."""
        if not wanted:
            return []
        with self._lock:
            ranked = self._db.execute(
                "SELECT rowid, -bm25(passages, 6.0, 1.0) FROM passages WHERE passages MATCH ? "
                "ORDER BY 2 DESC, 1 LIMIT ?",
                (" OR ".join(f'"{word}"' for word in wanted), _CANDIDATES if accept is None else 2000),
            ).fetchall()
            having = {word: self._having(word) for word in wanted}
        weights = {word: math.log((len(self.passages) + 1) / (len(having[word]) + 0.5)) for word in wanted}
        hits = []
        for number, rank in ranked:
            passage = self.passages[number]
            if accept is None or accept(passage):
                text = f"{passage.title} {passage.plain}".lower()
                # The index takes "generator" and "generic" for one word. What is not there in letters counts half.
                having_it = (word for word in wanted if number in having[word])
                found = sum(weights[word] * (1 if _root(word) in text else 0.5) for word in having_it)
                coverage = found / sum(weights.values())
                hits.append(Hit(number, passage, coverage * rank * _favour(passage, wanted), coverage))
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def beside(self, passage: Passage) -> list[Passage]:
        """What stands on the same page, nearest first."""
        address = passage.url.partition("#")[0]
        page = [n for n, other in enumerate(self.passages) if other.url.partition("#")[0] == address]
        here = next(number for number in page if self.passages[number] is passage)
        return [self.passages[number] for number in sorted(page, key=lambda number: abs(number - here))[1:]]

    def _having(self, word: str) -> frozenset[int]:
        rows = self._db.execute("SELECT rowid FROM passages WHERE passages MATCH ?", (f'"{word}"',))
        return frozenset(number for (number,) in rows)


def _root(word: str) -> str:
    return word[: min(len(word) - 1, 7)] if len(word) > 3 else word


def _favour(passage: Passage, wanted: Sequence[str]) -> float:
    """What is called as the question says comes first; our own documentation where the question is about us."""
    named = set(search_words(passage.title)) - _GENERIC
    exact = 3.0 if named == set(wanted) else 2.0 if named and named <= set(wanted) else 1.0
    literal = 1.6 if any(word in passage.title.lower() for word in wanted) else 1.0
    substance = 0.5 if len(passage.plain) < _THIN or "Abstract" in passage.title else 1.0
    ours = 2.0 if passage.kind == "ours" and not _ABOUT_US.isdisjoint(wanted) else 1.0
    return exact * literal * substance * ours * (1.3 if passage.kind == "topic" else 1.0)


def shared(documents_url: str) -> Library:
    """The library of this process. Slow the first time, when others wait for it instead of building their own."""
    with _building:
        return _built(documents_url)


@lru_cache(maxsize=4)
def _built(documents_url: str) -> Library:
    return Library(gather(documents_url=documents_url))
