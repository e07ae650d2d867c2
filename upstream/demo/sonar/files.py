"""Documents that come with a question: an address on the web, or base64 without a prefix. The demo cannot read them."""

import binascii
from collections.abc import Mapping
from typing import Any

MOST_BYTES = 50 * 1024 * 1024
MOST_FILES = 30
_ENDINGS = ("pdf", "doc", "docx", "txt", "rtf")


def problem(part: Mapping[str, Any]) -> str:
    """Why this file is refused, or nothing."""
    address = part.get("file_url")
    address = address.get("url") if isinstance(address, Mapping) else address
    name = part.get("file_name")
    if not isinstance(address, str) or not address:
        return "File URLs must be HTTPS URLs or base64."
    if address.startswith("https://"):
        return ""
    if address.startswith("data:"):
        return "Files must be base64 without a data: prefix."
    if isinstance(name, str) and name.rpartition(".")[2].lower() not in _ENDINGS:
        return "Files must be PDF, DOC, DOCX, TXT or RTF."
    if len(address) * 3 // 4 > MOST_BYTES + 2:
        return "Files may have at most 50 MB."
    try:
        binascii.a2b_base64(address, strict_mode=True)
    except binascii.Error:
        return "The file is not valid base64."
    return ""


def file_name(part: Mapping[str, Any]) -> str:
    """What the file is called."""
    found = part.get("file_name")
    return found if isinstance(found, str) and found else "a file without a name"
