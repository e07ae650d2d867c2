"""What the Agent API refuses, in its order and its words."""

from collections.abc import Collection, Mapping
from typing import Any, NoReturn

import orjson

from upstream.demo.agent.table import BODY, MODELS
from upstream.demo.responses import Refusal, envelope
from upstream.demo.rules import Problem, problems

_KINDS = {"flag": "a boolean", "list": "an array", "text": "a string", "text or list": "a string or an array"}


def parse(content: bytes) -> dict[str, Any]:
    """The body as an object. Raises Refusal when it is none."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        refuse("invalid request body: json: not an object")
    return body


def check(body: Mapping[str, Any], *, extra_models: Collection[str] = ()) -> None:
    """Raise Refusal for the first problem with a request: unknown keys, then its model, then its values."""
    found = list(problems(body, BODY))
    for problem in found:
        if problem.code == "unknown" or (problem.code == "type" and problem.rule.fields):
            _refuse_by(problem)
    for problem in found:
        if problem.where[0] in ("model", "models", "preset"):
            _refuse_by(problem)
    asked = [*(body.get("models") or ()), *filter(None, [body.get("model")])]
    if not asked and not body.get("preset"):
        refuse("one of model, models or preset is required", param="model")
    for model in asked:
        if model not in MODELS and model not in extra_models:
            raise Refusal(envelope(400, "invalid_model", f"Invalid model '{model}'.", param="model"))
    for problem in found:
        _refuse_by(problem)


def refuse(message: str, *, param: str = "") -> NoReturn:
    """Raise the Refusal in the service's form."""
    raise Refusal(envelope(400, "invalid_request", message, param=param))


def _refuse_by(problem: Problem) -> NoReturn:
    names = [step for step in problem.where if isinstance(step, str)]
    first, last = names[0], names[-1]
    if problem.code == "unknown":
        refuse(f'invalid request body: json: unknown field "{last}"', param=last)
    if problem.code == "type" and problem.rule.fields:
        refuse(f"invalid request body: json: cannot unmarshal into field {last} of type object", param=last)
    param = last if first == "tools" else first
    refuse(f"{param}: {_sentence(problem)}", param=param)


def _sentence(problem: Problem) -> str:
    rule = problem.rule
    sentences = {
        "required": "must be given",
        "variant": f"unsupported type {problem.value!r}, use {', '.join(rule.variants)}",
        "least": f"must be a whole number from {rule.least} to {rule.most}",
        "most": f"must be a whole number from {rule.least} to {rule.most}",
        "length": rule.says or f"at most {rule.most} are allowed",
    }
    if problem.code in sentences:
        return sentences[problem.code]
    if problem.reason or rule.says:
        return problem.reason or rule.says
    if rule.choices:
        return f"must be one of {', '.join(rule.choices)}"
    return f"must be {_KINDS.get(rule.kind, 'an object')}"
