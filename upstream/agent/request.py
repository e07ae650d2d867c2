"""A question as the body of POST /v1/agent (docs/agent.md, "Requests").

The service refuses every key that it does not know, so only what is named here is ever sent: nothing of a Sonar
request goes through by itself.
"""

from collections.abc import Mapping
from typing import Any

from upstream.agent.history import without_marks
from upstream.agent.input_items import items_of
from upstream.agent.tools import tool_fields
from upstream.catalog.agent_names import NameKind, is_effort, kind_of, needs_longest_answer
from upstream.catalog.agent_tools import SearchMode, search_mode
from upstream.catalog.languages import code_of_language
from upstream.requests import AskRequest, Turn
from upstream.translation.messages import alternating_turns

FEWEST_TOKENS = 16
LONGEST_ANSWER = 8_192  # tokens, about 6,000 words; only what is written is paid for
LONGEST_REASONED_ANSWER = 32_000  # tokens, where reasoning was asked for, which counts among them

# A model has no prompt of its own, and without this it marks nothing that its search found.
CITE = (
    "Where you use what a search found, cite it right behind the sentence as [n], n being the id of the search result. "
    "Several are cited as [1][2]. Do not cite in any other way, and do not list the sources at the end."
)

_SCHEMA_NAME = "answer"


def agent_body(request: AskRequest) -> dict[str, Any]:
    """The request as the service wants it, with nothing in it that nobody set.

    Raises InvalidRequest when no question is left at the end of the turns.
    """
    turns = [without_marks(turn) for turn in alternating_turns(request.turns)]
    body: dict[str, Any] = {_name_field(request.model): request.model}
    body |= _told(request, turns)
    body |= tool_fields(request.model, request.options, question=turns[-1].text)
    body |= _set(request.model, request.options)
    if request.background:
        body["background"] = True
    # What is not stored cannot be read by whoever holds a key of the account, and not be polled for either.
    return body | {"store": request.background or request.store, "stream": True}


def _name_field(model: str) -> str:
    if kind_of(model) is NameKind.MODEL:
        return "model"
    return "effort" if is_effort(model) else "preset"


def _told(request: AskRequest, turns: list[Turn]) -> dict[str, Any]:
    """The conversation, and the instructions that stand for all of it.

    For a preset they are an item of their own: `instructions` would take the place of its prompt, and with it of its
    habits of searching and citing.
    """
    if kind_of(request.model) is not NameKind.MODEL:
        return {"input": [item for turn in turns for item in items_of(turn)]}
    standing = [turn.text for turn in turns if turn.role == "system"]
    instructions = "\n\n".join([CITE, *standing] if _cites(request.options) else standing)
    told: dict[str, Any] = {"input": [item for turn in turns if turn.role != "system" for item in items_of(turn)]}
    return told | ({"instructions": instructions} if instructions else {})


def _cites(options: Mapping[str, Any]) -> bool:
    """Whether the answer may stand on sources and has room for marks, which the values of a schema have not."""
    searches = search_mode(options) is not SearchMode.NEVER and not options.get("sandbox")
    return searches and _json_schema(options) is None


def _set(model: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """What else was set, under this provider's names."""
    found: dict[str, Any] = {name: options[name] for name in ("temperature", "top_p") if options.get(name) is not None}
    longest = _longest_answer(model, options)
    if longest:
        found["max_output_tokens"] = longest
    if options.get("reasoning_effort"):
        found["reasoning"] = {"effort": options["reasoning_effort"]}
    language = code_of_language(options.get("language_preference") or "")
    if language:
        found["language_preference"] = language
    schema = _json_schema(options)
    if schema is not None:
        found["response_format"] = {"type": "json_schema", "json_schema": {"name": _SCHEMA_NAME, **schema}}
    if options.get("service_tier"):
        found["service_tier"] = options["service_tier"]
    return found


def _longest_answer(model: str, options: Mapping[str, Any]) -> int:
    """In tokens; 0 where the model's own limit does."""
    if options.get("max_tokens"):
        return max(int(options["max_tokens"]), FEWEST_TOKENS)
    if not needs_longest_answer(model):
        return 0
    reasons = options.get("reasoning_effort") not in (None, "none")
    return LONGEST_REASONED_ANSWER if reasons else LONGEST_ANSWER


def _json_schema(options: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The schema that the answer shall follow, with its name, or None."""
    wanted = options.get("response_format")
    if not isinstance(wanted, Mapping) or wanted.get("type") != "json_schema":
        return None
    found: Mapping[str, Any] = wanted["json_schema"]
    return found
