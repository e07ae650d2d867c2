"""A question as the body of an Agent API request, byte for byte."""

import base64
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.agent import request as agent_request
from upstream.catalog.rules import AGENT_MODELS, AGENT_PARAMETERS, parameters_of, refusals
from upstream.demo.agent import checks
from upstream.errors import InvalidRequest
from upstream.requests import AskRequest, Document, Picture, Turn

SONAR = "perplexity/sonar"
PICTURE = Picture("image/gif", b"GIF89a" + b"\0" * 20)


def body(model: str = SONAR, *turns: Turn, **options: Any) -> str:
    request = AskRequest(model=model, provider="agent", turns=turns or [Turn("user", "Why?")], options=options)
    return orjson.dumps(agent_request.agent_body(request)).decode()


def with_tools(tools: str, *, rest: str = "", first: str = f'"model":"{SONAR}"') -> str:
    """The body of the plain question with these tools."""
    asked = '"input":[{"type":"message","role":"user","content":"Why?"}]'
    named = f',"tools":[{tools}]' if tools else ""
    return f'{{{first},{asked}{named}{rest},"stream":true}}'


SEARCH = '{"type":"web_search"}'


def test_a_plain_question_to_a_model() -> None:
    assert body() == with_tools(SEARCH)


@pytest.mark.parametrize("preset", ["fast", "low", "medium", "high", "xhigh"])
def test_a_preset_brings_its_own_tools(preset: str) -> None:
    assert body(preset) == with_tools("", first=f'"preset":"{preset}"')


def test_a_preset_whose_search_is_set_is_given_all_its_tools() -> None:
    tools = '{"type":"web_search","filters":{"search_recency_filter":"day"}},{"type":"fetch_url"}'
    assert body("low", search_recency_filter="day") == with_tools(tools, first='"preset":"low"')


def search(**options: Any) -> dict[str, Any]:
    return {"web_search_options": options}


@pytest.mark.parametrize(
    ("options", "tools"),
    [
        ({"search_domain_filter": ["a.example", ".gov"]}, '"filters":{"search_domain_filter":["a.example",".gov"]}'),
        ({"search_recency_filter": "week"}, '"filters":{"search_recency_filter":"week"}'),
        ({"search_after_date_filter": "3/1/2025"}, '"filters":{"search_after_date_filter":"03/01/2025"}'),
        ({"search_before_date_filter": "12/31/2025"}, '"filters":{"search_before_date_filter":"12/31/2025"}'),
        ({"last_updated_after_filter": "03/1/2025"}, '"filters":{"last_updated_after_filter":"03/01/2025"}'),
        ({"last_updated_before_filter": "3/01/2025"}, '"filters":{"last_updated_before_filter":"03/01/2025"}'),
        (search(search_context_size="high"), '"search_context_size":"high"'),
        (search(search_type="fast"), '"search_type":"fast"'),
        (search(search_type="web"), '"search_type":"web"'),
        (
            search(user_location={"country": "KR", "city": "Busan", "region": "", "latitude": 0, "longitude": 129.1}),
            '"user_location":{"country":"KR","city":"Busan","latitude":0,"longitude":129.1}',
        ),
    ],
)
def test_what_is_set_about_the_search_goes_into_its_tool(options: dict[str, Any], tools: str) -> None:
    assert body(**options) == with_tools('{"type":"web_search",' + tools + "}")


def test_no_search_is_no_tool() -> None:
    assert body(disable_search=True, search_recency_filter="day") == with_tools("")
    assert body(disable_search=False) == with_tools(SEARCH)


def test_an_address_in_the_question_may_be_read() -> None:
    assert '"tools":[{"type":"web_search"},{"type":"fetch_url"}]' in body(SONAR, Turn("user", "See https://a.example/"))
    earlier = [Turn("user", "See https://a.example/"), Turn("assistant", "Seen."), Turn("user", "And now?")]
    assert "fetch_url" not in body(SONAR, *earlier)


