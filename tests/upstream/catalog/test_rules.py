"""Which model takes what, and what is refused before anything is sent."""

from datetime import date
from typing import Any

import pytest

from upstream.catalog.parameters import ParameterGroup
from upstream.catalog.rules import (
    MODELS,
    PARAMETERS,
    formats_of,
    model_named,
    parameters_of,
    refusals,
)

SONAR, PRO, REASONING, RESEARCH = "sonar", "sonar-pro", "sonar-reasoning-pro", "sonar-deep-research"


def named(options: dict[str, Any], model: str = SONAR, **more: bool) -> list[str]:
    return [refusal.parameter for refusal in refusals(model, options, **more)]


def search(**options: Any) -> dict[str, Any]:
    return {"web_search_options": options}


def place(**options: Any) -> dict[str, Any]:
    return search(user_location=options)


# --- Models -----------------------------------------------------------------------------------------------------


def test_the_five_models_say_what_they_are_for_and_what_they_cost():
    assert list(MODELS) == ["sonar", "sonar-pro", "sonar-reasoning", "sonar-reasoning-pro", "sonar-deep-research"]
    for model in MODELS.values():
        assert model.label
        assert model.purpose.endswith(".")
        assert model.price_line
        assert model.context_window >= 127_000


def test_the_retired_model_says_since_when_and_what_instead():
    retired = [model for model in MODELS.values() if model.retired_on]
    assert [model.name for model in retired] == ["sonar-reasoning"]
    assert retired[0].retired_on == date(2025, 12, 15)
    assert retired[0].successor in MODELS
    assert retired[0].successor in retired[0].notice


def test_a_model_that_only_the_operators_server_knows_is_allowed():
    model = model_named("tiny-local")
    assert (model.label, model.price_line, model.context_window) == ("tiny-local", "", 0)
    assert model_named("sonar") is MODELS["sonar"]


# --- Parameters -------------------------------------------------------------------------------------------------


def test_every_parameter_can_be_shown():
    assert len({parameter.name for parameter in PARAMETERS}) == len(PARAMETERS)
    for parameter in PARAMETERS:
        assert parameter.label
        assert parameter.help.endswith(".")
        assert parameter.group in ParameterGroup
        assert bool(parameter.choices) == (parameter.kind == "choice")
        assert parameter.why_not or parameter.models == set(MODELS)


def test_a_model_is_offered_what_it_takes():
    research = {parameter.name for parameter in parameters_of(RESEARCH)}
    sonar = {parameter.name for parameter in parameters_of(SONAR)}
    assert research - sonar == {"delivery", "reasoning_effort"}
    assert sonar - research == {
        "disable_search",
        "enable_search_classifier",
        "return_related_questions",
        "web_search_options.search_context_size",
    }
    assert "web_search_options.search_type" in {parameter.name for parameter in parameters_of(PRO)} - sonar


def test_formats_are_those_in_which_the_model_answers():
    assert formats_of(SONAR) == ("json_schema", "regex")
    assert formats_of(PRO) == formats_of(RESEARCH) == formats_of("tiny-local") == ("json_schema",)


def test_an_unknown_model_is_offered_what_every_chat_server_takes():
    assert [parameter.name for parameter in parameters_of("tiny-local")] == [
        *("instructions", "temperature", "top_p", "presence_penalty", "frequency_penalty"),
        *("max_tokens", "stop", "response_format"),
    ]


def test_a_parameter_finds_its_value():
    by_name = {parameter.name: parameter for parameter in PARAMETERS}
    assert by_name["web_search_options.user_location.city"].value_in(place(city="Varn")) == "Varn"
    assert by_name["web_search_options.user_location.city"].value_in({"web_search_options": 3}) is None
    assert by_name["top_p"].value_in({}) is None


# --- What is refused --------------------------------------------------------------------------------------------

SCHEMA = {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}
REGEX = {"type": "regex", "regex": {"regex": "[0-9]+"}}


