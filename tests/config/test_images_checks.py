"""Settings of the image service that cannot work are refused with a sentence."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config import env
from config.checks.images import check_images

KEY = "opensesame-4711"
HERE = "http://127.0.0.1:8080"
NAMED = {"IMAGES_MODELS": ["gpt-image-1"]}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"IMAGES_BASE_URL": HERE, **NAMED}, []),
        ({"IMAGES_BASE_URL": "https://images.example/openai", "IMAGES_API_KEY": KEY, **NAMED}, []),
        ({"IMAGES_BASE_URL": HERE}, ["parley.W051"]),
        ({"IMAGES_API_KEY": KEY}, ["parley.E050"]),
        ({**NAMED}, ["parley.E050"]),
        ({"IMAGES_PRICES": {"*": Decimal(0)}}, ["parley.E050"]),
        ({"IMAGES_RESPONSE_FORMAT": "url"}, ["parley.E050"]),
        ({"IMAGES_BASE_URL": "images.example", **NAMED}, ["parley.E051"]),
        ({"IMAGES_BASE_URL": "https://images.example:port", **NAMED}, ["parley.E051"]),
        ({"IMAGES_BASE_URL": f"https://alice:{KEY}@images.example", **NAMED}, ["parley.E052"]),
        ({"IMAGES_BASE_URL": "https://images.example/?key=x", **NAMED}, ["parley.E053"]),
        ({"IMAGES_BASE_URL": "https://images.example/v1/images/generations", **NAMED}, ["parley.E053"]),
        ({"IMAGES_BASE_URL": "https://api.perplexity.ai", **NAMED}, ["parley.E054"]),
        ({"IMAGES_BASE_URL": HERE, "IMAGES_MODELS": ["x" * 101]}, ["parley.E055"]),
        ({"IMAGES_BASE_URL": "http://images.example", "IMAGES_API_KEY": KEY, **NAMED}, ["parley.W050"]),
        (
            {"IMAGES_BASE_URL": HERE, **NAMED, "IMAGES_PRICES": {"gpt-image-1@9x9": Decimal(1), "other": Decimal(1)}},
            ["parley.W052"],
        ),
        ({"IMAGES_BASE_URL": HERE, **NAMED, "IMAGES_SIZES": ["other@512x512"]}, ["parley.W053"]),
    ],
)
def test_what_cannot_work_is_refused(settings: Settings, values: dict[str, Any], expected: list[str]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    found = check_images(None)
    assert [message.id for message in found] == expected
    assert all(KEY not in str(message.msg) for message in found)


def test_prices_are_read_by_model_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGES_PRICES", "gpt-image-1=0.04, gpt-image-1@1024x1536 = 0.0625,maker/flux=1, *=0")
    assert env.prices("IMAGES_PRICES") == {
        "gpt-image-1": Decimal("0.04"),
        "gpt-image-1@1024x1536": Decimal("0.0625"),
        "maker/flux": Decimal(1),
        "*": Decimal(0),
    }


@pytest.mark.parametrize("said", ["0.04", "a=", "a=-1", "a=1e3", "a=0.1234567", "a=1, a=2", "a=99999", "=1", "a=１"])
def test_prices_that_cannot_be_read_are_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("IMAGES_PRICES", said)
    with pytest.raises(ImproperlyConfigured, match="IMAGES_PRICES must be US dollars per image"):
        env.prices("IMAGES_PRICES")


def test_sizes_are_widths_and_heights(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.sizes("IMAGES_SIZES", "512x512,64x64") == ["512x512", "64x64"]
    monkeypatch.setenv("IMAGES_SIZES", " 1024x1536, 512x512,512x512 ")
    assert env.sizes("IMAGES_SIZES", "") == ["1024x1536", "512x512"]
    monkeypatch.setenv("IMAGES_SIZES", "1024x1024, maker/flux@512x512")
    assert env.sizes("IMAGES_SIZES", "") == ["1024x1024", "maker/flux@512x512"]
    monkeypatch.setenv("IMAGES_SIZES", "wide")
    with pytest.raises(ImproperlyConfigured, match="IMAGES_SIZES must be widths and heights"):
        env.sizes("IMAGES_SIZES", "")
