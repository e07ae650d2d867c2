"""Questions beyond what the service takes wait in line, through the whole product."""

import httpx
import pytest

from tests.conftest import MakeServer
from tests.questions import Article, ask, eventually, stored, watch
from tests.serving import PLAIN, Server


def calls(upstream: str, question: str) -> int:
    """How often the demo upstream was asked this."""
    return int(httpx.get(f"{upstream}/demo/calls", params={"question": question}, **PLAIN).json()["calls"])


def in_line(article: Article) -> bool:
    return "Waiting in line, number 1" in article.places.get("status", "")


@pytest.fixture
def narrow(make_server: MakeServer, demo_upstream: str) -> Server:
    """A server that may ask of Sonar Pro twelve questions a minute, the others as many as it likes."""
    return make_server(
        env={
            "PERPLEXITY_BASE_URL": demo_upstream,
            "PERPLEXITY_API_KEY": "pplx-test",
            "PERPLEXITY_RPM": "sonar-pro=12",
        }
    )


def test_the_question_beyond_the_limit_sees_its_place_and_is_answered_when_it_is_its_turn(
    narrow: Server, demo_upstream: str
) -> None:
    with narrow.client("alice") as alice, narrow.client("bob") as bob:
        for number in range(12):
            ask(alice, f"What is a list, number {number}? #demo:fast", model="sonar-pro")
        beyond = ask(alice, "What is a set that waits? #demo:fast", model="sonar-pro")

        article = watch(bob, beyond, until=in_line)
        assert article.state == "waiting"
        assert calls(demo_upstream, "What is a set that waits?") == 0
        unlimited = ask(alice, "What is a tuple? #demo:fast", model="sonar")
        assert watch(alice, unlimited).state == "finished"

        assert watch(bob, beyond, article=article).state == "finished"
        assert calls(demo_upstream, "What is a set that waits?") == 1


def test_a_question_in_line_can_be_stopped_and_is_never_sent(narrow: Server, demo_upstream: str) -> None:
    with narrow.client("alice") as alice:
        for number in range(12):
            ask(alice, f"What is a dict, number {number}? #demo:fast", model="sonar-pro")
        beyond = ask(alice, "What is a stack? #demo:fast", model="sonar-pro")
        watch(alice, beyond, until=in_line)

        alice.post(f"{beyond.path}stop/")

        assert eventually(lambda: stored(narrow, beyond)["state"] == "stopped")
        assert calls(demo_upstream, "What is a stack?") == 0


def test_when_the_service_asks_to_wait_the_others_wait_in_line_instead_of_being_refused(
    narrow: Server, demo_upstream: str
) -> None:
    with narrow.client("alice") as alice, narrow.client("bob") as bob:
        refused = ask(alice, "What is a queue? #demo:429=4 #demo:times=1 #demo:fast")
        watch(alice, refused, until=lambda article: "Trying again" in article.places.get("status", ""))
        other = ask(bob, "What is a deque? #demo:fast")

        article = watch(bob, other, until=in_line)
        assert calls(demo_upstream, "What is a deque?") == 0

        assert watch(bob, other, article=article).state == "finished"
        assert watch(alice, refused).state == "finished"
        assert calls(demo_upstream, "What is a queue?") == 2
        assert calls(demo_upstream, "What is a deque?") == 1


@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_whoever_stands_in_line_stands_there_again_after_a_restart(
    narrow: Server, demo_upstream: str, ending: str
) -> None:
    question = f"What is a generator, after a {ending}?"
    with narrow.client("alice") as alice:
        for number in range(12):
            ask(alice, f"What is a loop, number {number}, before a {ending}? #demo:fast", model="sonar-pro")
        beyond = ask(alice, f"{question} #demo:fast", model="sonar-pro")
        watch(alice, beyond, until=in_line)
    getattr(narrow, ending)()

    narrow.start()

    with narrow.client("alice") as alice:
        assert eventually(lambda: stored(narrow, beyond)["state"] == "finished", within=60)
        assert watch(alice, beyond).final
    assert calls(demo_upstream, question) == 1
