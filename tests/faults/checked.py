"""Asks for second opinions on the checks in a server's database (`tests.writing`)."""

from typing import Any

from chat.models import CitationCheck
from chat.sources.checks import request_opinion


def write(_wish: Any) -> str:
    """Ask for an opinion on the newest check, as whoever asked the question. Returns the id of the request."""
    check = CitationCheck.objects.select_related("answer__question__conversation__team").latest("created_at")
    return str(request_opinion(check=check, by=check.answer.asked_by).pk)
