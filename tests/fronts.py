"""nginx and Caddy in front of a server, run by the blocks that the README gives."""

import functools
import os
import re
import ssl
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.serving import CSRF, PATIENCE, Server, free_port, wait_for_port
from tests.stores import ROOT

PREFIX = "/parley"
KINDS = ("nginx", "caddy")
Change = Callable[[str], str]


def readme_block(begins: str) -> str:
    """The README's block whose first line is this."""
    block = re.search(
        rf"^    {re.escape(begins)}\n(?:    .*\n|\n(?=    ))+", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    assert block, begins
    return textwrap.dedent(block[0])


def settings_for(prefix: str = "") -> dict[str, str]:
    """The settings of a Parley behind front servers: behind several if need be, each of which tells its own port."""
    return {"SITE_URL": f"https://127.0.0.1{prefix}", "ALLOWED_HOSTS": "127.0.0.1", "TRUSTED_PROXIES": "127.0.0.1"}


class Front:
    """A front server that speaks HTTPS by the README's block, with nothing but ports and certificates filled in.

    `server` has the settings of `settings_for`. With a `prefix` Parley is below that path; `change` alters the block.
    """

    def __init__(
        self,
        kind: str,
        folder: Path,
        server: Server,
        *,
        prefix: str = "",
        change: Change = str,
    ) -> None:
        self.kind = kind
        self.port = free_port()
        self.prefix = prefix
        self.origin = f"https://127.0.0.1:{self.port}"
        self.url = f"{self.origin}{prefix}"
        self.server = server
        self._certificate, self._key = _certificate(folder.parent)
        self._clients: list[httpx.Client] = []
        folder.mkdir()
        log = folder / "output"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._nginx(folder, change) if kind == "nginx" else self._caddy(folder, change),
                cwd=folder,
                env=_environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        wait_for_port(self.port, self._process, log)

    def client(self, name: str | None = None, *, http2: bool = True, from_address: str | None = None) -> httpx.Client:
        """A client that is signed in as the person, on a connection from this address of the machine."""
        transport = httpx.HTTPTransport(verify=self._trust(), http2=http2, local_address=from_address)
        client = httpx.Client(
            base_url=self.url,
            cookies=self.cookies(name),
            headers={"X-CSRFToken": CSRF, "Origin": self.origin},
            timeout=PATIENCE,
            transport=transport,
            trust_env=False,
        )
        self._clients.append(client)
        return client

    def cookies(self, name: str | None) -> dict[str, str]:
        """The cookies of somebody who is signed in, or of somebody who is not."""
        return self.server.cookies(name)

    def close(self) -> None:
        """End the front server."""
        for client in self._clients:
            client.close()
        self._process.terminate()
        self._process.wait(PATIENCE)

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self._certificate))

    def _nginx(self, folder: Path, change: Change) -> list[str]:
        block = readme_block("server {")
        for ours, theirs in {
            "listen 443": f"listen 127.0.0.1:{self.port}",
            "parley.example": "127.0.0.1",
            "/etc/ssl/127.0.0.1.pem": str(self._certificate),
            "/etc/ssl/127.0.0.1.key": str(self._key),
            "127.0.0.1:8000": f"127.0.0.1:{self.server.port}",
            "location / ": f"location {self.prefix}/ ",
        }.items():
            assert ours in block
            block = block.replace(ours, theirs)
        (folder / "nginx.conf").write_text(
            "daemon off; pid nginx.pid; error_log stderr; events {}\n"
            + ("user root;\n" if os.geteuid() == 0 else "")
            + "http {\naccess_log access.log; client_body_temp_path body; proxy_temp_path proxy;\n"
            + "fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n"
            + f"{change(block)}}}\n"
        )
        return ["nginx", "-p", f"{folder}/", "-c", "nginx.conf"]

    def _caddy(self, folder: Path, change: Change) -> list[str]:
        block = readme_block("parley.example {")
        inside = block.partition("\n")[2].rpartition("}")[0]
        assert "127.0.0.1:8000" in inside
        inside = inside.replace("127.0.0.1:8000", f"127.0.0.1:{self.server.port}")
        if self.prefix:
            inside = f"redir {self.prefix} {self.prefix}/\nhandle_path {self.prefix}/* {{\n{inside}}}\n"
        (folder / "Caddyfile").write_text(
            "{\nadmin off\nauto_https disable_redirects\nservers {\nprotocols h1 h2\n}\n}\n"
            + change(f"{self.origin} {{\nbind 127.0.0.1\ntls {self._certificate} {self._key}\n{inside}}}\n")
        )
        return ["caddy", "run", "--config", "Caddyfile"]


def _environment(folder: Path) -> dict[str, str]:
    """Where servers are found, and where Caddy keeps what it makes."""
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"
    return {"PATH": path, **dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder))}


@functools.cache
def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own for this machine, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    kind = ["-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    name = ["-subj", "/CN=Parley", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", *kind, *name, "-out", str(certificate), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key
