"""The words of an answer as they come, for streams that can only add.

What was said cannot be taken back. Where the service tells a text anew, only what goes beyond the words that were said
is said; where it tells another one, the stream has to break off.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chat.answers.transcript import Entry, Kind


@dataclass(slots=True)
class Growth:
    """One text that grows: what the log says it is, and what was said of it."""

    text: str = ""
    said: str = ""

    def add(self, piece: str) -> str:
        """The log goes on with this piece. What is new to the listener."""
        if len(self.said) == len(self.text):
            self.text += piece
            self.said += piece
            return piece
        self.text += piece
        return self._beyond()

    def replace(self, text: str) -> str:
        """The log says that the text is this. What is new to the listener."""
        self.text = text
        return self._beyond()

    @property
    def is_another(self) -> bool:
        """Whether what was said is not how the text begins."""
        return not self.text.startswith(self.said)

    def _beyond(self) -> str:
        if len(self.text) <= len(self.said) or self.is_another:
            return ""
        piece = self.text[len(self.said) :]
        self.said = self.text
        return piece


@dataclass(slots=True)
class Words:
    """What an answer says and thinks, entry by entry. `ended` is whether the last entry has come."""

    text: Growth = field(default_factory=Growth)
    reasoning: Growth = field(default_factory=Growth)
    ended: bool = False

    def take(self, entries: Sequence[Entry]) -> tuple[str, str]:
        """The words that these entries add: of the text, and of the reasoning."""
        text, reasoning = "", ""
        for entry in entries:
            match entry.kind:
                case Kind.TEXT:
                    text += self.text.add(entry.data)
                case Kind.TEXT_REPLACED:
                    text += self.text.replace(entry.data)
                case Kind.REASONING:
                    reasoning += self.reasoning.add(entry.data)
                case Kind.REASONING_REPLACED:
                    reasoning += self.reasoning.replace(entry.data)
                case Kind.END:
                    self.ended = True
        return text, reasoning
