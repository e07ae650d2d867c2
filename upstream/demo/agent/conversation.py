"""The conversation in a request, in Sonar's words, which the demo's texts are composed by."""

from collections.abc import Mapping
from typing import Any

_TEXTS = ("input_text", "output_text")


def messages_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The messages of a checked request; what a function has returned is one of the role `tool`."""
    asked = body["input"]
    items = [{"role": "user", "content": asked}] if isinstance(asked, str) else asked
    kinds = {"message": "content", "function_call_output": "output"}
    found = [
        {"role": _role(item), "content": _content(item[kinds[kind]])}
        for item in items
        if (kind := item.get("type", "message")) in kinds
    ]
    return found or [{"role": "user", "content": ""}]


def question_of(body: Mapping[str, Any]) -> str:
    """The last text of a person; empty for input that the checks will refuse."""
    asked = body.get("input")
    if isinstance(asked, str):
        return asked
    messages = [item for item in asked if isinstance(item, dict)] if isinstance(asked, list) else []
    content = next((item.get("content") for item in reversed(messages) if item.get("role") == "user"), "")
    if isinstance(content, str):
        return content
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    return "\n\n".join(str(part.get("text")) for part in parts if part.get("type") in _TEXTS)


def _role(item: Mapping[str, Any]) -> str:
    role = item.get("role", "tool")
    return "system" if role == "developer" else role


def _content(content: Any) -> Any:
    return content if isinstance(content, str) else [_part(part) for part in content]


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    if part["type"] == "input_text":
        return {"type": "text", "text": part["text"]}
    if part["type"] == "input_image":
        return {"type": "image_url", "image_url": {"url": part["image_url"]}}
    return {"type": "file_url", "file_name": part.get("filename")}
