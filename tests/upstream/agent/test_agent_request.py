"""A question as the body of an Agent API request, byte for byte."""

import base64
from typing import Any

import orjson
import pytest

from tests.upstream.agent import strict_body
from upstream.agent import request as agent_request
from upstream.agent.request import CITE
from upstream.catalog.rules import refusals
from upstream.errors import InvalidRequest
from upstream.requests import AskRequest, Document, Picture, Turn

LUNA = "openai/gpt-6-luna"
PICTURE = Picture("image/gif", b"GIF89a" + b"\0" * 20)
ASKED = [{"type": "message", "role": "user", "content": "Why?"}]
OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}


def schema(**more: Any) -> dict[str, Any]:
    """The option by which an answer follows a schema."""
    return {"response_format": {"type": "json_schema", "json_schema": {**more, "schema": OBJECT}}}


def body(model: str, *turns: Turn, options: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The body of the request, which a strict service would take."""
    request = AskRequest(
        model=model, provider="agent", turns=turns or [Turn("user", "Why?")], options=options or {}, **more
    )
    made: dict[str, Any] = orjson.loads(orjson.dumps(agent_request.agent_body(request)))
    assert strict_body.complaints(made) == []
    return made


def set_by(options: dict[str, Any], model: str = "low") -> dict[str, Any]:
    """What the options add to the body."""
    return {name: value for name, value in body(model, options=options).items() if name not in body(model)}


def test_a_plain_question_to_a_preset() -> None:
    request = AskRequest(model="fast", provider="agent", turns=[Turn("user", "When was the Varn light automated?")])
    assert orjson.dumps(agent_request.agent_body(request)).decode() == (
        '{"effort":"fast","input":[{"type":"message","role":"user","content":"When was the Varn light automated?"}],'
        '"store":false,"stream":true}'
    )


def test_a_plain_question_to_a_model_is_searched_and_cited() -> None:
    assert body("perplexity/sonar") == {
        "model": "perplexity/sonar",
        "input": ASKED,
        "instructions": CITE,
        "tools": [{"type": "web_search"}],
        "tool_choice": {"type": "web_search"},
        "max_steps": 2,
        "store": False,
        "stream": True,
    }


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *((effort, "effort") for effort in ("fast", "low", "medium", "high", "xhigh")),
        ("fast@2026-10-16.0", "effort"),
        ("xhigh@2026-11-02.3", "effort"),
        *((old, "preset") for old in ("fast-search", "pro-search", "deep-research", "wide-research")),
        (LUNA, "model"),
        ("anthropic/claude-haiku-5-5", "model"),
        ("somebody/new", "model"),
    ],
)
def test_who_answers_is_named_by_the_field_for_names_of_its_kind(name: str, field: str) -> None:
    asked = body(name)
    assert [asked.get(one) for one in ("effort", "preset", "model")].count(name) == 1
    assert asked[field] == name


# --- Whole requests --------------------------------------------------------------------------------------

EXAMPLES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "perplexity/sonar",
        {
            "search_domain_filter": ["harbour.example"],
            "search_recency_filter": "year",
            "web_search_options": {"search_context_size": "medium"},
        },
        {
            "model": "perplexity/sonar",
            "instructions": CITE,
            "max_steps": 2,
            "tool_choice": {"type": "web_search"},
            "tools": [
                {
                    "type": "web_search",
                    "search_context_size": "medium",
                    "filters": {"search_domain_filter": ["harbour.example"], "search_recency_filter": "year"},
                }
            ],
        },
    ),
    (
        "fast",
        {
            "max_tokens": 400,
            "reasoning_effort": "low",
            "search_domain_filter": ["harbour.example"],
            "search_recency_filter": "month",
            "web_search_options": {"user_location": {"country": "US"}},
        },
        {
            "effort": "fast",
            "max_output_tokens": 400,
            "reasoning": {"effort": "low"},
            "tools": [
                {
                    "type": "web_search",
                    "filters": {"search_domain_filter": ["harbour.example"], "search_recency_filter": "month"},
                    "user_location": {"country": "US"},
                }
            ],
        },
    ),
    (
        "fast",
        {
            "num_search_results": 5,
            "search_domain_filter": ["-a.example", "-b.example"],
            "search_after_date_filter": "9/15/2026",
        },
        {
            "effort": "fast",
            "tools": [
                {
                    "type": "web_search",
                    "max_results": 5,
                    "filters": {
                        "search_domain_filter": ["-a.example", "-b.example"],
                        "search_after_date_filter": "09/15/2026",
                    },
                }
            ],
        },
    ),
    (
        "low",
        {"fetch_url": True, "max_urls": 2},
        {"effort": "low", "tools": [{"type": "fetch_url", "max_urls": 2}]},
    ),
    (
        "anthropic/claude-haiku-5-5",
        {"disable_search": True},
        {"model": "anthropic/claude-haiku-5-5", "max_output_tokens": 8192},
    ),
    (LUNA, {"disable_search": True, "max_tokens": 16}, {"model": LUNA, "max_output_tokens": 16}),
]


@pytest.mark.parametrize(("model", "options", "asked"), EXAMPLES)
def test_a_request_is_what_the_service_has_been_seen_to_take(
    model: str, options: dict[str, Any], asked: dict[str, Any]
) -> None:
    assert body(model, options=options) == {**asked, "input": ASKED, "store": False, "stream": True}


# --- What is kept ----------------------------------------------------------------------------------------


def test_nothing_is_stored_unless_somebody_wants_it() -> None:
    assert body("fast")["store"] is False
    assert body("fast", store=True)["store"] is True
    assert "background" not in body("fast", store=True)


def test_what_is_done_in_the_background_is_stored_to_be_fetched() -> None:
    asked = body("medium", background=True)
    assert (asked["background"], asked["store"], asked["stream"]) == (True, True, True)


# --- Instructions ----------------------------------------------------------------------------------------

TURNS = [
    Turn("system", "Be brief."),
    Turn("user", "One?"),
    Turn("assistant", "<think>Hm.</think>\n\nOne."),
    Turn("system", "Be kind."),
    Turn("user", "Two?"),
]
CONVERSATION = [
    {"type": "message", "role": "user", "content": "One?"},
    {"type": "message", "role": "assistant", "content": "One."},
    {"type": "message", "role": "user", "content": "Two?"},
]


def test_a_model_has_the_standing_instructions_behind_how_to_cite() -> None:
    asked = body(LUNA, *TURNS)
    assert asked["instructions"] == f"{CITE}\n\nBe brief.\n\nBe kind."
    assert asked["input"] == CONVERSATION


@pytest.mark.parametrize("preset", ["fast", "medium", "wide-research"])
def test_a_preset_keeps_its_prompt_and_has_the_standing_instructions_as_an_item(preset: str) -> None:
    asked = body(preset, *TURNS)
    assert "instructions" not in asked
    assert asked["input"] == [
        {"type": "message", "role": "system", "content": "Be brief.\n\nBe kind."},
        *CONVERSATION,
    ]


@pytest.mark.parametrize(
    "options",
    [
        {"disable_search": True},
        {"sandbox": True},
        schema(),
    ],
)
def test_a_model_is_not_told_to_cite_where_no_mark_can_stand(options: dict[str, Any]) -> None:
    assert "instructions" not in body(LUNA, options=options)
    assert body(LUNA, *TURNS, options=options)["instructions"] == "Be brief.\n\nBe kind."


# --- Earlier answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("In spring 1998.[1][12] So they say [3].", "In spring 1998. So they say."),
        ("Use `rows[1]` [2].\n```py\na[0] = b[1]\n```\nDone.[1]", "Use `rows[1]`.\n```py\na[0] = b[1]\n```\nDone."),
        ("See [1](https://a.example) and [2024] [x]. ```a[1]", "See [1](https://a.example) and [2024] [x]. ```a[1]"),
        ("- [1] [2]", "-"),
    ],
)
def test_an_earlier_answer_is_told_without_its_marks(stored: str, told: str) -> None:
    turns = [Turn("user", "What is [1]?"), Turn("assistant", stored), Turn("user", "And?")]
    assert [item["content"] for item in body("fast", *turns)["input"]] == ["What is [1]?", told, "And?"]


# --- Images and files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "gif"])
@pytest.mark.parametrize("model", ["fast", LUNA])
def test_pictures_go_with_their_turn(model: str, kind: str) -> None:
    picture = Picture(f"image/{kind}", b"\x89picture")
    asked = body(model, Turn("user", "What is it?", [picture, PICTURE]))
    assert asked["input"][0]["content"] == [
        {"type": "input_text", "text": "What is it?"},
        {"type": "input_image", "image_url": f"data:image/{kind};base64,iXBpY3R1cmU="},
        {"type": "input_image", "image_url": "data:image/gif;base64," + base64.b64encode(PICTURE.data).decode()},
    ]


def test_a_picture_can_go_without_a_word() -> None:
    assert [part["type"] for part in body("fast", Turn("user", " ", [PICTURE]))["input"][0]["content"]] == [
        "input_image"
    ]


def test_a_document_goes_as_a_file_with_its_name() -> None:
    asked = body(LUNA, Turn("user", "Read it.", [Document("a.pdf", "application/pdf", b"%PDF", "words")]))
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
    first, second, *rest = body(LUNA, *turns)["input"]
    assert first["content"] == [{"type": "input_text", "text": "<document>Light.</document>"}]
    assert [part["type"] for part in second["content"]] == ["input_text", "input_image"]
    assert [item["content"] for item in rest] == ["Read.", "And?"]


def test_without_a_question_nothing_is_sent() -> None:
    with pytest.raises(InvalidRequest):
        body(LUNA, Turn("assistant", "Well."))


# --- Everything else that can be set ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "added"),
    [
        ({"max_tokens": 500}, {"max_output_tokens": 500}),
        ({"max_tokens": 1}, {"max_output_tokens": 16}),
        *(
            ({"reasoning_effort": effort}, {"reasoning": {"effort": effort}})
            for effort in ("none", "minimal", "low", "medium", "high", "xhigh", "max")
        ),
        ({"temperature": 0, "top_p": 0}, {"temperature": 0, "top_p": 0}),
        ({"temperature": 2, "top_p": 0.5}, {"temperature": 2, "top_p": 0.5}),
        ({"language_preference": "Korean"}, {"language_preference": "ko"}),
        ({"language_preference": "de"}, {"language_preference": "de"}),
        ({"language_preference": "Klingon"}, {}),
        ({"service_tier": "flex"}, {"service_tier": "flex"}),
        ({"max_tool_calls": 3}, {"max_tool_calls": 3}),
        (
            schema(),
            {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": OBJECT}}},
        ),
        (
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "x", "schema": OBJECT, "strict": True},
                }
            },
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "x", "schema": OBJECT, "strict": True},
                }
            },
        ),
        ({"response_format": {"type": "text"}}, {}),
    ],
)
def test_the_rest_has_this_providers_names(options: dict[str, Any], added: dict[str, Any]) -> None:
    assert set_by(options) == added
    model = body(LUNA, options=options)
    assert {name: model[name] for name in added} == added


def test_nothing_of_a_sonar_request_goes_through() -> None:
    options = {
        "top_k": 3, "presence_penalty": 1, "frequency_penalty": 1, "stop": ["x"], "search_mode": "sec",
        "return_related_questions": True, "stream_mode": "concise", "delivery": "background", "unheard_of": 1,
        "media_response": {"overrides": {"return_videos": True}}, "search_language_filter": ["en"],
        "response_formatting_locale": "en-US", "effort": "xhigh", "preset": "x", "input": "y", "safe_search": True,
    }  # fmt: skip
    assert set_by(options) == {}


@pytest.mark.parametrize(
    ("model", "options", "longest"),
    [
        ("anthropic/claude-haiku-5-5", {}, 8192),
        ("anthropic/claude-haiku-5-5", {"reasoning_effort": "none"}, 8192),
        ("anthropic/claude-opus-5-5", {"reasoning_effort": "high"}, 32_000),
        ("anthropic/claude-opus-5-5", {"max_tokens": 500, "reasoning_effort": "high"}, 500),
        ("anthropic/a-model-of-next-year", {}, 8192),
        (LUNA, {}, None),
        ("low", {}, None),
    ],
)
def test_a_model_that_wants_to_know_how_long_an_answer_may_be_is_told(
    model: str, options: dict[str, Any], longest: int | None
) -> None:
    assert body(model, options=options).get("max_output_tokens") == longest


def test_files_and_pictures_are_taken_by_all_models() -> None:
    for model in ("low", "maker/unheard-of"):
        assert refusals(model, {}, provider="agent", with_images=True, with_files=True) == []
