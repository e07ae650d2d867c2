"""Composes an answer from passages, word for word, and says that it did so.

There is no model here: the first sentences, lists and examples of what was found are put in order and marked with the
number of their source.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

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
_NOTHING_FOUND = (
    "This is the demo, and its small library has nothing about this question{within}. It holds Parley's own "
    "documentation and the documentation that comes with Python: the language reference and the standard library. "
    f"It can be asked, for instance:\n\n- {_SAMPLES[0]}\n- {_SAMPLES[1]}\n- {_SAMPLES[2]}"
)

Group = tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """One look into the library: the words, and the titles of what came back, best first."""

    words: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """A composed answer. `sources` has passage groups in the order of the marks `[n]`; empty when nothing matched.

    `draft` is the text before its marks are written out (`quoting.marked`).
    """

    text: str
    draft: str
    sources: tuple[Group, ...] = ()
    related: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()


@lru_cache(maxsize=512)
def compose_extract(
    question: str,
    documents_url: str,
    *,
    earlier: tuple[str, ...] = (),
    filters: Filters = EVERYTHING,
    most: int = 5,
    in_depth: bool = False,
    cite: bool = True,
) -> Extract:
    """The answer to a question and the `earlier` ones of its conversation, from the shared library, always the same.

    `most`: sources at most; `in_depth`: several sections instead of a short answer; `cite`: whether to search
    openly, with marks and sources. Takes milliseconds, the first time a fraction of a second.
    """
    texts = library.shared(documents_url)
    searches: list[Search] = []
    hits = _search(texts, _words(question, earlier), filters, searches)
    if in_depth:
        for group in _grouped(hits, most=4):  # read on from what was found first
            hits += _search(texts, library.search_words(group[0].full_title), filters, searches)
    groups = _grouped(hits, most=most)
    if not groups:
        text = _nothing_found(filters)
        return Extract(text, text, related=tuple(map(_plain, _SAMPLES)), searches=tuple(searches))
    shown = {group[0].url for group in groups}
    others = [passage for passage in texts.beside(groups[0][0]) if len(passage.plain) > _SUBSTANCE]
    others = [passage for passage in others if passage.url not in shown and filters.allows(passage)]
    if len(groups) == 1 and others:
        groups.append((others.pop(0),))
    draft = (quoting.in_depth if in_depth else quoting.briefly)(groups, cite=cite)
    related = tuple(dict.fromkeys(map(_question_about, others)))[:4]
    found = (tuple(groups), related, tuple(searches)) if cite else ((), related, ())
    return Extract(quoting.marked(draft, "[{}]".format), draft, *found)


def _words(question: str, earlier: tuple[str, ...]) -> list[str]:
    """What to search for: the question; with a short one that leans on the turn before it, that turn too."""
    wanted = library.search_words(question)
    leaning = len(wanted) <= 3 and (not wanted or bool(_CONNECTIVE.search(question.lower().strip())))
    for turn in reversed(earlier if leaning else ()):
        together = list(dict.fromkeys([*wanted, *library.search_words(turn)]))[:12]
        if len(together) > len(wanted):
            return together
    return wanted


def _search(texts: Library, wanted: Sequence[str], filters: Filters, searches: list[Search]) -> list[Hit]:
    if not wanted:
        return []
    hits = texts.search(wanted, accept=None if filters.lets_all_through else filters.allows)
    hits = [hit for hit in hits if hit.coverage >= _ENOUGH]
    searches.append(Search(tuple(wanted), tuple(dict.fromkeys(hit.passage.full_title for hit in hits))))
    return hits


def _grouped(hits: Sequence[Hit], *, most: int) -> list[Group]:
    """Passages with the same address are one source; what is far behind the best is left out."""
    groups: dict[str, dict[int, Passage]] = {}
    for hit in hits:
        near = hit.score >= 0.35 * hits[0].score
        if hit.passage.url in groups or (len(groups) < most and (near or len(groups) < 2)):
            groups.setdefault(hit.passage.url, {})[hit.number] = hit.passage
    return [tuple(group[number] for number in sorted(group)) for group in groups.values()]


def _question_about(passage: Passage) -> str:
    """A question that this passage answers."""
    if passage.subject is not None or re.fullmatch(r"[\w.]+\.\w+", passage.title):
        return f"What does {passage.title} do?"
    if passage.title.startswith("The "):
        return f"How does t{passage.title[1:]} work?"
    whose = "Parley's" if passage.kind == "ours" else "Python's"
    title = _plain(passage.title.replace('"', ""))
    return f"What does {whose} documentation say about “{title}”?"


def _plain(text: str) -> str:
    """Text for a button, which shows no code."""
    return text.replace("`", "")


def _nothing_found(filters: Filters) -> str:
    within = " in the languages asked for (it is all in English)" if filters.languages else ""
    if filters.domains:
        within = f" within the domains {', '.join(f'`{domain}`' for domain in filters.domains)}"
    return _NOTHING_FOUND.format(within=within)
