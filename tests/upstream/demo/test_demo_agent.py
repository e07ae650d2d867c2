"""The demo speaks the Agent API: strictly, with sources, pictures, figures, and every oddity on demand."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.upstream.agent.agent_fixtures import heard, heard_whole, kinds
from tests.upstream.conftest import all_of, last, text_in
from tests.upstream.demo.demo_fixtures import KEY, QUESTION, in_process, quick
from upstream.client import Client, Endpoint
from upstream.demo.perplexity import Demo
from upstream.errors import CutOff, UpstreamDown, UpstreamError, WorkFailed
from upstream.events import Finished, MediaFound, SourcesFound, StepTaken, UsageReported
from upstream.requests import AskRequest, Turn

MODEL = {"model": "perplexity/sonar", "tools": [{"type": "web_search"}]}
GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAAC"


async def post(
    body: Mapping[str, Any], *, path: str = "/v1/agent", demo: Demo | None = None, **headers: str
) -> httpx.Response:
    async with in_process(demo) as client:
        return await client.post(path, json=body, headers=headers)


async def answered(prompt: str = QUESTION, *, demo: Demo | None = None, **body: Any) -> dict[str, Any]:
    response = await post({"input": prompt, **(body or MODEL)}, demo=demo)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def streamed(prompt: str = QUESTION, **body: Any) -> bytes:
    response = await post({"input": prompt, "stream": True, **(body or MODEL)})
    assert response.headers["content-type"].startswith("text/event-stream")
    return response.content


@pytest.mark.parametrize("path", ["/v1/agent", "/v1/responses", "/responses"])
async def test_every_path_answers(path: str) -> None:
    answer = (await post({"input": QUESTION, **MODEL}, path=path)).json()
    assert (answer["object"], answer["status"], answer["model"]) == ("response", "completed", "perplexity/sonar")
    assert [item["type"] for item in answer["output"]] == ["search_results", "message"]
    assert [result["id"] for result in answer["output"][0]["results"]] == list(
        range(1, len(answer["output"][0]["results"]) + 1)
    )


async def test_a_stream_and_a_whole_answer_say_the_same() -> None:
    whole, events = heard_whole(await answered()), heard(await streamed())
    assert text_in(events) == text_in(whole)
    assert "[1]" in text_in(events)
    assert last(SourcesFound, events) == last(SourcesFound, whole)
    assert last(UsageReported, events).cost == last(UsageReported, whole).cost
    assert last(UsageReported, events).cost > 0
    assert all_of(StepTaken, events)[-1].terms
    assert events[-1] == Finished("stop")


async def test_the_events_are_numbered() -> None:
    raw = (await streamed()).decode().removesuffix("\n\n").split("\n\n")
    events = [json.loads(line.removeprefix("data: ")) for line in raw]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert (events[0]["type"], events[-1]["type"]) == ("response.created", "response.completed")


@pytest.mark.parametrize("preset", ["fast", "low", "medium", "high", "xhigh"])
async def test_presets_search_by_themselves(preset: str) -> None:
    answer = heard_whole(await answered(preset=preset))
    assert last(SourcesFound, answer).sources


async def test_without_tools_nothing_is_searched() -> None:
    answer = heard_whole(await answered(model="perplexity/sonar"))
    assert not all_of(SourcesFound, answer)
    assert "[1]" not in text_in(answer)


async def test_filters_are_honoured() -> None:
    tool = {"type": "web_search", "filters": {"search_domain_filter": ["nowhere.example"]}}
    assert not all_of(SourcesFound, heard_whole(await answered(model="perplexity/sonar", tools=[tool])))


async def test_pictures_come_from_their_tool() -> None:
    tools = [{"type": "web_search"}, {"type": "image_search", "max_results": 1}]
    for events in (
        heard_whole(await answered(model="perplexity/sonar", tools=tools)),
        heard(await streamed(model="perplexity/sonar", tools=tools)),
    ):
        assert len(last(MediaFound, events).images) == 1


async def test_a_page_that_the_question_names_is_read() -> None:
    known = last(SourcesFound, heard_whole(await answered())).sources[0].url
    events = heard(await streamed(f"What does {known} say about the with statement?", preset="low"))
    assert "reading" in [step.kind for step in all_of(StepTaken, events)]


async def test_a_picture_may_come_along() -> None:
    parts = [{"type": "input_text", "text": QUESTION}, {"type": "input_image", "image_url": GIF}]
    body = {"input": [{"type": "message", "role": "user", "content": parts}], **MODEL}
    answer = (await post(body)).json()
    assert "It cannot look at pictures; 1 came" in heard_text(answer)


def heard_text(answer: dict[str, Any]) -> str:
    return text_in(heard_whole(answer))


async def test_instructions_language_and_length_are_honoured() -> None:
    text = heard_text(await answered(instructions="Be brief.", language_preference="ko", **MODEL))
    assert "It cannot follow instructions, and does not repeat them; 9 characters came." in text
    assert "Asked for in ko" in text
    short = await answered(max_output_tokens=16, **MODEL)
    assert short["status"] == "incomplete"
    assert heard_whole(short)[-1] == Finished("length")


async def test_an_answer_by_a_schema() -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    assert json.loads(heard_text(await answered(response_format=wanted, **MODEL)))["name"]


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"temperature": 1}, "temperature"),
        ({"messages": []}, "messages"),
        ({"return_images": True}, "return_images"),
        ({"tools": [{"type": "web_search", "max_results": 3}]}, "max_results"),
        ({"tools": [{"type": "web_search", "filters": {"search_mode": "sec"}}]}, "search_mode"),
        ({"reasoning": {"much": True}}, "much"),
        ({"input": [{"type": "message", "role": "user", "content": "x", "name": "y"}]}, "name"),
    ],
)
async def test_an_unknown_field_is_refused_in_the_services_words(body: dict[str, Any], param: str) -> None:
    response = await post({"input": QUESTION, **MODEL, **body})
    assert response.status_code == 400
    assert response.json()["error"] == {
        "message": f'invalid request body: json: unknown field "{param}"',
        "type": "invalid_request",
        "code": 400,
        "param": param,
    }


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"input": QUESTION}, "model"),
        ({**MODEL}, "input"),
        ({"input": "", **MODEL}, "input"),
        ({"input": [], **MODEL}, "input"),
        ({"input": [{"type": "message", "role": "assistant", "content": "x"}], **MODEL}, "input"),
        ({"input": [{"type": "message", "role": "user", "content": [{"type": "file_url"}]}], **MODEL}, "input"),
        (
            {"input": [{"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": "x"}]}]},
            "model",
        ),
        ({"input": QUESTION, "model": "sonar"}, "model"),
        ({"input": QUESTION, "models": ["perplexity/sonar"] * 6}, "models"),
        ({"input": QUESTION, "preset": "sonar-pro"}, "preset"),
        ({"input": QUESTION, **MODEL, "max_output_tokens": 15}, "max_output_tokens"),
        ({"input": QUESTION, **MODEL, "max_steps": 101}, "max_steps"),
        ({"input": QUESTION, **MODEL, "reasoning": {"effort": "most"}}, "reasoning"),
        ({"input": QUESTION, **MODEL, "reasoning": "much"}, "reasoning"),
        ({"input": QUESTION, **MODEL, "language_preference": "Korean"}, "language_preference"),
        (
            {"input": QUESTION, **MODEL, "response_format": {"type": "json_schema", "json_schema": {"schema": {}}}},
            "response_format",
        ),
        ({"input": QUESTION, **MODEL, "stream": "yes"}, "stream"),
        ({"input": QUESTION, **MODEL, "tools": [{"type": "oracle"}]}, "tools"),
        ({"input": QUESTION, **MODEL, "tools": [{"type": "web_search", "search_type": "pro"}]}, "search_type"),
        (
            {"input": QUESTION, **MODEL, "tools": [{"type": "image_search", "filters": {"format_filter": ["jpg"]}}]},
            "format_filter",
        ),
        ({"input": QUESTION, **MODEL, "previous_response_id": "resp_none"}, "previous_response_id"),
    ],
)
async def test_what_does_not_fit_is_refused(body: dict[str, Any], param: str) -> None:
    response = await post(body)
    assert response.status_code == 400
    assert response.json()["error"]["param"] == param


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/agent", 405),
        ("POST", "/v1/responses/resp_none", 405),
        ("GET", "/v1/responses/resp_none", 404),
        ("POST", "/v1/responses/resp_none/cancel", 404),
        ("POST", "/v1/agents", 404),
    ],
)
async def test_other_ways_lead_nowhere(method: str, path: str, status: int) -> None:
    async with in_process() as client:
        assert (await client.request(method, path, json={})).status_code == status


async def test_a_key_is_wanted_and_bodies_are_json() -> None:
    assert (await post({"input": QUESTION, **MODEL}, Authorization="")).status_code == 401
    async with in_process() as client:
        assert (await client.post("/v1/agent", content=b"{")).status_code == 400


# --- Answers that are kept -------------------------------------------------------------------------------------------


async def test_an_answer_can_be_had_again_and_gone_on_from() -> None:
    demo = quick()
    first = await answered("How does json.load work?", demo=demo, **MODEL)
    async with in_process(demo) as client:
        again = (await client.get(f"/v1/responses/{first['id']}")).json()
    assert again == first
    following = await answered("And what about the second one?", demo=demo, previous_response_id=first["id"], **MODEL)
    assert following["previous_response_id"] == first["id"]
    assert last(SourcesFound, heard_whole(following)).sources


async def test_an_answer_that_is_not_stored_is_hidden_and_can_be_gone_on_from() -> None:
    demo = quick()
    first = await answered(demo=demo, store=False, **MODEL)
    async with in_process(demo) as client:
        assert (await client.get(f"/v1/responses/{first['id']}")).status_code == 404
    assert (await answered(demo=demo, previous_response_id=first["id"], **MODEL))["status"] == "completed"


async def test_work_in_the_background_can_be_waited_for_and_cancelled() -> None:
    demo = quick()
    done = await answered(f"#demo:fast {QUESTION}", demo=demo, background=True, **MODEL)
    working = await answered(demo=demo, background=True, **MODEL)
    assert done["status"] == "completed"
    assert (working["status"], working["output"]) == ("queued", [])
    async with in_process(demo) as client:
        cancelled = (await client.post(f"/v1/responses/{working['id']}/cancel")).json()
        assert cancelled == {"response_id": working["id"], "status": "cancelling"}
        assert (await client.get(f"/v1/responses/{working['id']}")).json()["status"] == "cancelled"
        assert (await client.post(f"/v1/responses/{done['id']}/cancel")).status_code == 400


async def test_the_models_are_listed_without_a_key() -> None:
    async with in_process() as client:
        listed = (await client.get("/v1/models", headers={"Authorization": ""})).json()
    assert "perplexity/sonar" in [model["id"] for model in listed["data"]]
    assert {model["owned_by"] for model in listed["data"]} == {"perplexity"}


# --- Switches --------------------------------------------------------------------------------------------------------


def client_of(demo: Demo) -> Client:
    return Client(endpoint=Endpoint("http://demo", api_key="x"), transport=httpx.MockTransport(demo.handle), backoff=0)


async def asked(switches: str, demo: Demo | None = None) -> Any:
    """The events that our client hears, or the error that it raises."""
    request = AskRequest(model="perplexity/sonar", provider="agent", turns=[Turn("user", f"{switches} {QUESTION}")])
    try:
        return [event async for event in client_of(demo or quick()).ask(request)]
    except UpstreamError as error:
        return error


@pytest.mark.parametrize(
    "switches",
    [
        *("#demo:crlf", "#demo:cr", "#demo:split_bytes=3", "#demo:pings", "#demo:bad_json_line", "#demo:named_events"),
        *("#demo:unknown_events", "#demo:null_response", "#demo:text_once", "#demo:done_marker"),
    ],
)
async def test_what_is_odd_changes_nothing(switches: str) -> None:
    assert text_in(await asked(switches)) == text_in(await asked(""))


@pytest.mark.parametrize(
    ("switches", "error"),
    [
        ("#demo:run_failed", CutOff),
        ("#demo:cancelled", CutOff),
        ("#demo:requires_action", CutOff),
        ("#demo:error_event", CutOff),
        ("#demo:error_data", CutOff),
        ("#demo:drop_midway", CutOff),
        ("#demo:close_midway", CutOff),
        ("#demo:no_done_marker", CutOff),
        ("#demo:error_event=0", UpstreamDown),
        ("#demo:503", UpstreamDown),
    ],
)
async def test_what_goes_wrong_is_told(switches: str, error: type[UpstreamError]) -> None:
    assert type(await asked(switches)) is error


@pytest.mark.parametrize("switch", ["run_failed", "cancelled", "requires_action"])
async def test_a_run_that_fails_does_so_with_status_200(switch: str) -> None:
    request = AskRequest(model="low", provider="agent", turns=[Turn("user", f"#demo:{switch} {QUESTION}")])

    async def whole(streamed: httpx.Request) -> httpx.Response:
        """The demo's answer to the same question without a stream."""
        body = {**json.loads(streamed.content), "stream": False}
        return await quick().handle(httpx.Request("POST", streamed.url, headers=KEY, json=body))

    client = Client(endpoint=Endpoint("http://demo", api_key="x"), transport=httpx.MockTransport(whole), backoff=0)
    with pytest.raises(WorkFailed):
        [event async for event in client.ask(request)]


