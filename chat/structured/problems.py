"""What is wrong with a text that a person or a model wrote, and where."""

from typing import NamedTuple

from core import graphemes, sentences
from core.cpu_budget import OverBudget


class Problem(NamedTuple):
    """One mistake. `line` and `column` count from 1."""

    line: int
    column: int
    sentence: str


class Mistake(ValueError):
    """A text cannot be read on. `offset` in characters; the sentence says why, in words for readers."""

    def __init__(self, offset: int, sentence: str) -> None:
        super().__init__(sentence)
        self.offset = offset
        self.sentence = sentence


class TooMuch(OverBudget):
    """Comparing would take longer than anybody waits."""


def problem_at(text: str, offset: int, sentence: str) -> Problem:
    """The problem at this offset of the text."""
    return Problem(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset), sentence)


def quoted(words: str, *, most: int = 60) -> str:
    """Foreign words in the quotation marks of whoever will read them, on one line and not endless."""
    return sentences.quoted(graphemes.shortened(" ".join(words.split()), most))