@pytest.mark.parametrize(
    ("options", "tool"),
    [
        ({}, '{"type":"image_search"}'),
        ({"num_images": 3}, '{"type":"image_search","max_results":3}'),
        (
            {
                "image_domain_filter": ["-a.example"],
                "image_format_filter": ["jpg", "jpeg", "png"],
                "safe_search": False,
            },
            '{"type":"image_search","filters":{"domain_filter":["-a.example"],"format_filter":["jpeg","png"],'
            '"safe_search":false}}',
        ),
    ],
)
def test_pictures_are_a_tool(options: dict[str, Any], tool: str) -> None:
    assert body(return_images=True, **options) == with_tools(f"{SEARCH},{tool}")
    assert "image_search" not in body(**options)


@pytest.mark.parametrize(
    ("options", "rest"),
    [
        ({"max_tokens": 500}, ',"max_output_tokens":500'),
        ({"max_tokens": 1}, ',"max_output_tokens":16'),
        ({"reasoning_effort": "xhigh"}, ',"reasoning":{"effort":"xhigh"}'),
        ({"language_preference": "Korean"}, ',"language_preference":"ko"'),
        ({"language_preference": "de"}, ',"language_preference":"de"'),
        ({"language_preference": "Klingon"}, ""),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}},
            ',"response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}',
        ),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "mine", "schema": {}, "strict": True}}},
            ',"response_format":{"type":"json_schema","json_schema":{"name":"mine","schema":{},"strict":true}}',
        ),
        ({"response_format": {"type": "text"}}, ""),
    ],
)
def test_the_rest_has_this_providers_names(options: dict[str, Any], rest: str) -> None:
    assert body(**options) == with_tools(SEARCH, rest=rest)


def test_nothing_of_a_sonar_request_goes_through() -> None:
    options = {
        "temperature": 0.5, "top_p": 1, "top_k": 3, "presence_penalty": 1, "frequency_penalty": 1, "stop": ["x"],
        "search_mode": "sec", "return_related_questions": True, "stream_mode": "concise", "delivery": "background",
        "media_response": {"overrides": {"return_videos": True}}, "num_search_results": 3, "unheard_of": 1,
        "search_language_filter": ["en"], "enable_search_classifier": True, "preset": "x", "input": "y",
    }  # fmt: skip
    assert body(**options) == with_tools(SEARCH)


def test_the_conversation_and_the_instructions() -> None:
    turns = [
        Turn("system", "Be brief."),
        Turn("user", "One?"),
        Turn("assistant", "<think>Hm.</think>\n\nOne."),
        Turn("system", "Be kind."),
        Turn("user", "Two?"),
    ]
    assert body(SONAR, *turns) == (
        '{"model":"perplexity/sonar","input":[{"type":"message","role":"user","content":"One?"},'
        '{"type":"message","role":"assistant","content":"One."},{"type":"message","role":"user","content":"Two?"}],'
        '"instructions":"Be brief.\\n\\nBe kind.","tools":[{"type":"web_search"}],"stream":true}'
    )


def test_pictures_go_with_their_turn() -> None:
    uri = "data:image/gif;base64," + base64.b64encode(PICTURE.data).decode()
    asked = orjson.loads(body(SONAR, Turn("user", "What is it?", [PICTURE])))
    assert asked["input"][0]["content"] == [
        {"type": "input_text", "text": "What is it?"},
        {"type": "input_image", "image_url": uri},
    ]


def test_a_document_goes_as_a_file_with_its_name() -> None:
    asked = orjson.loads(
        body(SONAR, Turn("user", "Read it.", [Document("a.pdf", "application/pdf", b"%PDF", "words")]))
    )
    uri = "data:application/pdf;base64," + base64.b64encode(b"%PDF").decode()
    assert [item["content"] for item in asked["input"]] == [
        [
            {"type": "input_text", "text": "Read it."},
            {"type": "input_file", "filename": "a.pdf", "file_data": uri},
        ]
    ]


