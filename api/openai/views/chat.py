"""Chat completions: `POST /v1/chat/completions`, and the same at the addresses that Perplexity has for it."""

from django.http import HttpRequest, HttpResponseBase

from api.auth import Caller, api_view
from api.errors import ApiError
from api.models import Scope
from api.openai import asking, body, catalog, following, parameters
from api.openai.asking import AskWish
from api.openai.body import Body
from api.openai.completions import CompletionFace
from api.openai.following import Asked
from api.openai.messages import conversation_in
from api.openai.told import place_of

_SAID = frozenset({"messages", "model"})


@api_view(Scope.ASK, ("POST",))
def chat_completions(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Ask, and answer with a completion or with a stream of its chunks."""
    asked: Asked | None = getattr(request, "_asked", None)
    if asked is None:
        asked = _ask(request, caller)
        request._asked = asked  # type: ignore[attr-defined]  # the server asks again when the answer has ended
    return following.respond(asked)


def _ask(request: HttpRequest, caller: Caller) -> Asked:
    must_be_a_persons(request)
    sent = body.json_body(request)
    streams, with_figures = body.flag(sent, "stream"), body.flag(sent, "include_usage", within="stream_options")
    offer = catalog.model_for(body.text(sent, "model"), caller.token.team)
    wish = AskWish(
        conversation=conversation_in(sent.get("messages"), param="messages"),
        offer=offer,
        options=parameters.options_in(sent, offer=offer, besides=_SAID),
        again_key=again_key(request),
    )
    stops = stops_on_disconnect(request, sent)
    answer = asking.ask(wish, caller)
    face = CompletionFace(
        answer_id=answer.pk,
        model=catalog.id_of_answer(answer),
        created=int(answer.created_at.timestamp()),
        place=place_of(answer),
        include_usage=streams and with_figures,
    )
    return Asked(answer.pk, caller.token.pk, face, streams=streams, stops=stops)


def must_be_a_persons(request: HttpRequest) -> None:
    """Some programs ask by themselves, for titles and the like, and can say so. Raises ApiError where they do."""
    if task := request.headers.get("X-Parley-Task", "").strip():
        message = f"This is no question of a person, but the program’s own task “{task[:40]}”. It was not asked."
        raise ApiError(400, message, code="task_refused")


def again_key(request: HttpRequest) -> str:
    """By which a request that is sent several times is known. Raises ApiError."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > asking.LONGEST_KEY:
        raise ApiError(400, f"An Idempotency-Key can have up to {asking.LONGEST_KEY} characters.", code="invalid_value")
    return key


def stops_on_disconnect(request: HttpRequest, sent: Body) -> bool:
    """Whether the answer is to be stopped when the program goes away. Raises ApiError."""
    said = request.headers.get("X-Parley-On-Disconnect") or body.mapping(sent, "metadata").get("on_disconnect")
    if said not in (None, "stop", "continue"):
        raise body.wrong("metadata.on_disconnect", "What happens on disconnect is “stop” or “continue”.")
    return said == "stop"
