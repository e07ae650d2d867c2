"""How much the reading of one document may take."""

from dataclasses import dataclass

from files import isolation, limits

_BYTES_OF_A_CHARACTER = 6  # at most, as JSON


@dataclass(frozen=True, slots=True)
class Bounds:
    """`cpu` is in seconds of computing, `time` in seconds of the clock, `memory` in bytes, `text` in characters.
    `pages` are those of any document that has some: slides and sheets too."""

    cpu: int = limits.MOST_READING_CPU
    time: int = limits.MOST_READING_TIME
    memory: int = limits.MOST_JUDGING_MEMORY
    text: int = limits.MOST_TEXT
    pages: int = limits.MOST_PAGES

    def of_process(self) -> isolation.Bounds:
        """Those that the system keeps."""
        output = _BYTES_OF_A_CHARACTER * self.text + limits.MEGABYTE
        return isolation.Bounds(cpu=self.cpu, time=self.time, memory=self.memory, output=output)


SPACE_BOUNDS = Bounds(
    cpu=limits.MOST_SPACE_READING_CPU, time=limits.MOST_SPACE_READING_TIME, text=limits.MOST_SPACE_TEXT
)
"""Those for the documents of spaces, which are read in the background."""
