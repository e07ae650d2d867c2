"""The id of the request that is being answered, by which what was logged about it is found."""

from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id of the request that this code runs for; empty where it runs for none."""
    return _request_id.get()


def note_request_id(request_id: str) -> None:
    """Have what runs from now on in this context run for the request."""
    _request_id.set(request_id)
