"""What the Agent API refuses, in its order and its words.

What was recorded is said in the recorded words; where nobody has seen a refusal, it is put in the same manner.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, NoReturn

import httpx
import orjson

from upstream.demo.agent.models import PRICES, preset_of
from upstream.demo.agent.table import BODY, BODY_WITH_FILES, DATES, RESERVED
from upstream.demo.documents.formats import FormatError, fill
from upstream.demo.responses import Refusal, envelope
from upstream.demo.rules import Problem, problems

LARGEST_BODY = 32 * 1024 * 1024  # bytes
_MOST_SERVERS = 16
_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_NO_SCHEMAS = ("properties", "enum", "const", "default", "examples")
_KINDS = {"flag": "bool", "text": "string", "list": "array", "object": "object"}
_OWN_TYPES = {"search_domain_filter": "invalid_search_domain_filter", **dict.fromkeys(DATES, "invalid_date_format")}
_ROOT_HINT = (
    "json_schema.schema must have a root type of 'object' (got type=\"{}\"). Wrap your data in an object property "
    "(e.g. {{'type': 'object', 'properties': {{'items': {{'type': 'array', 'items': ...}}}}}})."
)


def parse(request: httpx.Request) -> dict[str, Any]:
    """The body as an object. Raises Refusal when it is none, or too large."""
    if len(request.content) > LARGEST_BODY:
        raise Refusal(envelope(413, "payload_too_large", "The request body is too large."))
    try:
        body = orjson.loads(request.content)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        refuse("invalid request body: json: not an object")
    return body


def check(body: Mapping[str, Any], *, extra_models: Collection[str] = (), files: bool = False) -> None:
    """Raise Refusal for the first problem: what cannot be read, then who is asked, then the values.

    `files`: whether documents are taken as parts of a message.
    """
    found = list(problems(body, BODY_WITH_FILES if files else BODY))
    for problem in found:
        if problem.code in ("unknown", "variant", "type") and problem.where != ("input",):
            _refuse_by(problem)
    for problem in found:
        _refuse_by(problem)
    _check_models(body, extra_models)
    _check_tools(body)
    if (wanted := body.get("response_format")) is not None:
        _check_format(wanted.get("json_schema"))


def refuse(message: str, *, kind: str = "invalid_request", param: str = "") -> NoReturn:
    """Raise the Refusal in the service's form."""
    raise Refusal(envelope(400, kind, message, param=param))


def _check_models(body: Mapping[str, Any], extra_models: Collection[str]) -> None:
    asked = [*(body.get("models") or ()), *filter(None, [body.get("model")])]
    profile = body.get("profile")
    if not asked and not preset_of(body) and not profile:
        refuse("validation failed: one of model, models, preset, effort or profile is required")
    if profile and preset_of(body):
        refuse("validation failed: profile cannot be combined with a preset")
    for model in asked:
        if model not in PRICES and model not in extra_models:
            refuse(f"invalid model: {model}", kind="invalid_model")
    if any(model.startswith("anthropic/") for model in asked) and body.get("max_output_tokens") is None:
        refuse("validation failed: max_output_tokens is required when using Anthropic models")


def _check_tools(body: Mapping[str, Any]) -> None:
    tools = body.get("tools") or ()
    for place, tool in enumerate(tools):
        if tool["type"] == "function" and tool["name"] in RESERVED:
            refuse(f"validation failed: tools[{place}]: function name '{tool['name']}' is reserved")
    if sum(tool["type"] == "mcp" for tool in tools) > _MOST_SERVERS:
        refuse(f"validation failed: tools must have at most {_MOST_SERVERS} mcp servers")
    choice = body.get("tool_choice")
    named = choice.get("name") if isinstance(choice, Mapping) else None
    if named is not None and named not in [tool.get("name") for tool in tools]:
        refuse(f"validation failed: tool choice names an unknown function '{named}'")


def _check_format(wanted: Mapping[str, Any] | None) -> None:
    schema = wanted.get("schema") if wanted else None
    if schema is None:
        refuse('validation failed: response_format.json_schema is required when type is "json_schema"')
    root = schema.get("type", "") if isinstance(schema, Mapping) else ""
    if root != "object":
        refuse(_ROOT_HINT.format(root), kind="invalid_parameter")
    try:
        fill(schema, sentences=["text"])
    except (FormatError, AttributeError, IndexError, KeyError, TypeError):
        refuse("invalid request")
    if not _has_known_types(schema):
        refuse("invalid request")


def _has_known_types(schema: Any) -> bool:
    """Whether every type that a schema names exists."""
    left = [schema]
    while left:
        one = left.pop()
        if isinstance(one, list):
            left += one
        elif isinstance(one, Mapping):
            named = one.get("type")
            kinds = [named] if isinstance(named, str) else named if isinstance(named, list) else []
            if not all(kind in _TYPES for kind in kinds):
                return False
            fields = one.get("properties")
            left += fields.values() if isinstance(fields, Mapping) else ()
            left += [value for key, value in one.items() if key not in _NO_SCHEMAS]
    return True


def _refuse_by(problem: Problem) -> NoReturn:
    names = [step for step in problem.where if isinstance(step, str)]
    last = names[-1] if names else ""
    if problem.code == "unknown":
        refuse(f'invalid request body: json: unknown field "{last}"', param=last)
    if problem.code == "variant":
        refuse(f"invalid request body: {_place(problem)}unsupported type '{problem.value}'")
    if problem.code == "type" and last != "input":
        wanted = _KINDS.get(problem.rule.kind, problem.rule.kind)
        refuse(f"invalid request body: json: cannot unmarshal value into field {last} of type {wanted}")
    kind = _OWN_TYPES.get(last, "invalid_request")
    refuse(_sentence(problem, last) if kind != "invalid_request" else _validation(problem, last), kind=kind)


def _validation(problem: Problem, name: str) -> str:
    return f"validation failed: {_place(problem)}{_sentence(problem, name)}"


def _place(problem: Problem) -> str:
    """The entry of a list that a problem is about: `tools[0]: `."""
    first, *rest = problem.where
    return f"{first}[{rest[0]}]: " if rest and isinstance(rest[0], int) else ""


def _sentence(problem: Problem, name: str) -> str:
    rule, words = problem.rule, re.sub("_", " ", name)
    if problem.reason or rule.says:
        return problem.reason or rule.says
    sentences = {
        "required": f"{words} is required",
        "choice": f"{words} must be one of: {' '.join(rule.choices)}",
        "least": f"{words} must be at least {rule.least:g}" if rule.least is not None else "",
        "most": f"{words} must be at most {rule.most:g}" if rule.most is not None else "",
        "length": f"{words} must have at most {rule.most} entries",
    }
    return sentences.get(problem.code) or f"{words} is invalid"
