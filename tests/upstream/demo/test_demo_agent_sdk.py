"""The official clients run every path of the Agent API: Perplexity's own, and OpenAI's, which speaks the same."""

from collections.abc import AsyncIterator
from typing import Any

import openai
import perplexity
import pytest

from tests.upstream.demo.demo_fixtures import QUESTION, served

GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAAC"
NONE = "resp_00000000-0000-0000-0000-000000000000"
CITED = "Cite sources as [n]."


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """Where a demo listens."""
    async with served() as found:
        yield found


@pytest.fixture
async def vendor(address: str) -> AsyncIterator[perplexity.AsyncPerplexity]:
    """The vendor's client, pointed at the demo."""
    async with perplexity.AsyncPerplexity(api_key="pplx-test", base_url=address, max_retries=0) as client:
        yield client


@pytest.fixture
async def other(address: str) -> AsyncIterator[openai.AsyncOpenAI]:
    """OpenAI's client, pointed at the demo."""
    async with openai.AsyncOpenAI(api_key="pplx-test", base_url=f"{address}/v1", max_retries=0) as client:
        yield client


# --- Perplexity's own ------------------------------------------------------------------------------------------------


async def test_it_gets_an_answer(vendor: perplexity.AsyncPerplexity) -> None:
    answer = await vendor.responses.create(
        model="perplexity/sonar",
        input=QUESTION,
        instructions=CITED,
        language_preference="en",
        max_output_tokens=4000,
        max_steps=3,
        reasoning={"effort": "low"},
        store=True,
        tools=[
            {
                "type": "web_search",
                "filters": {"search_domain_filter": ["docs.python.org"], "search_after_date_filter": "01/31/2020"},
                "search_context_size": "high",
                "user_location": {"country": "KR", "city": "Busan"},
            },
            {
                "type": "image_search",
                "filters": {"format_filter": ["png", "jpeg"], "safe_search": True},
                "max_results": 2,
            },
            {"type": "fetch_url", "max_urls": 2},
        ],
    )
    assert answer.status == "completed"
    assert "[1]" in answer.output_text
    assert answer.output[0].type == "search_results"
    assert answer.output[0].results[0].id == 1
    assert answer.usage.cost.total_cost > 0
    assert answer.usage.tool_calls_details["search_web"].invocation == 1


@pytest.mark.parametrize("preset", ["fast", "low", "medium", "high", "xhigh"])
async def test_it_streams(vendor: perplexity.AsyncPerplexity, preset: str) -> None:
    whole = await vendor.responses.create(preset=preset, input=QUESTION)
    stream = await vendor.responses.create(preset=preset, input=QUESTION, stream=True)
    events: list[Any] = [event async for event in stream]

    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == whole.output_text
    assert events[0].type == "response.created"
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text == whole.output_text
    assert {"response.reasoning.search_queries", "response.reasoning.search_results"} <= {
        event.type for event in events
    }


async def test_it_sends_conversations_with_pictures(vendor: perplexity.AsyncPerplexity) -> None:
    content = [{"type": "input_text", "text": QUESTION}, {"type": "input_image", "image_url": GIF}]
    items = [
        {"type": "message", "role": "user", "content": "What is a list?"},
        {"type": "message", "role": "assistant", "content": "A sequence."},
        {"type": "message", "role": "user", "content": content},
    ]
    answer = await vendor.responses.create(models=["perplexity/sonar", "openai/gpt-6-luna"], input=items)
    assert "1 were sent" in answer.output_text


async def test_it_retrieves_continues_and_cancels(vendor: perplexity.AsyncPerplexity) -> None:
    first = await vendor.responses.create(preset="low", input="How does json.load work?")
    assert (await vendor.responses.retrieve(first.id)).output_text == first.output_text
    following = await vendor.responses.create(preset="low", input="And json.dump?", previous_response_id=first.id)
    assert following.output[0].queries is None

    queued = await vendor.responses.create(preset="high", input=QUESTION, background=True)
    assert queued.status == "queued"
    cancelled = await vendor.responses.cancel(queued.id)
    assert (cancelled.response_id, cancelled.status) == (queued.id, "cancelling")
    assert (await vendor.responses.retrieve(queued.id)).status == "cancelled"
    with pytest.raises(perplexity.BadRequestError):
        await vendor.responses.cancel(first.id)
    with pytest.raises(perplexity.NotFoundError):
        await vendor.responses.retrieve(NONE)


async def test_it_resumes_a_broken_stream(vendor: perplexity.AsyncPerplexity) -> None:
    broken = await vendor.responses.create(
        preset="low", input=f"#demo:close_midway=12 {QUESTION}", background=True, stream=True
    )
    first: list[Any] = [event async for event in broken]
    number = first[-1].sequence_number
    resumed = await vendor.responses.retrieve(first[0].response.id, stream=True, starting_after=number)
    later: list[Any] = [event async for event in resumed]
    assert later[0].sequence_number > number
    assert later[-1].response.status == "completed"