async def test_an_incomplete_answer_ends_by_its_length() -> None:
    assert (await asked("#demo:incomplete"))[-1] == Finished("length")


async def test_marks_without_sources() -> None:
    events = await asked("#demo:no_sources")
    assert "[1]" in text_in(events)
    assert "SourcesFound" not in kinds(events)


async def test_the_final_text_may_be_another_one() -> None:
    assert text_in(await asked("#demo:final_differs")) == "The final text is another one.[1]"


# --- Sonar's end -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 405, 410])
async def test_sonar_can_end_while_the_agent_works(status: int) -> None:
    demo = Demo(chunks_per_second=0, withdrawn=status)
    async with in_process(demo) as client:
        for path in ("/chat/completions", "/v1/sonar", "/async/chat/completions", "/async/chat/completions/x"):
            assert (await client.post(path, json={})).status_code == status
    assert text_in(await asked("", demo))
    assert [await client_of(demo).offers(provider) for provider in ("sonar", "agent")] == [False, True]


async def test_a_switch_ends_sonar_and_brings_it_back() -> None:
    demo = quick()
    chat = {"model": "sonar", "messages": [{"role": "user", "content": f"#demo:withdrawn {QUESTION}"}]}
    plain = {"model": "sonar", "messages": [{"role": "user", "content": QUESTION}]}
    async with in_process(demo) as client:
        assert (await client.post("/chat/completions", json=chat)).status_code == 410
        assert (await client.post("/chat/completions", json=plain)).status_code == 410
        await asked("#demo:withdrawn=0", demo)
        assert (await client.post("/chat/completions", json=plain, headers=KEY)).status_code == 200
