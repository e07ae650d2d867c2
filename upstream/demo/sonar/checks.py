"""What Sonar refuses, in its order and its words.

The order of refusals and their texts are those that users of the service have reported: the model, the messages and
their order, their parts, then everything with a wrong type or value in one list, then the limits that have a type of
their own.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NoReturn

import orjson

from upstream.demo.documents.formats import FormatError, check_format
from upstream.demo.responses import MODELS_PAGE, Refusal, envelope
from upstream.demo.rules import Problem, Rule, problems
from upstream.demo.sonar.messages import MOST_FILES, problem_of_file, problem_of_image
from upstream.demo.sonar.table import CHAT, CONTENTS, FEWEST_TOKENS, MODELS, MOST_DOMAINS, ROLES, SEARCH

_NOT_ALTERNATING = (
    "After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s)."
)
_TYPES = {"flag": "boolean", "text": "string", "text or list": "string or list", "object": "dictionary"}


def parse(content: bytes) -> dict[str, Any]:
    """The body as an object. Raises Refusal (400) when it is none."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as exc:
        _refuse("bad_request", f"Request body is not valid JSON: {exc}")
    _refuse_all(problems(body, Rule(kind="object", nullable=False)))
    return dict(body)


def check(body: Mapping[str, Any], *, extra_models: Collection[str] = ()) -> None:
    """Raise Refusal for the first kind of problem with a chat request."""
    model, messages = body.get("model"), body.get("messages")
    _refuse_all(problems(model, Rule(kind="text", required=True), "model"))
    if model not in MODELS and model not in extra_models:
        permitted = f"Permitted models can be found in the documentation at {MODELS_PAGE}."
        _refuse("invalid_model", f"Invalid model '{model}'. {permitted}")
    _refuse_all(problems(messages, ROLES, "messages"))
    if problem := _problem_of_order(messages or []):
        _refuse("invalid_message", problem)
    _refuse_all(problems(messages, CONTENTS, "messages"))
    if problem := _problem_of_attachments(body):
        _refuse("invalid_message", problem)
    _refuse_all(problems(body, CHAT))
    try:
        check_format(body.get("response_format"), model=str(model))
    except FormatError as exc:
        _refuse("bad_request", _listed([f"At body -> response_format: {exc}"]))
    if len(body.get("search_domain_filter") or ()) > MOST_DOMAINS:
        message = f"Validation error: search_domain_filters has a max length of {MOST_DOMAINS}"
        _refuse("invalid_search_domain_filter", message)
    if (body.get("max_tokens") or FEWEST_TOKENS) < FEWEST_TOKENS:
        _refuse("invalid_parameter", f"max_tokens must be at least {FEWEST_TOKENS} for {model}.")


def check_search(body: Mapping[str, Any]) -> None:
    """Raise Refusal for a request to `/search` that cannot be answered."""
    _refuse_all(problems(body, SEARCH))


def _problem_of_order(messages: Sequence[Mapping[str, Any]]) -> str:
    roles = ["user" if message["role"] == "tool" else message["role"] for message in messages]
    while roles and roles[0] == "system":
        roles.pop(0)
    if roles != ["user" if number % 2 == 0 else "assistant" for number in range(len(roles))]:
        return _NOT_ALTERNATING
    return "" if roles and roles[-1] == "user" else "Last message must have role `user` or `tool`."


def _problem_of_attachments(body: Mapping[str, Any]) -> str:
    wanted, problem = body.get("response_format"), ""
    contents = [message["content"] for message in body["messages"] if isinstance(message.get("content"), list)]
    parts = [part for content in contents for part in content]
    for part in parts:
        if part["type"] == "file_url":
            problem = problem_of_file(part)
        elif part["type"] == "image_url" and body["model"] == "sonar-deep-research":
            problem = "Images are not supported for sonar-deep-research."
        elif part["type"] == "image_url" and isinstance(wanted, dict) and wanted.get("type") == "regex":
            problem = "Images cannot be combined with a regex format."
        elif part["type"] == "image_url":
            problem = problem_of_image(part)
        if problem:
            return problem
    files = sum(part["type"] == "file_url" for part in parts)
    return f"A request may have at most {MOST_FILES} files." if files > MOST_FILES else ""


def _refuse_all(found: Iterable[Problem]) -> None:
    """Raise the Refusal that lists these problems, the first one of each parameter, if there are any."""
    sentences: dict[str, str] = {}
    for problem in found:
        numbered = "messages" in problem.where
        place = " -> ".join(["body", *(str(step) for step in problem.where if numbered or isinstance(step, str))])
        sentences.setdefault(place, f"At {place}: {_sentence(problem)}")
    if sentences:
        _refuse("bad_request", _listed(sentences.values()))


def _listed(sentences: Iterable[str]) -> str:
    return json.dumps(list(sentences), ensure_ascii=False)


def _refuse(kind: str, message: str) -> NoReturn:
    raise Refusal(envelope(400, kind, message))


def _sentence(problem: Problem) -> str:
    rule = problem.rule
    if problem.code == "required":
        return "Field required"
    if problem.reason or rule.says:
        return problem.reason or rule.says
    if rule.choices:
        *others, last = [f"'{value}'" for value in rule.choices]
        return f"Input should be {', '.join(others)} or {last}"
    if problem.code == "length" and rule.least and not problem.value:
        return f"List should have at least {rule.least} item"
    if problem.code == "length":
        return f"List should have at most {rule.most} items after validation, not {len(problem.value)}"
    sentences = {
        "variant": "Input should be 'text', 'image_url' or 'file_url'",
        "least": f"Input should be greater than or equal to {rule.least}",
        "most": f"Input should be less than {'' if rule.below else 'or equal to '}{rule.most}",
    }
    return sentences.get(problem.code, f"Input should be a valid {_TYPES.get(rule.kind, rule.kind)}")
