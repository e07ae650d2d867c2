"""The demo upstream in this process, through the same client: what answers when nothing is configured."""

import pytest

from tests.upstream.conftest import question, text_in
from tests.upstream.demo.demo_fixtures import open_client
from upstream.client import Sign
from upstream.errors import UpstreamError
from upstream.events import Event, Finished, RateLimitSeen, SourcesFound, Started


async def ask(**options: object) -> list[Event]:
    client = open_client(base_url="", chat_path="/somewhere/else", api_key="")
    try:
        return [event async for event in client.ask(question(**options))]  # type: ignore[arg-type]
    finally:
        await client.aclose()


@pytest.mark.parametrize("model", ["sonar", "sonar-pro", "sonar-reasoning-pro"])
async def test_without_any_setting_the_demo_answers_with_sources(model: str):
    events = await ask(text="What is a list comprehension in Python?", model=model)
    assert isinstance(events[0], RateLimitSeen)
    assert isinstance(events[1], Started)
    assert isinstance(events[-1], Finished)
    assert any(isinstance(event, SourcesFound) for event in events)
    assert "[1]" in text_in(events)
    assert "<think>" not in text_in(events)


async def test_the_demo_refuses_the_retired_model_as_perplexity_does():
    with pytest.raises(UpstreamError, match="sonar-reasoning-pro instead"):
        await ask(model="sonar-reasoning")


async def test_the_demo_gives_a_sign_of_life():
    client = open_client(base_url="", chat_path="/chat/completions", api_key="")
    assert await client.sign_of_life() is Sign.OK
