"""What several rounds measured: figures by name, each with a value per round."""

import json
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

Figures = dict[str, float]
"""What one round measured, by the figures' names."""


@dataclass
class Rounds:
    """The figures of one commit. `about` says under which circumstances they were measured."""

    values: dict[str, list[float]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    def add(self, figures: Mapping[str, float]) -> None:
        """Take what one more round measured."""
        for name, value in figures.items():
            self.values.setdefault(name, []).append(value)

    def median(self, name: str) -> float | None:
        """The middle value of the figure; None when it was not measured."""
        values = self.values.get(name)
        return statistics.median(values) if values else None

    def spread(self, name: str) -> tuple[float, float] | None:
        """The least and the greatest value of the figure; None when it was measured less than twice."""
        values = self.values.get(name, [])
        return (min(values), max(values)) if len(values) > 1 else None

    def save(self, path: Path) -> None:
        """Store everything as JSON."""
        path.write_text(json.dumps({"about": self.about, "figures": self.values}, indent=1) + "\n")

    @classmethod
    def load(cls, path: Path) -> Self:
        """What `save` stored."""
        stored = json.loads(path.read_text())
        return cls(values=stored["figures"], about=stored["about"])
