"""Images sent to the gateway before a question (contract B7)."""

import re
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from upstream.demo.gateway.replies import INVALID, PERPLEXITY, Refused
from upstream.demo.switches import Switches

MOST_FILES = 10
LARGEST_FILE = 10_485_760  # bytes
LARGEST_BODY = 2 * 1024 * 1024  # bytes; a limit of the framework that this build does not lift
_KEPT = 200  # files

_BOUNDARY = re.compile(r'multipart/form-data\s*;.*?boundary="?([^";,\s]{1,70})"?', re.IGNORECASE | re.DOTALL)
_PARAMETER = re.compile(r';\s*(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_MAGIC = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"II\*\x00|MM\x00\*"), "image/tiff"),
    (re.compile(rb"BM"), "image/bmp"),
    (re.compile(rb"....ftyp(?:heic|heix|mif1|avif)", re.DOTALL), "image/heif"),
)
_OTHERS = re.compile(rb"%PDF-|PK\x03\x04|<!DOCTYPE html|<html|<\?xml|\x1f\x8b|\x7fELF|MZ", re.IGNORECASE)
_REJECTIONS = {  # what the service behind the gateway may say to an upload
    **dict.fromkeys(
        (
            "unsupported_type",
            "too_large",
            "too_small",
            "no_name",
            "failed_moderation",
            "image_failed_moderation",
            "failed_security_check",
            "attachments_disabled_by_organization",
        ),
        400,
    ),
    "rate_limited": 502,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body."""

    name: str | None
    filename: str | None
    media_type: str
    data: bytes


class Storage:
    """The files that were taken, by their address."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Part] = OrderedDict()

    def keep(self, part: Part, *, base: str) -> dict[str, Any]:
        """Take the file; what the gateway answers about it."""
        file_uuid = str(uuid.uuid4())
        name = re.sub(r"[^\w.-]", "_", part.filename or "")
        url = f"{base}/user_uploads/{file_uuid}/{name}"
        self._files[url] = part
        if len(self._files) > _KEPT:
            self._files.popitem(last=False)
        return {
            "url": url,
            "file_uuid": file_uuid,
            "filename": part.filename,
            "content_type": part.media_type,
            "size_bytes": len(part.data),
        }

    def __contains__(self, url: str) -> bool:
        return url in self._files


def taken(request: httpx.Request, *, storage: Storage, switches: Switches, base: str, limited: bool) -> dict[str, Any]:
    """Check every file and keep all of them, or none. `limited` is the framework's limit of the whole body.

    Raises Refused.
    """
    parts = list(_parts(request))
    if not parts:
        raise Refused(INVALID, "at least one file is required")
    checked = []
    for number, part in enumerate(parts, start=1):
        if number > MOST_FILES:
            raise Refused(INVALID, "at most 10 files are allowed")
        checked.append(_checked(part))
        if limited and len(request.content) > LARGEST_BODY:
            raise Refused(
                INVALID,
                f"couldn't read uploaded file '{part.filename}': Error parsing `multipart/form-data` request",
            )
    if "rejected" in switches:
        code = switches.values["rejected"] or "failed_moderation"
        status = _REJECTIONS.get(code, 502)
        raise Refused(INVALID if status == 400 else PERPLEXITY, f"perplexity rejected the upload: {code}")
    return {"attachments": [storage.keep(part, base=base) for part in checked]}


def _checked(part: Part) -> Part:
    """The part with the type that its bytes have. Raises Refused."""
    if not part.name:
        raise Refused(INVALID, "multipart field name is missing")
    if part.name != "files":
        raise Refused(INVALID, "unsupported multipart field, use repeated files fields")
    if not part.filename:
        raise Refused(INVALID, "uploaded file is missing a filename")
    if not part.data:
        raise Refused(INVALID, f"uploaded file '{part.filename}' is empty")
    if len(part.data) > LARGEST_FILE:
        raise Refused(INVALID, f"uploaded file '{part.filename}' exceeds the {LARGEST_FILE}-byte limit")
    sniffed = next((kind for magic, kind in _MAGIC if magic.match(part.data)), "")
    if not sniffed and _OTHERS.match(part.data):
        raise Refused(INVALID, f"uploaded file '{part.filename}' is not a supported image")
    if not sniffed and not part.media_type.startswith("image/"):
        raise Refused(INVALID, f"unsupported content type '{part.media_type or 'unknown'}', use an image file")
    return Part(part.name, part.filename, sniffed or part.media_type, part.data)


def _parts(request: httpx.Request) -> Iterator[Part]:
    found = _BOUNDARY.match(request.headers.get("Content-Type", ""))
    if not found:
        raise Refused(
            INVALID,
            "invalid multipart form-data: Invalid `boundary` for `multipart/form-data` request",
        )
    mark = b"--" + found[1].encode()
    for piece in (b"\r\n" + request.content).split(b"\r\n" + mark)[1:]:
        if piece.startswith(b"--"):
            return
        head, blank, data = piece.partition(b"\r\n\r\n")
        if not blank:
            raise Refused(INVALID, "couldn't read multipart data: Error parsing `multipart/form-data` request")
        fields = dict(
            line.lower().split(":", 1) if i else line.split(":", 1)
            for i, line in enumerate(head.decode("utf-8", "replace").split("\r\n"))
            if ":" in line
        )
        headers = {name.strip().lower(): value.strip() for name, value in fields.items()}
        told = dict(_PARAMETER.findall(headers.get("content-disposition", "")))
        filename = told.get("filename")
        yield Part(
            told.get("name"),
            re.sub(r"\\(.)", r"\1", filename) if filename is not None else None,
            headers.get("content-type", "").partition(";")[0].strip().lower(),
            data,
        )
