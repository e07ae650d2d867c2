"""The demo fails on demand, with the statuses, bodies and broken connections of the real thing."""

import httpx
import pytest

from tests.upstream.demo.demo_fixtures import asked, body, in_process, on_the_wire, quick, served

STATUSES = {
    "400": ("json", "bad_request"),
    "400=invalid_model": ("json", "invalid_model"),
    "400=invalid_message": ("json", "invalid_message"),
    "400=invalid_parameter": ("json", "invalid_parameter"),
    "400=invalid_search_domain_filter": ("json", "invalid_search_domain_filter"),
    "401": ("html", "openresty"),
    "403": ("json", "permission_denied"),
    "404": ("json", "not_found"),
    "405": ("json", "method_not_allowed"),
    "410": ("json", "gone"),
    "413": ("json", "request_too_large"),
    "422": ("json", "missing"),
    "429": ("json", "rate_limit_exceeded"),
    "500": ("html", "500"),
    "502": ("html", "cloudflare"),
    "503": ("json", "overloaded"),
    "504": ("html", "cloudflare"),
    "524": ("html", "cloudflare"),
}


@pytest.mark.parametrize("switch", STATUSES)
@pytest.mark.parametrize("stream", [False, True])
async def test_failures_are_plain_responses_also_when_a_stream_was_asked(switch: str, stream: bool) -> None:
    kind, word = STATUSES[switch]
    response = await asked(f"#demo:{switch} why?", stream=stream)
    assert response.status_code == int(switch[:3])
    assert kind in response.headers["content-type"]
    assert word in response.text


@pytest.mark.parametrize("kind", ["400", "503", "502", "422"])
async def test_the_text_of_a_failure_can_be_given(kind: str) -> None:
    response = await asked(f"#demo:{kind} #demo:echo a <b>text</b>")
    assert "a <b>text</b>" in response.text


async def test_how_long_to_wait_is_told_in_seconds_as_a_date_or_not_at_all() -> None:
    silent, seconds, date = [await asked(f"#demo:429{value}") for value in ("", "=3", "=date:5")]
    assert "retry-after" not in silent.headers
    assert seconds.headers["retry-after"] == "3"
    assert date.headers["retry-after"].endswith("GMT")


async def test_failures_can_pass_after_some_calls() -> None:
    demo = quick()
    statuses = [(await asked("#demo:503 #demo:times=2 why?", demo=demo)).status_code for _ in range(3)]
    assert statuses == [503, 503, 200]


@pytest.mark.parametrize(
    ("switch", "error"),
    [("reset", httpx.ReadError), ("unreachable", httpx.ConnectError), ("connect_timeout", httpx.ConnectTimeout)],
)
async def test_connections_fail_in_process_as_httpx_says_it(switch: str, error: type[Exception]) -> None:
    async with in_process() as client:
        with pytest.raises(error):
            await client.post("/chat/completions", json=body(f"#demo:{switch}"))


async def test_a_reset_over_a_socket_sends_nothing() -> None:
    async with served() as address:
        head, pieces = await on_the_wire(address, body("#demo:reset"))
    assert head == b""
    assert pieces[-1] in (b"cut", b"reset")
