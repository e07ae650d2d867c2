"""Whether a value that stands in a source belongs there to something else than in the sentence.

*The driver was fined 1,200 pounds* does not stand in a text that says that he was fined 850 pounds and that the repair
cost 1,200. The words around the sentence's value are looked for around the equal value and around each other value of
its kind (a rival). Where they stand around a rival clearly more than around any equal value, the value is another's.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chat.sources.claims.dates import Date
from chat.sources.claims.figures import ORDINAL, Figure
from chat.sources.claims.finding import FoundFact, Mention
from chat.sources.claims.folding import EAST_ASIAN, SMALL_WORDS, has_east_asian, listed, words_in
from chat.sources.claims.looking import Hit
from chat.sources.claims.matching import Match, dates_match, figures_match
from chat.sources.claims.source_index import SourceIndex

REACH = 1_000  # characters between an equal value and its rivals
_MOST_EQUAL = 12  # places of one fact
_MOST_RIVALS = 16  # of one fact, those nearest to its places
_MOST_WORDS = 60  # of a sentence, those that count most
_BACK = 2  # segments before a value whose words are still spoken of

_STEM = 4
_ALIKE = (0.66, 0.5)  # share of the shorter and of the longer word that two words begin with alike
_BESIDE = (2.0, 1.5, 1.25)  # how much more the first three words before a value count
_BEHIND = (1.5, 1.25, 1.0)  # the same behind it: often only what the value is a part of
_OTHER_CLAUSE = 0.4  # how much less the words of the sentence's other clauses count
_CARRIED = {"clause": (1.0, 1.0), "before": (0.8, 0.5), "behind": (0.3, 0.1), "back": (0.3, 0.1)}
"""What a word is worth by where it stands, and what if it is one beside the sentence's value: a text goes on to speak
of the same thing without naming it, but says of each value anew what happened then, or what it measures."""
_GOES_ON = {**_CARRIED, "before": (0.9, 0.8), "back": (0.7, 0.7)}
"""The same where the clause has nothing but words of the sentence before its value: no other thing is named in it."""
_FACT = 1.5  # what another figure or date of the sentence counts
_CARRIED_FACT = 0.2  # what it is worth outside of the value's sentence
_AT = 0.8  # what is worth less stands beside a rival only because the text spoke of it before
_TIME = 2.0  # what it counts that the text says when else it was so, and the sentence does not
_THERE, _NOT_THERE = 0.5, 0.3
"""From how much on a word stands in a value's sentence, up to how much it does not: one that stands beside the equal
value and not beside the rival leaves a doubt."""
_TIMES = 1.8  # how much more has to speak for a rival
_COVERED = 0.4  # of the sentence's words, to stand around a rival
_LEAST = 0.15  # of all that could speak for it

_BREAK = re.compile(
    r"[;:()\u2013\u2014!?。、；：，（）|]|,(?!\d)|\.(?=\s)"
    r"|(?<!\w)(?:and|but|while|whereas|or|which|und|aber|w\u00e4hrend|sowie|oder|wobei|et|mais|tandis|alors|ou|dont|y|e"
    r"|pero|mientras|o|mas|enquanto)(?!\w)",
    re.IGNORECASE,
)
_STRONG = re.compile(r"[;!?。；！？]|\.(?=\s)")
_EARLIER = re.compile(
    r"(?<!\w)(?:earlier|previous(?:ly)?|prior|formerly|(?:year|month|quarter|week) before|last (?:year|month|week)"
    r"|vorjahr\w*|vormonat\w*|vorwoche|zuvor|fr\u00fcher|vorher|vorigen"
    r"|pr\u00e9c\u00e9dente?|auparavant|plus t\u00f4t|dernier|derni\u00e8re"
    r"|anterior|antes|antes de|pasado|passado)(?!\w)|前期|前年|前の年|前回|昨年|上年|去年|此前",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?<!\w)(?:from|against|contre|frente al?|contra|gegen\u00fcber)\s(?:\w+\s)?\Z", re.IGNORECASE)
_EAST_RUN = re.compile("[\u30a1-\u30fa\u30fc]{2,}|[\u3400-\u4dbf\u4e00-\u9fff\u3005]+")
_FIRST_IDEOGRAM = "\u3105"
_LONGER = re.compile(rf"(?<![^\W_])[^\W\d_{EAST_ASIAN}]{{5,}}")
_TOPIC = re.compile("\\A[^、。]{0,6}?[はも]")
_TELLING = frozenset(
    listed(
        "before after without against vor nach ohne gegen avant apres sans contre antes despues sin contra sem"
        " first second third fourth erste ersten zweite zweiten dritte dritten premier premiere deuxieme troisieme"
        " primer primero primera segundo segunda tercer primeiro primeira terceiro"
    )
)
"""Words that are small, but tell apart what else is said in the same words."""


class _Word(NamedTuple):
    start: int
    end: int
    text: str


class _Sought(NamedTuple):
    """A word of the sentence, how much it counts, whether it stands beside the value, and whether right beside it.

    The other figures and dates of the sentence are such a word too, with an empty text.
    """

    text: str
    weight: float
    is_beside: bool
    is_nearest: bool = False
    is_topic: bool = False
    opens: bool = False


@dataclass(slots=True)
class Rivals:
    """What else a source's text has in the place of a sentence's values."""

    sentence: str
    facts: Sequence[FoundFact]
    index: SourceIndex
    figures: Sequence[Figure]
    dates: Sequence[Date]
    instead: dict[int, str] = field(default_factory=dict)
    """By the place of a fact that `own` found to be another's: what the text says where the sentence says it."""
    _words: dict[int, list[_Word]] = field(default_factory=dict)

    def own(self, fitting: Sequence[Sequence[Hit]], hits: Sequence[Sequence[Hit]]) -> list[list[Hit]]:
        """The fitting hits without those of figures and dates that are another thing's by the words around them.

        `hits` are all places of the sentence's facts, those too that do not fit: they tell what a place is about.
        """
        return [self._own(one.mention, place, fitting[place], hits) for place, one in enumerate(self.facts)]

    def _own(self, mention: Mention, place: int, hits: Sequence[Hit], all_hits: Sequence[Sequence[Hit]]) -> list[Hit]:
        same = [hit for hit in hits if hit.match == Match.SAME]
        if not isinstance(mention, Figure | Date) or not same or len(same) > _MOST_EQUAL:
            return list(hits)
        others = (at for at, one in enumerate(self.facts) if at != place and isinstance(one.mention, Figure | Date))
        beside = [all_hits[at] for at in others]
        taken = {(hit.start, hit.end) for some in beside for hit in some}
        rivals = [span for span in self._rivals_of(mention, same) if span not in taken]
        sought = self._sought(mention) if rivals else []
        total = sum(word.weight for word in sought)
        if not total:
            return list(hits)
        is_earlier = _EARLIER.search(self.sentence) is not None
        weights = [
            *sought,
            *(_Sought("", _FACT, is_beside=False, is_nearest=True) for _one in beside),
            _Sought("", 0.0 if is_earlier else _TIME, is_beside=True),
        ]
        fits = [self._fit(sought, beside, *rival) for rival in rivals]
        equal = [self._fit(sought, beside, hit.start, hit.end) for hit in same]
        better = [[_is_clearly_better(weights, fit, one, total) for fit in fits] for one in equal]
        if all(map(any, better)):
            fit_by = [sum(one.weight * part for one, part in zip(weights, fit, strict=True)) for fit in fits]
            start, end = rivals[max(range(len(rivals)), key=lambda at: (better[0][at], fit_by[at]))]
            self.instead[place] = self.index.text[start:end]
            return [hit for hit in hits if hit.match < Match.SAME]
        return list(hits)

    def _rivals_of(self, mention: Figure | Date, same: Sequence[Hit]) -> list[tuple[int, int]]:
        said = self.figures if isinstance(mention, Figure) else self.dates
        found: dict[tuple[int, int], int] = {}
        for hit in same:
            at = bisect_left(said, hit.start - REACH, key=_start)
            while at < len(said) and said[at].start <= hit.end + REACH:
                other = said[at]
                at += 1
                if _is_rival(mention, other):
                    span = other.start, other.end
                    found[span] = min(found.get(span, REACH), abs(other.start - hit.start))
        spans = sorted(found, key=lambda span: found[span])[:_MOST_RIVALS]
        return [span for span in spans if not any(hit.start < span[1] and span[0] < hit.end for hit in same)]

    def _sought(self, mention: Figure | Date) -> list[_Sought]:
        """The words of the sentence around its value."""
        words = [word for word in _words_of(self.sentence) if word.end <= mention.start or mention.end <= word.start]
        first, last = _clause(self.sentence, words, 0, len(self.sentence), mention.start, mention.end)
        before = [word for word in words if first <= word.start and word.end <= mention.start]
        behind = [word for word in words if mention.end <= word.start and word.end <= last]
        beside: dict[_Word, float] = {}
        firsts = [word for word in before[::-1] if not (behind and _is_topic(word, self.sentence))]
        beside.update(zip(firsts, _BESIDE, strict=False))
        beside.update(zip(behind, _BESIDE if self.index.language in ("ja", "zh") else _BEHIND, strict=False))
        nearest = list(beside)[:1] + behind[:1]
        weights: dict[str, _Sought] = {}
        for word in words:
            weight = self._rarity(word.text) * beside.get(word, 1.0 if first <= word.start < last else _OTHER_CLAUSE)
            known = weights.get(word.text)
            if known is None or known.weight < weight:
                is_topic, opens = _is_topic(word, self.sentence), word == words[0]
                weights[word.text] = _Sought(word.text, weight, word in beside, word in nearest, is_topic, opens)
        return sorted(weights.values(), key=lambda word: -word.weight)[:_MOST_WORDS]

    def _rarity(self, word: str) -> float:
        segments = self.index.places.get(word[:6])
        whole = math.log(1 + self.index.count)
        return math.log(1 + self.index.count / len(segments)) / whole if segments else 1.0

    def _fit(self, sought: Sequence[_Sought], beside: Sequence[Sequence[Hit]], start: int, end: int) -> list[float]:
        """How much of each word, and of each other value, stands around a value of the text, 0 to 1."""
        segment = self.index.segment_at(start)
        begin, stop = self.index.span(segment, segment)
        words = [word for word in self._words_in(segment) if word.end <= start or end <= word.start]
        first, last = _clause(self.index.text, words, begin, stop, start, end)
        places: dict[str, list[str]] = {"clause": [], "before": [], "behind": [], "back": []}
        for word in words:
            side = "before" if word.start < start else "behind"
            places["clause" if first <= word.start < last else side].append(word.text)
        for back in range(max(0, segment - _BACK), segment):
            places["back"] += [word.text for word in self._words_in(back)]
        own = _by_stem([word.text for word in sought])
        names_other = any(not _has(word.text, own) for word in words if word.start < start)
        stems = {place: _by_stem(some) for place, some in places.items()}
        goes_on = not names_other and any(word.is_beside and _has(word.text, stems["clause"]) for word in sought)
        carried = _GOES_ON if goes_on else _CARRIED
        if all(_has(word, own) for word in places["clause"]):
            carried = {**carried, "before": (1.0, 1.0)}  # as in "and 9 euros for children"
        if words and any(word.opens and _has(word.text, _by_stem([words[0].text])) for word in sought):
            stems["clause"].setdefault(words[0].text[:_STEM], set()).add(words[0].text)
        text = self.index.text
        left = max((found.end() for found in _STRONG.finditer(text, begin, start)), default=begin)
        right = next((found.start() for found in _STRONG.finditer(text, end, stop)), stop)
        is_earlier = _EARLIER.search(text, first, last) or _FROM.search(text, first, start)
        return [
            *(
                max((carried[place][word.is_beside] for place in stems if _has(word.text, stems[place])), default=0.0)
                for word in sought
            ),
            *(1.0 if any(left <= hit.start < right for hit in some) else _CARRIED_FACT for some in beside),
            0.0 if is_earlier else 1.0,
        ]

    def _words_in(self, segment: int) -> list[_Word]:
        known = self._words.get(segment)
        if known is None:
            begin, end = self.index.span(segment, segment)
            known = self._words[segment] = [
                _Word(word.start + begin, word.end + begin, word.text) for word in _words_of(self.index.text[begin:end])
            ]
        return known


