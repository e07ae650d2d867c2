"""Parley behind nginx and Caddy, as the README sets them up."""

import re
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import httpx
import psutil
import pytest

from config.middleware.request_bodies import LARGEST_FORM, LARGEST_UPLOAD
from tests import sse
from tests.cast import PASSWORD
from tests.files.samples import PDF
from tests.fronts import KINDS, PREFIX, Front, settings_for
from tests.questions import Article, Asked, ask, eventually, stored, watch
from tests.serving import PLAIN, Server
from tests.stores import Store

PACE = 0.06  # seconds between two pieces of the demo's answer
PIECES = f"Who counts the lines? #demo:lines=16 #demo:slow={PACE * 1000:.0f}"
ENDLESS = "Who counts on? #demo:lines=2000 #demo:slow=40"
LOGIN = "/accounts/login/"

MakeFront = Callable[..., Front]


@pytest.fixture(scope="module")
def make_front(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeFront]:
    """Front servers that last as long as the file's tests, each with a Parley behind it."""
    folder = tmp_path_factory.mktemp("fronts")
    fronts: dict[tuple[str, str], Front] = {}
    servers: dict[str, Server] = {}

    def make(kind: str, *, prefix: str = "") -> Front:
        if prefix not in servers:
            data = template.copy(folder / f"data-{len(servers)}")
            servers[prefix] = Server(data, env=settings_for(prefix)).start()
        if (kind, prefix) not in fronts:
            fronts[kind, prefix] = Front(kind, folder / f"{kind}-{len(fronts)}", servers[prefix], prefix=prefix)
        return fronts[kind, prefix]

    yield make
    for front in fronts.values():
        front.close()
    for server in servers.values():
        print(server.log())
        server.close()


@pytest.fixture(params=KINDS)
def front(request: pytest.FixtureRequest, make_front: MakeFront) -> Front:
    """Each of the two, with Parley on a host of its own."""
    return make_front(request.param)


@pytest.fixture(params=KINDS)
def below_a_path(request: pytest.FixtureRequest, make_front: MakeFront) -> Front:
    """Each of the two, with Parley below a path. nginx leaves it as it is, Caddy cuts it off."""
    return make_front(request.param, prefix=PREFIX)


# --- Streams ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
def test_words_arrive_as_they_are_written(front: Front, http2: bool) -> None:
    alice = front.client("alice", http2=http2)
    asked = ask(alice, PIECES)
    article, arrivals = Article(), []

    with alice.stream("GET", asked.stream, headers={"Accept-Encoding": "gzip, br, zstd"}) as response:
        for message in sse.parsed(response.iter_lines()):
            article.take(message)
            arrivals.append(time.monotonic())

    assert response.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert "content-encoding" not in response.headers
    assert "no-transform" in response.headers["cache-control"]
    assert article.state == "finished"
    apart = [later - earlier for earlier, later in pairwise(arrivals)]
    assert sum(pause > PACE / 2 for pause in apart) >= 6  # held back, they would come all at once


def test_a_reader_who_leaves_is_noticed_and_the_answer_goes_on(front: Front) -> None:
    asked = ask(front.client("alice"), ENDLESS)
    reader = front.client("bob")

    with reader.stream("GET", asked.stream) as stream:
        messages = sse.parsed(stream.iter_lines())
        assert next(messages)
        assert eventually(lambda: open_connections(front.server) == 1, within=10)
        reader.close()

    assert eventually(lambda: open_connections(front.server) == 0, within=10)
    so_far = entries(front.server, asked)
    assert eventually(lambda: entries(front.server, asked) > so_far + 3)
    assert stored(front.server, asked)["state"] == "writing"
    front.client("alice").post(f"{asked.path}stop/")
    assert eventually(lambda: stored(front.server, asked)["state"] == "stopped")


def entries(server: Server, asked: Asked) -> int:
    """How much of the answer is in the log."""
    answer = server.store.identifier(asked.answer)
    return int(server.rows("SELECT count(*) FROM chat_logentry WHERE answer_id = ?", [answer])[0][0])


def open_connections(server: Server) -> int:
    """How many connections the server has. It closes idle ones after two seconds."""
    workers = psutil.Process(server.pid).children()
    connections = [connection for worker in workers for connection in worker.net_connections("tcp")]
    return sum(one.status == "ESTABLISHED" and one.laddr.port == server.port for one in connections)


# --- Uploads ----------------------------------------------------------------------------------------------------------


def multipart(content: bytes, *, pieces: int, pause: float) -> Iterator[bytes]:
    """A form with a file in it, that takes its time."""
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n'
    step = len(content) // pieces + 1
    for begin in range(0, len(content), step):
        yield content[begin : begin + step]
        time.sleep(pause)
    yield b"\r\n--b--\r\n"


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
def test_large_uploads_arrive_whole_however_slowly(front: Front, http2: bool) -> None:
    alice = front.client("alice", http2=http2)
    large = PDF[:-6] + bytes(2 * LARGEST_FORM) + PDF[-6:]
    length = sum(map(len, multipart(large, pieces=1, pause=0)))
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(length)}

    sent = alice.post("/attachments/", content=multipart(large, pieces=8, pause=0.1), headers=headers)

    assert sent.status_code == 201, sent.text
    attachment = sent.text.partition('name="attachment"')[2].partition('value="')[2][:36]
    assert alice.get(f"/attachments/{attachment}/").content == large


