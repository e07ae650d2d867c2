"""What people know at the end of the storm: what was acknowledged to them, and what they saw."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Question:
    """A question as the one who asked it knows it: `seen` is the place of the last word that anybody saw."""

    number: int
    person: str
    key: str
    answer: str = ""  # its id, once the question was acknowledged
    page: str = ""
    seen: int = -1
    stop_acknowledged: bool = False
    shown: str = ""  # the state that the finished article had

    @property
    def acknowledged(self) -> bool:
        """Whether Parley said that it has the question."""
        return bool(self.answer)


@dataclass
class Diary:
    """Everything that was acknowledged and seen."""

    questions: dict[int, Question] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)  # the id of the attachment, and who uploaded it
    prompts: set[str] = field(default_factory=set)  # of images whose drawing was acknowledged
    decisions: set[str] = field(default_factory=set)  # ids of images whose decision was acknowledged
    refused: Counter[str] = field(default_factory=Counter)  # what was answered instead, by request and status
    done: Counter[str] = field(default_factory=Counter)  # what people did, by what it was
    complaints: list[str] = field(default_factory=list)  # what must never happen, and did
