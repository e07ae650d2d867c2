"""Which tools a question gets, whether it is searched for, and how many steps that takes."""

from typing import Any

import pytest

from tests.upstream.agent.test_agent_request import LUNA, body
from upstream.requests import Turn

SEARCH = {"type": "web_search"}
FORCED = {"type": "web_search"}
PRESETS = ("low", "medium", "high", "xhigh", "medium@2026-10-16.0", "wide-research")


def tools(model: str = LUNA, question: str = "Why?", **options: Any) -> dict[str, Any]:
    """The fields of the body that say what is used and how far."""
    asked = body(model, Turn("user", question), options=options)
    return {name: asked[name] for name in ("tools", "tool_choice", "max_steps", "max_tool_calls") if name in asked}


# --- Whether it searches ---------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [LUNA, "perplexity/sonar", "anthropic/claude-haiku-5-5", "somebody/new"])
def test_a_model_is_made_to_search(model: str) -> None:
    assert tools(model) == {"tools": [SEARCH], "tool_choice": FORCED, "max_steps": 2}
    assert tools(model, disable_search=False, enable_search_classifier=False) == tools(model)


def test_a_model_may_decide_whether_it_searches() -> None:
    assert tools(enable_search_classifier=True) == {"tools": [SEARCH], "tool_choice": "auto", "max_steps": 2}


def test_a_model_without_a_search_has_no_tool() -> None:
    assert tools(disable_search=True) == {}
    assert tools(disable_search=True, search_recency_filter="day") == {}
    assert tools(question="See https://a.example/", disable_search=True) == {}


@pytest.mark.parametrize("preset", [*PRESETS, "fast", "fast@2026-10-16.0", "fast-search"])
def test_a_preset_finds_its_own_way(preset: str) -> None:
    assert tools(preset) == {}
    assert tools(preset, "See https://a.example/") == {}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_kept_from_its_tools(preset: str) -> None:
    assert tools(preset, disable_search=True) == {"max_tool_calls": 0}
    assert tools(preset, disable_search=True, search_recency_filter="day", max_tool_calls=4) == {"max_tool_calls": 0}


# --- What is set about the search ------------------------------------------------------------------------


def search(**options: Any) -> dict[str, Any]:
    return {"web_search_options": options}


@pytest.mark.parametrize("model", [LUNA, "low", "fast"])
@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ({"search_domain_filter": ["a.example", ".gov"]}, {"filters": {"search_domain_filter": ["a.example", ".gov"]}}),
        ({"search_domain_filter": ["-a.example"]}, {"filters": {"search_domain_filter": ["-a.example"]}}),
        ({"search_recency_filter": "week"}, {"filters": {"search_recency_filter": "week"}}),
        ({"search_after_date_filter": "3/1/2025"}, {"filters": {"search_after_date_filter": "03/01/2025"}}),
        ({"search_before_date_filter": "12/31/2025"}, {"filters": {"search_before_date_filter": "12/31/2025"}}),
        ({"last_updated_after_filter": "03/1/2025"}, {"filters": {"last_updated_after_filter": "03/01/2025"}}),
        ({"last_updated_before_filter": "3/01/2025"}, {"filters": {"last_updated_before_filter": "03/01/2025"}}),
        ({"num_search_results": 5}, {"max_results": 5}),
        (search(search_context_size="high"), {"search_context_size": "high"}),
        (search(search_type="fast"), {"search_type": "fast"}),
        (search(search_type="web"), {"search_type": "web"}),
        (search(max_tokens=4000, max_tokens_per_page=500), {"max_tokens": 4000, "max_tokens_per_page": 500}),
        (
            search(user_location={"country": "KR", "city": "Busan", "region": "", "latitude": 0, "longitude": 129.1}),
            {"user_location": {"country": "KR", "city": "Busan", "latitude": 0, "longitude": 129.1}},
        ),
    ],
)
def test_what_is_set_about_the_search_goes_into_its_tool(
    model: str, options: dict[str, Any], settings: dict[str, Any]
) -> None:
    assert tools(model, **options)["tools"] == [SEARCH | settings]


def test_a_search_that_is_set_is_forced_all_the_same() -> None:
    found = tools(search_recency_filter="day", **search(search_context_size="medium"))
    assert found == {
        "tools": [SEARCH | {"search_context_size": "medium", "filters": {"search_recency_filter": "day"}}],
        "tool_choice": FORCED,
        "max_steps": 2,
    }


# --- The other tools -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "tool", "steps"),
    [
        ({"finance_search": True}, {"type": "finance_search"}, 4),
        ({"people_search": True}, {"type": "people_search"}, 3),
        ({"fetch_url": True}, {"type": "fetch_url"}, 3),
        ({"fetch_url": True, "max_urls": 10}, {"type": "fetch_url", "max_urls": 10}, 3),
        ({"return_images": True}, {"type": "image_search"}, 3),
        ({"return_images": True, "num_images": 3}, {"type": "image_search", "max_results": 3}, 3),
        (
            {
                "return_images": True,
                "image_domain_filter": ["-a.example"],
                "image_format_filter": ["jpg", "jpeg", "png"],
                "safe_search": False,
            },
            {
                "type": "image_search",
                "filters": {
                    "domain_filter": ["-a.example"],
                    "format_filter": ["jpeg", "png"],
                    "safe_search": False,
                },
            },
            3,
        ),
    ],
)
def test_a_tool_comes_with_the_steps_that_it_takes(options: dict[str, Any], tool: dict[str, Any], steps: int) -> None:
    assert tools(**options) == {"tools": [SEARCH, tool], "tool_choice": FORCED, "max_steps": steps}
    assert tools("fast", **options) == {"tools": [tool], "max_steps": steps}
    assert tools("low", **options) == {"tools": [tool]}


def test_tools_are_added_up_with_their_steps() -> None:
    found = tools(finance_search=True, people_search=True, fetch_url=True, return_images=True)
    assert [tool["type"] for tool in found["tools"]] == [
        *("web_search", "fetch_url", "image_search", "people_search", "finance_search")
    ]
    assert found["max_steps"] == 7
    assert tools(finance_search=True, max_steps=12)["max_steps"] == 12


def test_tools_that_are_switched_off_are_not_there() -> None:
    off = dict.fromkeys(("finance_search", "people_search", "return_images", "sandbox"), False)
    assert tools(**off) == tools()


def test_an_address_in_the_question_may_be_read() -> None:
    found = tools(question="See https://a.example/")
    assert found == {"tools": [SEARCH, {"type": "fetch_url"}], "tool_choice": FORCED, "max_steps": 3}
    assert tools(question="See https://a.example/", fetch_url=False) == tools()
    assert tools(question="See https://a.example/", fetch_url=True) == found
    earlier = [Turn("user", "See https://a.example/"), Turn("assistant", "Seen."), Turn("user", "And now?")]
    assert body(LUNA, *earlier)["tools"] == [SEARCH]


def test_the_sandbox_stands_alone() -> None:
    assert tools(sandbox=True) == {"tools": [{"type": "sandbox"}], "max_steps": 5}
    assert tools(sandbox=True, disable_search=True) == tools(sandbox=True)
    assert tools(question="Run https://a.example/", sandbox=True) == tools(sandbox=True)


def test_steps_and_calls_are_limited() -> None:
    assert tools("low", max_steps=1, max_tool_calls=2) == {"max_steps": 1, "max_tool_calls": 2}
    assert tools("fast", max_steps=3) == {"max_steps": 3}
    assert tools(max_steps=9)["max_steps"] == 9
