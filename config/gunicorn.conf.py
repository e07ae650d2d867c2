"""How gunicorn serves Parley: its own asyncio worker, and an end that loses no word.

Read by `gunicorn -c config/gunicorn.conf.py config.asgi:application`, which `python -m config.serve` starts.
"""

import asyncio
import importlib
import os
import signal
from pathlib import Path
from typing import Any

from config import environment

bind = environment.text("BIND", f"127.0.0.1:{environment.number('PORT', 8000, least=1, most=65535)}")
workers = environment.number("WEB_CONCURRENCY", 1, least=1, most=64)
chdir = str(Path(__file__).resolve().parent.parent)
proc_name = "parley"

worker_class = "asgi"
asgi_loop = "uvloop"
asgi_lifespan = "on"
raw_env = [f"DJANGO_SETTINGS_MODULE={os.environ.get('DJANGO_SETTINGS_MODULE', 'config.settings')}"]

# A worker beats once a second. Only an event loop that stands still for this long (seconds) is a broken one.
timeout = 60
# Idle connections hold a shutdown up for this long (seconds); a browser or proxy simply opens another one.
keepalive = 2
graceful_timeout = 15
# Answers in progress get this much of it (seconds) to finish; the rest is for ending them and for closing down.
answers_may_finish_for = graceful_timeout - 5
watch_every = 0.2

loglevel = "warning"
accesslog = "-" if environment.flag("ACCESS_LOG") else None
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Tell the application when its worker is asked to leave.

    gunicorn itself waits for open connections first and shuts the application down after them, but a stream lasts
    as long as its answer. Without this the worker would be killed in mid-answer with every stream still open.
    """
    leaving = _Leaving(worker)
    for number in (signal.SIGINT, signal.SIGQUIT):
        worker.loop.add_signal_handler(number, leaving.hurry)
    worker.parley_watch = worker.loop.create_task(leaving.watch())


class _Leaving:
    """Watches one worker until it is asked to leave, then ends what the application still does."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self._grace = float(answers_may_finish_for)

    def hurry(self) -> None:
        """Leave without letting answers finish, as after Ctrl-C. They still end cleanly and keep their words."""
        self._grace = 0.0
        self._worker.alive = False

    async def watch(self) -> None:
        """Sleep until the worker is asked to leave, then drain the application."""
        while self._worker.alive:  # noqa: ASYNC110 - gunicorn only lowers a flag
            await asyncio.sleep(watch_every)
        await importlib.import_module("config.asgi").begin_drain(grace=self._grace)
