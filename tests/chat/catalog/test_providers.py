"""Which models are offered by the operator's settings, and what stands in for those whose service has ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from chat.catalog import offers as catalog_offers
from chat.catalog import providers
from chat.models import Withdrawal

AGENT = ["agent:perplexity/sonar", "agent:fast", "agent:low", "agent:medium", "agent:high", "agent:xhigh"]
SONAR = ["sonar", "sonar-pro", "sonar-reasoning", "sonar-reasoning-pro", "sonar-deep-research"]

pytestmark = pytest.mark.django_db


def set_all(settings: Settings, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(settings, f"PERPLEXITY_{name}", value)


def perplexitys() -> list[catalog_offers.Offer]:
    """What is offered of Perplexity's own services; the demo stands for a gateway too."""
    return [offer for offer in catalog_offers.offers() if offer.provider in ("sonar", "agent")]


def ids() -> list[str]:
    return [offer.id for offer in perplexitys()]


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        ({}, SONAR + AGENT),
        ({"API_KEY": "pplx-x"}, SONAR + AGENT),
        ({"API_KEY": "pplx-x", "BASE_URL": "https://api.perplexity.ai"}, SONAR + AGENT),
        ({"BASE_URL": "http://127.0.0.1:8080"}, SONAR),
        ({"BASE_URL": "https://perplexity.ai.example"}, SONAR),
        ({"BASE_URL": "http://127.0.0.1:8080", "PROVIDER": "agent"}, AGENT),
        ({"API_KEY": "pplx-x", "PROVIDER": "agent"}, AGENT),
        ({"API_KEY": "pplx-x", "PROVIDER": "sonar"}, SONAR),
        ({"BASE_URL": "http://127.0.0.1:8080", "MODELS": ["llama3:8b", "agent:x"]}, ["llama3:8b", "agent:x"]),
        ({"API_KEY": "pplx-x", "MODELS": ["agent:low", "sonar-pro"]}, ["agent:low", "sonar-pro"]),
        (
            {"API_KEY": "k", "PROVIDER": "agent", "MODELS": ["low", "agent:openai/gpt"]},
            ["agent:low", "agent:openai/gpt"],
        ),
        ({"MODELS": ["mine"]}, SONAR + AGENT),
    ],
)
def test_the_settings_say_which_models_are_offered(
    settings: Settings, values: dict[str, Any], offered: list[str]
) -> None:
    set_all(settings, values)
    assert ids() == offered
    assert catalog_offers.default_offer().id == offered[0]


def test_the_models_of_each_service_are_a_group() -> None:
    groups = {offer.provider: offer.group for offer in perplexitys()}
    assert groups == {"sonar": "Sonar", "agent": "Agent API"}
    assert catalog_offers.find_offer("agent:perplexity/sonar").model == "perplexity/sonar"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("gone", "instead"),
    [
        ("sonar", "agent:perplexity/sonar"),
        ("sonar-pro", "agent:low"),
        ("sonar-reasoning", "agent:medium"),
        ("sonar-reasoning-pro", "agent:medium"),
        ("sonar-deep-research", "agent:high"),
        ("agent:fast", "agent:fast"),
        ("never-heard-of", "agent:perplexity/sonar"),
        ("", "agent:perplexity/sonar"),
    ],
)
def test_what_has_ended_is_followed_by_its_successor(gone: str, instead: str) -> None:
    providers.record_withdrawal("sonar", status=410)
    assert catalog_offers.offer_or_successor(gone).id == instead


def test_ended_models_come_last_say_so_and_cannot_be_chosen() -> None:
    providers.record_withdrawal("sonar", status=410)
    offers = perplexitys()
    assert [offer.id for offer in offers] == AGENT + SONAR
    assert all(offer.retired and offer.withdrawn for offer in offers[len(AGENT) :])
    assert offers[len(AGENT)].retired_note == "Perplexity has ended this service. Agent · Sonar does its work."
    assert catalog_offers.default_offer().id == AGENT[0]


def test_a_retired_model_of_a_living_service_is_followed_within_it() -> None:
    assert catalog_offers.offer_or_successor("sonar-reasoning").id == "sonar-reasoning-pro"
    assert not catalog_offers.offer_of("sonar-reasoning", "sonar").withdrawn


def test_a_successor_that_is_not_offered_is_passed_over(settings: Settings) -> None:
    set_all(settings, {"API_KEY": "pplx-x", "MODELS": ["sonar-pro", "agent:fast"]})
    providers.record_withdrawal("sonar", status=404)
    assert catalog_offers.offer_or_successor("sonar-pro").id == "agent:fast"


def test_an_end_is_known_for_that_address_alone(settings: Settings) -> None:
    providers.record_withdrawal("sonar", status=410)
    assert providers.withdrawn_providers() == {"sonar"}
    for values in ({"API_KEY": "x"}, {"CHAT_PATH": "/v1/sonar"}, {"BASE_URL": "https://eu.perplexity.ai"}):
        set_all(settings, {"API_KEY": "", "BASE_URL": "", "CHAT_PATH": "/chat/completions", **values})
        assert providers.withdrawn_providers() == frozenset()
    set_all(settings, {"API_KEY": "", "BASE_URL": "", "CHAT_PATH": "/chat/completions"})
    providers.clear_withdrawal("sonar")
    assert providers.withdrawn_providers() == frozenset()


def test_a_service_is_looked_at_again_after_a_day() -> None:
    providers.record_withdrawal("sonar", status=410)
    assert providers.withdrawals_to_recheck() == []
    Withdrawal.objects.update(seen_at=timezone.now() - timedelta(days=1, minutes=1))
    assert providers.withdrawals_to_recheck() == ["sonar"]
    providers.record_withdrawal("sonar", status=404)
    assert providers.withdrawals_to_recheck() == []
    assert Withdrawal.objects.get().status == 404
