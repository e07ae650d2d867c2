"""What a service says about how many more requests it takes (docs/agent.md, "Limits and retries")."""

from datetime import UTC, datetime

import pytest

from tests.upstream.conftest import ScriptedServer, chunk, done, frame, head, question
from upstream.client import Client
from upstream.events import RateLimitSeen
from upstream.translation.pacing import rate_limit_in

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DATE = "Thu, 26 Nov 2026 12:00:00 GMT"
SAID = {
    "date": DATE,
    "x-ratelimit-limit": "50",
    "x-ratelimit-remaining": "2",
    "x-ratelimit-used": "48",
    "x-ratelimit-reset": str(int(NOW.timestamp()) + 3),
}


def test_the_wait_goes_by_the_clock_of_the_service() -> None:
    assert rate_limit_in(SAID) == RateLimitSeen(limit=50, remaining=2, wait=3)


def test_without_a_clock_of_its_own_it_goes_by_ours() -> None:
    in_ten = str(int(datetime.now(UTC).timestamp()) + 10)
    for date in ("", "yesterday"):
        found = rate_limit_in(SAID | {"date": date, "x-ratelimit-reset": in_ten})
        assert found is not None
        assert 0 < found.wait <= 10


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("limit", ""),
        ("limit", "0"),
        ("limit", "-50"),
        ("limit", "fifty"),
        ("limit", "5e1"),
        ("limit", "٥٠"),
        ("limit", "9" * 300),
        ("remaining", "51"),
        ("remaining", "-1"),
        ("remaining", "2.5"),
        ("remaining", "nan"),
        ("reset", "3"),
        ("reset", str(int(NOW.timestamp()) - 1)),
        ("reset", str(int(NOW.timestamp()) + 121)),
        ("reset", str(int(NOW.timestamp() * 1000))),
        ("reset", "soon"),
    ],
)
def test_what_cannot_be_believed_is_as_if_nothing_were_said(name: str, said: str) -> None:
    assert rate_limit_in(SAID | {f"x-ratelimit-{name}": said}) is None


async def test_it_comes_before_all_that_the_answer_says(scripted: ScriptedServer, client: Client) -> None:
    said = {name.replace("-", "_"): value for name, value in SAID.items()}
    scripted.plays(head(**said), frame(chunk("A")), frame(done("A")))
    events = [event async for event in client.ask(question())]
    assert events[0] == RateLimitSeen(limit=50, remaining=2, wait=3)
    assert [type(event) for event in events].count(RateLimitSeen) == 1
