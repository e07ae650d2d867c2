"""On PostgreSQL a listener whose session ends hears again of commits, as soon as it has another one."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from chat.answers.notify import Listener, Rung, notify_processes
from chat.models import Answer

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_listener_whose_session_ends_goes_on(asked: Answer) -> None:
    rung: list[Rung] = []
    listener = Listener(rung.append)
    listener.start()
    listener.connect()
    listener.listen()
    try:
        _until(lambda: None in rung)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        rung.clear()
        _until(lambda: None in rung)
        with transaction.atomic():
            notify_processes([asked.pk])
        _until(lambda: frozenset({asked.pk}) in rung)
        assert listener in threading.enumerate()
    finally:
        listener.stop()
        listener.join()


def _until(condition: Callable[[], Any]) -> None:
    """Wait for it. Fails after ten seconds."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)
