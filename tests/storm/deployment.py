"""What the storm blows at: two Parleys behind nginx, on SQLite, or on PostgreSQL and object storage of their own."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tests.objects import Bucket, ObjectServer
from tests.postgres_cluster import Cluster
from tests.serving import Server, free_port, wait_for_port
from tests.stores import Store
from tests.storm.lossy_proxy import LossyProxy

DISK = "512m"
MOST_CONNECTIONS = 60
AN_HOUR_AHEAD = {"PYTHONPATH": "tests/faults/shifted_clock", "SHIFTED_BY": "3600"}

_NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/temp;
  fastcgi_temp_path {folder}/temp;
  uwsgi_temp_path {folder}/temp;
  scgi_temp_path {folder}/temp;
  upstream parley {{ {backends} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://parley;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host:$server_port;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_buffering off;
      proxy_read_timeout 1h;
      client_max_body_size 72m;
    }}
  }}
}}
"""


class Deployment:
    """Two servers, what they stand on, and nginx before them at `url`.

    On PostgreSQL `database` is the way to it, which can be cut, and `storage` the way to the files; `cluster` is the
    database server. On SQLite those are None, and everything lies on a small disk of its own.
    """

    def __init__(self, folder: Path, *, postgresql: bool) -> None:
        self.folder = folder
        self.postgresql = postgresql
        self.url = ""
        self.servers: list[Server] = []
        self.cluster: Cluster | None = None
        self.database: LossyProxy | None = None
        self.storage: LossyProxy | None = None
        self.disk = folder / "disk"
        self._objects: ObjectServer | None = None
        self._bucket: Bucket | None = None
        self._nginx: subprocess.Popen[bytes] | None = None

    async def start(self, env: Mapping[str, str]) -> "Deployment":
        """Start everything."""
        self.disk.mkdir(parents=True)
        os.environ.pop("DATABASE_URL", None)
        if self.postgresql:
            self.store, env = await self._on_postgresql(env)
        else:
            _run("mount", "-t", "tmpfs", "-o", f"size={DISK}", "storm", str(self.disk))
            self.store = Store.template(self.disk / "data")
        port = free_port()
        env = {"ALLOWED_HOSTS": "127.0.0.1", "SITE_URL": f"http://127.0.0.1:{port}", **env}
        first = Server(self._behind(self.store), env=env, logs=self.folder).start()
        self.servers = [first, first.twin(env=AN_HOUR_AHEAD if self.postgresql else None)]
        self._start_nginx(port)
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def close(self) -> None:
        """End everything."""
        if self._nginx:
            self._nginx.terminate()
            self._nginx.wait(10)
        for server in self.servers[:1]:
            server.release()
            server.kill()
        for way in (self.database, self.storage):
            if way:
                await way.close()
        if self._objects:
            self._objects.stop()
        if self.cluster:
            self.cluster.remove()
        if not self.postgresql and self.disk.is_mount():
            _run("umount", "--lazy", str(self.disk))

    def workers(self) -> list[int]:
        """The process ids of all workers."""
        return [pid for server in self.servers if server.is_running for pid in workers_of(server)]

    def logs(self) -> str:
        """What all servers have printed."""
        return "\n".join(server.log() for server in self.servers)

    def kept_hashes(self) -> dict[str, set[str]]:
        """The hashes under which there are files, by area."""
        files = self.store.folder.rglob("media/*/*/*")
        names = self._bucket.names() if self._bucket else [str(path) for path in files]
        kept: dict[str, set[str]] = {"attachments": set(), "images": set()}
        for name in names:
            area, _, file = name.rsplit("/", 2)
            if area.rpartition("/")[2] in kept:
                kept[area.rpartition("/")[2]].add(file.partition(".")[0])
        return kept

    async def _on_postgresql(self, env: Mapping[str, str]) -> tuple[Store, Mapping[str, str]]:
        self.cluster = Cluster(f"max_connections={MOST_CONNECTIONS}")
        self.database = await LossyProxy(self.cluster.port).start()
        store = self.cluster.store(self.disk / "data")
        self._objects = ObjectServer(self.folder)
        self.storage = await LossyProxy(self._objects.port).start()
        self._bucket = self._objects.bucket()
        files = {
            **self._bucket.environment(),
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{self.storage.port}",
        }
        return store, {**env, **files}

    def _behind(self, store: Store) -> Store:
        """The same store, by the way that can be cut."""
        if not self.database:
            return store
        url = urlsplit(store.database_url)
        return Store(
            store.folder, database_url=url._replace(netloc=f"{url.username}@127.0.0.1:{self.database.port}").geturl()
        )

    def _start_nginx(self, port: int) -> None:
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "nginx is not here: install the package nginx"
        backends = " ".join(f"server 127.0.0.1:{server.port} max_fails=0;" for server in self.servers)
        settings = self.folder / "nginx.conf"
        settings.write_text(_NGINX.format(folder=self.folder, backends=backends, port=port))
        log = self.folder / "nginx.log"
        with log.open("ab") as output:
            self._nginx = subprocess.Popen(
                [program, "-e", str(log), "-c", str(settings)], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        wait_for_port(port, self._nginx, log)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


def workers_of(server: Server) -> list[int]:
    """The process ids of a server's workers."""
    try:
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    except OSError:
        return []
    return [int(pid) for pid in children.split()]
