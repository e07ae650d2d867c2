"""What programs say in an address, read strictly: a mistake is told, and not guessed at."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_datetime

from api.errors import ApiError
from core.web.paging import Cursor
from core.web.params import uuid_in, whole_number_in

USUAL_LIMIT, MOST = 50, 100  # rows of one response
LONGEST_TEXT = 400  # characters


def said(request: HttpRequest, name: str) -> str:
    """What the address says under this name; empty for nothing. Raises ApiError for a text that is too long."""
    text = request.GET.get(name, "").replace("\0", "").strip()
    if len(text) > LONGEST_TEXT:
        raise wrong(name, f"“{name}” can have up to {LONGEST_TEXT} characters.")
    return text


def limit_in(request: HttpRequest) -> int:
    """How many rows are asked for. Raises ApiError."""
    text = said(request, "limit")
    if not text:
        return USUAL_LIMIT
    number = whole_number_in(text, digits=4)
    if number is None or not 1 <= number <= MOST:
        raise wrong("limit", f"“limit” is a whole number from 1 to {MOST}.")
    return number


def number_in(request: HttpRequest, name: str) -> int:
    """A whole number; 0 where none is said. Raises ApiError."""
    text = said(request, name)
    number = whole_number_in(text, digits=6) if text else 0
    if number is None:
        raise wrong(name, f"“{name}” is a whole number, as a response said it under “next”.")
    return number


def cursor_in(request: HttpRequest) -> Cursor | None:
    """The place that a response named as `next`. Raises ApiError for any other text."""
    text = said(request, "cursor")
    cursor = Cursor.parse(text) if text else None
    if text and cursor is None:
        raise wrong("cursor", "“cursor” is what a response said under “next”.")
    return cursor


def id_in(request: HttpRequest, name: str) -> UUID | None:
    """An id; None where none is said. Raises ApiError."""
    text = said(request, name)
    found = uuid_in(text) if text else None
    if text and found is None:
        raise wrong(name, f"“{name}” is an id, such as 01980000-0000-7000-8000-000000000000.")
    return found


def moment_in(request: HttpRequest, name: str) -> datetime | None:
    """A day or a moment, of UTC where no zone is said; None where none is. Raises ApiError."""
    text = said(request, name)
    if not text:
        return None
    try:
        moment = parse_datetime(text)
        if moment is None and (day := parse_date(text)):
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    except ValueError:
        moment = None
    if moment is None:
        raise wrong(name, f"“{name}” is a day or a moment, such as 2026-11-01 or 2026-11-01T09:00:00Z.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def wrong(name: str, message: str) -> ApiError:
    """The refusal of a parameter."""
    return ApiError(400, message, code="invalid_parameter", param=name)