def _start(one: Figure | Date) -> int:
    return one.start


def _is_rival(mention: Figure | Date, other: Figure | Date) -> bool:
    """Whether it could stand in the value's place, and says something else."""
    if isinstance(mention, Figure) and isinstance(other, Figure):
        kind = mention.readings[0].kind
        return kind == other.readings[0].kind != ORDINAL and figures_match(mention, other) == Match.NONE
    if isinstance(mention, Date) and isinstance(other, Date):
        return bool(mention.time) == bool(other.time) and dates_match(mention, other) == Match.NONE
    return False


def _is_clearly_better(sought: Sequence[_Sought], rival: Sequence[float], equal: Sequence[float], total: float) -> bool:
    """Whether a rival's surroundings fit so much better than an equal value's that this is another thing's."""
    more = less = covered = 0.0
    has_head = is_near = False
    for word, one, other in zip(sought, rival, equal, strict=True):
        if other >= _THERE and one <= _NOT_THERE and not word.is_topic and word.weight > 0:
            return False
        more += word.weight * max(0.0, one - other) if one >= _AT else 0.0
        covered += word.weight if one >= _AT and word.text else 0.0
        less += word.weight * max(0.0, other - one)
        has_head = has_head or (word.weight > 0 and word.is_beside and one == 1.0 > other)
        is_near = is_near or (word.is_nearest and one >= _AT and (word.text != "" or other < one))
    return has_head and is_near and covered >= _COVERED * total and more >= _LEAST * total and more >= _TIMES * less


