"""A conversation in which a question was edited is a tree: each version of the question has its own later questions.

A question names the one that it `follows`, and a later version the first one that it is a `version_of`. Of what was
stored before anybody could edit, each question follows the one before it. Whoever asks goes on from the end of what
they see, so only versions of one question ever stand at the same place.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from chat.models import Question


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands. `position` counts in the order of asking; `first` is the first version of it."""

    id: UUID
    position: int
    first: UUID
    follows: UUID | None


class Tree:
    """The questions of one conversation."""

    def __init__(self, rows: Iterable[tuple[UUID, int, UUID | None, UUID | None]]) -> None:
        """`rows` are id, position, the first version and the question before, in the order of positions."""
        self._places: dict[UUID, Place] = {}
        self._by_position: dict[int, Place] = {}
        self._versions: dict[UUID, list[Place]] = defaultdict(list)
        before: UUID | None = None
        for pk, position, version_of, follows in rows:
            implied = None if version_of else before
            place = Place(pk, position, version_of or pk, follows if follows in self._places else implied)
            self._places[pk] = self._by_position[position] = place
            self._versions[place.first].append(place)
            before = pk
        self._ends = self._newest_after_each()

    @property
    def newest(self) -> Place | None:
        """The question that was asked last."""
        return next(reversed(self._places.values()), None)

    def place_of(self, question_id: UUID) -> Place:
        """Where the question stands. Raises KeyError for one of another conversation."""
        return self._places[question_id]

    def place_at(self, position: int) -> Place | None:
        """The question at this position; None where there is none."""
        return self._by_position.get(position)

    def way_to(self, place: Place | None) -> list[Place]:
        """The questions that led there, and the one there, oldest first."""
        way: list[Place] = []
        while place:
            way.append(place)
            place = self._places[place.follows] if place.follows else None
        return way[::-1]

    def branch_at(self, position: int = 0) -> list[Place]:
        """The row of questions through the one at this position, to the end at which somebody asked last. Without a
        question there, the row in which somebody asked last."""
        at = self._by_position.get(position)
        return self.way_to(self._places[self._ends[at.id]] if at else self.newest)

    def versions_of(self, question_id: UUID) -> list[Place]:
        """All versions of the question, the first one first."""
        return self._versions[self._places[question_id].first]

    def next_after(self, question_id: UUID) -> Place | None:
        """The first version of the question that follows this one; None at an end."""
        return next((place for place in self._places.values() if place.follows == question_id), None)

    def _newest_after_each(self) -> dict[UUID, UUID]:
        """For each question the one that was asked last of those to which it led."""
        ends: dict[UUID, UUID] = {}
        for place in reversed(self._places.values()):  # later ones first
            end = ends.setdefault(place.id, place.id)
            if place.follows:
                ends.setdefault(place.follows, end)
        return ends


def tree_of(conversation_id: UUID) -> Tree:
    """The conversation's questions as they follow each other, by one query."""
    rows = Question.objects.filter(conversation=conversation_id).order_by("position")
    return Tree(rows.values_list("pk", "position", "version_of", "follows"))


def ids_before(question: Question) -> list[UUID] | None:
    """The questions that led to this one; None where these are all that were asked before it."""
    if question.position == 1 or question.conversation.branched_at is None:
        return None
    tree = tree_of(question.conversation_id)
    return [place.id for place in tree.way_to(tree.place_of(question.pk))[:-1]]
