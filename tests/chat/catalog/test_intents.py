"""What people want of an answer, and which model does it where."""

import pytest
from pytest_django import Settings

from accounts.models import Team
from chat.catalog import intents, offers
from chat.catalog.brief_prices import brief_price

pytestmark = pytest.mark.django_db


def found(team: Team | None = None) -> dict[str, str]:
    return {intent.name: intent.offer.id for intent in intents.intents(offers.offers(team))}


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("sonar", ["sonar", "sonar-pro", "sonar-reasoning-pro", "sonar-deep-research"]),
        ("agent:low", ["agent:fast", "agent:low", "agent:medium", "agent:high"]),
    ],
)
def test_the_service_that_answers_by_default_does_what_it_can(
    settings: Settings, model: str, expected: list[str]
) -> None:
    settings.DEFAULT_MODEL = model
    assert found() == dict(zip(("quick", "careful", "reasoning", "research"), expected, strict=True))


def test_a_gateway_alone_does_it_with_the_default_of_each_mode(settings: Settings) -> None:
    settings.GATEWAY_BASE_URL = "http://127.0.0.1:3000"
    assert found() == {
        "quick": "gateway:search/sonar",
        "careful": "gateway:search/sonar-pro",
        "reasoning": "gateway:reason/sonar-reasoning",
        "research": "gateway:research/pplx_alpha",
    }


def test_what_nobody_can_do_is_not_offered(settings: Settings) -> None:
    settings.PERPLEXITY_BASE_URL, settings.PERPLEXITY_MODELS = "http://127.0.0.1:8080", ["mine", "sonar-pro"]
    assert found() == {"careful": "sonar-pro"}
    settings.PERPLEXITY_MODELS = ["mine"]
    assert found() == {}


def test_what_the_team_does_not_use_is_not_offered_either(harbour: Team) -> None:
    harbour.allowed_models = ["agent:low", "sonar-reasoning", "gateway:reason/gpt-5.4-thinking"]
    assert found(harbour) == {"careful": "agent:low", "reasoning": "gateway:reason/gpt-5.4-thinking"}


def test_a_service_that_has_ended_is_stood_in_for(settings: Settings) -> None:
    settings.DEFAULT_MODEL, settings.DEMO_SONAR = "sonar", "ended"
    assert found()["careful"] == "agent:low"


def test_the_word_is_left_out_where_the_model_s_name_has_it(settings: Settings) -> None:
    settings.DEFAULT_MODEL = "agent:fast"
    words = [(intent.word, intent.offer.label) for intent in intents.intents(offers.offers())]
    assert words == [
        ("", "Agent · Quick"),
        ("", "Agent · Careful"),
        ("Reasoning", "Agent · Thorough"),
        ("Deep research", "Agent · Research"),
    ]


@pytest.mark.parametrize(
    ("provider", "model", "words"),
    [
        ("agent", "fast", "under 1 ¢"),
        ("agent", "low", "about 1 ¢"),
        ("agent", "medium", "about 3 ¢"),
        ("agent", "high", "about 60 ¢"),
        ("agent", "xhigh", "about $1.50"),
        ("sonar", "sonar-pro", "about 2 ¢"),
        ("sonar", "sonar-deep-research", "about $1.20"),
        ("gateway", "search/sonar", ""),
        ("sonar", "never-heard-of", ""),
    ],
)
def test_a_price_is_two_or_three_words(provider: str, model: str, words: str) -> None:
    assert brief_price(model=model, provider=provider).replace("\xa0", " ") == words
