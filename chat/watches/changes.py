"""What changed between two answers, as a run keeps it and as people are told of it.

A run keeps `Told`, whose sentences and sources are cut where there are many: `counts` has how many there are of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.models import Answer, CheckedMark
from chat.sources.checks import current_check
from chat.sources.claims.facts import FactKind
from chat.sources.comparison.comparing import compare
from chat.sources.comparison.difference import Change as Kind
from chat.sources.comparison.difference import Difference, SentenceChange
from chat.sources.comparison.reading import view_of
from chat.sources.comparison.views import SourceView
from core import graphemes

MOST = 20
"""Figures, sentences and sources of a kind that a run keeps."""
MOST_PASSAGES = 10
LONGEST_SENTENCE, LONGEST_PASSAGE = 600, 1_200
_RANKS = (FactKind.FIGURE, FactKind.DATE, FactKind.QUOTATION, FactKind.NAME)


class ToldSource(TypedDict):
    """A source as it is told of."""

    title: str
    url: str


class ToldPassage(TypedDict):
    """A sentence that is new, and what a source says that it cites; `state` is that of the mark."""

    sentence: str
    state: str
    passage: str
    number: int
    title: str
    url: str


class Told(TypedDict, total=False):
    """What changed: `figures` and `changed` are pairs of old and new. Dates, names and quotations are among the
    figures, and `counts` has them as `facts`."""

    figures: list[list[str]]
    changed: list[list[str]]
    added: list[str]
    gone: list[str]
    sources_added: list[ToldSource]
    sources_gone: list[ToldSource]
    counts: dict[str, int]
    passages: list[ToldPassage]


@dataclass(frozen=True, slots=True)
class Change:
    """Whether the newer answer says something else, beyond its wording, and what."""

    is_real: bool
    told: Told = field(default_factory=Told)


def change_between(before: Answer, after: Answer) -> Change:
    """What the newer answer says that the other one did not. Asks nobody: the sources of both are at hand."""
    difference = compare(view_of(before), view_of(after))
    if not difference.is_real_change:
        return Change(is_real=False)
    changed = _sentences(difference, Kind.CHANGED)
    whole = Told(
        figures=_pairs(difference),
        changed=[[_short(one.old), _short(one.new)] for one in changed],
        added=[_short(one.new) for one in _sentences(difference, Kind.ADDED)],
        gone=[_short(one.old) for one in _sentences(difference, Kind.GONE)],
        sources_added=_sources(difference.sources.added),
        sources_gone=_sources(difference.sources.gone),
    )
    counts: dict[str, int] = {name: len(found) for name, found in whole.items() if isinstance(found, list)}
    counts["figures"] = sum(1 for one in difference.facts if one.kind is FactKind.FIGURE)
    counts["facts"] = len(difference.facts) - counts["figures"]
    cut: dict[str, Any] = {name: found[:MOST] for name, found in whole.items() if isinstance(found, list)}
    return Change(is_real=True, told={**cut, "counts": counts})  # type: ignore[typeddict-item]  # names are those of Told


def in_words(told: Told) -> str:
    """What changed, in a few words."""
    counts = told.get("counts", {})
    figures, sentences = counts.get("figures", 0), counts.get("changed", 0)
    facts = counts.get("facts", 0)
    added, gone = counts.get("added", 0), counts.get("gone", 0)
    came, went = counts.get("sources_added", 0), counts.get("sources_gone", 0)
    parts = [
        ngettext("%(n)d figure changed", "%(n)d figures changed", figures) % {"n": figures} if figures else "",
        ngettext("%(n)d fact changed", "%(n)d facts changed", facts) % {"n": facts} if facts else "",
        ngettext("%(n)d sentence changed", "%(n)d sentences changed", sentences) % {"n": sentences}
        if sentences
        else "",
        ngettext("%(n)d sentence added", "%(n)d sentences added", added) % {"n": added} if added else "",
        ngettext("%(n)d sentence gone", "%(n)d sentences gone", gone) % {"n": gone} if gone else "",
        ngettext("%(n)d new source", "%(n)d new sources", came) % {"n": came} if came else "",
        ngettext("%(n)d source gone", "%(n)d sources gone", went) % {"n": went} if went else "",
    ]
    return ", ".join(part for part in parts if part) or _("The answer changed.")


def checked_passages(answer: Answer, told: Told) -> list[ToldPassage]:
    """What the sources say to the sentences that are new, by the answer's check; empty where there is none."""
    check = current_check(answer)
    new = [*told.get("added", []), *(pair[1] for pair in told.get("changed", []))]
    if check is None or not new:
        return []
    sources = {source.number: source for source in answer.sources.all()}
    marks = CheckedMark.objects.filter(check_of=check, of_document=False).exclude(passage="").order_by("position")
    found: list[ToldPassage] = []
    for mark in marks:
        if len(found) == MOST_PASSAGES:
            break
        source = sources.get(mark.number)
        if source and any(_is_same(mark.sentence, sentence) for sentence in new):
            found.append(
                ToldPassage(
                    sentence=graphemes.shortened(mark.sentence, LONGEST_SENTENCE),
                    state=mark.state,
                    passage=graphemes.shortened(mark.passage, LONGEST_PASSAGE),
                    number=mark.number,
                    title=source.title or source.url,
                    url=source.url,
                )
            )
    return found


def _is_same(one: str, other: str) -> bool:
    """Whether two forms of a sentence are the same, one of which may be cut or have its marks still in it."""
    first, second = _letters(one), _letters(other)
    return bool(first and second) and (first.startswith(second) or second.startswith(first))


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _pairs(difference: Difference) -> list[list[str]]:
    """The facts that are others now: figures and dates before names and quotations."""
    ranked = sorted(difference.facts, key=lambda one: _RANKS.index(one.kind))
    return [[one.old.text if one.old else "", one.new.text if one.new else ""] for one in ranked]


def _sentences(difference: Difference, kind: Kind) -> list[SentenceChange]:
    return [one for one in difference.sentences if one.change is kind]


def _short(sentence: str) -> str:
    return graphemes.shortened(sentence, LONGEST_SENTENCE)


def _sources(found: Sequence[SourceView]) -> list[ToldSource]:
    return [ToldSource(title=_short(one.title or one.url), url=one.url) for one in found]
