"""Asks for images through the product's own pages, and reads what became of them."""

import json
import uuid
from typing import Any

import httpx

from tests.questions import eventually
from tests.serving import Server

NAMES = (
    "id",
    "state",
    "error",
    "sha256",
    "original_sha256",
    "description",
    "generation_model",
    "router",
    "resolved_model",
    "upstream_id",
    "response",
    "position",
    "width",
    "fingerprint",
    "conversation_id",
    "service",
    "model",
    "wished_size",
    "media_type",
    "height",
    "remote_url",
)


def draw(client: httpx.Client, prompt: str, *, key: str = "", **more: str) -> httpx.Response:
    """Send the form of the Images page, as a browser without scripts does."""
    data = {"prompt": prompt, "key": key or str(uuid.uuid4()), "language": "en-US", "incognito": "on", **more}
    response = client.post("/images/draw/", data=data)
    assert response.status_code == 302, (response.status_code, response.text[-2000:])
    return response


def stored(server: Server, prompt: str) -> list[dict[str, Any]]:
    """The images of this prompt as the database has them, in their order."""
    sql = f"SELECT {', '.join(NAMES)} FROM imaging_generatedimage WHERE prompt = ? ORDER BY position, created_at"
    rows = [dict(zip(NAMES, row, strict=True)) for row in server.rows(sql, [prompt])]
    for row in rows:
        row["id"] = str(uuid.UUID(str(row["id"])))
        for name in ("error", "response"):
            row[name] = json.loads(row[name]) if isinstance(row[name], str) else row[name]
    return rows


def drawn(server: Server, prompt: str, *, within: float = 40.0) -> list[dict[str, Any]]:
    """The images of this prompt, once none of them is being drawn any more."""

    def done() -> list[dict[str, Any]]:
        found = stored(server, prompt)
        return found if found and all(row["state"] != "drawing" for row in found) else []

    found: list[dict[str, Any]] = eventually(done, within=within)
    return found
