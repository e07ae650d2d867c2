"""What cannot be asked of the Agent API is refused in words before anything is sent."""

from typing import Any

import pytest

from upstream.catalog.agent_names import NameKind, is_effort, kind_of, needs_longest_answer
from upstream.catalog.agent_parameters import OWN, REASONING_EFFORTS
from upstream.catalog.rules import (
    AGENT_PARAMETERS,
    PARAMETERS,
    formats_of,
    parameters_of,
    reason_against,
    refusals,
)

LUNA = "openai/gpt-6-luna"
NAMES = ["fast", "low", "xhigh@2026-11-02.3", LUNA, "anthropic/claude-haiku-5-5", "somebody/new"]


def told(options: dict[str, Any], model: str = LUNA, **more: bool) -> dict[str, str]:
    """The sentence by what has to change."""
    return {one.parameter: one.sentence for one in refusals(model, options, provider="agent", **more)}


def search(**options: Any) -> dict[str, Any]:
    return {"web_search_options": options}


def schema(inner: Any, **more: Any) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"schema": inner, **more}}}


# --- Names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "effort"),
    [
        ("fast", NameKind.FAST, True),
        ("fast@2026-10-16.0", NameKind.FAST, True),
        ("fast-search", NameKind.FAST, False),
        ("medium", NameKind.PRESET, True),
        ("medium@2026-10-16.0", NameKind.PRESET, True),
        ("wide-research", NameKind.PRESET, False),
        ("pro-search", NameKind.PRESET, False),
        ("perplexity/sonar", NameKind.MODEL, False),
        ("fast/one", NameKind.MODEL, False),
    ],
)
def test_a_name_says_of_what_kind_it_is(name: str, kind: NameKind, effort: bool) -> None:
    assert (kind_of(name), is_effort(name)) == (kind, effort)


def test_anthropics_models_need_to_be_told_how_long_an_answer_may_be() -> None:
    assert needs_longest_answer("anthropic/claude-of-2027")
    assert not needs_longest_answer("openai/claude")
    assert not needs_longest_answer("low")


# --- What there is ---------------------------------------------------------------------------------------


def test_every_option_can_be_shown_and_those_that_are_not_taken_say_why() -> None:
    assert len({parameter.name for parameter in AGENT_PARAMETERS}) == len(PARAMETERS) + len(OWN)
    for parameter in AGENT_PARAMETERS:
        assert parameter.help.endswith(".")
        assert bool(parameter.choices) == (parameter.kind == "choice")
        for name in NAMES:
            assert parameter.is_taken_by(name) or parameter.reason_against(name).endswith("."), parameter.name
            assert "Sonar" not in parameter.reason_against(name)


def test_a_model_takes_the_same_whether_or_not_anybody_has_heard_of_it() -> None:
    models = [
        [parameter.name for parameter in parameters_of(name, provider="agent")]
        for name in ("perplexity/sonar", LUNA, "anthropic/claude-haiku-5-5", "somebody/new")
    ]
    assert models.count(models[0]) == len(models)
    assert {"temperature", "num_search_results", "enable_search_classifier", "sandbox"} < set(models[0])


def test_presets_take_what_a_model_takes_but_for_what_they_decide() -> None:
    def names(model: str) -> set[str]:
        return {parameter.name for parameter in parameters_of(model, provider="agent")}

    assert names(LUNA) - names("medium") == {"enable_search_classifier", "sandbox"}
    assert names("medium") - names("fast") == {"disable_search", "max_tool_calls"}
    assert names("fast") < names("medium") < names(LUNA)


def test_tools_say_what_they_cost() -> None:
    prices = {
        "finance_search": "$0.005",
        "people_search": "$0.005",
        "fetch_url": "$0.003 to $0.01 a page",
        "sandbox": "$0.03 per session",
        "return_images": "$0.0025",
        "web_search_options.search_type": "$0.001",
    }
    helps = {parameter.name: parameter.help for parameter in AGENT_PARAMETERS}
    assert [name for name, price in prices.items() if price not in helps[name]] == []


@pytest.mark.parametrize("effort", REASONING_EFFORTS)
@pytest.mark.parametrize("model", NAMES)
def test_every_effort_is_taken_everywhere(model: str, effort: str) -> None:
    assert told({"reasoning_effort": effort}, model) == {}


# --- When it searches ------------------------------------------------------------------------------------

NEVER, NEEDED = {"disable_search": True}, {"enable_search_classifier": True}


@pytest.mark.parametrize(
    ("model", "options", "reason"),
    [
        (LUNA, NEVER, ""),
        (LUNA, NEEDED, ""),
        ("medium", NEVER, ""),
        ("wide-research", NEVER, ""),
        ("medium", NEEDED, "A preset decides for itself when to search."),
        ("fast", NEVER, "“fast” searches once for every question."),
        ("fast", NEEDED, "“fast” searches once for every question."),
        ("fast@2026-10-16.0", NEVER, "“fast” searches once for every question."),
    ],
)
def test_each_way_to_search_is_taken_or_refused_by_its_own_reason(
    model: str, options: dict[str, Any], reason: str
) -> None:
    assert [reason in sentence for sentence in told(options, model).values()] == ([True] if reason else [])


