"""Settings that name models and presets in vain are pointed out, and pins are read as they are meant."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config import env
from config.checks.models import check_models


def found(settings: Settings, **changes: object) -> list[str | None]:
    for name, value in changes.items():
        setattr(settings, name, value)
    return [message.id for message in check_models(None)]


@pytest.mark.parametrize("name", ["", "sonar-pro", "agent:low", "agent:openai/gpt-6-luna", "gateway:search/sonar"])
def test_a_default_model_that_is_offered_is_in_order(settings: Settings, name: str) -> None:
    assert found(settings, DEFAULT_MODEL=name) == []


@pytest.mark.parametrize("name", ["low", "agent:maker/nobody-knows", "gpt-6"])
def test_a_default_model_that_is_not_offered_is_pointed_out(settings: Settings, name: str) -> None:
    assert found(settings, DEFAULT_MODEL=name) == ["parley.W040"]


def test_a_pattern_that_no_model_answers_to_is_pointed_out(settings: Settings) -> None:
    settings.PERPLEXITY_API_KEY = "pplx-x"
    named = ["sonar", "agent:anthropic/*", "xai/*", "agent:acme/*", "+acme/*"]
    assert found(settings, PERPLEXITY_MODELS=named) == ["parley.W042", "parley.W042"]
    settings.PERPLEXITY_API_KEY = ""
    assert found(settings, PERPLEXITY_MODELS=named) == []


def test_a_version_of_a_preset_that_there_is_not_is_pointed_out(settings: Settings) -> None:
    assert found(settings, PERPLEXITY_EFFORT_PINS={"fast": "2026-10-16.0"}) == []
    assert found(settings, PERPLEXITY_EFFORT_PINS={"faster": "2026-10-16.0"}) == ["parley.W041"]


def test_versions_are_read_by_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERPLEXITY_EFFORT_PINS", "fast=2026-10-16.0, low = 2026-11-01.12")
    assert env.pins("PERPLEXITY_EFFORT_PINS") == {"fast": "2026-10-16.0", "low": "2026-11-01.12"}
    monkeypatch.setenv("PERPLEXITY_EFFORT_PINS", "")
    assert env.pins("PERPLEXITY_EFFORT_PINS") == {}


@pytest.mark.parametrize("said", ["fast", "fast=latest", "=2026-10-16.0", "fast=2026-10-16", "fast=2026-1-1.0,"])
def test_what_is_no_version_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("PERPLEXITY_EFFORT_PINS", said)
    with pytest.raises(ImproperlyConfigured, match="PERPLEXITY_EFFORT_PINS must be versions of presets"):
        env.pins("PERPLEXITY_EFFORT_PINS")
