"""Connections of which little is heard: gunicorn's own, with deadlines that it lacks.

gunicorn's asgi worker waits for the head of a first request, for a viewer who takes nothing, and for what stands before
a head that it cannot read, as long as the other side likes. Here a head is due in time, a process waits for so many
silent connections only, one that takes nothing of what waits for it is cut off, and whatever gunicorn's parser did not
foresee is answered as a bad request, with one line in the log.
"""

import array
import asyncio
import fcntl
import gc
import logging
import resource
import termios
from dataclasses import dataclass
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

logger = logging.getLogger(__name__)

HEAD_DEADLINE = 20.0  # seconds from the beginning of a connection to the end of its first request's head
MOST_SILENT = 512  # connections in one process whose request is not there yet; a browser opens six
SMALL_BODY = 64 * 1024  # bytes; whoever announces more is asked who they are, and has a place of their own
UNREAD_FOR = 30.0  # seconds between two looks at those who take what is sent more slowly than it comes
LEAST_TAKEN = 1000  # bytes a second that they take at least
LOOK_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long, in seconds, and how many connections a process waits for."""

    head: float = HEAD_DEADLINE
    unread: float = UNREAD_FOR
    look_every: float = LOOK_EVERY
    most_silent: int = MOST_SILENT


class Watch:
    """The silent connections of one process, in the order in which they fell silent, and those who take little."""

    def __init__(self, loop: asyncio.AbstractEventLoop, deadlines: Deadlines) -> None:
        self._loop = loop
        self._deadlines = deadlines
        self._silent: dict[Connection, float] = {}
        self._stalled: dict[Connection, tuple[float, int]] = {}
        self._next_look: asyncio.TimerHandle | None = None

    def fell_silent(self, connection: "Connection") -> None:
        """Wait for a request on it. If too many are waited for, the one that was silent for longest goes."""
        self._silent.pop(connection, None)
        self._silent[connection] = self._loop.time()
        if len(self._silent) > self._deadlines.most_silent:
            longest = next(iter(self._silent))
            del self._silent[longest]
            longest.turn_away()
        self._look_soon()

    def spoke(self, connection: "Connection") -> None:
        """Its request is there."""
        self._silent.pop(connection, None)

    def stalled(self, connection: "Connection") -> None:
        """More waits for it than it takes at once."""
        self._stalled.setdefault(connection, (self._loop.time(), connection.unsent()))
        self._look_soon()

    def takes_again(self, connection: "Connection") -> None:
        """It has taken what waited."""
        self._stalled.pop(connection, None)

    def _look_soon(self) -> None:
        if self._next_look is None:
            self._next_look = self._loop.call_later(self._deadlines.look_every, self._look)

    def _look(self) -> None:
        self._next_look = None
        now = self._loop.time()
        for connection in [c for c, since in self._silent.items() if now - since >= self._deadlines.head]:
            if connection.has_head:  # its body has a deadline of its own
                continue
            del self._silent[connection]
            connection.turn_away()
        for connection, (since, unsent) in [*self._stalled.items()]:
            if now - since < self._deadlines.unread:
                continue
            left = connection.unsent()
            if unsent - left < LEAST_TAKEN * (now - since) and left:
                del self._stalled[connection]
                connection.cut_off()
            else:
                self._stalled[connection] = (now, left)
        if self._silent or self._stalled:
            self._look_soon()


class Connection(ASGIProtocol):  # type: ignore[misc]  # gunicorn has no types
    """One connection of a browser or proxy. The worker has the watch that it reports to."""

    def __init__(self, worker: Any) -> None:
        super().__init__(worker)
        self._watch: Watch = worker.watch
        self._was_heard = False

    @property
    def has_head(self) -> bool:
        """Whether a request has begun whose body may still come."""
        return self._current_request is not None

    def unsent(self) -> int:
        """The bytes that wait for the other side, in the process and in the kernel."""
        waiting: int = self.transport.get_write_buffer_size()
        sock = self.transport.get_extra_info("socket")
        in_kernel = array.array("i", [0])
        try:
            fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, in_kernel)
        except (OSError, AttributeError):  # not a system that tells
            return waiting
        return waiting + in_kernel[0]

    def turn_away(self) -> None:
        """Close it, with the reason where a request had begun to come."""
        if self._was_heard and not self.has_head:
            self._send_error_response(408, "The request did not arrive in time.")
        self._close_transport()
        self._request_ready.set()  # as gunicorn does it after an idle time

    def cut_off(self) -> None:
        """Drop it and what waits for it."""
        logger.info("A connection was closed because its client did not read what was sent to it.")
        self.transport.abort()

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._watch.fell_silent(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        super().connection_lost(exc)
        self._watch.spoke(self)
        self._watch.takes_again(self)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self._was_heard = True
        super().data_received(data)

    def pause_writing(self) -> None:
        """The other side takes less than is sent."""
        super().pause_writing()
        self._watch.stalled(self)

    def resume_writing(self) -> None:
        """It has caught up."""
        super().resume_writing()
        self._watch.takes_again(self)

    def _on_headers_complete(self) -> Any:
        skip_body = super()._on_headers_complete()
        if (self._current_request.content_length or 0) > SMALL_BODY:
            self._watch.spoke(self)
        return skip_body

    def _on_message_complete(self) -> None:
        super()._on_message_complete()
        self._watch.spoke(self)

    def _arm_keepalive_timer(self) -> None:
        super()._arm_keepalive_timer()
        self._watch.fell_silent(self)

    def _close_transport(self) -> None:
        super()._close_transport()
        if self.transport.get_write_buffer_size():
            self._watch.stalled(self)

    def _feed_callback_parser(self, data: bytes) -> bool:
        try:
            return bool(super()._feed_callback_parser(data))
        except Exception as error:  # whatever the parser did not foresee, such as a length of 5,000 digits
            self._send_error_response(400, f"The request cannot be read ({type(error).__name__}).")
            self._close_transport()
            return False

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        if status < 500 or status == 501:
            logger.warning("Refused %s: %d %s", self._peer(), status, message[:200].encode("unicode_escape").decode())
        super()._send_error_response(status, message, extra_headers)

    def _peer(self) -> str:
        peer = self.transport.get_extra_info("peername")
        return str(peer[0]) if isinstance(peer, tuple) else "a connection"


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]
    """gunicorn's asgi worker, whose connections are watched."""

    watch: Watch

    def init_process(self) -> None:
        """Serve. gunicorn has no setting for what it makes of a connection: it looks it up under this name.

        What is loaded now stays: to look through it for what may go takes a sixth of the time until the program serves,
        and finds nothing. `config.asgi` begins to look when everything is there.
        """
        gc.disable()
        gasgi.ASGIProtocol = Connection
        super().init_process()

    def _setup_event_loop(self) -> None:
        super()._setup_event_loop()
        most_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.watch = Watch(self.loop, Deadlines(most_silent=min(MOST_SILENT, most_files // 4)))
