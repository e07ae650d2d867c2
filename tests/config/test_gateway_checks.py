"""Settings of the gateway that cannot work are refused with a sentence."""

import pytest
from pytest_django import Settings

from config.checks.gateway import check_gateway


@pytest.mark.parametrize(
    ("url", "key", "expected"),
    [
        ("", "", []),
        ("http://127.0.0.1:3000", "", []),
        ("https://gateway.example/perplexity", "opensesame-4711", []),
        ("http://gateway.example", "", []),
        ("", "opensesame-4711", ["parley.E030"]),
        ("gateway.example", "", ["parley.E031"]),
        ("ftp://gateway.example", "", ["parley.E031"]),
        ("https://", "", ["parley.E031"]),
        ("https://gateway.example:port", "", ["parley.E031"]),
        ("https://alice:opensesame-4711@gateway.example", "", ["parley.E032"]),
        ("https://gateway.example/?key=x", "", ["parley.E033"]),
        ("https://api.perplexity.ai", "opensesame-4711", ["parley.E034"]),
        ("http://gateway.example", "opensesame-4711", ["parley.W030"]),
    ],
)
def test_what_cannot_work_is_refused(settings: Settings, url: str, key: str, expected: list[str]) -> None:
    settings.GATEWAY_BASE_URL, settings.GATEWAY_API_KEY = url, key
    found = check_gateway(None)
    assert [message.id for message in found] == expected
    assert all("opensesame-4711" not in str(message.msg) for message in found)
