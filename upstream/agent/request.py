"""A question as the body of POST /v1/agent (docs/agent.md, "Requests").

The service refuses every key that it does not know, so only what is named here is ever sent: nothing of a Sonar
request goes through by itself.
"""

from collections.abc import Mapping
from typing import Any

from upstream.agent.input_items import items_of
from upstream.agent.tools import tools_for
from upstream.catalog.languages import code_of_language
from upstream.requests import AskRequest
from upstream.translation.messages import alternating_turns

FEWEST_TOKENS = 16
_SCHEMA_NAME = "answer"


def is_preset(model: str) -> bool:
    """Whether the name is that of a preset. Models are named provider/model."""
    return "/" not in model


def agent_body(request: AskRequest) -> dict[str, Any]:
    """The request as the service wants it, with nothing in it that nobody set.

    Raises InvalidRequest when no question is left at the end of the turns.
    """
    turns = alternating_turns(request.turns)
    preset = is_preset(request.model)
    asked: dict[str, Any] = {"preset" if preset else "model": request.model}
    asked["input"] = [item for turn in turns if turn.role != "system" for item in items_of(turn)]
    instructions = "\n\n".join(turn.text for turn in turns if turn.role == "system")
    if instructions:
        asked["instructions"] = instructions
    tools = tools_for(request.options, preset=preset, question=turns[-1].text)
    if tools:
        asked["tools"] = tools
    return asked | _set(request.options) | {"stream": True}


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
