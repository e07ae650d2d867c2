"""A sentence held against a source: the passage that fits best, and what of the sentence stands in it or near it."""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chat.sources.claims.finding import FoundFact, facts_of_sentence
from chat.sources.claims.folding import content_keys, language_of
from chat.sources.claims.judgements import JudgedFact, Judgement, SourceText, State
from chat.sources.claims.looking import Hit, hits_of
from chat.sources.claims.matching import Match
from chat.sources.claims.names import Name
from chat.sources.claims.rivals import Rivals
from chat.sources.claims.source_index import SourceIndex, index_of
from chat.sources.claims.surroundings import Surroundings, words_besides

RULES = 1
"""The version of the rules. A judgement by an earlier one may say something else."""

LONGEST_SENTENCE = 4_000  # characters; what follows in a longer one is not looked at
LONGEST_PASSAGE = 700  # characters
NEAR = 600  # characters before and after the passage in which a fact still counts as found
NAMED_NEAR = 3_000  # the same for names: later on a text says "she", or "the company"
OPENING = 1_000  # characters at the beginning of a text that say whom and what it is about
_MOST_FACTS = 60
_CANDIDATES = 60  # segments that are tried as the passage


@dataclass(frozen=True, slots=True)
class _Tried:
    """A source's text as it was judged."""

    judgement: Judgement
    rank: tuple[int, float, float]


def judge(sentence: str, sources: Sequence[SourceText], *, language: str = "") -> Judgement:
    """What of a plain sentence stands in the texts of one source: what the search returned, and the page itself.

    The state comes from figures, dates, names and quotations alone: FOUND if all of them stand in the passage or near
    it, PARTLY if some do or the source says some of them less exactly, MISSING if none does. A sentence without any
    gets SHOWN with the passage that fits best; UNREAD is for a source without text.
    """
    sentence = sentence[:LONGEST_SENTENCE]
    readable = [(place, source) for place, source in enumerate(sources) if source.text.strip()]
    language = language[:2] or language_of(sentence)
    facts = facts_of_sentence(sentence, language=language)[:_MOST_FACTS]
    if not readable:
        return Judgement(State.UNREAD, facts=tuple(JudgedFact(one.fact, found=False) for one in facts))
    tried = [_judge_text(sentence, language, facts, place, source) for place, source in readable]
    best = max(tried, key=lambda one: one.rank).judgement
    merged = tuple(_merged(judged, [one.judgement.facts[at] for one in tried]) for at, judged in enumerate(best.facts))
    return replace(best, facts=merged, state=_state_of(merged))


def _merged(judged: JudgedFact, others: Sequence[JudgedFact]) -> JudgedFact:
    """What is known of a fact by the text of the passage, or else by another text of the same source."""
    if judged.found:
        return judged
    for other in others:
        if other.found:
            return replace(other, start=0, end=0)
    best = next((other for other in (judged, *others) if other.is_less_exact), None)
    if best:
        return replace(judged, near=best.near, elsewhere=False)
    near = next((other.near for other in (judged, *others) if other.near), "")
    return replace(judged, near=near, elsewhere=any(other.elsewhere for other in (judged, *others)))


def _state_of(facts: Sequence[JudgedFact]) -> State:
    if not facts:
        return State.SHOWN
    if all(judged.found for judged in facts):
        return State.FOUND
    return State.PARTLY if any(judged.found or judged.is_less_exact for judged in facts) else State.MISSING


def _judge_text(sentence: str, language: str, facts: Sequence[FoundFact], place: int, source: SourceText) -> _Tried:
    index = index_of(source)
    scores = _scores(content_keys(sentence), index)
    candidates = heapq.nlargest(_CANDIDATES, scores, key=lambda segment: (scores[segment], -segment))
    figures, dates = index.facts_near(candidates or range(min(index.count, _CANDIDATES)))
    hits = [hits_of(one.mention, sentence, index, figures, dates) for one in facts]
    fitting = Surroundings(sentence, language, words_besides(sentence, facts), index).fitting(facts, hits, scores)
    rivals = Rivals(sentence, facts, index, figures, dates)
    fitting = rivals.own(fitting, hits)
    first, last = _best_passage(fitting, scores, candidates, index)
    start, end = index.span(first, last)
    text = index.text[start:end]
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    judged = [
        _judged(one, some, start, end, any(hit.match == Match.SAME for hit in raw), rivals.instead.get(place, ""))
        for place, (one, some, raw) in enumerate(zip(facts, fitting, hits, strict=True))
    ]
    marked = [(one.start, one.end) for one in judged if one.end]
    judgement = Judgement(
        _state_of(judged),
        index.text[start:end],
        _page_at(source, start),
        _apart(marked),
        tuple(judged),
        place,
        start,
    )
    count = sum(1.0 if one.found else 0.4 if one.is_less_exact else 0.0 for one in judged)
    return _Tried(judgement, (int(judgement.state == State.FOUND), count, max(scores.values(), default=0.0)))


