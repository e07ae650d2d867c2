"""A mail server for tests: it speaks enough SMTP to take messages, and refuses them as it is told to."""

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class MailServer:
    """What arrived at `port`, as it arrived. `refused` are addresses that it does not take."""

    refused: set[str] = field(default_factory=set)
    messages: list[EmailMessage] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)
    port: int = 0

    def __enter__(self) -> "MailServer":
        owner = self

        class Conversation(_Conversation):
            mail_server = owner

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Be gone, as a mail server that is restarted."""
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, count: int) -> list[EmailMessage]:
        """The messages, as soon as there are so many."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.messages) >= count, timeout=20), "no such mail came"
        return self.messages

    def text_to(self, address: str) -> str:
        """The text of the last message to the address."""
        return str([one for one in self.messages if one["To"] == address][-1].get_content())


class _Conversation(socketserver.StreamRequestHandler):
    mail_server: MailServer

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            command, _, rest = line.decode().strip().partition(" ")
            match command.upper():
                case "EHLO" | "HELO" | "MAIL" | "RSET" | "NOOP":
                    self._say("250 ok")
                case "RCPT":
                    address = rest.partition("<")[2].partition(">")[0]
                    self._say("550 nobody of that name" if address in self.mail_server.refused else "250 ok")
                case "DATA":
                    self._say("354 go on")
                    self._take()
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("502 what?")

    def _take(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message: Any = message_from_bytes(b"".join(lines), policy=policy.default)
        with self.mail_server.arrived:
            self.mail_server.messages.append(message)
            self.mail_server.arrived.notify_all()

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
