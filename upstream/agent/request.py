"""A question as the body of POST /v1/agent (docs/agent.md, "Requests").

The service refuses every key that it does not know, so only what is named here is ever sent: nothing of a Sonar
request goes through by itself.
"""

from collections.abc import Mapping
from typing import Any

from upstream.agent.tools import tools_for
from upstream.catalog.languages import code_of_language
from upstream.errors import InvalidRequest
from upstream.requests import AskRequest, Document, Picture, Turn
from upstream.translation.messages import alternating_turns, data_uri

FEWEST_TOKENS = 16
_SCHEMA_NAME = "answer"

_NO_FILES = "The Agent API takes no files. Remove them, or ask a model that reads files."


def is_preset(model: str) -> bool:
    """Whether the name is that of a preset. Models are named provider/model."""
    return "/" not in model


def agent_body(request: AskRequest) -> dict[str, Any]:
    """The request as the service wants it, with nothing in it that nobody set.

    Raises InvalidRequest when no question is left at the end of the turns, or when it comes with files.
    """
    turns = alternating_turns(request.turns)
    if any(isinstance(part, Document) for part in turns[-1].parts):
        raise InvalidRequest(_NO_FILES)
    preset = is_preset(request.model)
    asked: dict[str, Any] = {"preset" if preset else "model": request.model}
    asked["input"] = [_item(turn) for turn in turns if turn.role != "system"]
    instructions = "\n\n".join(turn.text for turn in turns if turn.role == "system")
    if instructions:
        asked["instructions"] = instructions
    tools = tools_for(request.options, preset=preset, question=turns[-1].text)
    if tools:
        asked["tools"] = tools
    return asked | _set(request.options) | {"stream": True}


def _item(turn: Turn) -> dict[str, Any]:
    """A turn as an input item. Files of earlier turns, which another provider read, stay behind."""
    pictures = [part for part in turn.parts if isinstance(part, Picture)]
    content: str | list[dict[str, Any]] = turn.text
    if pictures:
        content = [{"type": "input_text", "text": turn.text}] if turn.text.strip() else []
        content += [{"type": "input_image", "image_url": data_uri(picture)} for picture in pictures]
    return {"type": "message", "role": turn.role, "content": content}


def _set(options: Mapping[str, Any]) -> dict[str, Any]:
    """What else was set, under this provider's names."""
    found: dict[str, Any] = {}
    if options.get("max_tokens"):
        found["max_output_tokens"] = max(options["max_tokens"], FEWEST_TOKENS)
    if options.get("reasoning_effort"):
        found["reasoning"] = {"effort": options["reasoning_effort"]}
    language = code_of_language(options.get("language_preference") or "")
    if language:
        found["language_preference"] = language
    wanted = options.get("response_format")
    if isinstance(wanted, Mapping) and wanted.get("type") == "json_schema":
        found["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": _SCHEMA_NAME, **wanted["json_schema"]},
        }
    return found
