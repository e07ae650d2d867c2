"""The text of one answer, which comes in pieces and once more as a whole, and must never be piece twice."""

from upstream.events import Event, ReasoningDelta, ReasoningReplaced, TextDelta, TextReplaced
from upstream.translation import think_tags
from upstream.translation.halves import Halves


class Words:
    """Gathers the text, reasoning tags and all, and tells what each piece adds to reasoning and answer."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._think = think_tags.ThinkTagParser()
        self._halves = Halves()

    def __len__(self) -> int:
        return self._length

    def append(self, text: str, events: list[Event]) -> None:
        """Take the next piece."""
        text = self._halves.feed(text)
        if not text:
            return
        self._pieces.append(text)
        self._length += len(text)
        if self._think.takes_as_answer(text):
            events.append(TextDelta(text))
        else:
            events += _events_of(self._think.feed(text), anew=self._length > len(text))

    def repair(self, whole: str, events: list[Event], *, ending: bool, final: bool) -> None:
        """Bring the text to what the whole says: a missing tail at any time; at the `ending` all of it. A whole that is
        shorter than the text wins only where it is `final`."""
        if not whole or (len(whole) <= self._length and not (final or ending)):
            return
        whole = Halves().feed(whole)  # one that is cut inside a character says no more than up to there
        text = "".join(self._pieces)
        self._pieces = [text]
        if whole == text:
            return
        self._halves = Halves()  # the whole says what its rest is
        if whole.startswith(text):
            self.append(whole[len(text) :], events)
        elif final or (ending and len(whole) >= len(text)):
            self._replace(text, whole, events)

    def finish(self) -> list[Event]:
        """What was held back, now that nothing more comes."""
        events: list[Event] = []
        if rest := self._halves.finish():
            self.append(rest, events)
        return events + _events_of(self._think.finish(), anew=True)

    def _replace(self, old: str, new: str, events: list[Event]) -> None:
        events += self.finish()
        self._pieces = [new]
        self._length = len(new)
        before, after = think_tags.split_thinking(old), think_tags.split_thinking(new)
        if after.reasoning and after.reasoning != before.reasoning:
            events.append(ReasoningReplaced(after.reasoning))
        if after.answer.startswith(before.answer):
            if after.answer != before.answer:
                events.append(TextDelta(after.answer[len(before.answer) :]))
        else:
            events.append(TextReplaced(after.answer))


def _events_of(piece: think_tags.ThinkSplit, *, anew: bool = False) -> list[Event]:
    """The events; with `anew` something was told before, which may turn out to be the other of both."""
    if anew and isinstance(piece, think_tags.Retold):
        return [ReasoningReplaced(piece.reasoning), TextReplaced(piece.answer)]
    events: list[Event] = []
    if piece.reasoning:
        events.append(ReasoningDelta(piece.reasoning))
    if piece.answer:
        events.append(TextDelta(piece.answer))
    return events
