"""Any options for any name at the Agent API: it is said why they cannot be sent, or a strict service takes them."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import walks
from tests.upstream.agent import strict_body
from tests.upstream.catalog.test_option_space import ODD, likely, nested
from upstream.agent import request as agent_request
from upstream.catalog.rules import AGENT_PARAMETERS, EVERY_PARAMETER, parameters_of, refusals
from upstream.requests import AskRequest, Turn

NAMES = [
    "fast",
    "low",
    "high@2026-10-16.0",
    "wide-research",
    "openai/gpt-6-luna",
    "anthropic/claude-haiku-5-5",
    "new/one",
]
QUESTIONS = st.sampled_from(["Why?", "See https://a.example/ please"])
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}
SCHEMAS = (SCHEMA, {"type": "array", "items": SCHEMA}, {"$ref": "#/$defs/a"}, SCHEMA | {"items": {"type": "bogus"}})
FORMATS = st.sampled_from(
    [
        {"type": "json_schema", "json_schema": {"schema": schema, **more}}
        for schema in SCHEMAS
        for more in ({}, {"name": "x"}, {"name": "not a name"}, {"strict": True}, {"strict": "yes"}, {"foo": 1})
    ]
)
LANGUAGES = st.sampled_from(["Korean", "de", "Klingon"])
SPECIAL = {"response_format": FORMATS, "language_preference": LANGUAGES}
OWN = [one for one in EVERY_PARAMETER if one.provider == "agent"]
values = {one.name: SPECIAL.get(one.name, likely(one)) for one in (*AGENT_PARAMETERS,)}
taken = [one.name for one in AGENT_PARAMETERS if one.kinds]
few = st.lists(st.sampled_from(taken), min_size=1, max_size=5, unique=True).flatmap(
    lambda chosen: st.fixed_dictionaries({name: values[name] for name in chosen}).map(nested)
)
many = st.fixed_dictionaries({}, optional=values).map(nested)
odd = st.dictionaries(st.sampled_from([one.name for one in EVERY_PARAMETER]), ODD, max_size=6).map(nested)


def made(model: str, options: dict[str, Any], question: str, **more: Any) -> dict[str, Any]:
    turns = [Turn("system", "Be brief."), Turn("user", question)]
    request = AskRequest(model=model, provider="agent", turns=turns, options=options, **more)
    body: dict[str, Any] = orjson.loads(orjson.dumps(agent_request.agent_body(request)))
    return body


@given(model=st.sampled_from(NAMES), options=few | many | odd, question=QUESTIONS, background=st.booleans())
@settings(max_examples=walks.examples(600), deadline=None)
def test_options_are_refused_in_words_or_taken_by_a_service_that_refuses_whatever_it_does_not_know(
    model: str, options: dict[str, Any], question: str, background: bool
) -> None:
    refused = refusals(model, options, provider="agent")
    if refused:
        assert all(one.parameter and one.sentence.endswith(".") and "Sonar" not in one.sentence for one in refused)
        return
    assert strict_body.complaints(made(model, options, question, background=background)) == []


@pytest.mark.parametrize("model", NAMES)
def test_whatever_a_name_takes_changes_the_request(model: str) -> None:
    needs = {"max_urls": {"fetch_url": True}, "response_format": {}, "enable_search_classifier": {}}
    pictures = {"num_images", "image_domain_filter", "image_format_filter", "safe_search"}
    good: dict[str, Any] = {
        "flag": True, "integer": 9, "number": 0.5, "date": "1/1/2025", "sites": ["a.example"], "words": ["png"],
        "format": {"type": "json_schema", "json_schema": {"schema": SCHEMA}},
    }  # fmt: skip
    texts = {"web_search_options.user_location.country": "KR", "language_preference": "ko"}
    for parameter in parameters_of(model, provider="agent"):
        if parameter.ours:
            continue
        name = parameter.name
        base = {"return_images": True} if name in pictures else needs.get(name, {})
        if "itude" in name:
            base = {"web_search_options.user_location.country": "KR"}
        value = parameter.choices[0] if parameter.choices else good.get(parameter.kind) or texts.get(name, "word")
        options = nested({**base, name: value})
        assert refusals(model, options, provider="agent") == [], name
        assert made(model, options, "Why?") != made(model, nested(base), "Why?"), name


def test_what_only_the_agent_has_is_refused_elsewhere() -> None:
    for parameter in OWN:
        value = parameter.choices[0] if parameter.choices else (True if parameter.kind == "flag" else 9)
        for model, provider in (("sonar", "sonar"), ("search/sonar", "gateway")):
            told = refusals(model, nested({parameter.name: value}), provider=provider)
            assert "Only the Agent API has this option." in [one.sentence for one in told], parameter.name
