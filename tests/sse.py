"""Reads server-sent events the way a browser does."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import httpx


class Message(NamedTuple):
    """One event. `id` is the last one named, as EventSource keeps it."""

    id: str
    event: str
    data: str


def messages(client: httpx.Client, path: str, *, after: int | str | None = None) -> Iterator[Message]:
    """The events of the stream until the server ends it. `after` is what a browser reconnects with."""
    headers = {"Accept": "text/event-stream"}
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    with client.stream("GET", path, headers=headers) as response:
        response.raise_for_status()
        assert response.headers["content-type"].startswith("text/event-stream"), response.headers["content-type"]
        yield from parsed(response.iter_lines())


def parsed(lines: Iterable[str]) -> Iterator[Message]:
    """The events in the lines. Comments and unknown fields are passed over; an event that is cut off is dropped."""
    last_id, event, data = "", "", list[str]()
    for line in lines:
        if not line:
            if data:
                yield Message(last_id, event or "message", "\n".join(data))
            event, data = "", []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "id" and "\0" not in value:
            last_id = value
        elif name == "event":
            event = value
        elif name == "data":
            data.append(value)
