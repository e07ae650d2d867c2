"""Bytes of a text/event-stream into its messages, whatever way the bytes were cut on the road.

Every stream of a process passes through here, so a message that comes alone, as most do, costs a search and a slice,
and nothing is decoded: the data of a message stays bytes, which is what a JSON parser wants.
"""

from typing import NamedTuple

BOM = b"\xef\xbb\xbf"
LARGEST_MESSAGE = 8 * 1024 * 1024  # bytes


class Message(NamedTuple):
    """One message. `data` is UTF-8, its lines joined by a line feed."""

    event: str
    data: bytes


class MessageTooLarge(Exception):
    """A message outgrew the limit. The stream cannot be read any further."""


class Messages:
    """Reads one stream. `feed` takes bytes as they come, `close` tells that no more will come.

    Line ends may be LF, CRLF or CR. Comments, `id` and `retry` are passed over.
    """

    def __init__(self, *, limit: int = LARGEST_MESSAGE) -> None:
        self._limit = limit
        self._head: bytes | None = b""  # what may be the beginning of a byte order mark; None once that is settled
        self._skip_feed = False  # the last byte was CR: a line feed right after it belongs to it
        self._tail: list[bytes] = []  # pieces of a line whose end has not come
        self._tail_size = 0
        self._data: list[bytes] = []
        self._data_size = 0
        self._event = ""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that these bytes complete. Raises MessageTooLarge."""
        if self._head is not None:
            data = self._without_bom(data)
        if self._skip_feed or b"\r" in data:
            data = self._with_plain_line_ends(data)
        end = data.find(b"\n")
        if end < 0:
            self._keep(data)
            return []
        if self._tail:
            end += self._tail_size
            data = b"".join((*self._tail, data))
            self._tail.clear()
            self._tail_size = 0
        is_one_line = end == len(data) - 2 and data.endswith(b"\n") and data.startswith(b"data: ")
        if is_one_line and end - 6 <= self._limit and not (self._data or self._event):
            return [Message("message", data[6:end])]  # one message and nothing else, as is common
        *lines, rest = data.split(b"\n")
        found: list[Message] = []
        for line in lines:
            if line:
                self._take(line)
            elif self._data:
                found.append(self._message())
            else:
                self._event = ""
        if rest:
            self._keep(rest)
        return found

    def close(self) -> list[Message]:
        """The last message, where the blank line after it is missing. Raises MessageTooLarge."""
        rest = (self._head or b"") + b"".join(self._tail)
        if rest:
            self._take(rest)
        return [self._message()] if self._data else []

    def _without_bom(self, data: bytes) -> bytes:
        data = (self._head or b"") + data
        if BOM.startswith(data):
            self._head = data
            return b""
        self._head = None
        return data.removeprefix(BOM)

    def _with_plain_line_ends(self, data: bytes) -> bytes:
        if self._skip_feed and data:
            self._skip_feed = False
            data = data.removeprefix(b"\n")
        if data.endswith(b"\r"):
            self._skip_feed = True
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _keep(self, piece: bytes) -> None:
        self._tail.append(piece)
        self._tail_size += len(piece)
        if self._tail_size + self._data_size > self._limit:
            raise MessageTooLarge

    def _take(self, line: bytes) -> None:
        if line.startswith(b"data: "):
            value = line[6:]
        else:
            name, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if name == b"event":
                self._event = value.decode("utf-8", "replace")
            if name != b"data":
                return
        self._data.append(value)
        self._data_size += len(value)
        if self._data_size > self._limit:
            raise MessageTooLarge

    def _message(self) -> Message:
        data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        message = Message(self._event or "message", data)
        self._data.clear()
        self._data_size = 0
        self._event = ""
        return message