def _words_of(text: str) -> list[_Word]:
    """The words that say something, but no numbers; of East Asian text, pairs of signs."""
    words = [
        _Word(word.start, word.end, word.folded)
        for word in words_in(text)
        if word.folded in _TELLING
        or (word.folded not in SMALL_WORDS and len(word.folded) > 1 and not word.folded.isdigit())
    ]
    if has_east_asian(text):
        for run in _EAST_RUN.finditer(text):
            width = len(run[0]) if run[0][0] < _FIRST_IDEOGRAM else 2
            for at in range(max(1, len(run[0]) - width + 1)):
                words.append(_Word(run.start() + at, min(run.start() + at + width, run.end()), run[0][at : at + width]))
        words.sort()
    return words


def _is_topic(word: _Word, text: str) -> bool:
    """Whether Japanese marks a word as what the sentence speaks of: the text may have named that before."""
    return has_east_asian(word.text) and _TOPIC.match(text[word.end : word.end + 7]) is not None


def _clause(text: str, words: Sequence[_Word], begin: int, stop: int, start: int, end: int) -> tuple[int, int]:
    """The clause in which a value stands; one without words of its own goes on with what is before it, or behind."""
    breaks = [begin, *(found.start() for found in _BREAK.finditer(text, begin, start)), start]
    behind = [*(found.start() for found in _BREAK.finditer(text, end, stop)), stop]
    place = len(breaks) - 2
    first, last = breaks[place], behind[0]
    telling = [word.start for word in words] + [found.start() for found in _LONGER.finditer(text, begin, stop)]
    telling = sorted(at for at in telling if not start <= at < end)

    def is_empty() -> bool:
        at = bisect_left(telling, first)
        return at == len(telling) or telling[at] >= last

    while is_empty() and place:
        place -= 1
        first = breaks[place]
    for further in behind[1:]:
        if not is_empty():
            break
        last = further
    return first, last


def _by_stem(words: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for word in words:
        found.setdefault(word[:_STEM], set()).add(word)
    return found


def _has(word: str, stems: dict[str, set[str]]) -> bool:
    """Whether a word is among others, whatever its ending."""
    return any(
        other == word or (len(word) >= _STEM and not word.isdigit() and _is_alike(word, other))
        for other in stems.get(word[:_STEM], ())
    )


def _is_alike(one: str, other: str) -> bool:
    longer = max(len(one), len(other))
    alike = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return alike >= _ALIKE[0] * min(len(one), len(other)) and alike >= _ALIKE[1] * longer
