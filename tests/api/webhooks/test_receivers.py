"""Messages from a real server to a receiver on this machine: each event, from what people do to a good signature."""

import json
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any

import pytest
from standardwebhooks import Webhook as Receiver

from tests.chat.notifications.test_notices import Told
from tests.chat.watches.test_watching_servers import begin, compare_to_another, make_due
from tests.conftest import MakeServer
from tests.mail_server import MailServer
from tests.questions import ask, eventually, watch
from tests.serving import Server, free_port

PORT = free_port()
HERE = f"http://127.0.0.1:{PORT}/in"


@pytest.fixture
def received() -> Iterator[Queue[tuple[dict[str, str], bytes]]]:
    """What a receiver is sent; it takes everything but what goes to `/refusing`."""
    heard: Queue[tuple[dict[str, str], bytes]] = Queue()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(503 if self.path == "/refusing" else 204)
            self.end_headers()
            heard.put(({name.lower(): value for name, value in self.headers.items()}, body))

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    receiver = HTTPServer(("127.0.0.1", PORT), Taking)
    threading.Thread(target=receiver.serve_forever, args=(0.05,), daemon=True).start()
    yield heard
    receiver.shutdown()
    receiver.server_close()


def hook(server: Server, event: str, url: str = HERE) -> tuple[Receiver, str]:
    """Alice's webhook, told of the event: what verifies its messages, and its page."""
    owner = server.client("alice")
    fields = {"name": "Log", "url": url, "events": event, "include_text": "on"}
    secret = owner.post("/team/webhooks/add/", data=fields).text.split('id="webhook-secret">')[1].split("<")[0]
    ((stored,),) = server.rows("SELECT id FROM api_webhook")
    return Receiver(secret), f"/team/webhooks/{uuid.UUID(str(stored))}/"


def next_to(receiver: Receiver, received: "Queue[tuple[dict[str, str], bytes]]") -> dict[str, Any]:
    """The next message, which is signed as it has to be."""
    headers, body = received.get(timeout=30)
    told: dict[str, Any] = receiver.verify(body, headers)
    assert told == json.loads(body)
    return told


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    """A server that may send messages to the receiver."""
    return make_server(env={"WEBHOOK_HOSTS": f"127.0.0.1:{PORT}"})


def test_a_watch_whose_answer_changed_is_told_with_its_run_and_the_answer(
    server: Server, received: "Queue[tuple[dict[str, str], bytes]]"
) -> None:
    asked = begin(server)
    compare_to_another(server)
    receiver, _page = hook(server, "watch.changed")
    make_due(server)

    told = next_to(receiver, received)

    assert told["type"] == "watch.changed"
    assert uuid.UUID(told["data"]["conversation"]) == uuid.UUID(asked.conversation)
    assert told["data"]["question_text"].startswith("How does the with statement work")
    assert told["data"]["answer_text"]
    page = server.client("alice").get(told["data"]["url"].replace("http://127.0.0.1:8000", ""))
    assert page.status_code == 200
    assert "What changed" in page.text


def test_an_answer_is_told_once_and_a_private_one_never(
    server: Server, received: "Queue[tuple[dict[str, str], bytes]]"
) -> None:
    receiver, _page = hook(server, "answer.finished")
    alice = server.client("alice")
    for text, who in (("Nobody else's #demo:fast", "private"), ("What is a list? #demo:fast", "team")):
        response = alice.post(
            "/ask/", data={"text": text, "model": "sonar", "key": str(uuid.uuid4()), "visible_to": who}
        )
        assert response.status_code == 302
    told = next_to(receiver, received)
    assert told["type"] == "answer.finished"
    assert told["data"]["title"].startswith("What is a list?")
    eventually(lambda: server.rows("SELECT state FROM api_delivery") == [("delivered",)])
    eventually(lambda: server.rows("SELECT count(*) FROM chat_answer WHERE state = 'finished'") == [(2,)])
    assert received.empty()


def test_an_image_to_review_is_told_without_its_prompt(
    server: Server, received: "Queue[tuple[dict[str, str], bytes]]"
) -> None:
    receiver, _page = hook(server, "image.pending")
    alice = server.client("alice")
    assert (
        alice.post("/images/draw/", data={"prompt": "A secret lighthouse", "key": str(uuid.uuid4())}).status_code == 302
    )

    told = next_to(receiver, received)

    assert told["type"] == "image.pending"
    assert set(told["data"]) == {"team", "image", "url"}
    assert "secret" not in json.dumps(told)
    ((image,),) = server.rows("SELECT id FROM imaging_generatedimage")
    assert uuid.UUID(told["data"]["image"]) == uuid.UUID(str(image))


def test_owners_get_a_notice_and_a_letter_when_a_webhook_is_paused(
    make_server: MakeServer, received: "Queue[tuple[dict[str, str], bytes]]"
) -> None:
    with MailServer() as mail:
        address = f"smtp+plain://127.0.0.1:{mail.port}"
        env = {"EMAIL_URL": address, "EMAIL_FROM": "parley@harbour.example", "WEBHOOK_HOSTS": f"127.0.0.1:{PORT}"}
        server = make_server(env=env)
        server.rows("UPDATE accounts_user SET email = username || '@harbour.example'")
        server.rows("UPDATE accounts_user SET verified_email = email")
        _receiver, page = hook(server, "answer.finished", HERE.replace("/in", "/refusing"))
        ago = "now() - interval '4 days'" if server.store.is_postgresql else "'2026-01-01 09:00:00'"
        server.rows(f"UPDATE api_webhook SET failing_since = {ago}")
        alice, bob = server.client("alice"), server.client("bob")
        told = Told(alice)

        asked = ask(alice, "What is a list? #demo:fast")
        watch(alice, asked)

        received.get(timeout=20)
        notice = told.next_of("other")
        assert (notice["text"], notice["title"], notice["address"]) == ("A webhook was paused", "Log", page)
        (letter,) = mail.wait_for(1)
        assert letter["To"] == "alice@harbour.example"  # who alone owns the team
        assert letter["Subject"] == "A webhook was paused: Log"
        text = mail.text_to("alice@harbour.example")
        assert "has accepted nothing for three days" in text
        assert page in text
        assert "accepted nothing for three days" in alice.get(page).text
        assert bob.get(page).status_code == 403
