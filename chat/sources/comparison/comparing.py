"""What changed between two answers, by rules (docs/comparing.md)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from chat.sources.claims.facts import Fact
from chat.sources.comparison.alignment import Pair, equal_pairs, moved_pairs, rising, similar_pairs
from chat.sources.comparison.difference import Change, Difference, FactChange, SentenceChange, SourceChanges
from chat.sources.comparison.said import Said
from chat.sources.comparison.views import AnswerView, Sentence, SourceView
from chat.sources.comparison.wording import Budget, denies, key_of, pieces_of, words_of


def compare(old: AnswerView, new: AnswerView) -> Difference:
    """What the new answer says that the old one did not, and the other way round.

    The time that it takes grows with the length of the answers, whatever is in them.
    """
    pairs = _pairs(old.sentences, new.sentences)
    return Difference(
        sentences=list(_sentences(old.sentences, new.sentences, pairs)),
        facts=_facts(old, new, pairs),
        sources=compare_sources(old.sources, new.sources),
    )


def compare_sources(old: Sequence[SourceView], new: Sequence[SourceView]) -> SourceChanges:
    """Which pages came, went and stayed, each once."""
    before, now = _by_key(old), _by_key(new)
    return SourceChanges(
        added=[source for key, source in now.items() if key not in before],
        gone=[source for key, source in before.items() if key not in now],
        kept=[source for key, source in now.items() if key in before],
    )


def _by_key(sources: Sequence[SourceView]) -> dict[str, SourceView]:
    """Each page once; as cited, if one of its addresses is."""
    found: dict[str, SourceView] = {}
    for source in sources:
        known = found.get(source.key)
        if known is None or (source.cited and not known.cited):
            found[source.key] = source
    return found


def _pairs(old: Sequence[Sentence], new: Sequence[Sentence]) -> list[Pair]:
    """Which old sentence is which new one, sorted by the new place."""
    keys, new_keys = [key_of(one.text) for one in old], [key_of(one.text) for one in new]
    pairs = equal_pairs(keys, new_keys)
    left, new_left = _left(keys, {one for one, _ in pairs}), _left(new_keys, {one for _, one in pairs})
    moved = moved_pairs(left, new_left)
    for place, new_place in moved:
        del left[place], new_left[new_place]
    pairs += moved
    words = {key: words_of(key) for key in {*left.values(), *new_left.values()}}
    pairs += similar_pairs(
        {place: words[key] for place, key in left.items()}, {place: words[key] for place, key in new_left.items()}
    )
    return sorted(pairs, key=lambda pair: pair[1])


def _left(keys: Sequence[str], taken: set[int]) -> dict[int, str]:
    return {place: key for place, key in enumerate(keys) if place not in taken}


def _sentences(old: Sequence[Sentence], new: Sequence[Sentence], pairs: Sequence[Pair]) -> Iterator[SentenceChange]:
    """In the order of the new answer; what is gone stands before what followed it."""
    in_order, budget = set(rising(pairs)), Budget()
    was = {new_place: place for place, new_place in pairs}
    stays = set(was.values())
    reached = 0
    for new_place, sentence in enumerate(new):
        place = was.get(new_place)
        if place is None:
            yield SentenceChange(Change.ADDED, new=sentence.text)
            continue
        in_place = (place, new_place) in in_order
        if in_place:
            yield from _gone(old, reached, place, stays)
            reached = place + 1
        yield _changed(old[place].text, sentence.text, moved=not in_place, budget=budget)
    yield from _gone(old, reached, len(old), stays)


def _gone(old: Sequence[Sentence], start: int, end: int, stays: set[int]) -> Iterator[SentenceChange]:
    for place in range(start, end):
        if place not in stays:
            yield SentenceChange(Change.GONE, old=old[place].text)


def _changed(old: str, new: str, *, moved: bool, budget: Budget) -> SentenceChange:
    if key_of(old) == key_of(new):
        return SentenceChange(Change.SAME, old, new, moved=moved)
    old_pieces, new_pieces = pieces_of(old, new, budget)
    return SentenceChange(
        Change.CHANGED, old, new, old_pieces, new_pieces, moved=moved, turned=denies(old) != denies(new)
    )


def _facts(old: AnswerView, new: AnswerView, pairs: Sequence[Pair]) -> list[FactChange]:
    """The facts that changed, each once, in the order of the new answer, and after these what is gone."""
    was = {new_place: place for place, new_place in pairs}
    found: list[FactChange] = []
    for new_place, sentence in enumerate(new.sentences):
        place = was.get(new_place)
        before = old.sentences[place].facts if place is not None else ()
        found += _of_sentence(before, sentence, old, new)
    stays = set(was.values())
    for place, sentence in enumerate(old.sentences):
        if place not in stays:
            found += [FactChange(fact, None, sentence.text) for fact in sentence.facts if fact not in new.said]
    return list({_identity(change): change for change in reversed(found)}.values())[::-1]


def _of_sentence(before: Sequence[Fact], now: Sentence, old: AnswerView, new: AnswerView) -> Iterator[FactChange]:
    """What of a sentence's facts is another than in the sentence that it was.

    As many that went as came, of one kind, took each other's place, even if another sentence says the same.
    """
    if not before:
        yield from (FactChange(None, fact, now.text) for fact in now.facts if fact not in old.said)
        return
    had, has = Said(before), Said(now.facts)
    went: defaultdict[str, list[Fact]] = defaultdict(list)
    came: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in before:
        if fact not in has:
            went[fact.kind].append(fact)
    for fact in now.facts:
        if fact not in had:
            came[fact.kind].append(fact)
    for kind in sorted({*went, *came}):
        if len(went[kind]) == len(came[kind]):
            pairs = zip(went[kind], came[kind], strict=True)
            yield from (FactChange(one, other, now.text) for one, other in pairs)
        else:
            yield from (FactChange(None, fact, now.text) for fact in came[kind] if fact not in old.said)
            yield from (FactChange(fact, None, now.text) for fact in went[kind] if fact not in new.said)


def _identity(change: FactChange) -> tuple[object, object, object]:
    old, new = change.old, change.new
    return change.kind, old.value if old else None, new.value if new else None
