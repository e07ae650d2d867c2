"""Which models of the Agent API are offered by its list, what stands in for one that is gone, and pinned versions."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from pytest_django import Settings

from accounts.models import Team, User
from chat.catalog import agent
from chat.catalog import offers as catalog_offers
from chat.questions import service as questions
from tests import wishes
from tests.chat.conftest import Browser
from tests.prompts import prompt_plan_for

pytestmark = pytest.mark.django_db

URL = "https://api.perplexity.ai"


@pytest.fixture(autouse=True)
def connected(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    settings.DATA_DIR = tmp_path
    settings.PERPLEXITY_API_KEY = "pplx-x"
    settings.DEFAULT_MODEL = ""
    agent.agent_model_list.cache_clear()
    yield settings
    agent.agent_model_list.cache_clear()


def listed(folder: Path, prices: dict[str, tuple[float, float] | None], *, base_url: str = URL) -> None:
    """What a process that asked the service has left."""

    def entry(name: str, price: tuple[float, float] | None) -> dict[str, Any]:
        pricing = {"input": price[0], "output": price[1], "unit": "usd_per_1m_tokens"} if price else None
        return {"id": name, "pricing": pricing}

    models = {"data": [entry(*item) for item in prices.items()], "as_of": "2026-11-26"}
    (folder / "cache").mkdir(exist_ok=True)
    (folder / "cache" / "agent-models.json").write_bytes(orjson.dumps({"base_url": base_url, "models": models}))


def models() -> dict[str, catalog_offers.Offer]:
    return {offer.model: offer for offer in catalog_offers.offers() if "/" in offer.model and offer.provider == "agent"}


def test_what_is_listed_is_offered_with_its_price_and_the_rest_is_not(tmp_path: Path) -> None:
    listed(tmp_path, {"openai/gpt-7-luna": (0.1, 0.5), "acme/brain-1": None})
    found = models()
    assert list(found) == ["openai/gpt-7-luna", "acme/brain-1"]
    luna, brain = found.values()
    assert (luna.label, luna.group, luna.asked_as) == (
        "GPT-7 Luna · OpenAI",
        "Agent API: OpenAI",
        "openai/gpt-7-luna",
    )
    assert luna.price.startswith("$0.10 in and $0.50 out per million tokens")
    assert "not listed" in brain.price
    assert catalog_offers.default_offer().id == "agent:fast"


def test_the_list_of_another_server_does_not_count(tmp_path: Path) -> None:
    listed(tmp_path, {"acme/brain-1": None}, base_url="https://elsewhere.example")
    assert len(models()) == 52


def test_the_demo_has_the_models_that_are_known(connected: Settings, tmp_path: Path) -> None:
    listed(tmp_path, {"acme/brain-1": None})
    connected.PERPLEXITY_API_KEY = ""
    assert len(models()) == 52


@pytest.mark.parametrize(
    ("gone", "instead"),
    [
        ("anthropic/claude-opus-4-8", "anthropic/claude-opus-5-5"),
        ("anthropic/claude-haiku-5-5", "fast"),  # the newer one is dearer
        ("xai/grok-4.7", "fast"),  # nothing of its kind is left
        ("maker/nobody-knows", "fast"),  # and what it cost is not known
    ],
)
def test_a_model_that_is_gone_is_followed_by_a_newer_one_that_is_not_dearer(
    tmp_path: Path, gone: str, instead: str
) -> None:
    newer = {"anthropic/claude-opus-5-5": (4.0, 20.0), "anthropic/claude-haiku-6": (2.0, 10.0)}
    listed(tmp_path, {**newer, "anthropic/claude-opus-4-7": (5.0, 25.0)})
    assert catalog_offers.offer_or_successor(f"agent:{gone}").id == f"agent:{instead}"


def test_a_conversation_with_a_model_that_is_gone_stays_readable_and_says_who_answers_next(
    tmp_path: Path, browser: Browser, harbour: Team, alice: User
) -> None:
    listed(tmp_path, {"openai/gpt-6-sol": (2, 10), "openai/gpt-6.1-sol": (2, 10)})
    wish = wishes.wish("Who keeps the light?", model="openai/gpt-6-sol", provider="agent")
    answer = questions.ask_in_new_conversation(wish, team=harbour, by=alice)
    page = f"/c/{answer.question.conversation_id}/"
    assert "answers instead" not in browser(alice).get(page).content.decode()
    listed(tmp_path, {"openai/gpt-6.1-sol": (2, 10)})

    response = browser(alice).get(page)

    html = response.content.decode()
    assert response.status_code == 200
    assert "Who keeps the light?" in html
    assert "GPT-6 Sol · OpenAI is no longer available, so GPT-6.1 Sol · OpenAI answers instead." in html


def test_a_form_with_a_model_that_is_gone_is_refused_with_another_one_chosen(
    tmp_path: Path, browser: Browser, alice: User
) -> None:
    listed(tmp_path, {"openai/gpt-6.1-sol": (2, 10)})
    data = {"text": "And now?", "model": "agent:openai/gpt-6-sol", "key": "019aa000-0000-7000-8000-000000000001"}
    response = browser(alice).post("/ask/", data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "This model isn’t available here. Choose another one." in html
    assert re.search(r'name="model"\s+value="agent:openai/gpt-6.1-sol"', html)
    assert "And now?" in html


def test_a_preset_is_asked_for_in_the_version_to_which_it_is_pinned(
    connected: Settings, harbour: Team, alice: User
) -> None:
    connected.PERPLEXITY_EFFORT_PINS = {"fast": "2026-10-16.0"}
    pinned, free = (
        questions.ask_in_new_conversation(
            wishes.wish(f"Who {name}?", model=name, provider="agent"), team=harbour, by=alice
        )
        for name in ("fast", "low")
    )
    assert (pinned.model, pinned.request["asked_as"]) == ("fast", "fast@2026-10-16.0")
    assert "asked_as" not in free.request
    connected.PERPLEXITY_EFFORT_PINS = {}
    assert prompt_plan_for(pinned.pk).request.model == "fast@2026-10-16.0"  # as it was asked
    assert prompt_plan_for(free.pk).request.model == "low"
