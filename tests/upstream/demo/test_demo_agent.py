"""What the demo's Agent API answers: who searches, what is cited and how, and what is carried on."""

import json
import re
from datetime import date
from typing import Any

import pytest

from tests.upstream.demo.agent_calls import BARE, MARKED, answered, ids, items, kinds, post, text
from tests.upstream.demo.demo_fixtures import QUESTION, quick

GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAAC"
WEBP = "data:image/webp;base64,UklGRhIAAABXRUJQVlA4TAYAAAAvQWxvAGs="
PAGE = "https://docs.python.org/3/library/json.html#json.load"


@pytest.mark.parametrize("path", ["/v1/agent", "/v1/responses", "/responses"])
async def test_every_path_answers(path: str) -> None:
    response = await post({"input": QUESTION, "effort": "fast"}, path=path)
    answer = response.json()
    assert (answer["object"], answer["status"], answer["model"]) == ("response", "completed", "openai/gpt-6-luna")
    assert answer["id"] == f"resp_{response.headers['x-request-id']}"


# --- Presets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "served", "searches", "pages", "mark"),
    [
        ("fast", "openai/gpt-6-luna", 1, 0, r"\.\[1\]"),
        ("low", "openai/gpt-6-luna", 1, 1, r" \[web:1\]"),
        ("medium", "openai/gpt-6-luna", 3, 3, r" \[web:1\]"),
        ("high", "openai/gpt-6.1-sol", 5, 5, r" \[web:1\]"),
        ("xhigh", "openai/gpt-6.1-sol", 5, 5, r" \[web:1\]"),
    ],
)
async def test_presets_search_read_and_cite_in_their_own_way(
    name: str, served: str, searches: int, pages: int, mark: str
) -> None:
    answer = await answered(effort=name)
    assert answer["model"] == served
    assert len(items(answer, "search_results")) == searches
    assert len(items(answer, "fetch_url_results")) == pages
    assert re.search(mark, text(answer))
    assert answer["service_tier"] == ("fast" if name == "fast" else "default")


@pytest.mark.parametrize(
    ("older", "name"),
    [("fast-search", "fast"), ("pro-search", "low"), ("deep-research", "medium"), ("advanced-deep-research", "high")],
)
async def test_older_names_of_presets_do_the_same(older: str, name: str) -> None:
    assert kinds(await answered(preset=older)) == kinds(await answered(effort=name))


async def test_effort_wins_over_a_preset_and_may_be_pinned() -> None:
    assert kinds(await answered(effort="fast@2026-10-16.0", preset="low")) == ["search_results", "message"]
    assert (await answered(preset="wide-research"))["status"] == "completed"


async def test_a_model_beside_a_preset_takes_the_place_of_its_own() -> None:
    answer = await answered(effort="low", model="xai/grok-4.7")
    assert answer["model"] == "xai/grok-4.7"
    assert "fetch_url_results" in kinds(answer)


async def test_fast_searches_with_the_whole_text_whatever_it_is() -> None:
    answer = await answered("Just reply OK")
    assert items(answer, "search_results")[0]["queries"] == ["Just reply OK"]


async def test_ids_run_on_over_blocks_that_come_out_of_order() -> None:
    blocks = ids(await answered(preset="medium"))
    assert blocks == [[4, 5, 6], [7, 8, 9], [1, 2, 3]]


async def test_every_mark_is_the_id_of_a_result() -> None:
    answer = await answered(preset="medium")
    marks = {int(number) for number in re.findall(r"\[web:(\d+)\]", text(answer))}
    assert marks == {number for block in ids(answer) for number in block}


async def test_tools_beside_a_preset_are_merged_with_its_own() -> None:
    answer = await answered(preset="low", tools=[{"type": "fetch_url", "max_urls": 2}])
    assert answer["tools"] == [{"type": "fetch_url", "max_urls": 2}, {"type": "web_search"}]
    assert kinds(await answered(preset="low", tools=[])) == kinds(await answered(preset="low"))


async def test_no_calls_of_tools_is_the_only_way_to_switch_a_presets_tools_off() -> None:
    assert kinds(await answered(max_tool_calls=0)) == ["message"]
    assert len(items(await answered(preset="medium", max_tool_calls=2), "search_results")) == 2


async def test_a_page_that_the_question_names_is_read_and_not_searched_for() -> None:
    answer = await answered(f"What does {PAGE} say?", preset="low")
    assert kinds(answer) == ["fetch_url_results", "message"]
    assert items(answer, "fetch_url_results")[0]["contents"][0]["url"] == PAGE
    assert "[web:0]" in text(answer)


@pytest.mark.parametrize(
    ("instructions", "pattern"),
    [("Cite as [n].", r"\.\[1\]"), ("Cite as [web:n].", r"\[web:1\]"), ("Cite sources.", r"\(\[.+\]\(https://")],
)
async def test_instructions_take_the_place_of_the_presets_own_way_to_cite(instructions: str, pattern: str) -> None:
    answer = await answered(instructions=instructions)
    assert re.search(pattern, text(answer))
    assert answer["instructions"] == instructions
    assert "[1]" not in text(await answered(instructions=""))


async def test_a_system_item_leaves_the_preset_as_it_is() -> None:
    turns = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": QUESTION}]
    answer = await answered(turns)
    assert "does not repeat them; 9 characters were sent" in text(answer)
    assert "[1]" in text(answer)


# --- Models ----------------------------------------------------------------------------------------------------------


async def test_a_bare_model_answers_from_memory() -> None:
    answer = await answered(model="openai/gpt-6-luna")
    assert kinds(answer) == ["message"]
    assert "it answered without searching" in text(answer)
    assert "tool_calls_details" not in answer["usage"]


