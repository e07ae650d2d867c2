"""A key entered on a running server: tried at once, used by every process, gone when it is removed."""

import subprocess
import sys

import httpx
import pytest

from tests.cast import PASSWORD
from tests.chat.connection.operators import make_operator
from tests.conftest import MakeServer
from tests.questions import ask, eventually, stored, watch
from tests.serving import CLIENT, Server
from tests.stores import ROOT, operator_less
from tests.walks import long_walk

GOOD = "pplx-good-and-secret"


@pytest.fixture
def keyless(make_server: MakeServer, demo_without_sonar: str) -> Server:
    """A server on which nobody has entered a key yet: the demo stands where Perplexity would."""
    server = make_server(env={"PERPLEXITY_BASE_URL": demo_without_sonar, "PERPLEXITY_PROVIDER": "both"})
    make_operator(server)
    return server


def enter(server: Server, key: str, *, seen: int = 0, **fields: str) -> httpx.Response:
    return server.client("alice").post("/connect/", data={"key": key, "seen": str(seen), **fields})


def signed_in(server: Server, name: str) -> httpx.Client:
    """Somebody who signs in with a password: sessions end with the secret that signed them."""
    client = httpx.Client(base_url=server.url, **CLIENT, timeout=30)
    client.get("/accounts/login/")
    client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
    client.post("/accounts/login/", data={"username": name, "password": PASSWORD})
    client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
    return client


def answered(server: Server) -> str:
    """How a question ends now."""
    asked = ask(server.client("alice"), "What is a list?", model="agent:fast")
    watch(server.client("alice"), asked)
    return str(stored(server, asked)["state"])


def doctor(server: Server, **env: str) -> str:
    environ = {**operator_less(), **server.store.environment(), "PORT": str(server.port), **server.env, **env}
    command = [sys.executable, "manage.py", "doctor", "--no-address"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_a_key_holds_in_every_process_and_is_nowhere_to_be_read(keyless: Server) -> None:
    twin = keyless.twin()
    assert answered(keyless) == "failed"

    response = enter(keyless, f" {GOOD}\n")

    assert response.status_code == 302, response.text
    eventually(lambda: answered(keyless) == "finished")
    eventually(lambda: answered(twin) == "finished")
    assert twin.client().get("/readyz").json()["upstream"] == "ok"
    pages = [keyless.client("alice").get(path).text for path in ("/connect/", "/")]
    assert "A key was saved by alice" in pages[0]
    said = doctor(keyless)
    assert "ok      saved key: Saved" in said
    assert "by alice" in said
    assert "ok      Agent API: It accepts questions." in said
    rows = keyless.rows("SELECT ciphertext FROM chat_keychange")
    for text in (*pages, said, keyless.log(), twin.log(), str(rows)):
        assert GOOD not in text


@long_walk
def test_removing_it_is_known_everywhere(keyless: Server) -> None:
    twin = keyless.twin()
    enter(keyless, GOOD)
    eventually(lambda: answered(twin) == "finished")
    [(change,)] = keyless.rows("SELECT id FROM chat_keychange")

    keyless.client("alice").post("/connect/remove/", data={"seen": str(change)})

    eventually(lambda: answered(twin) == "failed")
    assert keyless.rows("SELECT count(*) FROM chat_keychange WHERE ciphertext <> ''") == [(0,)]


def test_a_key_that_will_not_do_is_not_saved_and_why_is_said(keyless: Server) -> None:
    for key, sentence in {
        "pplx-bad": "Perplexity doesn’t recognize this key",
        "pplx-organisation": "This is an organization key",
    }.items():
        response = enter(keyless, key)

        assert response.status_code == 422
        assert sentence in response.text
        assert "Save without testing" not in response.text
        assert key not in response.text
        assert keyless.rows("SELECT count(*) FROM chat_keychange") == [(0,)]


def test_while_the_service_is_away_a_key_can_be_saved_without_a_test(make_server: MakeServer) -> None:
    server = make_server(env={"PERPLEXITY_BASE_URL": "http://127.0.0.1:9", "PERPLEXITY_PROVIDER": "both"})
    make_operator(server)

    response = enter(server, GOOD)

    assert response.status_code == 422
    assert "Perplexity can’t be reached from this server right now" in response.text
    waiting = response.text.split('name="waiting" value="')[1].split('"')[0]
    assert enter(server, "", waiting=waiting, untested="1").status_code == 302
    assert server.rows("SELECT kind, was_tested FROM chat_keychange") in ([("saved", 0)], [("saved", False)])


def test_a_saved_key_that_is_refused_later_keeps_nobody_from_entering_another(
    make_server: MakeServer, demo_upstream: str
) -> None:
    server = make_server(env={"PERPLEXITY_BASE_URL": demo_upstream})
    make_operator(server)
    assert enter(server, "pplx-bad", untested="1").status_code == 302

    ready = server.client().get("/readyz")

    assert (ready.status_code, ready.json()["upstream"]) == (
        200,
        "The answer service rejects the saved API key. Enter another one.",
    )


def test_with_another_secret_nobody_takes_the_demo_for_perplexity(make_server: MakeServer) -> None:
    server = make_server()
    make_operator(server)
    enter(server, GOOD, untested="1")
    other = server.twin(env={"SECRET_KEY": "the secret of another machine, which is long enough"})
    alice = signed_in(other, "alice")

    home = alice.get("/").text
    asked = ask(alice, "What is a list?", model="agent:fast")
    watch(alice, asked)

    assert "Enter the key again" in home
    assert "Demo answers" not in home
    found = stored(other, asked)
    assert found["state"] == "failed"
    assert "SECRET_KEY has changed. Ask your administrator to enter the key again." in str(found["error"])
    ready = other.client().get("/readyz")
    assert ready.json()["upstream"].startswith("The saved API key cannot be read")
    assert ready.status_code == 200, "a proxy would keep people from the page on which the key is entered"
    assert "problem saved key: It can’t be read" in doctor(other)
    assert alice.post("/connect/", data={"key": GOOD, "seen": "1", "untested": "1"}).status_code == 302
    eventually(lambda: "Enter the key again" not in alice.get("/").text)
