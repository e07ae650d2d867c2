"""Refuses what the service refuses, in its order and its words (contract A5, A12, F1.2)."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn

import orjson

from upstream.demo import checks, files, images
from upstream.demo.failures import MODELS_PAGE, Refusal, envelope
from upstream.demo.shapes import ShapeError, check_format

MODELS = ("sonar", "sonar-pro", "sonar-reasoning-pro", "sonar-deep-research")
MOST_DOMAINS = 20
FEWEST_TOKENS = 16


def parsed(content: bytes) -> dict[str, Any]:
    """The body as an object. Raises Refusal (400) when it is none."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as exc:
        raise Refusal(envelope(400, "bad_request", f"Request body is not valid JSON: {exc}")) from exc
    if not isinstance(body, dict):
        refuse_all(["At body: Input should be a valid dictionary"])
    return body


def check(body: Mapping[str, Any], *, extra_models: Collection[str] = ()) -> None:
    """Raise Refusal for the first kind of problem with a chat request."""
    model = body.get("model")
    if not isinstance(model, str):
        refuse_all(["At body -> model: " + ("Field required" if model is None else "Input should be a valid string")])
    if model not in MODELS and model not in extra_models:
        message = f"Invalid model '{model}'. Permitted models can be found in the documentation at {MODELS_PAGE}."
        raise Refusal(envelope(400, "invalid_model", message))
    _check_order(body.get("messages"))
    _check_parts(body)
    problems = checks.problems(body, checks.CHAT)
    options = checks.part(body, "web_search_options")
    problems += checks.problems(options, checks.OPTIONS, "web_search_options")
    place = checks.part(options, "user_location")
    problems += checks.problems(place, checks.PLACE, "web_search_options", "user_location")
    if problems:
        refuse_all(problems)
    try:
        check_format(body.get("response_format"), model=model)
    except ShapeError as exc:
        refuse_all([f"At body -> response_format: {exc}"])
    if len(body.get("search_domain_filter") or ()) > MOST_DOMAINS:
        message = f"Validation error: search_domain_filters has a max length of {MOST_DOMAINS}"
        raise Refusal(envelope(400, "invalid_search_domain_filter", message))
    if (body.get("max_tokens") or FEWEST_TOKENS) < FEWEST_TOKENS:
        message = f"max_tokens must be at least {FEWEST_TOKENS} for {model}."
        raise Refusal(envelope(400, "invalid_parameter", message))


def refuse_all(problems: Sequence[str]) -> NoReturn:
    """Raise the Refusal that lists problems with types and values."""
    raise Refusal(envelope(400, "bad_request", json.dumps(list(problems), ensure_ascii=False)))


def _check_order(messages: Any) -> None:
    if not isinstance(messages, list) or not messages:
        wrong = "Field required" if messages is None else "List should have at least 1 item"
        refuse_all([f"At body -> messages: {wrong}"])
    for number, message in enumerate(messages):
        role = message.get("role") if isinstance(message, dict) else None
        if role not in ("system", "user", "assistant", "tool"):
            refuse_all(
                [f"At body -> messages -> {number} -> role: Input should be 'system', 'user', 'assistant' or 'tool'"]
            )
    roles = ["user" if message["role"] == "tool" else message["role"] for message in messages]
    while roles and roles[0] == "system":
        roles.pop(0)
    expected = ["user" if number % 2 == 0 else "assistant" for number in range(len(roles))]
    if roles != expected:
        message = (
            "After the (optional) system message(s), user or tool message(s) should alternate with assistant "
            "message(s)."
        )
        raise Refusal(envelope(400, "invalid_message", message))
    if not roles or roles[-1] != "user":
        raise Refusal(envelope(400, "invalid_message", "Last message must have role `user` or `tool`."))


def _check_parts(body: Mapping[str, Any]) -> None:
    wanted = body.get("response_format")
    with_pattern = isinstance(wanted, dict) and wanted.get("type") == "regex"
    documents = 0
    for number, message in enumerate(body["messages"]):
        content = message.get("content")
        where = f"At body -> messages -> {number} -> content"
        if content is None or isinstance(content, str):
            continue
        if not isinstance(content, list):
            refuse_all([f"{where}: Input should be a valid string or list"])
        for place, part in enumerate(content):
            kind = part.get("type") if isinstance(part, dict) else None
            if kind not in ("text", "image_url", "file_url", "pdf_url", "video_url"):
                refuse_all([f"{where} -> {place} -> type: Input should be 'text', 'image_url' or 'file_url'"])
            if kind == "text" and not isinstance(part.get("text"), str):
                refuse_all([f"{where} -> {place} -> text: Input should be a valid string"])
            if kind == "image_url":
                if body["model"] == "sonar-deep-research":
                    raise Refusal(envelope(400, "invalid_message", "Images are not supported for sonar-deep-research."))
                if with_pattern:
                    raise Refusal(envelope(400, "invalid_message", "Images cannot be combined with a regex format."))
                problem = images.problem(images.address(part))
                if problem:
                    raise Refusal(envelope(400, "invalid_message", problem))
            if kind == "file_url" and (problem := files.problem(part)):
                raise Refusal(envelope(400, "invalid_message", problem))
            if kind == "file_url":
                documents += 1
    if documents > files.MOST_FILES:
        raise Refusal(envelope(400, "invalid_message", f"A request may have at most {files.MOST_FILES} files."))
