"""How gunicorn serves Parley: its own asyncio worker, and an end that loses no word.

Read by `gunicorn -c config/gunicorn.conf.py config.asgi:application`, which `python -m config.serve` starts.
"""

import asyncio
import importlib
import resource
import signal
import socket
from pathlib import Path
from typing import Any

from config import env
from config.serving.process import announce_serving_process

bind = env.text("BIND", f"127.0.0.1:{env.number('PORT', 8000, least=1, most=65535)}")
workers = env.number("WEB_CONCURRENCY", 1, least=1, most=64)
chdir = str(Path(__file__).resolve().parent.parent)
proc_name = "parley"

# Each viewer of a live answer holds a connection, and from a shell a process may usually open no more than 1,024 files.
_, _most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
_open_files = _most_files if _most_files != resource.RLIM_INFINITY else 65_536
resource.setrlimit(resource.RLIMIT_NOFILE, (_open_files, _most_files))

worker_class = "config.serving.connections.Worker"
asgi_loop = "uvloop"
asgi_lifespan = "on"

# A worker beats once a second. Only an event loop that stands still for this long (seconds) is a broken one.
timeout = 60
# Idle connections hold a shutdown up for this long (seconds); a browser or proxy simply opens another one.
keepalive = 2
graceful_timeout = 15
# Answers in progress get this much of it (seconds) to finish; the rest is for ending them and for closing down.
answers_may_finish_for = graceful_timeout - 5

# A viewer who takes nothing of what waits for them is dropped after this long (seconds), and so is one who vanished:
# each holds a piece of an answer in memory, and an answer's end would wait for them for ever.
viewers_may_stall_for = 30

# What a proxy says of a request is believed or not in one place, config/middleware/forwarded.py.
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""

loglevel = "warning"
accesslog = "-" if env.flag("ACCESS_LOG") else None
logger_class = "config.logs.gunicorn_logger.GunicornLogger"  # its lines hold no secret either
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Say who serves here, so that a reload finds its way."""
    announce_serving_process()


def post_worker_init(worker: Any) -> None:
    """Let the kernel drop viewers who take nothing, and tell the application at once when its worker has to leave.

    gunicorn itself first waits for open connections and shuts the application down after them, but a stream lasts as
    long as its answer: the worker would be killed in mid-answer, with every stream still open.
    """
    for listener in worker.sockets:
        if listener.sock.family != socket.AF_UNIX and hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux has it
            # Connections inherit it from the socket that accepts them.
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, viewers_may_stall_for * 1000)
    leaving = _Leaving(worker)
    worker.loop.add_signal_handler(signal.SIGTERM, leaving.begin, float(answers_may_finish_for))
    for in_a_hurry in (signal.SIGINT, signal.SIGQUIT):  # as after Ctrl-C; answers still end cleanly, with their words
        worker.loop.add_signal_handler(in_a_hurry, leaving.begin, 0.0)


class _Leaving:
    """Ends what the application does in one worker, while gunicorn closes its doors."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, grace: float) -> None:
        """Take no new connections, and let answers finish for `grace` seconds. A second call may shorten that."""
        self._worker.alive = False
        self._worker.nr_conns += 1  # gunicorn leaves when no connection is left: answers without a reader count too
        task = self._worker.loop.create_task(self._drain(grace))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, grace: float) -> None:
        try:
            await importlib.import_module("config.asgi").begin_drain(grace=grace)
        finally:
            self._worker.nr_conns -= 1
