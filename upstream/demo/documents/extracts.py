"""Composes an answer from passages, word for word, and says that it did so.

There is no model here: the best sentences, lists and examples of what was found are put in order and marked with the
number of their source.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from upstream.demo.documents import library, quoting
from upstream.demo.documents.filters import EVERYTHING, Filters
from upstream.demo.documents.library import Hit, Library
from upstream.demo.documents.passages import Passage

_SUBSTANCE = 200  # characters that a passage must have to be worth suggesting
_ENOUGH = 0.5  # share of the question's words that a passage must speak about
_CONNECTIVE = re.compile(
    r"^(and|but|or|so|then|also|what about|how about|why|it|its|that|this|these|those|they|more|again)\b"
    r"|\b(it|its|that one|this one|them|they|those|these)\b"
)
_SAMPLES = ("How does the `with` statement work?", "What does `json.load` do?", "How do I split a string?")


@dataclass(frozen=True, slots=True)
class Search:
    """One look into the library: the words, and the titles of what came back, best first."""

    words: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """A composed answer. `sources` has passage groups in the order of the marks `[n]`; empty when nothing matched."""

    text: str
    sources: tuple[tuple[Passage, ...], ...] = ()
    related: tuple[str, ...] = ()
    searches: tuple[Search, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be composed. Hashable; the same wish always gives the same extract.

    `most`: sources at most; `in_depth`: several sections instead of a short answer; `cite`: whether to search
    openly, with marks and sources.
    """

    question: str
    earlier: tuple[str, ...] = ()
    filters: Filters = EVERYTHING
    most: int = 5
    in_depth: bool = False
    cite: bool = True


@lru_cache(maxsize=512)
def compose_extract(wish: Wish, documents_url: str) -> Extract:
    """The answer to a wish, from the shared library. Takes milliseconds, the first time a fraction of a second."""
    texts = library.shared(documents_url)
    searches: list[Search] = []
    hits = _look(texts, wish, searches)
    groups = _grouped(hits, most=wish.most)
    if wish.in_depth and groups:
        for group in groups[:4]:  # read on from what was found first
            hits += _search(texts, library.search_words(group[0].full_title), wish.filters, searches)
        groups = _grouped(hits, most=wish.most)
    if len(groups) == 1:
        neighbours = (passage for passage in texts.beside(groups[0][0]) if _can_accompany(passage, wish, groups[0]))
        groups += [(passage,) for passage in islice(neighbours, 1)]
    if not groups:
        return Extract(_nothing_found(wish), related=_SAMPLES, searches=tuple(searches))
    wanted = library.search_words(wish.question)
    text = (quoting.in_depth if wish.in_depth else quoting.briefly)(groups, wanted, cite=wish.cite)
    related = _related(texts, wish, groups)
    return Extract(text, tuple(groups) if wish.cite else (), related, tuple(searches) if wish.cite else ())


def _can_accompany(passage: Passage, wish: Wish, group: tuple[Passage, ...]) -> bool:
    return len(passage.plain) > _SUBSTANCE and passage.url != group[0].url and wish.filters.allows(passage)


def _look(texts: Library, wish: Wish, searches: list[Search]) -> list[Hit]:
    """Search for the question; for a short one that leans on the turns before it, with their words."""
    wanted = library.search_words(wish.question)
    leaning = len(wanted) <= 3 and (not wanted or bool(_CONNECTIVE.search(wish.question.lower().strip())))
    if not leaning:
        hits = _search(texts, wanted, wish.filters, searches)
        if hits or len(wanted) > 3:
            return hits
    for earlier in reversed(wish.earlier):
        together = list(dict.fromkeys([*wanted, *library.search_words(earlier)]))[:12]
        if len(together) > len(wanted):
            return _search(texts, together, wish.filters, searches)
    return _search(texts, wanted, wish.filters, searches) if leaning else []


def _search(texts: Library, wanted: Sequence[str], filters: Filters, searches: list[Search]) -> list[Hit]:
    if not wanted:
        return []
    hits = texts.search(wanted, accept=None if filters.lets_all_through else filters.allows)
    hits = [hit for hit in hits if hit.coverage >= _ENOUGH]
    searches.append(Search(tuple(wanted), tuple(dict.fromkeys(hit.passage.full_title for hit in hits))))
    return hits


def _grouped(hits: Sequence[Hit], *, most: int) -> list[tuple[Passage, ...]]:
    """Passages with the same address are one source; what is far behind the best is left out."""
    groups: dict[str, dict[int, Passage]] = {}
    for hit in hits:
        near = hit.score >= 0.35 * hits[0].score
        if hit.passage.url in groups or (len(groups) < most and (near or len(groups) < 2)):
            groups.setdefault(hit.passage.url, {})[hit.number] = hit.passage
    return [tuple(group[number] for number in sorted(group)) for group in groups.values()]


def _related(texts: Library, wish: Wish, groups: Sequence[tuple[Passage, ...]]) -> tuple[str, ...]:
    """Questions that the library can answer, about what was found besides and what stands on the same page."""
    shown = {group[0].url for group in groups}
    hits = texts.search(library.search_words(wish.question), limit=30)
    hits = [hit for hit in hits if hit.coverage >= _ENOUGH and hit.score >= 0.5 * hits[0].score]
    neighbours = [passage for passage in texts.beside(groups[0][0]) if len(passage.plain) > _SUBSTANCE]
    questions: dict[str, None] = {}
    for passage in [*(hit.passage for hit in hits[1:12]), *neighbours]:
        strange = passage.kind == "ours" and groups[0][0].kind != "ours"
        if passage.url not in shown and not strange and wish.filters.allows(passage):
            shown.add(passage.url)
            questions[_question_about(passage)] = None
    return tuple(questions)[:4]


def _question_about(passage: Passage) -> str:
    title = passage.title.replace('"', "`")
    if passage.kind == "ours":
        return f"What does Parley's documentation say about “{passage.title}”?"
    if passage.subject is not None or re.fullmatch(r"[\w.]+\.\w+", passage.title):
        return f"What does `{passage.title}` do?"
    if passage.kind == "module":
        return f"What is the {title} module for?" if title.isidentifier() else f"How does {title} work in Python?"
    if title.startswith("The "):
        return f"How does t{title[1:]} work?"
    return f"What does Python's documentation say about {title}?"


def _nothing_found(wish: Wish) -> str:
    within = ""
    if wish.filters.domains:
        within = f" within the domains {', '.join(f'`{domain}`' for domain in wish.filters.domains)}"
    elif wish.filters.languages:
        within = " in the languages asked for (it is all in English)"
    samples = "\n".join(f"- {sample}" for sample in _SAMPLES)
    return (
        f"This is the demo, and its small library has nothing about this question{within}. It holds Parley's own "
        "documentation and the documentation that comes with Python: the language reference and the standard "
        f"library. It can be asked, for instance:\n\n{samples}"
    )
