"""Responses: `POST /v1/responses`, and what was answered before."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from api.auth import Caller, api_view
from api.errors import ApiError, not_found
from api.models import Scope
from api.openai import asking, body, catalog, following, parameters
from api.openai.asking import AskWish
from api.openai.body import Body, wrong
from api.openai.following import Asked
from api.openai.messages import Conversation, conversation_in, conversation_of
from api.openai.responses import ResponseFace, answer_id_in
from api.openai.told import place_of
from api.openai.views.chat import again_key, must_be_a_persons, stops_on_disconnect
from chat.models import Answer

_SAID = frozenset({"input", "instructions", "model", "preset", "previous_response_id", "store", "stream", "tools"})
_REPEATED = ("instructions", "max_output_tokens", "temperature", "top_p", "metadata", "previous_response_id", "text")
_SEARCHES = frozenset({"web_search", "web_search_preview"})


@api_view(Scope.ASK, ("POST",))
def responses(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Ask, and answer with a response or with the events of its stream."""
    asked: Asked | None = getattr(request, "_asked", None)
    if asked is None:
        asked = _ask(request, caller)
        request._asked = asked  # type: ignore[attr-defined]  # the server asks again when the answer has ended
    return following.respond(asked)


@api_view(Scope.ASK, ("GET",))
def response(request: HttpRequest, caller: Caller, response_id: str) -> HttpResponseBase:
    """A response that was asked for before, once it has ended."""
    asked: Asked | None = getattr(request, "_asked", None)
    if asked is None:
        answer = _named(response_id, caller)
        asked = Asked(answer.pk, caller.token.pk, _face(answer, {}))
        request._asked = asked  # type: ignore[attr-defined]
    return following.respond(asked)


def _ask(request: HttpRequest, caller: Caller) -> Asked:
    must_be_a_persons(request)
    sent = body.json_body(request)
    if sent.get("store", True) is not True:
        raise wrong("store", "Parley keeps every answer in the history of its person. Leave “store” out.")
    streams, before = body.flag(sent, "stream"), _answer_before(sent, caller)
    _must_be_searches(sent)
    named, preset = body.text(sent, "model"), body.text(sent, "preset")
    offer = catalog.model_for(named or preset, caller.token.team)
    wish = AskWish(
        conversation=_conversation_in(sent, follows=before is not None),
        offer=offer,
        options=parameters.options_in(sent, offer=offer, besides=_SAID),
        again_key=again_key(request),
        after=before,
    )
    stops = stops_on_disconnect(request, sent)
    answer = asking.ask(wish, caller)
    return Asked(answer.pk, caller.token.pk, _face(answer, sent), streams=streams, stops=stops)


def _face(answer: Answer, sent: Body) -> ResponseFace:
    return ResponseFace(
        answer_id=answer.pk,
        model=catalog.id_of_answer(answer),
        created=int(answer.created_at.timestamp()),
        place=place_of(answer),
        wish={name: sent[name] for name in _REPEATED if name in sent},
    )


def _conversation_in(sent: Body, *, follows: bool) -> Conversation:
    said, instructions = sent.get("input"), body.text(sent, "instructions")
    if isinstance(said, str):
        return conversation_of(said, param="input", instructions=instructions)
    read = conversation_in(said, param="input", instructions=instructions)
    if follows and len(read.turns) > 1:
        raise wrong("input", "With “previous_response_id”, send only what the person asks now.")
    return read


def _answer_before(sent: Body, caller: Caller) -> Answer | None:
    name = body.text(sent, "previous_response_id")
    if not name:
        return None
    try:
        return _named(name, caller)
    except ApiError:
        raise ApiError(
            404,
            f"Previous response with id “{name[:100]}” was not found.",
            param="previous_response_id",
            code="previous_response_not_found",
        ) from None


def _named(name: str, caller: Caller) -> Answer:
    answer_id = answer_id_in(name)
    if answer_id is None:
        raise not_found("There is no such response.")
    return asking.answer_named(answer_id, caller)


def _must_be_searches(sent: Body) -> None:
    """Every question is searched for: a tool that says so changes nothing. Functions are never called, and there are no
    other tools."""
    tools = sent.get("tools", [])
    if not isinstance(tools, list) or not all(_is_search(tool) or parameters.is_function(tool) for tool in tools):
        raise wrong("tools", "The only tool is web_search, which every question has.", code="unsupported_parameter")


def _is_search(tool: Any) -> bool:
    kind = tool.get("type") if isinstance(tool, Mapping) else None
    return isinstance(kind, str) and kind in _SEARCHES
