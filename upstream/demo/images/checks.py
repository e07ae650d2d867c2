"""What an image service refuses: OpenAI's models everything that they do not know, others only what they need."""

import json
import re
from collections.abc import Mapping
from typing import Any

import httpx

from upstream.demo.images import table
from upstream.demo.images.errors import refuse
from upstream.demo.images.table import MODELS, DrawingModel

_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")


def read_body(request: httpx.Request) -> dict[str, Any]:
    """The request's JSON object. Raises Refusal."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise refuse(400, "Unsupported content type: the request must use application/json.")
    try:
        body = json.loads(request.content)
    except (ValueError, RecursionError):
        raise refuse(400, "We could not parse the JSON body of your request.") from None
    if not isinstance(body, dict):
        raise refuse(400, "The body has to be a JSON object.")
    return body


def model_of(body: Mapping[str, Any]) -> DrawingModel:
    """The model that is asked for, the first one where none is named. Raises Refusal."""
    name = body.get("model") or next(iter(MODELS))
    if not isinstance(name, str) or name not in MODELS:
        raise refuse(404, f"The model '{name}' does not exist.", code="model_not_found")
    return MODELS[name]


def check_body(body: Mapping[str, Any], model: DrawingModel) -> None:
    """Raise Refusal for what the model does not take."""
    prompt = body.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip():
        raise refuse(400, "Missing required parameter: 'prompt'.", code="missing_required_parameter", param="prompt")
    if len(prompt) > table.LONGEST_PROMPT:
        said = f"Invalid 'prompt': string too long. Expected a string with maximum length {table.LONGEST_PROMPT}."
        raise refuse(400, said, code="string_above_max_length", param="prompt")
    number = body.get("n", 1)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= table.MOST:
        raise _invalid("n", number, (f"a number from 1 to {table.MOST}",))
    if model.takes_form == "refused":
        _check_strictly(body)
    form = body.get("response_format")
    if form is not None and model.takes_form == "yes" and form not in table.FORMATS:
        raise _invalid("response_format", form, table.FORMATS)


def refuse_form(body: Mapping[str, Any]) -> None:
    """Raise Refusal where the body says how pictures shall come back."""
    if "response_format" in body:
        _refuse_unknown("response_format")


def size_of(body: Mapping[str, Any], model: DrawingModel) -> tuple[int, int]:
    """Width and height in pixels. Raises Refusal."""
    size = body.get("size") or model.default_size
    if model.sizes and size not in model.sizes:
        raise _invalid("size", size, model.sizes)
    found = _SIZE.fullmatch(size) if isinstance(size, str) else None
    if size == "auto" or (found is None and not model.sizes and size == ""):
        found = _SIZE.fullmatch(model.default_size)
    sides = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(table.LEAST_SIDE <= side <= table.MOST_SIDE for side in sides):
        raise refuse(500, "invalid value for 'size'", kind="server_error")
    return sides


def _check_strictly(body: Mapping[str, Any]) -> None:
    for name in body:
        if name not in table.KNOWN or name == "response_format":
            _refuse_unknown(name)
    for name, known in table.ENUMS.items():
        if name in body and body[name] not in known:
            raise _invalid(name, body[name], known)


def _refuse_unknown(name: str) -> None:
    raise refuse(400, f"Unknown parameter: '{name}'.", code="unknown_parameter", param=name)


def _invalid(name: str, value: Any, known: tuple[str, ...]) -> Exception:
    shown = json.dumps(value, ensure_ascii=False)[:100].replace('"', "'")
    listed = ", ".join(f"'{one}'" for one in known)
    return refuse(400, f"Invalid value: {shown}. Supported values are: {listed}.", code="invalid_value", param=name)
