"""Starts Parley: `python -m config.serve`. Or has it go on with a new program: `python -m config.serve reload`. Where
it is installed as a package, `parley serve` does the same.

Looks whether the settings can work, brings database and static files up to date, says where Parley is and how to sign
in the first time, and then becomes gunicorn. Whatever is wrong is told in a sentence.
"""

import errno
import gc
import importlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core import checks
from django.core.checks.registry import registry
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from config import data_folder, env
from config.file_lock import START_LOCK, file_lock
from config.serving.process import find_serving_process
from config.serving.static_collection import collect_static
from config.serving.transaction_pooling import SENTENCE, shares_sessions

ROOT = Path(__file__).resolve().parent.parent
RELOAD = "reload"
_LEFT_OUT = {checks.Tags.admin, checks.Tags.urls, checks.Tags.templates, checks.Tags.database}  # of Django's checks
STARTING = 7_275_539  # any number, as long as no other program locks it in this database


def main() -> None:
    """Prepare everything and serve until told to stop, or tell who serves to go on with the new program."""
    gc.disable()  # what is loaded now stays: to look through it for what may go finds nothing
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:] not in ([], [RELOAD]):
        sys.exit(f"Usage: {'parley serve' if env.is_installed() else 'python -m config.serve'} [{RELOAD}]")
    try:
        if sys.argv[1:] == [RELOAD]:
            reload()
            return
        prepare()
    except (ImproperlyConfigured, CommandError, DatabaseError, OSError) as error:
        sys.exit(f"Parley cannot {sys.argv[1] if sys.argv[1:] else 'start'}. {_sentence(error)}")
    sys.stdout.flush()
    sys.stderr.flush()
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "config.asgi:application"]
    os.execv(sys.executable, gunicorn)  # noqa: S606 - our own words, and no shell


def prepare() -> None:
    """Everything that has to be in place before the first request.

    Raises ImproperlyConfigured, CommandError, DatabaseError or OSError when Parley cannot run as it is set up.
    """
    _load()
    from django.conf import settings

    if os.environ.get("LISTEN_PID") != str(os.getpid()):  # else systemd listens for us, and hands the socket over
        _refuse_taken(env.text("BIND", f"127.0.0.1:{settings.PORT}"))
    _bring_up_to_date()
    if env.is_installed():
        print(f"Everything is kept in {settings.DATA_DIR}.")
    print(f"Parley is at {settings.SITE_URL} (Ctrl-C stops it).")
    call_command("first_sign_in")


def reload() -> None:
    """Bring everything up to date while the program from before serves on, and then have it replaced: its processes
    take no more requests and let their answers finish, while new ones begin behind the same open door.

    Settings stay those with which the server was started. Raises what `prepare` does; then all goes on as before.
    """
    _load()
    master = find_serving_process()
    if master is None:
        raise ImproperlyConfigured(
            "It is not running with these settings, so there is nothing to reload. Start Parley."
        )
    _bring_up_to_date()
    importlib.import_module("config.asgi")  # a program that cannot be loaded would end the one that serves
    os.kill(master, signal.SIGHUP)
    print("Parley now runs the new program.")


def _load() -> None:
    django.setup()
    gc.freeze()
    gc.enable()  # a migration leaves a lot behind


def _bring_up_to_date() -> None:
    """Settings looked through, database migrated, static files collected."""
    from django.conf import settings

    Path(settings.DATA_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
    data_folder.keep_private(Path(settings.DATA_DIR), everywhere=True)
    _refuse_contradictions(production=settings.SERVED_OVER_HTTPS)
    if shares_sessions():
        raise ImproperlyConfigured(SENTENCE)
    with _only_start(Path(settings.DATA_DIR)):
        call_command("migrate", interactive=False, verbosity=0)
        collect_static(Path(settings.STATIC_ROOT))
    _look_at_connections()


def _refuse_contradictions(*, production: bool) -> None:
    """Raises ImproperlyConfigured when a system check says that Parley cannot work like this; warnings are printed.

    Pages and addresses are left to the server, which loads them anyway: here they would take as long as all the rest.
    """
    wanted = [check for check in registry.get_checks(production) if not _LEFT_OUT.intersection(check.tags)]
    found = [message for check in wanted for message in check(app_configs=None, databases=None)]
    for message in found:
        if checks.WARNING <= message.level < checks.ERROR and not message.is_silenced():
            print(f"Note: {message.msg}")
    errors = [message.msg for message in found if message.level >= checks.ERROR]
    if errors:
        raise ImproperlyConfigured("\n".join(errors))


def _look_at_connections() -> None:
    """Print a note when PostgreSQL has fewer connections than a busy server takes. Raises ImproperlyConfigured when it
    has fewer than any server needs."""
    if connection.vendor != "postgresql":
        return
    from config.serving.connection_budget import connection_budget  # which loads most of the program

    budget = connection_budget()
    if budget and budget.is_hopeless:
        raise ImproperlyConfigured(budget.sentence)
    if budget and budget.is_short:
        print(f"Note: {budget.sentence}")


def _refuse_taken(address: str) -> None:
    """Raises OSError with a sentence when another program listens at the address (`host:port`) already."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal():
        return  # a Unix socket: gunicorn replaces one that is left over
    host = host.strip("[]") or "127.0.0.1"
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                start = "parley serve" if env.is_installed() else "make run"
                why = f"Port {port} is used by another program. Choose another one, such as PORT=8001 {start}"
            else:
                why = f"It cannot listen at {address}: {error.strerror}."
            raise OSError(why) from None


@contextmanager
def _only_start(folder: Path) -> Iterator[None]:
    """Hold back other starts on the same data folder or the same PostgreSQL, which would migrate at the same time."""
    with file_lock(folder / START_LOCK), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_lock(%s)", [STARTING])
        try:
            yield
        finally:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_unlock(%s)", [STARTING])


def _sentence(error: Exception) -> str:
    """What went wrong, as plainly as the database or the system lets us say it."""
    if isinstance(error, DatabaseError):
        return f"The database cannot be used: {str(error).strip().splitlines()[0]}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}."
    return str(error)


if __name__ == "__main__":
    main()
