"""Much at once, and viewers who take nothing: the event loop stays free, and nobody is waited for without end."""

import asyncio
import runpy
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from types import SimpleNamespace
from typing import Any

import pytest

from chat.answers.transcript import Entry
from chat.live.follower import LONG_TAIL
from chat.live.partials import Partials
from chat.models import Answer
from tests.conftest import MakeServer
from tests.faults.conftest import Upstream, chunk
from tests.questions import ask, eventually, stored, watch
from tests.serving import Server
from tests.stores import ROOT


def test_text_that_comes_all_at_once_is_rendered_beside_the_event_loop() -> None:
    partials = Partials(Answer())
    partials.apply([Entry(1, "text", "A paragraph that is closed by an empty line.\n\n" * 1000)])
    assert partials.open_length > LONG_TAIL

    assert partials.tail == ""
    assert partials.open_length < LONG_TAIL


async def test_the_kernel_drops_viewers_who_take_nothing() -> None:
    settings = runpy.run_path(str(ROOT / "config" / "gunicorn.conf.py"))
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_UNIX) as other:
        loop = SimpleNamespace(add_signal_handler=lambda *_: None, create_task=asyncio.create_task)
        sockets = [SimpleNamespace(sock=listener), SimpleNamespace(sock=other)]
        settings["post_worker_init"](SimpleNamespace(sockets=sockets, loop=loop))
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
            with accepted:
                patience = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    assert patience == settings["viewers_may_stall_for"] * 1000


CLAIMS = [chunk(f"Claim [{n}]. ", citations=[f"https://e.example/{i}" for i in range(n)]) for n in range(1, 51)]


@pytest.fixture
def told(scripted: Server, upstream: Upstream) -> Callable[..., dict[str, Any]]:
    """Has the upstream play the steps, watches the answer to its end, and returns it as it is stored."""

    def tell(*steps: bytes) -> dict[str, Any]:
        upstream.plays("much", *steps)
        client = scripted.client("alice")
        asked = ask(client, "much at once")
        article = watch(client, asked)
        answer = stored(scripted, asked)
        assert article.state == answer["state"]
        return answer

    return tell


def test_twenty_thousand_pieces_make_one_answer(told: Callable[..., dict[str, Any]]) -> None:
    answer = told(*[chunk("x")] * 20_000)
    assert (answer["state"], answer["text"]) == ("finished", "x" * 20_000)


def test_fifty_lists_of_sources_end_in_the_last_one(told: Callable[..., dict[str, Any]], scripted: Server) -> None:
    assert told(*CLAIMS)["state"] == "finished"
    assert scripted.rows("SELECT count(*) FROM chat_source WHERE cited") == [(50,)]


def test_an_upstream_that_writes_without_end_is_cut_off_and_its_text_kept(scripted: Server, upstream: Upstream) -> None:
    upstream.plays("endless", *[chunk("and so on\n\n" * 20_000)] * 11)
    asked = ask(scripted.client("alice"), "endless answer")

    answer = eventually(lambda: (found := stored(scripted, asked))["state"] == "interrupted" and found)

    assert len(answer["text"]) > 1_000_000
    assert "too_long" in str(answer["error"])


def test_pages_wait_neither_for_people_who_guess_passwords_nor_for_probes(make_server: MakeServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(32) as pool:
        server = make_server(
            env={"PERPLEXITY_BASE_URL": f"http://127.0.0.1:{silent.getsockname()[1]}", "PERPLEXITY_API_KEY": "some-key"}
        )
        alice = server.client("alice")
        strangers = [server.client() for _ in range(16)]

        probes = [pool.submit(stranger.get, "/readyz") for stranger in strangers]
        assert alice.get("/").status_code == 200
        assert not any(probe.done() for probe in probes)
        wait(probes)

        guesses = [
            pool.submit(stranger.post, "/accounts/login/", data={"username": f"name{number}", "password": "guess"})
            for number, stranger in enumerate(strangers)
        ]
        assert alice.get("/").status_code == 200
        assert alice.post("/accounts/me/", data={"full_name": "Alice"}).status_code == 302
        assert not all(guess.done() for guess in guesses)
        wait(guesses)

    assert {probe.result().status_code for probe in probes} == {503}
    assert {guess.result().status_code for guess in guesses} <= {200, 503}  # turned away when the machine is slow
