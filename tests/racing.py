"""Lets several threads do something at the same moment, each with a database connection of its own."""

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(times: int, work: Callable[[], T]) -> list[T]:
    """What each of the threads got from the work. An exception in one of them is raised here."""
    results: list[T] = []
    failures: list[BaseException] = []
    ready = threading.Barrier(times)

    def run() -> None:
        ready.wait()
        try:
            results.append(work())
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results
