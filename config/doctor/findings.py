"""What was found about one part of an installation."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. A `problem` is something that people will notice; a `note` is good to know."""

    part: str
    state: State
    sentence: str

    @property
    def line(self) -> str:
        """The finding as the command prints it."""
        return f"{self.state:<8}{self.part}: {self.sentence}"
