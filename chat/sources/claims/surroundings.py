"""Whether a figure of a source stands among what else the sentence says: without that, it may be any figure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from chat.sources.claims.dates import Date
from chat.sources.claims.figures import COUNT, Figure
from chat.sources.claims.finding import FoundFact
from chat.sources.claims.folding import SMALL_WORDS, content_keys, fold, words_in
from chat.sources.claims.looking import Hit
from chat.sources.claims.matching import Match
from chat.sources.claims.names import Name
from chat.sources.claims.source_index import SourceIndex

AROUND = 250  # characters around a figure in which something else of the sentence has to stand
BESIDE = 80  # characters around a small number in which what is counted has to stand
_SMALL = 1_000  # bare numbers below it stand everywhere
_TINY = 100
_SHORT = 600  # characters; in so short a text nothing is far
_TELLING_DIGITS = 3  # a figure with so many is hardly another one
_STEM = 4  # letters: *Mond* and *Mondes* are enough alike to tell what a text speaks of
_MOST_HITS = 200  # of one fact
_NO_UNIT = re.compile(r"[\d\s.,']+")
_UNTIL_NUMBER = re.compile(r"\d")


@dataclass(slots=True)
class Surroundings:
    """What the figures of one sentence are held against in one text. `words` are the keys of its other words."""

    sentence: str
    language: str
    words: set[str]
    index: SourceIndex
    _stems: set[str] = field(init=False)
    _shares_words: bool = field(init=False)

    def __post_init__(self) -> None:
        self._stems = {key[:_STEM] for key in self.words}
        self._shares_words = bool(self.words & self.index.places.keys())

    def fitting(
        self, facts: Sequence[FoundFact], hits: Sequence[Sequence[Hit]], scores: dict[int, float]
    ) -> list[list[Hit]]:
        """The hits without those of figures that stand among other things, in order."""
        telling = [self._telling(one, some) for one, some in zip(facts, hits, strict=True)]
        fitting: list[list[Hit]] = []
        for place, (one, some) in enumerate(zip(facts, hits, strict=True)):
            mention = one.mention
            if not isinstance(mention, Figure):
                fitting.append(list(some))
                continue
            others = [start for other, starts in enumerate(telling) if other != place for start in starts]
            best = sorted(some, key=lambda hit: -scores.get(self.index.segment_at(hit.start), 0.0))[:_MOST_HITS]
            fitting.append(sorted(hit for hit in best if self._fits(mention, hit, others)))
        return fitting

    def _telling(self, one: FoundFact, hits: Sequence[Hit]) -> list[int]:
        """Where a fact stands that is telling by itself: a figure of some digits or with a unit, or a day."""
        mention = one.mention
        if isinstance(mention, Figure):
            is_telling = mention.readings[0].kind != COUNT or abs(mention.readings[0].amount) >= _TINY
        else:
            is_telling = isinstance(mention, Date) and any(day.day for day in mention.days)
        return [hit.start for hit in hits[:_MOST_HITS] if hit.match == Match.SAME] if is_telling else []

    def _fits(self, mention: Figure, hit: Hit, others: Sequence[int]) -> bool:
        kind, amount, *_rest = mention.readings[0]
        is_small = kind == COUNT and abs(amount) < _SMALL
        if not self._shares_words:
            if self.index.language == self.language and len(self.index.text) >= _SHORT:
                return False
            return not is_small or abs(amount) >= _TINY or len(self.index.text) < _SHORT
        counted = self._counted(mention) if kind == COUNT else ""
        if counted and counted in self.index.places:
            if self._is_beside(counted, hit):
                return True
            if is_small:
                return False
        if any(abs(start - hit.start) < AROUND for start in others):
            return True
        start, end = max(0, hit.start - AROUND), hit.end + AROUND
        around = content_keys(self.index.text[start : hit.start]) | content_keys(self.index.text[hit.end : end])
        common = len(self._stems & {key[:_STEM] for key in around})
        digits = sum(map(str.isdigit, self.index.text[hit.start : hit.end]))
        is_exact = digits >= _TELLING_DIGITS or not self._is_rounded(mention, hit)
        is_telling = hit.match < Match.SAME or (is_exact and kind != COUNT)
        is_telling = is_telling or (not is_small and digits >= _TELLING_DIGITS)
        return common >= (1 if is_telling else min(2, len(self.words)))

    def _is_rounded(self, mention: Figure, hit: Hit) -> bool:
        """Whether the source has another number in the same unit; in another unit it is another number anyway."""
        return bool(hit.text) and _unit_of(hit.text) == _unit_of(self.sentence[mention.start : mention.end])

    def _is_beside(self, counted: str, hit: Hit) -> bool:
        """Whether what is counted stands beside a number, without another number between them."""
        before = self.index.text[max(0, hit.start - BESIDE) : hit.start]
        behind = self.index.text[hit.end : hit.end + BESIDE]
        near = (_UNTIL_NUMBER.split(before)[-1], _UNTIL_NUMBER.split(behind)[0])
        return any(counted in content_keys(piece) for piece in near)

    def _counted(self, mention: Figure) -> str:
        """The key of what a number counts: the word behind it."""
        for word in list(words_in(self.sentence[mention.end : mention.end + BESIDE]))[:3]:
            if word.folded not in SMALL_WORDS and len(word.folded) > 2:
                return next(iter(content_keys(word.folded)), "")
        return ""


def _unit_of(figure: str) -> str:
    return _NO_UNIT.sub("", fold(figure))


def words_besides(sentence: str, facts: Sequence[FoundFact]) -> set[str]:
    """The keys of a sentence's words, of its names too, but not of its figures, dates and quotations."""
    rest = sentence
    for one in facts:
        if not isinstance(one.mention, Name):
            rest = f"{rest[: one.fact.start]}{' ' * (one.fact.end - one.fact.start)}{rest[one.fact.end :]}"
    return content_keys(rest)