def test_as_much_as_parley_takes_passes_and_no_more(front: Front) -> None:
    alice = front.client("alice", http2=False)
    headers = {"Content-Type": "multipart/form-data; boundary=b"}

    def refusal(length: int) -> int:
        announced = {**headers, "Content-Length": str(length), "Expect": "100-continue"}
        return alice.post("/attachments/", content=iter([b"x" * length]), headers=announced).status_code

    assert refusal(LARGEST_UPLOAD) == 400
    assert refusal(80 * 1024 * 1024) == 413


# --- Who asks ---------------------------------------------------------------------------------------------------------


def test_nobody_gets_more_guesses_by_inventing_addresses(front: Front) -> None:
    bob = front.client(from_address=f"127.0.1.{1 + KINDS.index(front.kind)}")

    def guess(claim: str, client: httpx.Client = bob) -> int:
        form = {"username": "bob", "password": "wrong"}
        return sign_in(client, **form, **{"X-Forwarded-For": claim, "Forwarded": f"for={claim}", "X-Real-IP": claim})

    assert [guess(f"192.0.2.{number}") for number in range(5)] == [200] * 4 + [429]
    assert guess("127.0.0.1") == 429
    elsewhere = front.client(from_address="127.0.2.1")
    assert sign_in(elsewhere, "bob", PASSWORD, **{"X-Forwarded-For": "127.0.1.1, 127.0.1.2"}) == 302


def sign_in(client: httpx.Client, username: str, password: str, **headers: str) -> int:
    return client.post(LOGIN, data={"username": username, "password": password}, headers=headers).status_code


def test_what_a_proxy_says_counts_only_from_one_that_is_trusted(front: Front) -> None:
    claims = {"X-Forwarded-Proto": "https", "Host": f"127.0.0.1:{front.port}"}

    def direct(from_address: str) -> int:
        transport = httpx.HTTPTransport(local_address=from_address)
        with httpx.Client(base_url=front.server.url, transport=transport) as client:
            return client.get(f"{front.prefix}{LOGIN}", headers=claims).status_code

    assert direct("127.0.0.1") == 200
    assert direct("127.0.0.2") == 301
    assert "Requests from 127.0.0.2 carry headers that a proxy adds" in front.server.log()


# --- Cookies and addresses --------------------------------------------------------------------------------------------


def cookies_of(response: httpx.Response) -> dict[str, set[str]]:
    """The attributes of each cookie that was set, in lower case."""
    found = {}
    for line in response.headers.get_list("set-cookie"):
        pair, *attributes = line.split("; ")
        words = [word.lower() for word in attributes]
        found[pair.partition("=")[0]] = {word for word in words if not word.startswith(("max-age", "expires"))}
    return found


def session_of(front: Front) -> tuple[dict[str, set[str]], httpx.Response]:
    response = front.client().post(LOGIN, data={"username": "vera", "password": PASSWORD})
    return cookies_of(response), response


def test_over_https_browsers_take_cookies_from_this_host_alone(front: Front) -> None:
    cookies, response = session_of(front)

    assert response.headers["location"] == "/"
    assert cookies["__Host-sessionid"] == {"httponly", "path=/", "samesite=lax", "secure"}
    assert cookies["__Host-csrftoken"] == {"path=/", "samesite=lax", "secure"}
    assert "max-age" in response.headers["strict-transport-security"]


def test_below_a_path_cookies_are_for_that_path(below_a_path: Front) -> None:
    cookies, response = session_of(below_a_path)

    assert response.headers["location"] == f"{PREFIX}/"
    assert cookies["__Secure-sessionid"] == {"httponly", f"path={PREFIX}/", "samesite=lax", "secure"}
    assert cookies["__Secure-csrftoken"] == {f"path={PREFIX}/", "samesite=lax", "secure"}


def test_below_a_path_an_answer_streams_and_a_probe_gets_one(below_a_path: Front) -> None:
    alice = below_a_path.client("alice")

    assert watch(alice, ask(alice, PIECES)).state == "finished"
    assert alice.get("/healthz").text == "ok\n"
    assert httpx.get(f"{below_a_path.server.url}/healthz", **PLAIN).text == "ok\n"
    assert httpx.get(f"{below_a_path.server.url}/readyz", **PLAIN).status_code == 200
    bare = alice.get(httpx.URL(below_a_path.url))
    assert (bare.status_code, bare.headers["location"]) in {(301, f"{PREFIX}/"), (302, f"{PREFIX}/")} or (
        bare.headers["location"] == f"{below_a_path.url}/"
    )


def test_links_for_others_lead_where_people_open_parley(make_front: MakeFront) -> None:
    for front in (make_front("nginx"), make_front("caddy", prefix=PREFIX)):
        invited = front.client("alice").post("/accounts/team/invite/", data={"role": "member", "days": "7"})

        assert invited.status_code == 200
        assert f"{front.url}/accounts/join/" in invited.text


def test_below_a_path_every_link_on_every_page_leads_below_it(below_a_path: Front) -> None:
    alice = below_a_path.client("alice")
    asked = ask(alice, "What is a context manager?")
    watch(alice, asked)
    pages = ["/", asked.page, "/search/?q=manager", "/images/", "/costs/", "/presets/", "/accounts/me/"]
    pages += ["/accounts/team/", "/accounts/team/invite/", "/accounts/password/", "/history/", "/nothing/"]

    for page in pages:
        response = alice.get(page)
        assert response.status_code == (404 if page == "/nothing/" else 200), page
        links = re.findall(r'\s(?:href|src|action|data-[\w-]+|hx-(?:get|post))="(/[^"]*)"', response.text)
        assert links
        assert [link for link in links if not link.startswith(f"{PREFIX}/")] == [], page