def test_the_text_of_a_document_stands_before_the_question_that_is_searched_for() -> None:
    paper = Document("a.pdf", "application/pdf", b"", "<document>Light.</document>")
    turns = [Turn("user", "Read it.", [paper, PICTURE]), Turn("assistant", "Read."), Turn("user", "And?")]
    first, second, *rest = orjson.loads(body(SONAR, *turns))["input"]
    assert first["content"] == [{"type": "input_text", "text": "<document>Light.</document>"}]
    assert [part["type"] for part in second["content"]] == ["input_text", "input_image"]
    assert [item["content"] for item in rest] == ["Read.", "And?"]


def test_without_a_question_nothing_is_sent() -> None:
    with pytest.raises(InvalidRequest):
        body(SONAR, Turn("assistant", "Well."))


_values = {
    "flag": st.booleans(),
    "integer": st.integers(16, 30),
    "words": st.just(["a.example"]),
    "sites": st.just(["a.example"]),
    "date": st.just("3/1/2025"),
    "text": st.just("KR"),
    "number": st.integers(-90, 90),
    "format": st.just({"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}),
}


@st.composite
def asked(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A model and options for it, those that are refused left out."""
    model = draw(st.sampled_from(sorted(AGENT_MODELS)))
    options: dict[str, Any] = {}
    for parameter in parameters_of(model, provider="agent"):
        if not draw(st.booleans()):
            continue
        value = draw(st.sampled_from(parameter.choices) if parameter.kind == "choice" else _values[parameter.kind])
        if parameter.name == "image_format_filter":
            value = ["jpg", "png"]
        if parameter.name == "language_preference":
            value = "Korean"
        *above, name = parameter.name.split(".")
        place = options
        for step in above:
            place = place.setdefault(step, {})
        place[name] = value
    for refusal in refusals(model, options, provider="agent"):
        *above, name = refusal.parameter.split(".")
        place = options
        for step in above:
            place = place[step]
        place.pop(name, None)
    return model, options


@given(asked())
def test_whatever_is_not_refused_is_taken_by_a_service_that_refuses_what_it_does_not_know(
    case: tuple[str, dict[str, Any]],
) -> None:
    model, options = case
    request = AskRequest(model=model, provider="agent", turns=[Turn("user", "Why?")], options=options)
    checks.check(orjson.loads(orjson.dumps(agent_request.agent_body(request))))


def test_every_parameter_that_is_not_taken_says_why() -> None:
    for parameter in AGENT_PARAMETERS:
        assert parameter.why_not or parameter.models == set(AGENT_MODELS), parameter.name


@pytest.mark.parametrize(
    ("options", "parameter"),
    [
        ({"return_related_questions": True}, "return_related_questions"),
        ({"media_response": {"overrides": {"return_videos": True}}}, "media_response.overrides.return_videos"),
        ({"top_k": 3}, "top_k"),
        ({"presence_penalty": 1}, "presence_penalty"),
        ({"stop": ["x"]}, "stop"),
        ({"search_mode": "academic"}, "search_mode"),
        ({"response_format": {"type": "regex", "regex": {"regex": "[a-z]+"}}}, "response_format"),
        ({"web_search_options": {"search_type": "pro"}}, "web_search_options.search_type"),
        ({"language_preference": "Klingon"}, "language_preference"),
        ({"safe_search": True}, "safe_search"),
        ({"num_images": 2}, "num_images"),
        ({"max_tokens": 15}, "max_tokens"),
        ({"reasoning_effort": "most"}, "reasoning_effort"),
        ({"search_recency_filter": "day", "search_after_date_filter": "3/1/2025"}, "search_recency_filter"),
    ],
)
def test_what_the_agent_cannot_give_is_refused(options: dict[str, Any], parameter: str) -> None:
    found = refusals(SONAR, options, provider="agent")
    assert [refusal.parameter for refusal in found] == [parameter]


def test_files_and_pictures_are_taken_by_all_models() -> None:
    for model in ("low", "maker/unheard-of"):
        assert refusals(model, {}, provider="agent", with_images=True, with_files=True) == []
    assert [one.parameter for one in refusals("low", {"disable_search": True}, provider="agent")] == ["disable_search"]
