"""A way to a database that loses things: it can be shut, and it can swallow the reply to a COMMIT."""

import asyncio
import contextlib

_AT_ONCE = 65536


class LossyProxy:
    """Carries connections on `port` to another port of the loopback.

    `shut` refuses and ends connections while it is true. `lose_a_commit` lets the next COMMIT through to the server,
    swallows what the server says to it, and cuts that connection.
    """

    def __init__(self, target: int) -> None:
        self.port = 0
        self.lost = 0
        self._target = target
        self._shut = False
        self._to_lose = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> "LossyProxy":
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        """End it with every connection."""
        assert self._server
        self._server.close()
        self._cut_all()
        await self._server.wait_closed()

    @property
    def shut(self) -> bool:
        """Whether nobody gets through."""
        return self._shut

    @shut.setter
    def shut(self, value: bool) -> None:
        self._shut = value
        if value:
            self._cut_all()

    def lose_a_commit(self) -> None:
        """Swallow the reply to the next COMMIT that comes by."""
        self._to_lose += 1

    def _cut_all(self) -> None:
        for writer in [*self._open]:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._shut:
            writer.transport.abort()
            return
        try:
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, to_writer}
        swallowing = asyncio.Event()
        both = (
            asyncio.create_task(self._forth(reader, to_writer, swallowing)),
            asyncio.create_task(self._back(to_reader, writer, swallowing)),
        )
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        for end in (writer, to_writer):
            self._open.discard(end)
            end.transport.abort()

    async def _forth(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lose: asyncio.Event) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_AT_ONCE):
                if self._to_lose and b"COMMIT" in data:
                    self._to_lose -= 1
                    lose.set()
                writer.write(data)
                await writer.drain()

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lose: asyncio.Event) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_AT_ONCE):
                if lose.is_set():
                    self.lost += 1
                    return
                writer.write(data)
                await writer.drain()