# --- What is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "parameter", "says"),
    [
        ({"return_related_questions": True}, "return_related_questions", "doesn’t suggest"),
        (
            {"media_response": {"overrides": {"return_videos": True}}},
            "media_response.overrides.return_videos",
            "doesn’t find videos",
        ),
        ({"top_k": 3}, "top_k", "doesn’t have this option"),
        ({"presence_penalty": 1}, "presence_penalty", "doesn’t have this option"),
        ({"stop": ["x"]}, "stop", "doesn’t have this option"),
        ({"search_mode": "academic"}, "search_mode", "searches only the web"),
        ({"search_language_filter": ["en"]}, "search_language_filter", "by language"),
        ({"stream_mode": "full"}, "stream_mode", "streams in only one way"),
        (search(search_type="pro"), "web_search_options.search_type", "Web searches thoroughly"),
        (search(max_tokens=0), "web_search_options.max_tokens", "from 1 to"),
        (
            search(max_tokens=100, search_context_size="low"),
            "web_search_options.search_context_size",
            "either “How much to read” or a number of tokens",
        ),
        ({"language_preference": "Klingon"}, "language_preference", "doesn’t know the language “Klingon”"),
        ({"safe_search": True}, "safe_search", "“Images”"),
        ({"num_images": 2}, "num_images", "“Images”"),
        ({"max_urls": 2}, "max_urls", "“Read pages”"),
        ({"max_urls": 11, "fetch_url": True}, "max_urls", "from 1 to 10"),
        ({"max_tokens": 0}, "max_tokens", "from 1 to 128000"),
        ({"temperature": 2.1}, "temperature", "from 0 to 2"),
        ({"top_p": 1.1}, "top_p", "from 0 to 1"),
        ({"num_search_results": 0}, "num_search_results", "from 1 to 50"),
        ({"num_search_results": 51}, "num_search_results", "from 1 to 50"),
        ({"reasoning_effort": "most"}, "reasoning_effort", "can’t be “most”"),
        ({"service_tier": "gold"}, "service_tier", "can’t be “gold”"),
        ({"max_steps": 0}, "max_steps", "from 1 to 100"),
        ({"max_steps": 101}, "max_steps", "from 1 to 100"),
        ({"max_steps": 1}, "max_steps", "at least 2 steps"),
        ({"max_steps": 3, "finance_search": True}, "max_steps", "at least 4 steps"),
        ({"max_steps": 4, "sandbox": True}, "max_steps", "at least 5 steps"),
        ({"max_tool_calls": 0}, "max_tool_calls", "from 1 to 100"),
        ({"search_domain_filter": ["a.example", "-b.example"]}, "search_domain_filter", "not both"),
        ({"search_domain_filter": ["a.example"] * 21}, "search_domain_filter", "at most 20"),
        ({"search_domain_filter": ["a" * 254]}, "search_domain_filter", "can’t be"),
        ({"search_domain_filter": ["https://a.example"]}, "search_domain_filter", "can’t be"),
        ({"search_domain_filter": ["-http://a.example"]}, "search_domain_filter", "can’t be"),
        ({"search_domain_filter": ["a.example b.example"]}, "search_domain_filter", "can’t be"),
        (
            {"search_recency_filter": "day", "search_after_date_filter": "3/1/2025"},
            "search_recency_filter",
            "either “Published within” or dates",
        ),
        ({"response_format": {"type": "regex", "regex": {"regex": "[a-z]+"}}}, "response_format", "regular expression"),
        ({"sandbox": True, "finance_search": True}, "finance_search", "cannot be combined with the sandbox"),
        ({"sandbox": True, "return_images": True}, "return_images", "cannot be combined with the sandbox"),
        ({"sandbox": True, "enable_search_classifier": True}, "enable_search_classifier", "which replaces search"),
        ({"sandbox": True, "search_recency_filter": "day"}, "search_recency_filter", "which replaces search"),
        ({"sandbox": True, **search(user_location={"country": "KR"})}, "web_search_options.user_location.country", ""),
        ({"disable_search": True, "finance_search": True}, "finance_search", "“Finance” needs a search"),
        ({"disable_search": True, "return_images": True}, "return_images", "“Images” needs a search"),
        ({"sources": ["web"]}, "sources", "Only the gateway"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_its_own_reason(options: dict[str, Any], parameter: str, says: str) -> None:
    found = told(options)
    assert list(found) == [parameter]
    assert says in found[parameter]
    assert found[parameter].endswith(".")


@pytest.mark.parametrize(
    ("model", "options"),
    [
        (LUNA, {"max_steps": 1, "disable_search": True}),
        (LUNA, {"max_steps": 4, "finance_search": True}),
        (LUNA, {"sandbox": True, "disable_search": True}),
        (LUNA, {"sandbox": True, "fetch_url": False, "people_search": False}),
        (LUNA, {"fetch_url": False}),
        (LUNA, search(max_tokens=4000, max_tokens_per_page=500)),
        ("low", {"max_steps": 1}),
        ("low", {"fetch_url": False}),
        ("fast", {"max_steps": 1}),
        ("fast", {"max_steps": 4, "finance_search": True}),
        ("low", {"fetch_url": True, "max_urls": 2}),
    ],
)
def test_what_can_be_sent_is_not_refused(model: str, options: dict[str, Any]) -> None:
    assert told(options, model) == {}


def test_presets_refuse_what_they_decide_by_themselves() -> None:
    assert "Choose a model" in told({"sandbox": True}, "low")["sandbox"]
    assert "searches once" in told({"max_tool_calls": 3}, "fast")["max_tool_calls"]
    assert "at least 4 steps" in told({"max_steps": 3, "finance_search": True}, "fast")["max_steps"]


def test_reasons_are_those_of_the_service_that_was_to_be_asked() -> None:
    assert reason_against("return_related_questions", "fast", provider="agent") == (
        "The Agent API doesn’t suggest related questions."
    )
    assert "Deep research" in reason_against("return_related_questions", "sonar-deep-research")
    assert reason_against("search_mode", "tiny-local") == "The model tiny-local doesn’t support “Where to search”."
    assert reason_against("people_search", "sonar") == "Only the Agent API has this option."
    assert reason_against("people_search", "search/sonar", provider="gateway") == "Only the Agent API has this option."
    assert reason_against("sources", LUNA, provider="agent") == "Only the gateway has this option."
    assert reason_against("nonsense", LUNA, provider="agent") == ""


def test_files_and_pictures_are_taken() -> None:
    assert told({}, "low", with_files=True) == {}
    assert told({}, "low", with_images=True) == {}


# --- Structured output -----------------------------------------------------------------------------------

OBJECT = {"type": "object", "properties": {"a": {"type": ["string", "null"]}}}


@pytest.mark.parametrize("name", NAMES)
def test_everybody_answers_by_a_schema_and_nobody_by_an_expression(name: str) -> None:
    assert formats_of(name, provider="agent") == ("json_schema",)
    assert told(schema(OBJECT, name="a-Name_1"), name) == {}


@pytest.mark.parametrize(
    ("inner", "says"),
    [
        ({"type": "array", "items": OBJECT}, "only schemas of an object, and this one is of “array”"),
        ({"type": "bogus"}, "“bogus”"),
        ({"anyOf": [OBJECT]}, "at its root"),
        ({"type": ["object", "null"], "properties": {}}, "schemas of an object"),
        ({"type": "object", "properties": {"a": {"type": "bogus"}}}, "has the type “bogus”"),
        ({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "text"}}}}, "“text”"),
        ({"type": "object", "$defs": {"a": {"anyOf": [{"type": ["string", "date"]}]}}}, "“date”"),
        ({"type": "object", "properties": {"a": {"type": {"type": "string"}}}}, "which JSON doesn’t have"),
    ],
)
def test_a_schema_that_the_service_would_refuse_is_refused_in_words(inner: Any, says: str) -> None:
    assert says in told(schema(inner))["response_format"]


