"""The official clients of the vendor and of OpenAI work against the served demo."""

from collections.abc import AsyncIterator

import openai
import perplexity
import pytest

from tests.upstream.demo.demo_fixtures import QUESTION, answered, content, served
from upstream.demo.perplexity import Demo

MESSAGES = [{"role": "user", "content": QUESTION}]


@pytest.fixture
async def vendor() -> AsyncIterator[perplexity.AsyncPerplexity]:
    """The vendor's client, pointed at a demo."""
    async with (
        served() as address,
        perplexity.AsyncPerplexity(api_key="pplx-test", base_url=address, max_retries=0) as client,
    ):
        yield client


@pytest.fixture
async def compatible() -> AsyncIterator[openai.AsyncOpenAI]:
    """OpenAI's client, pointed at a demo."""
    async with (
        served() as address,
        openai.AsyncOpenAI(api_key="pplx-test", base_url=address, max_retries=0) as client,
    ):
        yield client


async def test_the_vendors_client_gets_a_blocking_answer(vendor: perplexity.AsyncPerplexity) -> None:
    answer = await vendor.chat.completions.create(model="sonar", messages=MESSAGES)
    assert answer.choices[0].message.content == content(await answered())
    assert answer.search_results[0].title.startswith('The "with" statement')
    assert answer.usage.cost.total_cost > 0.005


@pytest.mark.parametrize("mode", ["full", "concise"])
@pytest.mark.parametrize("model", ["sonar", "sonar-reasoning-pro", "sonar-deep-research"])
async def test_the_vendors_client_streams(vendor: perplexity.AsyncPerplexity, model: str, mode: str) -> None:
    stream = await vendor.chat.completions.create(model=model, messages=MESSAGES, stream=True, stream_mode=mode)
    chunks = [chunk async for chunk in stream]

    whole = await answered(model=model)
    assert "".join(chunk.choices[0].delta.content for chunk in chunks) == content(whole)
    assert chunks[-1].choices[0].message.content == content(whole)
    assert [source.url for source in chunks[-1].search_results] == whole["citations"]
    assert chunks[-1].choices[0].finish_reason == "stop"


async def test_the_vendors_client_sees_reasoning_steps(vendor: perplexity.AsyncPerplexity) -> None:
    stream = await vendor.chat.completions.create(
        model="sonar-pro",
        messages=MESSAGES,
        stream=True,
        stream_mode="concise",
        web_search_options={"search_type": "pro"},
    )
    first = await anext(aiter(stream))
    assert first.choices[0].delta.reasoning_steps[0].web_search.search_keywords == ["with statement"]


async def test_the_vendors_client_searches(vendor: perplexity.AsyncPerplexity) -> None:
    found = await vendor.search.create(query="json load", max_results=4)
    assert found.results[0].url.endswith("#json.load")
    assert len(found.results) == 4


async def test_the_vendors_client_queues_and_polls(vendor: perplexity.AsyncPerplexity) -> None:
    messages = [{"role": "user", "content": f"#demo:fast {QUESTION}"}]
    queue = vendor.async_.chat.completions

    job = await queue.create(request={"model": "sonar-deep-research", "messages": messages})
    done = await queue.get(job.id)
    listed = await queue.list()

    assert done.status == "COMPLETED"
    assert done.response.choices[0].message.content == content(await answered(model="sonar-deep-research"))
    assert [entry.id for entry in listed.requests] == [job.id]


@pytest.mark.parametrize(
    ("switch", "error"),
    [
        ("400", perplexity.BadRequestError),
        ("401", perplexity.AuthenticationError),
        ("422", perplexity.UnprocessableEntityError),
        ("429", perplexity.RateLimitError),
        ("502", perplexity.InternalServerError),
        ("reset", perplexity.APIConnectionError),
    ],
)
async def test_the_vendors_client_knows_the_failures(
    vendor: perplexity.AsyncPerplexity, switch: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await vendor.chat.completions.create(
            model="sonar", messages=[{"role": "user", "content": f"#demo:{switch}"}], stream=True
        )


async def test_the_vendors_client_raises_on_an_error_event(vendor: perplexity.AsyncPerplexity) -> None:
    messages = [{"role": "user", "content": f"#demo:error_event {QUESTION}"}]
    stream = await vendor.chat.completions.create(model="sonar", messages=messages, stream=True)
    with pytest.raises(perplexity.APIStatusError):
        [chunk async for chunk in stream]


async def test_openais_client_gets_a_blocking_answer(compatible: openai.AsyncOpenAI) -> None:
    answer = await compatible.chat.completions.create(model="sonar", messages=MESSAGES)
    assert answer.choices[0].message.content == content(await answered())
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.model_extra["citations"][0].endswith("#with")


async def test_openais_client_streams(compatible: openai.AsyncOpenAI) -> None:
    stream = await compatible.chat.completions.create(model="sonar", messages=MESSAGES, stream=True)
    chunks = [chunk async for chunk in stream]

    assert "".join(chunk.choices[0].delta.content for chunk in chunks) == content(await answered())
    assert chunks[-1].model_extra["search_results"][0]["url"].endswith("#with")
    assert chunks[-1].choices[0].finish_reason == "stop"


async def test_openais_client_streams_at_a_visible_pace() -> None:
    async with (
        served(Demo(chunks_per_second=200, sonar="answers")) as address,
        openai.AsyncOpenAI(api_key="pplx-test", base_url=f"{address}/v1", max_retries=0) as client,
    ):
        messages = [{"role": "user", "content": "#demo:lines=20"}]
        stream = await client.chat.completions.create(model="sonar", messages=messages, stream=True)
        text = "".join([chunk.choices[0].delta.content async for chunk in stream])
    assert text.startswith("Line 1 of 20.")
    assert text.endswith("Line 20 of 20.")
