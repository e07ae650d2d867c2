"""What a program sends, read: messages, options, and what is refused in which words."""

from typing import Any

import pytest

from accounts.models import Team
from api.errors import ApiError
from api.openai import catalog, parameters
from api.openai.drawing import read_wish
from api.openai.messages import conversation_in
from chat.catalog.offers import Offer

pytestmark = pytest.mark.django_db

SCHEMA = {"type": "object", "properties": {"keeper": {"type": "string"}}, "required": ["keeper"]}
FUNCTION = {"type": "function", "function": {"name": "get_time", "parameters": {}}}
USER = {"role": "user", "content": "Who keeps it?"}


def said(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


def options(body: dict[str, Any], offer: Offer) -> dict[str, Any]:
    return parameters.options_in(body, offer=offer, besides=frozenset({"messages", "model"}))


@pytest.fixture
def fast(harbour: Team) -> Offer:
    return catalog.model_for("agent/fast", harbour)


def test_what_one_side_says_in_pieces_is_one_message() -> None:
    read = conversation_in(
        [said("system", "Be brief."), said("user", "A"), said("user", "B"), said("developer", "In Latin.")],
        param="messages",
    )
    assert (read.instructions, read.question.text, read.given) == ("Be brief.\n\nIn Latin.", "A\n\nB", [])


def test_the_next_request_is_found_by_the_messages_of_the_one_before() -> None:
    first = conversation_in([said("system", "x"), said("user", "A ")], param="messages")
    turns = [said("system", "y"), said("user", "A"), said("assistant", "1"), said("user", "B")]
    second = conversation_in(turns, param="messages")
    assert second.hash_before() == first.hash() != ""
    assert second.answer_before == "1"
    assert [turn.text for turn in second.given] == ["A", "1"]
    assert first.hash_before() == ""


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (None, "invalid_value"),
        ([], "invalid_value"),
        ([said("user", " ")], "invalid_value"),
        ([USER, said("assistant", "Nobody.")], "invalid_value"),
        ([said("tool", "x"), USER], "invalid_value"),
        ([said("user", "x" * 50_001)], "context_length_exceeded"),
        ([said("system", "x" * 8_001), USER], "context_length_exceeded"),
        ([said("user", "x" * 240_001), said("assistant", "y"), USER], "context_length_exceeded"),
        ([USER] * 1_001, "context_length_exceeded"),
        ([{"role": "user", "content": [{"type": "input_audio"}]}], "unsupported_parameter"),
        ([{"role": "user", "content": [{"type": "image_url", "image_url": "http://10.0.0.1/"}]}], "invalid_value"),
    ],
)
def test_messages_that_are_no_question_are_refused(messages: Any, code: str) -> None:
    with pytest.raises(ApiError) as refused:
        conversation_in(messages, param="messages")
    assert refused.value.code == code


def test_options_are_taken_under_the_names_of_both_apis(fast: Offer) -> None:
    found = options(
        {
            "messages": [],
            "max_completion_tokens": 200,
            "temperature": 0.5,
            "search_domain_filter": ["example.org"],
            "web_search_options": {
                "search_context_size": "low",
                "user_location": {"type": "approximate", "approximate": {"country": "DE", "timezone": "Europe/Berlin"}},
            },
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "x", "strict": True, "schema": SCHEMA},
            },
        },
        fast,
    )
    assert found["max_tokens"] == 200
    assert found["web_search_options"] == {"search_context_size": "low", "user_location": {"country": "DE"}}
    assert found["response_format"]["json_schema"]["schema"] == SCHEMA


def test_functions_that_may_be_called_need_not_be(fast: Offer) -> None:
    assert options({"tools": [FUNCTION], "tool_choice": "auto", "functions": [FUNCTION["function"]]}, fast) == {}


def test_what_changes_nothing_is_ignored(fast: Offer) -> None:
    assert options(dict.fromkeys(parameters.IGNORED, "x"), fast) == {}
    neutral = {name: values[0] for name, values in parameters.NEUTRAL.items() if values and name != "reasoning"}
    found = options({**neutral, "response_format": {"type": "text"}, "web_search_options": {}}, fast)
    assert set(found) <= {"temperature", "top_p", "service_tier"}  # which this model takes as they are


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({"tools": [{"type": "code_interpreter"}]}, "tools", "unsupported_parameter"),
        ({"tools": [FUNCTION], "tool_choice": "required"}, "tool_choice", "unsupported_parameter"),
        ({"tools": [FUNCTION], "tool_choice": {"type": "function"}}, "tool_choice", "unsupported_parameter"),
        ({"n": 2}, "n", "unsupported_parameter"),
        ({"logprobs": True}, "logprobs", "unsupported_parameter"),
        ({"presence_penalty": 0.5}, "presence_penalty", "unsupported_parameter"),
        ({"no_such_thing": 1}, "no_such_thing", "unknown_parameter"),
        ({"temperature": "hot"}, "temperature", "invalid_value"),
        ({"max_tokens": 0}, "max_tokens", "invalid_value"),
        ({"response_format": {"type": "json_object"}}, "response_format.type", "unsupported_value"),
        ({"web_search_options": {"depth": 3}}, "web_search_options.depth", "unsupported_parameter"),
    ],
)
def test_what_would_change_the_answer_and_cannot_be_had_is_refused(
    body: dict[str, Any], param: str, code: str, fast: Offer
) -> None:
    with pytest.raises(ApiError) as refused:
        options(body, fast)
    assert (refused.value.param, refused.value.code, refused.value.status) == (param, code, 400)


def test_a_model_is_found_by_each_of_its_names_unless_the_team_may_not_ask_it(harbour: Team) -> None:
    for name in ("agent/fast", "fast", "agent:fast"):
        assert catalog.model_for(name, harbour).id == "agent:fast"
    harbour.allowed_models = ["agent:low"]
    harbour.save()
    assert [one.id for one in catalog.offered_models(harbour)] == ["agent:low"]
    assert catalog.model_for("", harbour).id == "agent:low"
    with pytest.raises(ApiError) as refused:
        catalog.model_for("agent/fast", harbour)
    assert (refused.value.status, refused.value.code) == (404, "model_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": ""},
        {"prompt": "x" * 4_001},
        {"prompt": "A light", "n": 5},
        {"prompt": "A light", "n": True},
        {"prompt": "A light", "size": "3x3"},
        {"prompt": "A light", "quality": "hd"},
        {"prompt": "A light", "response_format": "jpeg"},
    ],
)
def test_pictures_that_cannot_be_drawn_so_are_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refused:
        read_wish(body)
    assert refused.value.status == 400
