"""Starts Parley: `python -m config.serve`.

Looks whether the settings can work, brings database and static files up to date, says where Parley is and how to sign
in the first time, and then becomes gunicorn. Whatever is wrong is told in a sentence.
"""

import errno
import hashlib
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from config import data_folder, env
from config.file_lock import START_LOCK, file_lock

ROOT = Path(__file__).resolve().parent.parent
STARTING = 7_275_539  # any number, as long as no other program locks it in this database


def main() -> None:
    """Prepare everything and serve until told to stop."""
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        prepare()
    except (ImproperlyConfigured, CommandError, DatabaseError, OSError) as error:
        sys.exit(f"Parley cannot start. {_sentence(error)}")
    sys.stdout.flush()
    sys.stderr.flush()
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "config.asgi:application"]
    os.execv(sys.executable, gunicorn)  # noqa: S606 - our own words, and no shell


def prepare() -> None:
    """Everything that has to be in place before the first request.

    Raises ImproperlyConfigured, CommandError, DatabaseError or OSError when Parley cannot run as it is set up.
    """
    django.setup()
    from django.conf import settings

    address = env.text("BIND", f"127.0.0.1:{settings.PORT}")
    _refuse_taken(address)
    Path(settings.DATA_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
    data_folder.keep_private(Path(settings.DATA_DIR), everywhere=True)
    _refuse_contradictions(production=settings.SERVED_OVER_HTTPS)
    with _only_start(Path(settings.DATA_DIR)):
        call_command("migrate", interactive=False, verbosity=0)
        _collect_static(Path(settings.STATIC_ROOT))
    print(f"Parley is at {settings.SITE_URL} (Ctrl-C stops it).")
    call_command("first_sign_in")


def _refuse_contradictions(*, production: bool) -> None:
    """Raises ImproperlyConfigured when a system check says that Parley cannot work like this; warnings are printed."""
    found = checks.run_checks(include_deployment_checks=production)
    for message in found:
        if checks.WARNING <= message.level < checks.ERROR and not message.is_silenced():
            print(f"Note: {message.msg}")
    errors = [message.msg for message in found if message.level >= checks.ERROR]
    if errors:
        raise ImproperlyConfigured("\n".join(errors))


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
                why = f"Port {port} is taken by another program. Choose another one, such as PORT=8001 make run"
            else:
                why = f"Nothing can listen at {address}: {error.strerror}."
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


def _collect_static(target: Path) -> None:
    """Collect and compress the static files, unless none has changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles import finders

    state = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            file = Path(storage.path(name)).stat()
            state.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    stamp = target / ".collected"
    if stamp.is_file() and stamp.read_text() == state.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=target.is_dir())
    stamp.write_text(state.hexdigest())


def _sentence(error: Exception) -> str:
    """What went wrong, as plainly as the database or the system lets us say it."""
    if isinstance(error, DatabaseError):
        return f"The database cannot be used: {str(error).strip().splitlines()[0]}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}."
    return str(error)


if __name__ == "__main__":
    main()
