"""The body of a request for a picture (docs/images.md, "Requests")."""

from typing import Any

from upstream.drawing import DrawRequest


def request_body(request: DrawRequest, *, response_format: str) -> dict[str, Any]:
    """One picture with what was chosen, and nothing that a strict server could refuse without need. `response_format`
    is `b64_json` or `url`, or empty, and left out then."""
    body: dict[str, Any] = {"prompt": request.prompt, "n": 1}
    chosen = {"model": request.model, "size": request.size, "response_format": response_format}
    return body | {name: value for name, value in chosen.items() if value}
