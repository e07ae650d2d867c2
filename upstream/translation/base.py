"""What the translation of every provider's answers into our events has in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

from upstream.events import Event
from upstream.sse import Message


class StreamFailed(Exception):
    """The upstream reported an error inside its answer. `data` is what it said."""

    def __init__(self, data: bytes) -> None:
        super().__init__("the upstream reported an error inside its answer")
        self.data = data


class Translation(ABC):
    """Turns one answer into events. `take` gets the stream's messages, `end` says that no more will come.

    `finished` holds once the end mark has come; `finishing` once a reason to finish has, after which a late object may
    still follow. `request_id` is the response's X-Request-ID.
    """

    def __init__(self, *, request_id: str = "") -> None:
        self.request_id = request_id
        self.finished = False

    @property
    def finishing(self) -> bool:
        """Whether the stream has said that the text is complete."""
        return False

    @property
    @abstractmethod
    def has_content(self) -> bool:
        """Whether anything came that a reader would miss."""

    @abstractmethod
    def take(self, message: Message) -> list[Event]:
        """The events in one message of the stream. Raises StreamFailed."""

    @abstractmethod
    def whole(self, body: bytes) -> list[Event]:
        """The events of an answer that comes in one piece; none when it is not one. Raises StreamFailed."""

    @abstractmethod
    def end(self) -> list[Event]:
        """What is left when the connection is over. It was the regular end when `finished` holds afterwards."""

    def take_all(self, messages: Iterable[Message], events: list[Event]) -> StreamFailed | None:
        """Add to `events` what the messages say, up to the end mark or the error, which is returned."""
        for message in messages:
            if self.finished:
                break
            try:
                events += self.take(message)
            except StreamFailed as failed:
                return failed
        return None
