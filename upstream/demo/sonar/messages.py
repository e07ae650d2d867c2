"""The texts and the parts of messages."""

from collections.abc import Mapping
from typing import Any


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a message, whose parts are joined by blank lines."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "\n\n".join(part["text"] for part in content or () if part.get("type") == "text")


def parts_of(message: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """The message's parts of this type."""
    content = message.get("content")
    return [part for part in content if part.get("type") == kind] if isinstance(content, list) else []


def last_prompt(body: Mapping[str, Any]) -> str:
    """The text of the last message; empty for what is no conversation, which the checks will say."""
    try:
        return text_of(body["messages"][-1])
    except (AttributeError, IndexError, KeyError, TypeError):
        return ""
