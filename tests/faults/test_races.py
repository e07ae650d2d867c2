"""Several who act at once, and an upstream that means no good: no answer is lost, and none spins on."""

from typing import Any

import pytest

from tests.faults.conftest import Upstream, chunk
from tests.questions import ask, stored, watch
from tests.serving import Server


def nested(levels: int) -> Any:
    """Lists in lists."""
    inner: Any = []
    for _ in range(levels):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    "oddity",
    [
        chunk("", usage={"total_tokens": 3, "more": nested(300)}),
        chunk("", images=[{"image_url": "https://harbour.example/a.png", "more": nested(300)}]),
        b'data: {"choices":[],"usage":{"total_tokens":%s,"ratio":NaN}}\n\n' % (b"9" * 40),
    ],
    ids=["deep usage", "deep pictures", "endless number"],
)
def test_what_no_database_takes_costs_neither_the_answer_nor_any_other(
    scripted: Server, upstream: Upstream, oddity: bytes
) -> None:
    client = scripted.client("alice")
    upstream.plays("odd", chunk("The light "), oddity, chunk("is saved."))
    upstream.plays("plain", chunk("It is."))

    odd, plain = ask(client, "odd question"), ask(client, "plain question")

    assert (watch(client, odd).state, watch(client, plain).state) == ("finished", "finished")
    assert stored(scripted, odd)["text"] == "The light is saved."
