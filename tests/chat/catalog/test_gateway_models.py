"""Which models of the gateway are offered, and what becomes of answers of those that are not any more."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from pytest_django import Settings

from chat.answers import rate_limits
from chat.catalog import gateway, providers
from chat.catalog import offers as catalog_offers

pytestmark = pytest.mark.django_db

URL = "http://127.0.0.1:3000"
LISTED = {
    "search": [{"name": "nova", "description": "Nova"}, {"name": "sonar", "description": "Sonar model"}],
    "reason": [{"name": "nova-thinking", "description": "Nova with thinking"}],
    "research": {"name": "pplx_beta", "description": "Fixed deep research mode"},
    "defaults": {"search": "sonar", "reason": "nova-thinking"},
}


@pytest.fixture(autouse=True)
def connected(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    settings.DATA_DIR = tmp_path
    settings.GATEWAY_BASE_URL = URL
    gateway.gateway_model_list.cache_clear()
    yield settings
    gateway.gateway_model_list.cache_clear()


def listed(folder: Path, models: object = LISTED, *, base_url: str = URL) -> None:
    """What a process that asked the gateway has left."""
    (folder / "cache").mkdir(exist_ok=True)
    (folder / "cache" / "gateway-models.json").write_bytes(orjson.dumps({"base_url": base_url, "models": models}))


def ids() -> list[str]:
    return [offer.id for offer in catalog_offers.offers()]


def test_before_it_was_ever_asked_the_known_models_are_offered() -> None:
    assert ids()[:2] == ["gateway:search/sonar", "gateway:search/turbo"]
    assert ids()[8] == "gateway:reason/sonar-reasoning"
    assert ids()[-1] == "gateway:research/pplx_alpha"
    assert len(ids()) == 18
    assert catalog_offers.default_offer().id == "gateway:search/sonar"


def test_what_it_lists_is_offered_as_soon_as_anybody_knows(tmp_path: Path) -> None:
    listed(tmp_path)
    assert ids() == [
        "gateway:search/sonar",
        "gateway:search/nova",
        "gateway:reason/nova-thinking",
        "gateway:research/pplx_beta",
    ]
    offers = {offer.id: offer for offer in catalog_offers.offers()}
    nova = offers["gateway:search/nova"]
    assert (nova.label, nova.purpose) == ("Gateway · Nova", "Answers with a web search.")
    assert (nova.provider, nova.model, nova.price) == ("gateway", "search/nova", "")
    assert not nova.refuses_image
    assert nova.refuses_file
    assert offers["gateway:reason/nova-thinking"].refuses_image
    assert [offer.group for offer in offers.values()] == [
        "Gateway: search",
        "Gateway: search",
        "Gateway: reasoning",
        "Gateway: research",
    ]


def test_the_list_of_another_gateway_does_not_count(tmp_path: Path) -> None:
    listed(tmp_path, base_url="http://127.0.0.1:4000")
    assert len(ids()) == 18


def test_a_model_that_is_gone_keeps_its_name_and_another_one_stands_in(tmp_path: Path) -> None:
    listed(tmp_path)
    assert catalog_offers.find_offer("gateway:search/gpt-5.4") is None
    assert catalog_offers.model_label("search/gpt-5.4", "gateway") == "Gateway · GPT-5.4"
    assert catalog_offers.model_label("search/never-heard-of", "gateway") == "Gateway · Never Heard Of"
    assert catalog_offers.offer_or_successor("gateway:search/gpt-5.4").id == "gateway:search/sonar"
    assert catalog_offers.offer_or_successor("gateway:search/nova").id == "gateway:search/nova"


def test_models_of_the_same_name_are_told_apart(connected: Settings) -> None:
    connected.PERPLEXITY_API_KEY = "pplx-x"
    assert providers.providers() == ("agent", "sonar", "gateway")
    assert {"sonar", "agent:perplexity/sonar", "gateway:search/sonar", "gateway:search/sonar-pro"} <= set(ids())
    assert catalog_offers.default_offer().id == "agent:fast"
    assert not catalog_offers.offer_of("reason/sonar-reasoning", "gateway").retired
    assert catalog_offers.offer_of("sonar-reasoning", "sonar").retired


def test_the_operator_s_list_of_models_is_one_of_perplexity_s(connected: Settings) -> None:
    connected.PERPLEXITY_BASE_URL, connected.PERPLEXITY_MODELS = "http://127.0.0.1:8080", ["mine"]
    assert ids()[:2] == ["mine", "gateway:search/sonar"]


def test_without_a_gateway_none_is_offered_beside_perplexity(connected: Settings) -> None:
    connected.GATEWAY_BASE_URL, connected.PERPLEXITY_API_KEY = "", "pplx-x"
    assert providers.providers() == ("agent", "sonar")
    connected.PERPLEXITY_API_KEY = ""
    assert providers.is_demo()
    assert providers.providers() == ("agent", "sonar", "gateway")


def test_limits_of_perplexity_do_not_hold_for_the_gateway(connected: Settings) -> None:
    connected.PERPLEXITY_RPM = {"*": 50, "gateway:search/nova": 5}
    assert rate_limits.limit_per_minute("sonar:sonar") == 50
    assert rate_limits.limit_per_minute("gateway:search/sonar") is None
    assert rate_limits.limit_per_minute("gateway:search/nova") == 5