@pytest.mark.parametrize(
    ("model", "options"),
    [
        (SONAR, {}),
        (SONAR, {"temperature": 0, "top_p": 1, "top_k": 0, "max_tokens": 16}),
        (SONAR, {"temperature": 1.99, "max_tokens": 128_000, "presence_penalty": -2, "frequency_penalty": 2.0}),
        (SONAR, {"search_domain_filter": ["a.example"] * 20, "search_mode": "sec", "safe_search": False}),
        (SONAR, {"search_domain_filter": ["-a.example", "-.gov"]}),
        (SONAR, {"search_after_date_filter": "3/1/2025", "search_before_date_filter": "03/01/2025"}),
        (SONAR, {"search_recency_filter": "hour", "search_language_filter": ["en", "ko"]}),
        (SONAR, {"return_images": True, "image_format_filter": ["png"], "image_domain_filter": ["-a.example"]}),
        (SONAR, {"media_response": {"overrides": {"return_images": True}}, "num_images": 3}),
        (SONAR, {"media_response": {"overrides": {"return_videos": True}}, "return_related_questions": True}),
        (SONAR, {"response_format": REGEX}),
        (SONAR, {"stop": "END", "response_format": {"type": "text"}, "temperature": None}),
        (
            SONAR,
            search(search_context_size="high", user_location={"country": "KR", "latitude": 37.5, "longitude": 127}),
        ),
        (PRO, {"response_format": SCHEMA, "stream_mode": "concise", **search(search_type="pro")}),
        (REASONING, {"response_format": SCHEMA, "disable_search": True}),
        (RESEARCH, {"reasoning_effort": "high"}),
        ("tiny-local", {"temperature": 2.5, "max_tokens": 1, "stop": ["END"], "response_format": SCHEMA}),
    ],
)
def test_what_the_upstream_takes_is_not_refused(model: str, options: dict[str, Any]):
    assert refusals(model, options) == []


@pytest.mark.parametrize("model", [SONAR, PRO, "sonar-reasoning", REASONING])
def test_only_deep_research_takes_an_effort(model: str):
    assert named({"reasoning_effort": "low"}, model) == ["reasoning_effort"]


def test_deep_research_takes_no_images():
    assert named({}, RESEARCH, with_images=True) == ["images"]
    assert named({}, SONAR, with_images=True) == []


def test_deep_research_takes_no_files():
    assert named({}, RESEARCH, with_files=True) == ["files"]
    assert named({}, PRO, with_files=True) == []


def test_images_and_a_regular_expression_exclude_each_other():
    assert named({"response_format": REGEX}, with_images=True) == ["images"]


@pytest.mark.parametrize("model", [PRO, REASONING, RESEARCH])
def test_only_sonar_answers_by_a_regular_expression(model: str):
    assert named({"response_format": REGEX}, model) == ["response_format"]


@pytest.mark.parametrize("name", ["search_domain_filter", "image_domain_filter"])
def test_sites_are_all_wanted_or_all_unwanted(name: str):
    assert named({name: ["a.example", "-b.example"], "return_images": True}) == [name]


def test_there_are_at_most_twenty_sites():
    assert named({"search_domain_filter": ["a.example"] * 21}) == ["search_domain_filter"]
    assert named({"search_domain_filter": ["a" * 254]}) == ["search_domain_filter"]


@pytest.mark.parametrize(
    "name",
    [
        *("search_after_date_filter", "search_before_date_filter"),
        *("last_updated_after_filter", "last_updated_before_filter"),
    ],
)
def test_a_recency_and_dates_exclude_each_other(name: str):
    assert named({"search_recency_filter": "week", name: "3/1/2025"}) == ["search_recency_filter"]


