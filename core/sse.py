"""Server-sent events as bytes. Source: WHATWG HTML, section 9.2."""

CONTENT_TYPE = "text/event-stream"
# Whatever stands in between has to pass each piece on at once, as it is.
HEADERS = {"Cache-Control": "private, no-cache, no-transform", "X-Accel-Buffering": "no"}
KEEP_ALIVE = b": still here\n\n"


def message(event: str, data: str, *, id: int | None = None) -> bytes:
    """One event. `data` may have several lines; the browser puts them together again."""
    lines = [f"event: {event}"]
    if id is not None:
        lines.append(f"id: {id}")
    lines += [f"data: {line}" for line in data.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return ("\n".join(lines) + "\n\n").encode()


def retry(milliseconds: int) -> bytes:
    """How long the browser waits before it connects again. Sent first, since the server holds headers back until
    the first byte of the body."""
    return f"retry: {milliseconds}\n\n".encode()
