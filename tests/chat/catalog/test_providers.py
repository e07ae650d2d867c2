"""Which models are offered by the operator's settings, and what stands in for those whose service has ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from chat.catalog import offers as catalog_offers
from chat.catalog import providers
from chat.models import Withdrawal
from upstream.catalog.agent_models import KNOWN

PRESETS = [f"agent:{name}" for name in ("fast", "low", "medium", "high", "xhigh", "wide-research")]
AGENT = [*PRESETS, *(f"agent:{name}" for name in KNOWN.names())]
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
        ({}, AGENT + SONAR),
        ({"API_KEY": "pplx-x"}, AGENT + SONAR),
        ({"API_KEY": "pplx-x", "BASE_URL": "https://api.perplexity.ai"}, AGENT + SONAR),
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
        ({"MODELS": ["mine"]}, AGENT + SONAR),
        (
            {"API_KEY": "k", "PROVIDER": "agent", "MODELS": ["fast", "xai/grok-4.20*"]},
            [
                "agent:fast",
                "agent:xai/grok-4.20-multi-agent",
                "agent:xai/grok-4.20-non-reasoning",
                "agent:xai/grok-4.20-reasoning",
            ],
        ),
        (
            {"API_KEY": "k", "PROVIDER": "agent", "MODELS": ["+maker/new-1", "+fast"]},
            [*AGENT, "agent:maker/new-1"],
        ),
        ({"API_KEY": "k", "MODELS": ["agent:low", "+agent:maker/new-1"]}, ["agent:low", "agent:maker/new-1"]),
    ],
)
def test_the_settings_say_which_models_are_offered(
    settings: Settings, values: dict[str, Any], offered: list[str]
) -> None:
    set_all(settings, values)
    settings.DEFAULT_MODEL = ""
    assert ids() == offered
    assert catalog_offers.default_offer().id == offered[0]


def test_the_operator_chooses_the_default_model_among_those_that_are_there(settings: Settings) -> None:
    for wanted, found in (("agent:xai/grok-4.7", "agent:xai/grok-4.7"), ("sonar-pro", "sonar-pro"), ("x", PRESETS[0])):
        settings.DEFAULT_MODEL = wanted
        assert catalog_offers.default_offer().id == found
    settings.DEFAULT_MODEL = "sonar-pro"
    providers.record_withdrawal("sonar", status=410)
    assert catalog_offers.default_offer().id == "agent:low"


def test_presets_each_maker_s_models_and_each_other_service_are_a_group() -> None:
    groups = list(dict.fromkeys(offer.group for offer in perplexitys()))
    assert groups == [
        "Agent API",
        "Agent API: Perplexity",
        "Agent API: Anthropic",
        "Agent API: OpenAI",
        "Agent API: Google",
        "Agent API: xAI",
        "Sonar",
    ]
    assert catalog_offers.find_offer("agent:perplexity/sonar").model == "perplexity/sonar"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("gone", "instead"),
    [
        ("sonar", "agent:fast"),
        ("sonar-pro", "agent:low"),
        ("sonar-reasoning", "agent:low"),
        ("sonar-reasoning-pro", "agent:low"),
        ("sonar-deep-research", "agent:medium"),
        ("agent:fast", "agent:fast"),
        ("never-heard-of", "agent:fast"),
        ("", "agent:fast"),
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
    assert offers[len(AGENT)].retired_note == "Perplexity has discontinued this service. Agent · Quick replaces it."
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
    for values in ({"CHAT_PATH": "/v1/sonar"}, {"BASE_URL": "https://other.example"}):
        set_all(settings, {"API_KEY": "", "BASE_URL": "", "CHAT_PATH": "/chat/completions", **values})
        assert providers.withdrawn_providers() == frozenset()
    set_all(settings, {"API_KEY": "", "BASE_URL": "", "CHAT_PATH": "/chat/completions"})
    providers.record_return("sonar")
    assert providers.withdrawn_providers() == frozenset()


def test_a_service_is_looked_at_again_after_a_day() -> None:
    providers.record_withdrawal("sonar", status=410)
    assert providers.providers_to_recheck() == []
    Withdrawal.objects.update(seen_at=timezone.now() - timedelta(days=1, minutes=1))
    assert providers.providers_to_recheck() == ["sonar"]
    providers.record_withdrawal("sonar", status=404)
    assert providers.providers_to_recheck() == []
    assert Withdrawal.objects.get().status == 404


def test_which_services_have_ended_is_looked_up_once_and_again_after_a_change(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert [providers.withdrawn_providers() for _ in range(3)] == [frozenset()] * 3

    providers.record_withdrawal("sonar", status=410)
    assert providers.withdrawn_providers() == {"sonar"}

    Withdrawal.objects.all().delete()  # as the operator does in the administration
    assert providers.withdrawn_providers() == frozenset()


def test_what_another_process_finds_out_shows_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "LOOKED_UP_EVERY", 0.0)
    assert providers.withdrawn_providers() == frozenset()

    Withdrawal.objects.bulk_create([Withdrawal(service="sonar demo:/chat/completions")])  # nobody here hears of it

    assert providers.withdrawn_providers() == {"sonar"}
