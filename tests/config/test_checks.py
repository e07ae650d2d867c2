"""Settings that contradict each other are refused with a sentence."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from config.checks.deployment import check_deployment
from tests.stores import ROOT, operator_less

PRODUCTION = {"SITE_URL": "https://parley.example", "ALLOWED_HOSTS": "parley.example"}


@pytest.fixture(autouse=True)
def only_local_hosts(settings: Settings) -> None:
    """The default again: Django's test environment lets one more host in."""
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def test_the_defaults_are_in_order() -> None:
    assert check_deployment(None) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"SITE_URL": "parley.example"}, "parley.E001"),
        ({"SITE_URL": "https://parley.example/?team=1", "ALLOWED_HOSTS": ["parley.example"]}, "parley.E001"),
        ({"SITE_URL": "https://parley.example/#team", "ALLOWED_HOSTS": ["parley.example"]}, "parley.E001"),
        ({"SITE_URL": "http://[::1"}, "parley.E001"),
        ({"SITE_URL": "https://parley.example"}, "parley.E002"),
        ({"SITE_URL": "https://parley.example", "ALLOWED_HOSTS": ["*"], "DEBUG": True}, "parley.E003"),
        ({"ALLOWED_HOSTS": ["127.0.0.1", "parley.example"]}, "parley.E004"),
        ({"SITE_URL": "http://parley.example", "ALLOWED_HOSTS": ["parley.example"]}, "parley.W001"),
        ({"PERPLEXITY_BASE_URL": "ftp://answers.example"}, "parley.E005"),
        ({"PERPLEXITY_BASE_URL": "https://key@answers.example"}, "parley.E006"),
        ({"PERPLEXITY_BASE_URL": "http://answers.example", "PERPLEXITY_API_KEY": "k"}, "parley.E007"),
        ({"PERPLEXITY_CHAT_PATH": "chat/completions"}, "parley.E008"),
        ({"REVIEW_OWN_IMAGES": True}, "parley.I001"),
        ({"PERPLEXITY_MODELS": ["mine"]}, "parley.W002"),
        ({"DATA_DIR": Path("/nonexistent")}, "parley.E009"),
        ({"SECRET_KEY": "short"}, "parley.E010"),
        ({"SECURE_HSTS_PRELOAD": True}, "parley.E012"),
    ],
)
def test_a_contradiction_is_named(settings: Settings, changes: dict[str, Any], expected: str) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    assert [message.id for message in check_deployment(None)] == [expected]


@pytest.mark.parametrize(
    "changes",
    [
        {"SITE_URL": "https://parley.example", "ALLOWED_HOSTS": [".example"]},
        {"SITE_URL": "http://[::1]:8000", "ALLOWED_HOSTS": ["[::1]"]},
        {"PERPLEXITY_BASE_URL": "http://127.0.0.1:8080", "PERPLEXITY_MODELS": ["mine"], "PERPLEXITY_API_KEY": "k"},
        {"DEBUG": True},
        {"SECURE_HSTS_PRELOAD": True, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True},
    ],
)
def test_what_can_work_is_left_alone(settings: Settings, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    assert check_deployment(None) == []


def test_no_sentence_repeats_a_secret(settings: Settings) -> None:
    settings.PERPLEXITY_BASE_URL = "https://alice:opensesame@answers.example"
    settings.SECRET_KEY = "opensesame"

    said = " ".join(str(message.msg) for message in check_deployment(None))

    assert said
    assert "opensesame" not in said


def test_djangos_deployment_check_finds_nothing_in_production(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", env={**PRODUCTION, "DATA_DIR": str(tmp_path)})

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"PORT": "eighty"}, "PORT must be a whole number"),
        ({"DEBUG": "perhaps"}, "DEBUG must be yes or no"),
        ({"DATABASE_URL": "mysql://parley:opensesame@db/parley"}, "Parley runs on PostgreSQL and on SQLite"),
        ({"DATABASE_URL": "postgres://parley:open[sesame@db/parley"}, "can’t be read as a database address"),
        ({"DATABASE_URL": "postgres://parley:opensesame@127.0.0.1:1/parley"}, "The database cannot be used"),
        ({"SITE_URL": "https://parley.example"}, "ALLOWED_HOSTS doesn’t include it"),
        ({"DATA_DIR": "/proc/parley"}, "/proc/parley cannot be used"),
        ({"PICTURE_HOSTS": "http://pictures.intranet/"}, "PICTURE_HOSTS must be host names such as"),
        ({"BIND": "192.0.2.1:8000"}, "It cannot listen at 192.0.2.1:8000"),
        ({**PRODUCTION, "HSTS_PRELOAD": "yes"}, "HSTS_PRELOAD is on, but HSTS_INCLUDE_SUBDOMAINS is not"),
    ],
)
def test_a_start_that_cannot_work_ends_in_a_sentence(tmp_path: Path, env: dict[str, str], said: str) -> None:
    environ = {**operator_less(), "DATA_DIR": str(tmp_path), **env}

    done = subprocess.run(
        [sys.executable, "-m", "config.serve"], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Parley cannot start. ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "sesame" not in done.stderr + done.stdout


def manage(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run manage.py on SQLite with nothing set but what is given."""
    environ = {name: value for name, value in operator_less().items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env={**environ, **env}, capture_output=True, text=True
    )