async def test_it_fetches_what_an_answer_shared(vendor: perplexity.AsyncPerplexity) -> None:
    answer = await vendor.responses.create(preset="fast", input=QUESTION, extra_body={"skills": [OFFICE]})
    listed = await vendor.responses.files.list(answer.id)
    assert [file.filename for file in listed.data] == ["answer.md"]
    content = await vendor.responses.files.content(listed.data[0].id, response_id=answer.id)
    assert (await content.read()).decode() == answer.output_text


async def test_it_gets_an_answer_by_a_schema(vendor: perplexity.AsyncPerplexity) -> None:
    schema = {"type": "object", "properties": {"number": {"type": "integer"}}}
    wanted = {"type": "json_schema", "json_schema": {"name": "count", "schema": schema, "strict": True}}
    answer = await vendor.responses.create(preset="fast", input=QUESTION, response_format=wanted)
    assert answer.output_text == '{"number": 1}'


async def test_it_lists_the_models(vendor: perplexity.AsyncPerplexity) -> None:
    assert "perplexity/sonar" in [model.id for model in (await vendor.models.list()).data]


@pytest.mark.parametrize(
    ("switch", "error"),
    [
        ("400", perplexity.BadRequestError),
        ("401", perplexity.AuthenticationError),
        ("403", perplexity.PermissionDeniedError),
        ("429", perplexity.RateLimitError),
        ("502", perplexity.InternalServerError),
        ("reset", perplexity.APIConnectionError),
    ],
)
async def test_it_knows_the_failures(vendor: perplexity.AsyncPerplexity, switch: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        await vendor.responses.create(preset="fast", input=f"#demo:{switch}", stream=True)


async def test_it_reads_failed_runs_and_error_events(vendor: perplexity.AsyncPerplexity) -> None:
    failed = await vendor.responses.create(preset="fast", input=f"#demo:run_failed {QUESTION}")
    assert (failed.status, failed.error.code) == ("failed", "server_error")
    stream = await vendor.responses.create(preset="fast", input=f"#demo:run_failed {QUESTION}", stream=True)
    assert [event async for event in stream][-1].type == "response.failed"
    broken = await vendor.responses.create(preset="fast", input=f"#demo:error_event {QUESTION}", stream=True)
    with pytest.raises(perplexity.APIStatusError):
        [event async for event in broken]


# --- OpenAI's --------------------------------------------------------------------------------------------------------

OFFICE = {"type": "builtin", "name": "office"}
FAST = {"preset": "fast"}  # what its own request does not have goes into the body beside it


async def test_the_other_client_gets_an_answer(other: openai.AsyncOpenAI) -> None:
    answer = await other.responses.create(
        model="openai/gpt-6-luna",
        input=[{"role": "user", "content": QUESTION}],
        instructions=CITED,
        max_output_tokens=4000,
        reasoning={"effort": "low"},
        tools=[{"type": "web_search", "search_context_size": "low"}],
        tool_choice={"type": "web_search"},
        temperature=1,
        extra_body={"max_steps": 2},
    )
    assert (answer.status, answer.model) == ("completed", "openai/gpt-6-luna")
    assert "[1]" in answer.output_text
    assert answer.usage.total_tokens > 0


async def test_the_other_client_streams_a_preset(other: openai.AsyncOpenAI) -> None:
    stream = await other.responses.create(input=QUESTION, stream=True, extra_body=FAST)
    events: list[Any] = [event async for event in stream]
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert (events[-1].type, events[-1].response.output_text) == ("response.completed", text)


async def test_the_other_client_works_in_the_background(other: openai.AsyncOpenAI) -> None:
    queued = await other.responses.create(input=QUESTION, background=True, extra_body=FAST)
    assert queued.status == "queued"
    await other.responses.cancel(queued.id)
    assert (await other.responses.retrieve(queued.id)).status == "cancelled"

    stream = await other.responses.create(
        input=f"#demo:close_midway=9 {QUESTION}", background=True, stream=True, extra_body=FAST
    )
    first: list[Any] = [event async for event in stream]
    resumed = await other.responses.retrieve(
        first[0].response.id, stream=True, starting_after=first[-1].sequence_number
    )
    assert [event async for event in resumed][-1].type == "response.completed"


async def test_the_other_client_continues_and_lists_the_models(other: openai.AsyncOpenAI) -> None:
    first = await other.responses.create(input="How does json.load work?", extra_body=FAST)
    second = await other.responses.create(input="And dump?", previous_response_id=first.id, extra_body=FAST)
    assert second.status == "completed"
    assert len([model async for model in other.models.list()]) == 52


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"preset": "fast", "top_k": 3}, openai.BadRequestError),
        ({"model": "openai/gpt-0"}, openai.BadRequestError),
        ({"preset": "fast", "input": "#demo:401"}, openai.AuthenticationError),
        ({"preset": "fast", "input": "#demo:429"}, openai.RateLimitError),
        ({"preset": "fast", "input": "#demo:5xx"}, openai.InternalServerError),
    ],
)
async def test_the_other_client_knows_the_failures(
    other: openai.AsyncOpenAI, body: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await other.responses.create(input=QUESTION, extra_body=body)
