"""Stands before PostgreSQL and loses the reply to a COMMIT, as a failover or a proxy that dies does; or lets nobody
in, as a server does whose connections are used up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MOST_KEPT = 1_000_000  # bytes of a transaction that are searched


@dataclass(eq=False)
class _Link:
    """A client and its server. `statements` are those of the transaction that is open."""

    client: socket.socket
    server: socket.socket
    statements: bytes = b""
    commits: list[bytes] = field(default_factory=list)
    loses_reply: bool = False

    def cut(self) -> None:
        for end in (self.client, self.server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class DatabaseProxy:
    """Passes everything on, but for what `losing_a_commit_of` asks for. `url` is the database's address through it."""

    def __init__(self, database_url: str) -> None:
        parts = urlsplit(database_url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._door = socket.create_server(("127.0.0.1", 0))
        credentials, at, _place = parts.netloc.rpartition("@")
        self.url = parts._replace(netloc=f"{credentials}{at}127.0.0.1:{self._door.getsockname()[1]}").geturl()
        self._marker = b""
        self._is_lost = threading.Event()
        self._is_full = False
        self._links: list[_Link] = []
        threading.Thread(target=self._let_in, daemon=True).start()

    @contextmanager
    def losing_a_commit_of(self, marker: bytes, *, within: float = 20.0) -> Iterator[None]:
        """Pass on the next COMMIT of a transaction in which this was said, swallow the reply and cut that connection.

        Fails where there was none `within` so many seconds after the block.
        """
        self._is_lost.clear()
        self._marker = marker
        yield
        assert self._is_lost.wait(within), f"nobody committed {marker!r}"

    @contextmanager
    def full_for_whoever_committed(self, marker: bytes) -> Iterator[None]:
        """Cut the connections on which such a transaction was committed, and let nobody in."""
        self._is_full = True
        for link in self._links:
            if any(marker in transaction for transaction in link.commits):
                link.cut()
        yield
        self._is_full = False

    def close(self) -> None:
        """Let nobody in any more, and cut those who are."""
        self._door.close()
        for link in self._links:
            link.cut()

    def _let_in(self) -> None:
        while True:
            try:
                client, _address = self._door.accept()
            except OSError:
                return
            if self._is_full:
                client.close()
                continue
            link = _Link(client, socket.create_connection(self._target))
            self._links.append(link)
            threading.Thread(target=self._ask, args=[link], daemon=True).start()
            threading.Thread(target=self._reply, args=[link], daemon=True).start()

    def _ask(self, link: _Link) -> None:
        try:
            while data := link.client.recv(65536):
                link.statements = (link.statements + data)[-MOST_KEPT:]
                if b"COMMIT" in data:
                    if self._marker and self._marker in link.statements:
                        self._marker = b""
                        link.loses_reply = True
                    link.commits.append(link.statements)
                    link.statements = b""
                link.server.sendall(data)
        except OSError:
            pass
        link.cut()

    def _reply(self, link: _Link) -> None:
        try:
            while data := link.server.recv(65536):
                if link.loses_reply and b"COMMIT\0" in data:
                    break
                link.client.sendall(data)
        except OSError:
            pass
        link.cut()
        if link.loses_reply:
            self._is_lost.set()
