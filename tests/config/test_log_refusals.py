"""Refused requests in the log: one line each, and a flood of them fills nothing."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import DisallowedHost, PermissionDenied

from config.logs.refusals import MINUTE, RefusalFilter


class Log(logging.Handler):
    """Keeps the lines that the filter lets through."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.now = 0.0
        self.addFilter(RefusalFilter(most=3, clock=lambda: self.now))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {self.format(record)}")


@pytest.fixture
def log() -> Log:
    return Log()


def written(log: Log, name: str, message: str, *, level: int = logging.WARNING, **more: Any) -> None:
    logger = logging.Logger(name)
    logger.addHandler(log)
    logger.log(level, message, **more)


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


@pytest.mark.parametrize("name", ["django.request", "django.security.DisallowedHost"])
@pytest.mark.parametrize("error", [PermissionDenied("no"), DisallowedHost("no")])
def test_a_refusal_is_one_line_without_a_traceback(log: Log, name: str, error: Exception) -> None:
    written(log, name, "Forbidden:\n/costs/", level=logging.ERROR, exc_info=raised(error), extra={"status_code": 403})
    assert log.lines == ["WARNING Forbidden:\\n/costs/"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("django.request", ValueError("a mistake of ours")),
        ("django.request", UnicodeEncodeError("ascii", "é", 0, 1, "a mistake of ours")),
        ("chat.worker", PermissionDenied("a mistake of ours")),
    ],
)
def test_what_somebody_has_to_mend_keeps_its_traceback(log: Log, name: str, error: Exception) -> None:
    for _ in range(9):
        written(log, name, "It failed", level=logging.ERROR, exc_info=raised(error), extra={"status_code": 500})
    assert len(log.lines) == 9
    assert all(line.startswith("ERROR It failed\nTraceback") for line in log.lines)


def test_of_a_flood_a_few_lines_a_minute_are_written_and_the_rest_is_counted(log: Log) -> None:
    refused: Callable[[], None] = lambda: written(log, "django.request", "Not Found", extra={"status_code": 404})  # noqa: E731
    for _ in range(315):
        refused()
    assert log.lines == [*["WARNING Not Found"] * 2, "WARNING Not Found … more of these are left out for a minute"]

    log.now += MINUTE
    refused()
    assert log.lines[3:] == ["WARNING Not Found … and 312 more before it"]
    log.now += MINUTE
    refused()
    assert log.lines[4:] == ["WARNING Not Found"]


def test_a_flood_of_one_kind_hides_no_other(log: Log) -> None:
    for _ in range(100):
        written(log, "django.request", "Not Found", extra={"status_code": 404})
    written(log, "axes.handlers.database", "Locking out")
    written(log, "chat.worker", "Something else")
    written(log, "django.request", "Server error", level=logging.ERROR, extra={"status_code": 500})
    assert log.lines[3:] == ["WARNING Locking out", "WARNING Something else", "ERROR Server error"]


def test_a_line_is_only_so_long(log: Log) -> None:
    written(log, "django.request", "Not Found: /" + "a" * 5000, extra={"status_code": 404})
    assert len(log.lines[0]) < 600
