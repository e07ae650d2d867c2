"""A fact: what of a sentence can be looked for by rules."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FactKind(StrEnum):
    """What gets a state. What a sentence says besides these does not."""

    FIGURE = "figure"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it stands in a text, from `start` to before `end`, in code points.

    `value` is its normal form: facts with equal values say the same, as *1.2 million km* and *1,200,000 km* do.
    """

    kind: FactKind
    text: str
    start: int
    end: int
    value: Hashable

    def to_json(self) -> dict[str, Any]:
        """As `CitationCheck.facts` and `CheckedMark.facts` keep it."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"kind": self.kind.value, "text": self.text, "start": self.start, "end": self.end, "value": value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Fact":
        """What `to_json` gave. Raises KeyError and ValueError for anything else."""
        value = kept["value"]
        return cls(
            FactKind(kept["kind"]),
            str(kept["text"]),
            int(kept["start"]),
            int(kept["end"]),
            tuple(value) if isinstance(value, list) else value,
        )
