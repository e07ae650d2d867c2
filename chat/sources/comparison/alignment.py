"""Which sentence of one answer is which of another, in a time that grows with their length alone.

Equal sentences come first, by their hash, in an order that both answers share (a patience diff). Of those that are left
each looks for the one that is most alike among the few that share a rare word with it.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

Pair = tuple[int, int]

_DEEPEST = 8  # how often what lies between two equal sentences is looked at again
_MOST_WITH_A_WORD = 20  # sentences: a word that more have says nothing
_RAREST = 30  # words of a sentence by which its like is looked for
_ALIKE = 0.5  # of the words, Dice


def equal_pairs(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """The places of equal sentences, rising in both."""
    pairs: list[Pair] = []
    ranges = [(0, len(old), 0, len(new), 0)]
    while ranges:
        start, end, new_start, new_end, depth = ranges.pop()
        while start < end and new_start < new_end and old[start] == new[new_start]:
            pairs.append((start, new_start))
            start, new_start = start + 1, new_start + 1
        while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
            end, new_end = end - 1, new_end - 1
            pairs.append((end, new_end))
        if depth == _DEEPEST or start == end or new_start == new_end:
            continue
        anchors = _unique_to_both(old, new, (start, end, new_start, new_end))
        pairs += anchors
        edges = [(start - 1, new_start - 1), *anchors, (end, new_end)]
        if anchors:
            ranges += [(a + 1, c, b + 1, d, depth + 1) for (a, b), (c, d) in pairwise(edges)]
    return sorted(pairs)


def moved_pairs(old: Mapping[int, str], new: Mapping[int, str]) -> list[Pair]:
    """The places of sentences that are equal but stand in another order, among those that are left."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place in sorted(old, reverse=True):
        places[old[place]].append(place)
    return [(places[key].pop(), place) for place, key in sorted(new.items()) if places[key]]


def similar_pairs(old: Mapping[int, frozenset[str]], new: Mapping[int, frozenset[str]]) -> list[Pair]:
    """The places of sentences that share at least half of their words, the most alike first served."""
    having: defaultdict[str, list[int]] = defaultdict(list)
    for place, words in old.items():
        for word in words:
            having[word].append(place)
    rare = {word for word, places in having.items() if len(places) <= _MOST_WITH_A_WORD}
    found: list[tuple[float, int, int, int]] = []
    for place, words in new.items():
        telling = sorted((len(having[word]), word) for word in words if word in rare)[:_RAREST]
        if not telling:
            continue
        candidates = Counter(other for _count, word in telling for other in having[word])
        for other, _shared in candidates.most_common(6):
            alike = likeness(old[other], words)
            if alike >= _ALIKE:
                found.append((-alike, abs(place - other), other, place))
    pairs, taken, given = [], set(), set()
    for _unlike, _apart, other, place in sorted(found):
        if other not in taken and place not in given:
            pairs.append((other, place))
            taken.add(other)
            given.add(place)
    return pairs


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Between 0 and 1: how many of their words two sentences share."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The most of the pairs, sorted by their second place, whose first places rise as well."""
    ends: list[int] = []  # the last first place of the best row of each length
    last: list[int] = []  # which pair that is
    before: list[int] = []
    for at, (place, _other) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [at]
    found: list[Pair] = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _unique_to_both(old: Sequence[str], new: Sequence[str], within: tuple[int, int, int, int]) -> list[Pair]:
    """The places of what each of the two has once between these edges, as far as both have it in the same order."""
    start, end, new_start, new_end = within
    times, new_times = Counter(old[start:end]), Counter(new[new_start:new_end])
    places = {old[place]: place for place in range(start, end) if times[old[place]] == 1}
    shared = [
        (places[new[place]], place)
        for place in range(new_start, new_end)
        if new_times[new[place]] == 1 and new[place] in places
    ]
    return rising(shared)