@pytest.mark.parametrize("name", ["", "two words", "x" * 65, "naïve"])
def test_a_schema_has_a_name_that_the_service_takes_or_none(name: Any) -> None:
    assert "letters, digits, _ and -" in told(schema(OBJECT, name=name))["response_format"]
    assert told(schema(OBJECT)) == {}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"foo": 1}, "doesn’t accept “foo” next to a schema"),
        ({"type": "json_schema"}, "doesn’t accept “type” next to a schema"),
        ({"strict": "yes"}, "“strict” next to a schema can’t be “yes”"),
        ({"name": None}, "“name” next to a schema can’t be “None”"),
        ({"description": 3}, "“description” next to a schema can’t be “3”"),
    ],
)
def test_nothing_stands_beside_a_schema_that_the_service_does_not_know(more: dict[str, Any], says: str) -> None:
    assert says in told(schema(OBJECT, **more))["response_format"]
    assert told(schema(OBJECT, name="x", strict=True, description="What it is.")) == {}


def test_a_property_may_be_called_like_a_keyword_and_a_value_may_be_a_type() -> None:
    inner = {"type": "object", "properties": {"type": {"enum": ["bogus"]}, "items": {"const": {"type": "bogus"}}}}
    assert told(schema(inner)) == {}


def test_a_schema_of_any_depth_is_judged() -> None:
    deep: dict[str, Any] = {"type": "bogus"}
    for _level in range(300):
        deep = {"type": "array", "items": deep}
    assert "“bogus”" in told(schema({"type": "object", "properties": {"a": deep}}))["response_format"]
