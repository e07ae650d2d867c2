"""The vendor's official client runs every operation of the Agent API that it and the demo both know."""

from collections.abc import AsyncIterator
from typing import Any

import perplexity
import pytest

from tests.upstream.demo.demo_fixtures import QUESTION, served

GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAAC"


@pytest.fixture
async def vendor() -> AsyncIterator[perplexity.AsyncPerplexity]:
    """The vendor's client, pointed at a demo."""
    async with (
        served() as address,
        perplexity.AsyncPerplexity(api_key="pplx-test", base_url=address, max_retries=0) as client,
    ):
        yield client


async def test_it_gets_an_answer(vendor: perplexity.AsyncPerplexity) -> None:
    answer = await vendor.responses.create(
        model="perplexity/sonar",
        input=QUESTION,
        instructions="Be brief.",
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
    assert answer.usage.tool_calls_details["web_search"].invocation >= 1


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
    answer = await vendor.responses.create(models=["perplexity/sonar", "parley/demo"], input=items)
    assert "1 came" in answer.output_text


async def test_it_retrieves_continues_and_cancels(vendor: perplexity.AsyncPerplexity) -> None:
    first = await vendor.responses.create(preset="low", input="How does json.load work?")
    assert (await vendor.responses.retrieve(first.id)).output_text == first.output_text
    following = await vendor.responses.create(preset="low", input="And json.dump?", previous_response_id=first.id)
    assert following.previous_response_id == first.id

    queued = await vendor.responses.create(preset="high", input=QUESTION, background=True)
    assert queued.status == "queued"
    cancelled = await vendor.responses.cancel(queued.id)
    assert (cancelled.response_id, cancelled.status) == (queued.id, "cancelling")
    assert (await vendor.responses.retrieve(queued.id)).status == "cancelled"
    with pytest.raises(perplexity.BadRequestError):
        await vendor.responses.cancel(first.id)
    with pytest.raises(perplexity.NotFoundError):
        await vendor.responses.retrieve("resp_none")


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
    assert (failed.status, failed.error.code) == ("failed", "tool_failed")
    stream = await vendor.responses.create(preset="fast", input=f"#demo:run_failed {QUESTION}", stream=True)
    assert [event async for event in stream][-1].type == "response.failed"
    broken = await vendor.responses.create(preset="fast", input=f"#demo:error_event {QUESTION}", stream=True)
    with pytest.raises(perplexity.APIStatusError):
        [event async for event in broken]
