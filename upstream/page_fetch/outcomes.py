"""What becomes of fetching a page."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a page was not fetched."""

    REFUSED = "refused"
    ROBOTS = "robots"
    ROBOTS_UNKNOWN = "robots_unknown"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    REDIRECTS = "redirects"
    NOT_FOUND = "not_found"
    DENIED = "denied"
    LOGIN = "login"
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as its server sent it, from `url`, where the last redirect led. `media_type` is without parameters, and
    `charset` one of them; both are empty where the server said nothing."""

    url: str
    status: int
    media_type: str
    charset: str
    data: bytes


class NotFetched(Exception):
    """The page was not fetched. `url` is where that was found out, `status` that of HTTP where one was answered."""

    def __init__(self, reason: Reason, *, url: str, status: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.url = url
        self.status = status


def reason_of(status: int, *, asks_to_wait: bool = False) -> Reason:
    """What it means that a server answered with this status, which is no success. `asks_to_wait` says that it named a
    time after which to come back."""
    if status in (401, 402, 407):
        return Reason.LOGIN
    if status in (404, 410):
        return Reason.NOT_FOUND
    if status == 429 or (status == 503 and asks_to_wait):
        return Reason.BUSY
    if status == 408:
        return Reason.TOO_SLOW
    return Reason.DENIED if 400 <= status < 500 else Reason.SERVER_ERROR
