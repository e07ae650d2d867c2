"""Whether a fact is among those that a text says, also where one of the two is a date that says less: *May 1990*."""

from collections.abc import Hashable, Iterable

from chat.sources.claims.facts import Fact, FactKind

Identity = tuple[FactKind, Hashable]


def identity_of(fact: Fact) -> Identity:
    """Equal for facts that say the same."""
    return fact.kind, fact.value


def broader_than(fact: Fact) -> frozenset[Identity]:
    """What a full date says besides: its month and its year."""
    value = fact.value
    if fact.kind is not FactKind.DATE or not isinstance(value, tuple) or value[0] != "date":
        return frozenset()
    days = [day.split("-") for day in str(value[1]).split("|")]
    return frozenset((fact.kind, ("date", "-".join(day[:length]))) for day in days for length in range(1, len(day)))


class Said:
    """The facts of a sentence or of a whole answer. `fact in said` takes the same time however many they are."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        known = list(facts)
        self._exactly = {identity_of(fact) for fact in known}
        dates = [fact for fact in known if fact.kind is FactKind.DATE]
        self._broadly = frozenset[Identity]().union(*map(broader_than, dates))

    def __contains__(self, fact: Fact) -> bool:
        identity = identity_of(fact)
        if identity in self._exactly or identity in self._broadly:
            return True
        return fact.kind is FactKind.DATE and not self._exactly.isdisjoint(broader_than(fact))
