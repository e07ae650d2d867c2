"""What is taken for a key of what people paste, and what is said of everything else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from chat.connection import encryption
from chat.connection.forms import LONGEST_KEY, KeyForm, carried


def entered(text: str, **others: str) -> KeyForm:
    form = KeyForm({"key": text, "seen": "0", **others})
    form.is_valid()
    return form


@pytest.mark.parametrize(
    "pasted",
    [
        "pplx-abc123",
        "  pplx-abc123\n",
        "pplx-\r\nabc 123",
        "pplx-abc\u200b123",
        '"pplx-abc123"',
        "“pplx-abc123”",
        "Bearer pplx-abc123",
        "Authorization: Bearer pplx-abc123",
        "PERPLEXITY_API_KEY=pplx-abc123",
        "export PERPLEXITY_API_KEY='pplx-abc123'",
    ],
)
def test_what_was_copied_around_a_key_does_not_matter(pasted: str) -> None:
    assert entered(pasted).cleaned_data["key"] == "pplx-abc123"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a key."),
        (" \n ", "Enter a key."),
        ("schlüssel", "This contains characters that a key can’t have."),
        ("pplx-" + "a" * LONGEST_KEY, "This is too long for a key."),
        ("a" * 100_000, "This is too long for a key."),
        ("sk-proj-abcdef", "This looks like a key for OpenAI."),
        ("sk-ant-abcdef", "This looks like a key for Anthropic."),
        ("AIzaSyAbcdef", "This looks like a key for Google."),
    ],
)
def test_what_cannot_be_a_key_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    [said] = entered(text).errors["key"]
    assert str(said).startswith(sentence)


def test_another_server_may_have_keys_of_its_own(settings: Settings) -> None:
    settings.PERPLEXITY_BASE_URL = "https://gateway.example"

    assert entered("sk-proj-abcdef").cleaned_data["key"] == "sk-proj-abcdef"


def test_a_key_is_carried_by_the_form_so_that_nobody_can_read_it() -> None:
    waiting = carried("pplx-abc123")

    assert "abc123" not in waiting
    assert entered("", waiting=waiting).cleaned_data["key"] == "pplx-abc123"


@pytest.mark.parametrize("waiting", ["nonsense", "x" * 3000])
def test_a_form_that_carries_nothing_of_ours_asks_for_the_key(waiting: str) -> None:
    assert "key" in entered("", waiting=waiting).errors or "waiting" in entered("", waiting=waiting).errors


def test_a_key_does_not_wait_for_ever() -> None:
    long_ago = (timezone.now() - timedelta(hours=1)).timestamp()
    token = encryption._cipher(encryption.WAITING).encrypt_at_time(b"pplx-abc123", int(long_ago)).decode()

    assert entered("", waiting=token).errors["key"] == ["The page was open for too long. Enter the key again."]


def test_what_is_stored_cannot_be_sent_as_what_waits() -> None:
    stored = encryption.encrypt("pplx-abc123", purpose=encryption.STORED)

    assert "key" in entered("", waiting=stored).errors
