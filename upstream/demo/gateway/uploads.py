"""Images sent to the gateway before a question: what it takes, by their bytes. Nobody asks for them again."""

import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from upstream.demo.gateway.errors import INVALID, PERPLEXITY, Refused
from upstream.demo.switches import Switches

MOST_FILES = 10
LARGEST_FILE = 10_485_760  # bytes
LARGEST_BODY = 2 * 1024 * 1024  # bytes; a limit of the framework that this build does not lift

_MAGIC = {
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/gif": rb"GIF8[79]a",
    "image/webp": rb"RIFF....WEBP",
    "image/tiff": rb"II\*\x00|MM\x00\*",
    "image/bmp": rb"BM",
    "image/heif": rb"....ftyp(?:heic|heix|mif1|avif)",
}
_OTHERS = re.compile(rb"%PDF-|PK\x03\x04|<!DOCTYPE html|<html|<\?xml|\x1f\x8b|\x7fELF|MZ", re.IGNORECASE)
_REJECTED_WITH_400 = (  # what the service behind the gateway may say to an upload; anything else becomes a 502
    *("unsupported_type", "too_large", "too_small", "no_name", "failed_moderation", "image_failed_moderation"),
    *("failed_security_check", "attachments_disabled_by_organization"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body; `sniffed` is the type of image that its bytes begin as, or nothing."""

    name: str | None
    filename: str | None
    media_type: str
    data: bytes
    sniffed: str


# What is refused about a part, in this order.
RULES: Sequence[tuple[Callable[[Part], bool], str]] = (
    (lambda part: not part.name, "multipart field name is missing"),
    (lambda part: part.name != "files", "unsupported multipart field, use repeated files fields"),
    (lambda part: not part.filename, "uploaded file is missing a filename"),
    (lambda part: not part.data, "uploaded file '{0.filename}' is empty"),
    (
        lambda part: len(part.data) > LARGEST_FILE,
        f"uploaded file '{{0.filename}}' exceeds the {LARGEST_FILE}-byte limit",
    ),
    (
        lambda part: not part.sniffed and bool(_OTHERS.match(part.data)),
        "uploaded file '{0.filename}' is not a supported image",
    ),
    (
        lambda part: not part.sniffed and not part.media_type.startswith("image/"),
        "unsupported content type '{0.media_type}', use an image file",
    ),
)


def take_upload(request: httpx.Request, switches: Switches, *, base: str, limited: bool) -> dict[str, Any]:
    """Check every file and take all of them, or none. `limited` is the framework's limit of the whole body.

    Raises Refused.
    """
    parts: list[Part] = []
    for part in list(_parts(request)):
        if len(parts) == MOST_FILES:
            raise Refused(INVALID, f"at most {MOST_FILES} files are allowed")
        for is_wrong, sentence in RULES:
            if is_wrong(part):
                raise Refused(INVALID, sentence.format(part))
        if limited and len(request.content) > LARGEST_BODY:
            broken = "Error parsing `multipart/form-data` request"
            raise Refused(INVALID, f"couldn't read uploaded file '{part.filename}': {broken}")
        parts.append(part)
    if not parts:
        raise Refused(INVALID, "at least one file is required")
    if "rejected" in switches:
        code = switches.values["rejected"] or "failed_moderation"
        refused = INVALID if code in _REJECTED_WITH_400 else PERPLEXITY
        raise Refused(refused, f"perplexity rejected the upload: {code}")
    return {"attachments": [_described(part, base) for part in parts]}


def _described(part: Part, base: str) -> dict[str, Any]:
    file_uuid, name = str(uuid.uuid4()), re.sub(r"[^\w.-]", "_", part.filename or "")
    return {
        "url": f"{base}/user_uploads/{file_uuid}/{name}",
        "file_uuid": file_uuid,
        "filename": part.filename,
        "content_type": part.sniffed or part.media_type,
        "size_bytes": len(part.data),
    }


def _parts(request: httpx.Request) -> Iterator[Part]:
    kind = request.headers.get("Content-Type", "")
    found = re.match(r'(?is)multipart/form-data\s*;.*?boundary="?([^";,\s]{1,70})"?', kind)
    if not found:
        raise Refused(INVALID, "invalid multipart form-data: Invalid `boundary` for `multipart/form-data` request")
    for piece in (b"\r\n" + request.content).split(b"\r\n--" + found[1].encode())[1:]:
        if piece.startswith(b"--"):
            return
        head, blank, data = piece.partition(b"\r\n\r\n")
        if not blank:
            raise Refused(INVALID, "couldn't read multipart data: Error parsing `multipart/form-data` request")
        lines = [line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n")]
        headers = {name.strip().lower(): value.strip() for name, _, value in lines}
        disposition = headers.get("content-disposition", "")
        parameters = dict(re.findall(r';\s*(name|filename)="((?:[^"\\]|\\.)*)"', disposition))
        filename = re.sub(r"\\(.)", r"\1", parameters["filename"]) if "filename" in parameters else None
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower() or "unknown"
        sniffed = next((kind for kind, magic in _MAGIC.items() if re.match(magic, data, re.DOTALL)), "")
        yield Part(parameters.get("name"), filename, media_type, data, sniffed)
