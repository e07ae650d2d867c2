"""An import outlives the server that does it."""

import re
import time

import httpx

from tests.serving import Server
from tests.sharing.imports import shapes

MANY = 150
PATIENCE = 60.0  # seconds


def wait_for(client: httpx.Client, page: str, state: str) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        text = client.get(page).text
        if f'data-state="{state}"' in text:
            return text
        time.sleep(0.1)
    raise AssertionError(f"It is not {state}: {text[-3000:]}")


def test_an_import_goes_on_after_a_kill_and_doubles_nothing(server: Server) -> None:
    items = [shapes.chatgpt(f"c-{number}", title=f"Light {number}") for number in range(MANY)]
    data = shapes.zip_of({"conversations-000.json": shapes.as_json(*items)})
    client = server.client("alice")
    answer = client.post("/import/upload/", data={"place": "private"}, files={"file": ("export.zip", data)})
    assert answer.status_code == 302
    page = answer.headers["location"]
    assert f"{MANY} conversations found" in wait_for(client, page, "ready")
    client.post(f"{page}begin/")
    while not (stored := server.rows("SELECT count(*) FROM chat_conversation")[0][0]):
        time.sleep(0.02)
    server.kill()
    assert stored < MANY
    server.start()
    text = wait_for(server.client("alice"), page, "finished")
    assert re.search(rf"All <span class=\"quiet\">{MANY}</span>", text)
    counted = "SELECT count(*), count(DISTINCT title) FROM chat_conversation"
    assert server.rows(counted) == [(MANY, MANY)]
    assert server.rows("SELECT count(*) FROM chat_question") == [(3 * MANY,)]