def _scores(keys: set[str], index: SourceIndex) -> dict[int, float]:
    """How much of the sentence stands in each segment that has any of it; rare words count more."""
    scores: dict[int, float] = {}
    for key in keys:
        segments = index.places.get(key)
        if not segments or (len(segments) > 2_000 and len(segments) * 4 > index.count):
            continue
        weight = math.log(1 + index.count / len(segments)) + 0.1
        for segment in segments:
            scores[segment] = scores.get(segment, 0.0) + weight
    return scores


def _best_passage(
    hits: Sequence[Sequence[Hit]], scores: dict[int, float], candidates: Sequence[int], index: SourceIndex
) -> tuple[int, int]:
    """The first and the last segment of the passage."""
    present: dict[int, dict[int, float]] = {}
    for fact, some in enumerate(hits):
        for hit in some:
            at = present.setdefault(index.segment_at(hit.start), {})
            at[fact] = max(at.get(fact, 0.0), 1.0 if hit.match == Match.SAME else 0.5)
    best = max(scores.values(), default=1.0)
    tried = dict.fromkeys(
        [*candidates, *heapq.nlargest(_CANDIDATES * 5, present, key=lambda one: sum(present[one].values()))]
    )

    def worth(segment: int) -> tuple[float, int]:
        together: dict[int, float] = {}
        for other in (segment - 1, segment, segment + 1):
            for fact, value in present.get(other, {}).items():
                together[fact] = max(together.get(fact, 0.0), value if other == segment else value * 0.8)
        words = scores.get(segment, 0.0) + 0.4 * (scores.get(segment - 1, 0.0) + scores.get(segment + 1, 0.0))
        return 2 * sum(together.values()) + 1.5 * words / best, -segment

    middle = max(tried, key=worth, default=0)
    return _grown(middle, present, index)


def _grown(middle: int, present: dict[int, dict[int, float]], index: SourceIndex) -> tuple[int, int]:
    """The segment with those beside it that hold more of the sentence's facts."""
    first = last = middle
    have = set(present.get(middle, {}))
    for step in (1, 2):
        for other in (middle + step, middle - step):
            if not 0 <= other < index.count:
                continue
            low, high = min(first, other), max(last, other)
            begin, end = index.span(low, high)
            more = set(present.get(other, {})) - have
            is_short = step == 1 and index.span(first, last)[1] - index.span(first, last)[0] < LONGEST_PASSAGE // 6
            if end - begin <= LONGEST_PASSAGE and (more or is_short):
                first, last = low, high
                have |= more
    return first, last


def _judged(one: FoundFact, hits: Sequence[Hit], start: int, end: int, elsewhere: bool, instead: str) -> JudgedFact:
    reach = NAMED_NEAR if isinstance(one.mention, Name) else NEAR
    near = [hit for hit in hits if start - reach <= hit.start < end + reach]
    if isinstance(one.mention, Name):
        near = near or [hit for hit in hits if hit.start < OPENING]
    if not near:
        return JudgedFact(one.fact, found=False, elsewhere=elsewhere, near=instead)
    hit = max(near, key=lambda near_hit: (near_hit.match, start <= near_hit.start < end, -abs(near_hit.start - start)))
    is_inside = start <= hit.start and hit.end <= end
    at = (hit.start - start, hit.end - start) if is_inside else (0, 0)
    return JudgedFact(one.fact, found=hit.match == Match.SAME, near=hit.text, start=at[0], end=at[1])


def _page_at(source: SourceText, at: int) -> int:
    page = 0
    for number, begin in source.pages:
        if begin > at:
            break
        page = number
    return page


def _apart(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans in order, those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