@pytest.mark.parametrize(
    ("after", "before"),
    [
        ("search_after_date_filter", "search_before_date_filter"),
        ("last_updated_after_filter", "last_updated_before_filter"),
    ],
)
def test_no_day_is_after_one_and_before_an_earlier_one(after: str, before: str):
    assert named({after: "12/31/2025", before: "1/1/2025"}) == [after]


@pytest.mark.parametrize("day", ["2025-03-01", "13/1/2025", "2/30/2025", "3/1/25", "3/1/2025 ", 20250301, "3/1/٢٠٢٥"])
def test_a_date_is_a_day_that_exists(day: Any):
    assert named({"search_after_date_filter": day}) == ["search_after_date_filter"]


def test_coordinates_need_a_country():
    path = "web_search_options.user_location"
    assert named(place(latitude=37.5, longitude=127.0)) == [f"{path}.latitude", f"{path}.longitude"]
    assert named(place(latitude=91, longitude=-181, country="KR")) == [f"{path}.latitude", f"{path}.longitude"]
    assert named(place(country="Korea")) == [f"{path}.country"]


@pytest.mark.parametrize("kind", ["pro", "auto", "fast"])
def test_only_sonar_pro_searches_in_several_steps(kind: str):
    assert named(search(search_type=kind), SONAR) == ["web_search_options.search_type"]
    assert named(search(search_type=kind), PRO) == []


def test_a_search_in_several_steps_needs_a_stream():
    assert named(search(search_type="auto"), PRO, stream=False) == ["web_search_options.search_type"]
    assert named(search(search_type="fast"), PRO, stream=False) == []


@pytest.mark.parametrize("name", ["image_domain_filter", "image_format_filter"])
def test_filters_for_pictures_need_pictures(name: str):
    assert named({name: ["png"]}) == [name]
    assert named({name: ["png"], "return_images": False}) == [name]


@pytest.mark.parametrize(
    "options",
    [
        {"max_tokens": 15},
        {"max_tokens": 128_001},
        {"max_tokens": 20.5},
        {"max_tokens": True},
        {"max_tokens": "20"},
        {"temperature": 2},
        {"temperature": -0.1},
        {"temperature": float("nan")},
        {"top_p": 1.1},
        {"top_k": -1},
        {"return_images": "yes"},
        {"search_mode": "all"},
        {"search_recency_filter": "fortnight"},
        {"search_language_filter": ["EN"]},
        {"search_language_filter": ["en"] * 11},
        {"stop": [""]},
        {"stop": 3},
        {"response_format": {"type": "json_schema"}},
        {"response_format": {"type": "xml"}},
        {"response_format": "text"},
    ],
)
def test_values_out_of_bounds_are_refused(options: dict[str, Any]):
    assert named(options) == list(options)


@pytest.mark.parametrize("empty", ["", [], {}])
@pytest.mark.parametrize("name", ["search_recency_filter", "search_domain_filter", "language_preference"])
def test_empty_values_are_refused(name: str, empty: Any):
    assert named({name: empty}) == [name]
    assert "Leave it out" in refusals(SONAR, {name: empty})[0].sentence


@pytest.mark.parametrize("options", [{"return_citations": True}, search(image_results=3), {"tools": [{"a": 1}]}])
def test_unknown_parameters_are_refused(options: dict[str, Any]):
    assert len(refusals(SONAR, options)) == 1


def test_a_nested_parameter_cannot_be_something_else():
    assert named({"web_search_options": "high"}) == ["web_search_options"]


def test_an_unknown_model_is_not_sent_what_only_perplexity_knows():
    assert named({"search_mode": "web", "temperature": 1}, "tiny-local") == ["search_mode"]


def test_every_refusal_is_a_sentence():
    options = {"reasoning_effort": "low", "temperature": 2, "max_tokens": 3, "search_mode": "x" * 500, "stop": [""]}
    for refusal in refusals(SONAR, options):
        assert refusal.sentence[0].isupper() or refusal.sentence[0] == "“"
        assert refusal.sentence.endswith(".")
        assert len(refusal.sentence) < 250
