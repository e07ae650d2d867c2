"""What programs send that is not what a field takes: it is refused by name, and nothing is dropped in silence."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import Team, User
from api.errors import ApiError
from api.models import Scope
from api.openai import catalog, parameters
from api.openai.messages import conversation_in
from chat.catalog.offers import Offer
from chat.models import Question
from tests.api.tokens import token_of
from upstream.catalog.parameters import Parameter

pytestmark = pytest.mark.django_db

WRONG: tuple[Any, ...] = ([], {}, [[]], [{}], {"a": 1}, "", " ", "x" * 5_000, -1, 10**30, True, 1.5, [None], [""])
USER = {"role": "user", "content": "Who keeps it?"}


def nested(path: str, value: Any) -> dict[str, Any]:
    first, _dot, rest = path.partition(".")
    return {first: nested(rest, value) if rest else value}


def options(body: dict[str, Any], offer: Offer) -> dict[str, Any]:
    return parameters.options_in(body, offer=offer, besides=frozenset())


def taken_or_refused(body: dict[str, Any], offer: Offer) -> tuple[dict[str, Any], ApiError | None]:
    try:
        return options(body, offer), None
    except ApiError as refused:
        return {}, refused


def settings_of(team: Team) -> Iterator[tuple[Offer, Parameter]]:
    for name in ("agent/fast", "agent/low", "sonar/sonar", "sonar/sonar-deep-research"):
        offer = catalog.model_for(name, team)
        yield from ((offer, one) for one in offer.parameters if one.name not in parameters._NOT_HERE)


def test_a_value_is_taken_as_it_is_or_refused_by_its_name(harbour: Team) -> None:
    for offer, parameter in settings_of(harbour):
        for value in WRONG:
            body = nested(parameter.name, value)
            if value == [] and parameter.kind in ("words", "sites"):  # no sites: all sites
                assert options(body, offer) == {}
                continue
            taken, refused = taken_or_refused(body, offer)
            if refused:
                assert refused.status == 400
                assert str(refused.param).startswith(parameter.name), (parameter.name, value, refused.param)
            else:
                assert parameter.value_in(taken) == value, (offer.id, parameter.name)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"max_output_tokens": 0}, "max_output_tokens"),
        ({"max_completion_tokens": "many"}, "max_completion_tokens"),
        ({"reasoning": {"effort": []}}, "reasoning.effort"),
        ({"reasoning": {"depth": 3}}, "reasoning"),
        ({"text": {"format": {"type": "json_object"}}}, "text.format.type"),
        ({"text": {"verbosity": "high"}}, "text"),
        ({"web_search_options": {"user_location": {"approximate": 5}}}, "web_search_options.user_location.approximate"),
        ({"web_search_options": []}, "web_search_options"),
        ({"web_search_options.search_context_size": "low"}, "[web_search_options.search_context_size]"),
        ({"tools": {}}, "tools"),
        ({"prompt": {}}, "prompt"),
        ({"x" * 5_000: 1}, "x" * 100),
    ],
)
def test_a_refusal_names_the_field_as_the_program_does(body: dict[str, Any], param: str, harbour: Team) -> None:
    with pytest.raises(ApiError) as refused:
        options(body, catalog.model_for("agent/fast", harbour))
    assert (refused.value.status, refused.value.param) == (400, param)


def test_how_one_reads_of_the_reasoning_changes_nothing(harbour: Team) -> None:
    told = {"reasoning": {"summary": "auto"}, "text": {"verbosity": "medium", "format": {"type": "text"}}}
    assert options(told, catalog.model_for("agent/fast", harbour)) == {}


@pytest.mark.parametrize(
    "item",
    [
        5,
        [],
        {"role": []},
        {"role": {}},
        {"role": "user", "type": []},
        {"role": "user", "content": 5},
        {"role": "user", "content": [5]},
        {"role": "user", "content": [{"type": []}]},
        {"role": "user", "content": [{"type": {}, "text": "x"}]},
        {"role": "user", "content": [{"type": "text", "text": 5}]},
        {"role": "user", "content": [{"type": "image_url", "image_url": []}]},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://light.example/a.png"}}]},
    ],
)
def test_a_message_of_another_shape_is_refused_by_its_place(item: Any) -> None:
    with pytest.raises(ApiError) as refused:
        conversation_in([USER, item], param="messages")
    assert refused.value.status == 400
    assert str(refused.value.param).startswith("messages[1]")


def test_a_question_that_nobody_can_see_is_none() -> None:
    with pytest.raises(ApiError, match="The last message has no text"):
        conversation_in([{"role": "user", "content": "\u200b \u2060"}], param="messages")


def send(client: Client, path: str, body: Any) -> tuple[int, dict[str, Any]]:
    response = client.post(path, body, content_type="application/json")
    return response.status_code, response.json()["error"]


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/v1/chat/completions", {"stream": True, "stream_options": []}, "stream_options"),
        ("/v1/chat/completions", {"stream_options": {"include_usage": 1}}, "stream_options.include_usage"),
        ("/v1/chat/completions", {"metadata": []}, "metadata"),
        ("/v1/responses", {"input": "Who?", "tools": [{"type": []}]}, "tools"),
        ("/v1/responses", {"input": "Who?", "model": "fast", "preset": 5}, "preset"),
        ("/v1/responses", {"input": "Who?", "store": 0}, "store"),
    ],
)
def test_nothing_is_asked_before_everything_was_looked_at(
    path: str, body: dict[str, Any], param: str, harbour: Team, alice: User
) -> None:
    client = Client(headers={"Authorization": f"Bearer {token_of(alice, Scope.ASK)[1]}"})
    status, error = send(client, path, {"messages": [USER]} | body if "input" not in body else body)
    assert (status, error["param"]) == (400, param)
    assert not Question.objects.exists()


def test_an_address_that_only_others_have_says_so_to_programs(harbour: Team, alice: User) -> None:
    client = Client(headers={"Authorization": f"Bearer {token_of(alice, Scope.ASK)[1]}"})
    for path in ("/v1/embeddings", "/v1/chat/completions/", "/v1/audio/speech"):
        assert send(client, path, {})[0] == 404
    assert send(Client(), "/v1/embeddings", {})[0] == 404  # there is nothing to be let in to
