"""How much the reading of one document may take."""

from dataclasses import dataclass

from files import limits


@dataclass(frozen=True, slots=True)
class Bounds:
    """`cpu` is in seconds of computing, `time` in seconds of the clock, `memory` in bytes of address space, `text` in
    characters. `pages` are those of any document that has some: slides and sheets too."""

    cpu: int = limits.MOST_READING_CPU
    time: int = limits.MOST_READING_TIME
    memory: int = limits.MOST_READING_MEMORY
    text: int = limits.MOST_TEXT
    pages: int = limits.MOST_PAGES
