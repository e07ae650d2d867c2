"""Where the blocks of a growing Markdown text end, known as soon as the text shows it, whatever comes after."""

import re
from enum import Enum, auto
from typing import NamedTuple

from chat.rendering import details
from chat.rendering.fences import BLANK, OpenFence, width
from chat.rendering.markdown_parser import StepBudget, parse_blocks
from chat.rendering.text import tidy
from core.cpu_budget import OverBudget

MOST_STEPS = 5_000  # lines that the parser looks at to be asked, each as often as it does

_LINE_END = re.compile(r"\r\n|\n|\r(?=[^\n])")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*\Z)|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|\Z)")
_ITEM = re.compile(r" {0,3}(?:[-+*]|\d{1,9}[.)])(?:[ \t]|\Z)")
_INNER_FENCE = re.compile(r"[ \t>]*(?:`{3}|~{3})")
_LONGEST_BEGINNING = 6  # characters, of what the next two match
_LONGEST_BEGINNING = 6  # characters, of what the next two match
_PROSE = re.compile(r"(?:\*\*)?[^\W\d_]")
_ITEM_OF_PROSE = re.compile(r"(?:[-+*]|1[.)]) (?:\*\*)?[^\W\d_]")


class Cut(NamedTuple):
    """A closed block: its place in the text, and how many characters had to be seen to know that it is closed."""

    start: int
    end: int
    closed_at: int


class State(Enum):
    """What the open block is."""

    NONE = auto()  # between blocks
    TEXT = auto()  # paragraphs, quotations, tables, formulas: an empty line ends them all
    FENCE = auto()  # a code fence
    CODE = auto()  # indented code
    DETAILS = auto()  # what can be opened, with all that it holds
    LOOSE = auto()  # lists and whatever else goes on after an empty line


class BlockSplitter:
    """Finds closed blocks in a text that grows. What it finds depends on the text alone, not on how it arrived.

    It decides by whole lines and errs on the side of keeping blocks together. Only a paragraph behind a list and a list
    behind a paragraph, which most lists are, end what they follow by their first letter: a line may go on for long. The
    one thing that its rules cannot see is whether a code fence below a list item is inside the list; where that matters
    the parser is asked.
    """

    def __init__(self) -> None:
        self.start = 0
        self.state = State.NONE
        self._fence = OpenFence("```", "")
        self._details = details.OpenDetails()
        self.first_line_end = 0
        self._line_start = 0
        self._searched = 0
        self._after_blank = False
        self._is_prose = False
        self._doubtful = False
        self._ask_again_at = 0

    def feed(self, text: str) -> list[Cut]:
        """The blocks that are closed now. `text` is the whole text so far and begins with what was fed before."""
        cuts: list[Cut] = []
        while match := _LINE_END.search(text, self._searched):
            known_at = match.end() + (match.group() == "\r")
            self._take(text, text[self._line_start : match.start()], match.end(), known_at, cuts)
            self._line_start = self._searched = match.end()
        self._searched = max(self._line_start, len(text) - text.endswith("\r"))
        if seen := self._seen_to_end(text[self._line_start : self._line_start + _LONGEST_BEGINNING]):
            self._cut(self._line_start, self._line_start + seen, cuts)
        return cuts

    def _take(self, text: str, line: str, end: int, known_at: int, cuts: list[Cut]) -> None:
        if self.state is State.DETAILS:
            if self._details.ends_with(line, self._line_start):
                self._cut(end, known_at, cuts)
        elif not line.strip(BLANK):
            self._take_blank(end, known_at, cuts)
        elif self.state is State.FENCE:
            if self._fence.ends_with(line):
                self._cut(end, known_at, cuts)
        elif self.state is State.NONE:
            self._open(line, end, known_at, cuts)
        elif seen := self._seen_to_end(line):
            self._cut(self._line_start, self._line_start + seen, cuts)
            self._open(line, end, known_at, cuts)
        elif self._ends_before(text, line, end):
            self._cut(self._line_start, known_at, cuts)
            self._open(line, end, known_at, cuts)
        else:
            self._go_on(line)

    def _seen_to_end(self, line: str) -> int:
        """How many characters of this line, which need not be whole, show that the open block ends before it; 0 if only
        the whole line can."""
        if self.state is State.LOOSE and self._after_blank and not self._doubtful:
            beginning = _PROSE.match(line)
        elif self.state is State.TEXT and self._is_prose:
            beginning = _ITEM_OF_PROSE.match(line)
        else:
            return 0
        return beginning.end() if beginning else 0

    def _take_blank(self, end: int, known_at: int, cuts: list[Cut]) -> None:
        self._after_blank = True
        if self.state is State.TEXT:
            self._cut(self._line_start, known_at, cuts)
        if self.state is State.NONE:
            self.start = end

    def _ends_before(self, text: str, line: str, end: int) -> bool:
        """Whether the open block ends before this line, which is not empty."""
        indent = width(line)
        interrupts = bool(_FENCE.match(line) or _HEADING.match(line) or details.OPENING.match(line))
        if self.state is State.TEXT:
            return interrupts
        if self.state is State.CODE:
            return indent < 4
        if indent > 1 or not (interrupts or (self._after_blank and not _ITEM.match(line))):
            return False
        return not self._doubtful or self._begins_a_block(text, end)

    def _begins_a_block(self, text: str, end: int) -> bool:
        """Ask the parser whether the last line up to `end` begins a block of the top level.

        After a no it is asked again only when the open text has doubled, so that this stays linear.
        """
        if end - self.start < self._ask_again_at:
            return False
        number = tidy(text[self.start : self._line_start]).count("\n")
        try:
            tokens = parse_blocks(tidy(text[self.start : end]), {}, StepBudget(MOST_STEPS))
        except OverBudget:
            tokens = []
        if any(token.level == 0 and token.map and token.map[0] == number for token in tokens):
            return True
        self._ask_again_at = 2 * (end - self.start)
        return False

    def _open(self, line: str, end: int, known_at: int, cuts: list[Cut]) -> None:
        self.start = self._line_start
        self.first_line_end = end
        self._after_blank = self._doubtful = False
        self._is_prose = True
        self._ask_again_at = 0
        if width(line) >= 4:
            self.state = State.CODE
        elif fence := _FENCE.match(line):
            self.state, self._fence = State.FENCE, OpenFence(fence.group(1), line[fence.end() :])
        elif details.OPENING.match(line):
            self.state, self._details = State.DETAILS, details.OpenDetails()
            if self._details.ends_with(line, self._line_start):
                self._cut(end, known_at, cuts)
        elif _HEADING.match(line):
            self._cut(end, known_at, cuts)
        else:
            self.state = State.TEXT
            self._go_on(line)

    def _go_on(self, line: str) -> None:
        self._after_blank = False
        self._is_prose = self._is_prose and bool(_PROSE.match(line))
        if self.state is State.TEXT and (width(line) >= 4 or _ITEM.match(line)):
            self.state = State.LOOSE
        if self.state is State.LOOSE and _INNER_FENCE.match(line):
            self._doubtful = True

    def _cut(self, end: int, known_at: int, cuts: list[Cut]) -> None:
        cuts.append(Cut(self.start, end, known_at))
        self.start = end
        self.state = State.NONE
