"""What `manage.py doctor` tells about an installation."""

import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from config.doctor.services import about_key
from tests.conftest import MakeServer
from tests.serving import PLAIN, Server, free_port
from tests.stores import ROOT, operator_less
from tests.walks import long_walk
from upstream.errors import (
    BadKey,
    KeyRefused,
    NoAccess,
    NoCredits,
    ServiceEnded,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
    WrongKindOfKey,
)
from upstream.probe import KeyTrial


def doctor(server: Server, *arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run the command as the operator of this server; returns its exit status and what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", *arguments],
        cwd=ROOT,
        env={**operator_less(), **server.store.environment(), "PORT": str(server.port), **server.env, **(env or {})},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def paid_at(demo: str) -> tuple[int, int]:
    """How much work the demo has taken on that Perplexity would charge for."""
    called = httpx.get(f"{demo}/demo/calls", **PLAIN).json()
    return called["jobs"], called["runs"]


def test_an_installation_in_order_is_said_to_be_so(shared_server: Server) -> None:
    status, said = doctor(shared_server)

    assert status == 0, said
    assert f"ok      address: Parley answers at {shared_server.url}." in said
    assert "ok      streaming: Words arrive as they are written." in said
    assert "note    answers: Nothing is connected, so the demo answers." in said
    assert "ok      database" in said
    assert "ok      files" in said


def test_the_key_is_tried_at_every_service_without_asking_anything(make_server: MakeServer, demo_upstream: str) -> None:
    server = make_server(
        env={"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "opensesame", "PERPLEXITY_PROVIDER": "both"}
    )

    paid = paid_at(demo_upstream)

    status, said = doctor(server, "--no-address")

    assert status == 0, said
    assert "ok      Agent API: It accepts questions." in said
    assert "opensesame" not in said
    assert paid_at(demo_upstream) == paid


def test_a_bad_key_is_a_problem_and_the_exit_status_says_so(make_server: MakeServer, demo_upstream: str) -> None:
    env = {"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "pplx-bad", "PERPLEXITY_PROVIDER": "both"}
    status, said = doctor(make_server(), "--no-address", env=env)

    assert status == 1
    assert "problem key: " in said
    assert "problem Agent API: " in said
    assert "pplx-bad" not in said


def test_a_server_that_does_not_run_is_told_with_its_address(shared_server: Server) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    status, said = doctor(shared_server, env={"SITE_URL": url})

    assert status == 1
    assert f"Nothing answers at {url} (ConnectError)." in said


@pytest.fixture
def buffering_proxy(shared_server: Server) -> Iterator[str]:
    """A proxy in front of the server that passes an answer on when it is whole."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = httpx.get(shared_server.url + self.path, **PLAIN)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is to be told."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{proxy.server_port}"
    proxy.shutdown()
    proxy.server_close()
    thread.join()


def test_a_proxy_that_holds_streams_back_is_found(shared_server: Server, buffering_proxy: str) -> None:
    status, said = doctor(shared_server, env={"SITE_URL": buffering_proxy})

    assert status == 1
    assert f"ok      address: Parley answers at {buffering_proxy}." in said
    assert "problem streaming: The proxy in front of Parley is buffering streams" in said


@long_walk
def test_a_proxy_that_does_not_say_that_people_come_by_https_is_found(make_server: MakeServer) -> None:
    server = make_server(env={"SITE_URL": "https://parley.example", "ALLOWED_HOSTS": "parley.example,127.0.0.1"})

    status, said = doctor(server, env={"SITE_URL": server.url, "ALLOWED_HOSTS": "127.0.0.1"})

    assert status == 1
    assert "problem proxy: Parley can’t tell that people use https" in said
    assert "TRUSTED_PROXIES" in said


@pytest.mark.parametrize("token", ["", "doctor", "doctor:1:2"])
def test_strangers_do_not_get_the_stream_that_the_doctor_looks_at(shared_server: Server, token: str) -> None:
    answer = httpx.get(f"{shared_server.url}/healthz/stream", params={"token": token}, **PLAIN)
    assert answer.status_code == 404


# --- What a key is good for ------------------------------------------------------------------------------------------

GOOD: Mapping[str, UpstreamError | None] = {"agent": None, "sonar": ServiceEnded()}


def said_of(models: int | UpstreamError, **refused: UpstreamError | None) -> list[str]:
    listed = models if isinstance(models, int) else None
    trial = KeyTrial(listed, None if isinstance(models, int) else models, refused)
    return [finding.line for finding in about_key(trial)]


def test_a_key_of_today_is_good_and_sonar_has_ended() -> None:
    assert said_of(52, **GOOD) == [
        "ok      key: The model list can be read; it has 52.",
        "ok      Agent API: It accepts questions.",
        "note    Sonar: It has been discontinued. Its models are marked so, and other models take their questions.",
    ]


@pytest.mark.parametrize(
    ("models", "agent", "words"),
    [
        (BadKey(), BadKey(), "Perplexity doesn’t recognize this key"),
        (52, WrongKindOfKey(), "it seems to be an organization key"),
        (52, NoCredits(), "has no credits left"),
        (52, NoAccess(), "its account’s plan doesn’t include asking questions"),
        (52, BadKey(), "Perplexity recognizes this key but refuses questions"),
        (52, KeyRefused(), "Perplexity recognizes this key but refuses questions"),
        (KeyRefused(), KeyRefused(), "it is wrong, no longer active, or out of credits"),
        (52, UpstreamDown(), "It can’t be reached"),
        (52, Withdrawn(), "It doesn’t accept questions at this address"),
    ],
)
def test_each_kind_of_trouble_has_its_own_advice(models: int | UpstreamError, agent: UpstreamError, words: str) -> None:
    lines = said_of(models, agent=agent)
    assert any(line.startswith("problem Agent API: ") and words in line for line in lines), lines


def test_a_service_that_ended_without_a_successor_is_a_problem() -> None:
    lines = said_of(52, sonar=ServiceEnded())
    assert lines[-1].startswith("problem Sonar: It has been discontinued.")


def test_a_server_without_a_list_of_models_is_no_problem() -> None:
    lines = said_of(Withdrawn(), sonar=None)
    assert lines == [
        "note    models: The model list can’t be read, so the built-in one is used.",
        "ok      Sonar: It accepts questions.",
    ]