async def test_a_tool_that_is_offered_is_used_where_the_text_looks_like_a_question() -> None:
    assert kinds(await answered("Thank you.", **BARE)) == ["message"]
    assert kinds(await answered(**BARE)) == ["search_results", "message"]
    assert kinds(await answered(f"#demo:no_search {QUESTION}", **BARE)) == ["message"]
    assert kinds(await answered(**BARE, tool_choice="none")) == ["message"]


@pytest.mark.parametrize("choice", [{"type": "web_search"}, {"type": "required"}, "required"])
async def test_a_tool_that_is_forced_is_used(choice: Any) -> None:
    forced = {**BARE, "tool_choice": choice}
    assert kinds(await answered("Thank you for the list of strings.", **forced)) == ["search_results", "message"]
    assert kinds(await answered(f"#demo:no_search {QUESTION}", **forced)) == ["search_results", "message"]


async def test_a_forced_search_takes_the_only_step_of_a_model() -> None:
    forced = {**MARKED, "tool_choice": {"type": "web_search"}}
    assert "[1]" in text(await answered(**forced))
    answer = await answered(**{**forced, "max_steps": 1})
    assert ids(answer)
    assert "[1]" not in text(answer)


async def test_a_forced_search_may_bring_nothing() -> None:
    answer = await answered(f"#demo:forced_yet_empty {QUESTION}", **MARKED, tool_choice={"type": "web_search"})
    assert kinds(answer) == ["message"]
    assert "[1]" not in text(answer)
    assert "tool_calls_details" not in answer["usage"]


async def test_a_model_cites_as_its_instructions_say_or_not_at_all() -> None:
    assert "[1]" in text(await answered(**MARKED))
    assert "[1]" not in text(await answered(**BARE))


async def test_filters_and_numbers_of_results_are_honoured() -> None:
    nowhere = {"type": "web_search", "filters": {"search_domain_filter": ["nowhere.example"]}}
    two = {"type": "web_search", "max_results": 2, "filters": {"search_after_date_filter": "2020-01-31"}}
    assert ids(await answered(tools=[nowhere])) == [[]]
    answer = await answered(tools=[two])
    assert ids(answer) == [[1, 2]]
    assert all(date.fromisoformat(result["date"]) for result in items(answer, "search_results")[0]["results"])


# --- Input and form --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [GIF, WEBP, "https://pictures.example/a.png"])
async def test_a_picture_may_come_along(address: str) -> None:
    parts = [{"type": "input_text", "text": QUESTION}, {"type": "input_image", "image_url": address}]
    answer = await answered([{"type": "message", "role": "user", "content": parts}])
    assert "It cannot look at images; 1 were sent" in text(answer)


async def test_a_document_may_come_along_where_a_switch_wants_it() -> None:
    def turns(switch: str) -> list[dict[str, Any]]:
        parts = [{"type": "input_text", "text": f"{switch}{QUESTION}"}]
        parts.append(
            {"type": "input_file", "filename": "plan.pdf", "file_data": "data:application/pdf;base64,JVBERg=="}
        )
        return [{"role": "user", "content": parts}]

    refused = await post({"preset": "fast", "input": turns("")})
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "invalid_request")
    assert "input_file" in refused.json()["error"]["message"]
    assert "1 were sent (plan.pdf)" in text(await answered(turns("#demo:input_file ")))


async def test_an_answer_by_a_schema_searches_and_has_no_marks() -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    answer = await answered(response_format={"type": "json_schema", "json_schema": {"schema": schema}})
    assert list(json.loads(text(answer))) == ["name"]
    assert kinds(answer) == ["search_results", "message"]
    assert answer["text"] == {"format": {"type": "text"}}


async def test_thinking_may_use_up_what_an_answer_may_have() -> None:
    short = await answered("Write an essay.", model="openai/gpt-6-luna", max_output_tokens=2)
    assert (short["status"], short["output"], short["completed_at"]) == ("incomplete", [], None)
    assert (short["max_output_tokens"], short["usage"]["output_tokens"]) == (16, 16)
    longer = await answered(max_output_tokens=100)
    assert (longer["incomplete_details"], len(text(longer))) == ({"reason": "max_output_tokens"}, 400)


# --- Conversations ---------------------------------------------------------------------------------------------------


async def test_a_conversation_may_be_sent_again() -> None:
    turns = [
        {"role": "user", "content": "How does json.load work?"},
        {"role": "assistant", "content": "It reads."},
        {"role": "user", "content": "And what about it?"},
    ]
    queries = items(await answered(turns), "search_results")[0]["queries"]
    assert "json" in queries[0]


@pytest.mark.parametrize("store", [True, False])
async def test_what_was_known_before_comes_first_and_is_not_charged_again(store: bool) -> None:
    demo = quick()
    first = await answered("How does json.load work?", demo=demo, store=store)
    known = len(ids(first)[0])
    second = await answered("And how do I split a string?", demo=demo, previous_response_id=first["id"])
    blocks = ids(second)
    assert items(second, "search_results")[0]["queries"] is None
    assert blocks[0] == list(range(1, known + 1))
    assert blocks[1][0] == known + 1
    assert f"[{known + 1}]" in text(second)
    assert second["previous_response_id"] is None
    assert second["usage"]["tool_calls_details"]["search_web"]["invocation"] == 1
    third = await answered("And join?", demo=demo, effort="low", previous_response_id=second["id"])
    assert len(ids(third)[0]) == len(blocks[0]) + len(blocks[1])
