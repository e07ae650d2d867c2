"""Many strangers who try passwords at the same time, and the people who want to get in or are in already."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from config.asgi import MOST_AT_THE_DOOR, PASSWORD_THREADS
from tests.cast import PASSWORD
from tests.questions import eventually
from tests.serving import CSRF, PLAIN, Server


def sign_in(server: Server, name: str, password: str, *, address: str = "127.0.0.1") -> httpx.Response:
    """The answer to a sign-in from this address of the loopback."""
    with httpx.Client(
        transport=httpx.HTTPTransport(local_address=address, verify=PLAIN["verify"]),
        base_url=server.url,
        cookies={"csrftoken": CSRF},
        headers={"X-CSRFToken": CSRF},
        timeout=30,
    ) as client:
        return client.post("/accounts/login/", data={"username": name, "password": password})


def test_strangers_who_try_passwords_wait_for_each_other_and_others_for_none_of_them(server: Server) -> None:
    alice = server.client("alice")
    most = MOST_AT_THE_DOOR + PASSWORD_THREADS
    with ThreadPoolExecutor(most + 16) as pool:
        guesses = [pool.submit(sign_in, server, f"name{number}", "guess") for number in range(most + 16)]
        eventually(lambda: any(guess.done() for guess in guesses))
        from_elsewhere = pool.submit(sign_in, server, "bob", PASSWORD, address="127.0.0.2")
        form = alice.post("/accounts/me/", data={"full_name": "Alice"})
        assert form.status_code == 302
        assert not all(guess.done() for guess in guesses)
        assert from_elsewhere.result().status_code == 302
        answers = [guess.result() for guess in guesses]

    assert {answer.status_code for answer in answers} <= {200, 429, 503}
    turned_away = [answer for answer in answers if answer.status_code == 503]
    assert turned_away
    assert {answer.headers["retry-after"] for answer in turned_away} == {"10"}
    assert all("Try again in 10 seconds." in answer.text for answer in turned_away)
    assert all("frame-ancestors 'none'" in answer.headers["content-security-policy"] for answer in turned_away)
