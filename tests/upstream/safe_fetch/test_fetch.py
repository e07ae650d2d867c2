"""Fetching from strangers, over real connections: what they lead to, how much they send, how long they take."""

import asyncio
import gzip

import pytest

from tests.upstream.safe_fetch.strangers import PIXEL, Names, dribbles, head, leads_to, picture, says, stranger
from upstream.safe_fetch import (
    Fetched,
    FetchError,
    FetchRefused,
    FetchTooLarge,
    FetchTooSlow,
    Limits,
    Unreachable,
    Unusable,
    fetch,
)

QUICK = Limits(total_time=0.5, connect_time=0.3)
SMALL = Limits(most_bytes=100_000)
PNG = "Content-Type: image/png"


async def test_a_picture_comes_as_it_is() -> None:
    async with stranger(picture()) as server:
        assert await fetch(server.url(), allowed_hosts=[server.place]) == Fetched(PIXEL, "image/png")


async def test_a_picture_comes_over_ipv6() -> None:
    async with stranger(picture(), host="::1") as server:
        assert (await fetch(server.url(), allowed_hosts=[server.place])).data == PIXEL


async def test_without_the_operators_word_nothing_is_asked_of_this_machine() -> None:
    async with stranger(picture()) as server:
        with pytest.raises(FetchRefused):
            await fetch(server.url())
        with pytest.raises(FetchRefused):
            await fetch(server.url(), allowed_hosts=["127.0.0.1"])
    assert server.came == 0


async def test_the_request_says_nothing_about_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with stranger(picture()) as server:
        await fetch(server.url("/a%20b.png?x=1#part"), allowed_hosts=[server.place])
    lines = server.heard[0].decode().split("\r\n")
    assert lines[0] == "GET /a%20b.png?x=1 HTTP/1.1"
    headers = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines[1:] if line}
    assert headers.pop("accept").startswith("image/")
    assert headers == {
        "host": server.place,
        "user-agent": "Parley",
        "accept-encoding": "identity",
        "connection": "close",
    }


# --- Names that change between look-up and connection ----------------------------------------------------------------


async def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    names = Names(rebinding_example=[["127.0.0.2"], ["127.0.0.3"]])
    async with (
        stranger(picture(), host="127.0.0.2") as first,
        stranger(picture(b"other"), host="127.0.0.3", port=first.port) as second,
    ):
        allowed = [f"rebinding.example:{first.port}"]
        fetched = await fetch(first.url(host="rebinding.example"), allowed_hosts=allowed, resolve=names)
    assert fetched.data == PIXEL
    assert names.asked == ["rebinding.example"]
    assert second.came == 0
    assert f"host: rebinding.example:{first.port}".encode() in first.heard[0].lower()


async def test_a_name_is_judged_anew_when_a_redirect_comes_back_to_it() -> None:
    names = Names(rebinding_example=[["127.0.0.1"]], start_example=[["127.0.0.2"]])
    async with (
        stranger(picture()) as inside,
        stranger(leads_to("http://rebinding.example/a.png"), host="127.0.0.2") as start,
    ):
        with pytest.raises(FetchRefused):
            await fetch(start.url(host="start.example"), allowed_hosts=[f"start.example:{start.port}"], resolve=names)
    assert names.asked == ["start.example", "rebinding.example"]
    assert inside.came == 0


async def test_the_next_address_of_a_name_is_tried_when_one_takes_no_connection() -> None:
    async with stranger(picture(), host="127.0.0.2") as server:
        names = Names(two_example=[["127.0.0.3", "127.0.0.2"]])
        fetched = await fetch(
            server.url(host="two.example"), allowed_hosts=[f"two.example:{server.port}"], resolve=names
        )
    assert fetched.data == PIXEL


async def test_a_server_behind_tls_hears_the_name_and_not_the_address() -> None:
    hello = asyncio.get_running_loop().create_future()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello.set_result(await reader.read(4096))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Unreachable):
        await fetch(
            f"https://pictures.example:{port}/a.png",
            allowed_hosts=[f"pictures.example:{port}"],
            resolve=Names(pictures_example=[["127.0.0.1"]]),
        )
    server.close()
    assert b"pictures.example" in await hello


# --- Redirects -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:{inside}/",
        "//127.0.0.1:{inside}/",
        "http://127.1:{inside}/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost:{inside}/",
        "http://inside.example/",
        "http://user@pictures.example/",
        "file:///etc/passwd",
        "ftp://pictures.example/",
        "\\\\127.0.0.1\\",
        "http://[/",
        "http://a b/",
    ],
)
async def test_a_redirect_leads_inside_no_more_than_an_address(location: str) -> None:
    async with stranger(picture()) as inside, stranger(leads_to(location.format(inside=inside.port))) as server:
        with pytest.raises(FetchRefused):
            await fetch(
                server.url(), allowed_hosts=[server.place], resolve=Names(inside_example=[["127.0.0.1"], ["10.0.0.1"]])
            )
    assert inside.came == 0


async def test_a_chain_that_ends_inside_is_refused_at_its_end() -> None:
    async with (
        stranger(picture()) as inside,
        stranger(leads_to("/two", "/three", f"http://127.0.0.1:{inside.port}/")) as server,
    ):
        with pytest.raises(FetchRefused):
            await fetch(server.url(), allowed_hosts=[server.place])
    assert (server.came, inside.came) == (3, 0)


async def test_three_redirects_are_followed_and_a_fourth_is_not() -> None:
    async with stranger(picture()) as end:
        there = end.url("/end.png")
        async with stranger(leads_to("two", "/three", there)) as server:
            allowed = [server.place, end.place]
            assert (await fetch(server.url("/one"), allowed_hosts=allowed)).data == PIXEL
        async with stranger(leads_to("/two", "/three", "/four", there)) as server:
            with pytest.raises(FetchRefused):
                await fetch(server.url("/one"), allowed_hosts=[server.place, end.place])
    assert server.came == 4


async def test_a_circle_comes_to_an_end() -> None:
    async with stranger(leads_to("/picture.png")) as server:
        with pytest.raises(FetchRefused):
            await fetch(server.url(), allowed_hosts=[server.place])
    assert server.came == 4


async def test_cookies_of_one_hop_are_not_taken_to_the_next() -> None:
    moved = says(head("Location: /b", "Set-Cookie: a=b", "Content-Length: 0", status="301 Moved"))
    async with stranger(moved) as server:
        with pytest.raises(FetchRefused):
            await fetch(server.url(), allowed_hosts=[server.place])
    assert not any(b"cookie" in heard.lower() or b"referer" in heard.lower() for heard in server.heard)


# --- Too much, too slow ----------------------------------------------------------------------------------------------


async def test_what_is_announced_as_too_large_is_not_read() -> None:
    async with stranger(says(head(PNG, "Content-Length: 100001"), b"x")) as server:
        with pytest.raises(FetchTooLarge):
            await fetch(server.url(), limits=SMALL, allowed_hosts=[server.place])


@pytest.mark.parametrize("framing", [(), ("Transfer-Encoding: chunked",), ("Content-Length: 9999999999999999999",)])
async def test_an_endless_body_is_cut(framing: tuple[str, ...]) -> None:
    piece = b"2710\r\n" + b"x" * 10_000 + b"\r\n"
    async with stranger(dribbles(head(PNG, *framing), piece=piece, every=0)) as server:
        with pytest.raises(FetchTooLarge):
            await fetch(server.url(), limits=SMALL, allowed_hosts=[server.place])


async def test_more_than_was_announced_is_not_taken() -> None:
    body = PIXEL + b"x" * 1_000_000
    async with stranger(says(head(PNG, f"Content-Length: {len(PIXEL)}"), body)) as server:
        assert (await fetch(server.url(), limits=SMALL, allowed_hosts=[server.place])).data == PIXEL


async def test_less_than_was_announced_is_no_picture() -> None:
    async with stranger(says(head(PNG, "Content-Length: 5000"), PIXEL)) as server:
        with pytest.raises(Unreachable):
            await fetch(server.url(), limits=SMALL, allowed_hosts=[server.place])


@pytest.mark.parametrize(
    "beginning",
    [(), (b"HTTP/1.1 200 OK\r\n",), (head(PNG, "Content-Length: 5000"),), (head("Content-Length: 0", status="103 x"),)],
)
async def test_a_slow_server_is_not_waited_for(beginning: tuple[bytes, ...]) -> None:
    async with stranger(dribbles(*beginning, piece=b"x", every=0.05)) as server:
        with pytest.raises((FetchTooSlow, Unreachable)):
            await fetch(server.url(), limits=QUICK, allowed_hosts=[server.place])


async def test_a_slow_name_is_not_waited_for() -> None:
    async def never(_host: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(FetchTooSlow):
        await fetch("https://slow.example/", limits=QUICK, resolve=never)


async def test_redirects_share_one_limit_of_time() -> None:
    async def lags(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        await leads_to("/next")(writer)

    async with stranger(lags) as server:
        with pytest.raises(FetchTooSlow):
            await fetch(server.url(), limits=QUICK, allowed_hosts=[server.place])
    assert server.came <= 2


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "zstd", "identity, gzip", "x"])
async def test_what_unpacks_into_more_is_not_unpacked(encoding: str) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    async with stranger(
        says(head(PNG, f"Content-Encoding: {encoding}", f"Content-Length: {len(bomb)}"), bomb)
    ) as server:
        with pytest.raises(Unusable):
            await fetch(server.url(), limits=SMALL, allowed_hosts=[server.place])


@pytest.mark.parametrize("coding", ["gzip", "gzip, chunked", "chunked, gzip"])
async def test_packed_transfers_are_refused(coding: str) -> None:
    body = gzip.compress(bytes(1_000_000))
    async with stranger(says(head(PNG, f"Transfer-Encoding: {coding}"), body)) as server:
        with pytest.raises(FetchError):
            await fetch(server.url(), limits=SMALL, allowed_hosts=[server.place])


# --- Not a picture ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("media_type", ["text/html", "application/json", "TEXT/HTML; charset=utf-8", "video/mp4", "x"])
async def test_what_its_server_calls_something_else_is_not_read(media_type: str) -> None:
    async with stranger(picture(media_type=media_type)) as server:
        with pytest.raises(Unusable):
            await fetch(server.url(), allowed_hosts=[server.place])


@pytest.mark.parametrize("line", ["X-Nothing: 1", "Content-Type: application/octet-stream", "Content-Type: IMAGE/PNG"])
async def test_a_server_that_does_not_know_what_it_has_is_believed(line: str) -> None:
    async with stranger(says(head(line, f"Content-Length: {len(PIXEL)}"), PIXEL)) as server:
        assert (await fetch(server.url(), allowed_hosts=[server.place])).data == PIXEL


@pytest.mark.parametrize(
    "status", ["204 No Content", "206 Partial", "304 Not Modified", "404 Not Found", "500 Oh", "300 x"]
)
async def test_anything_but_a_plain_yes_is_a_no(status: str) -> None:
    async with stranger(says(head(PNG, "Content-Length: 0", status=status))) as server:
        with pytest.raises(Unusable):
            await fetch(server.url(), allowed_hosts=[server.place])


@pytest.mark.parametrize(
    "sent", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nBad Header: x\r\n\r\n", b"\x00" * 200_000]
)
async def test_what_is_no_http_breaks_nothing(sent: bytes) -> None:
    async with stranger(says(sent)) as server:
        with pytest.raises(FetchError):
            await fetch(server.url(), limits=SMALL, allowed_hosts=[server.place])


async def test_where_nobody_listens_nothing_is_reached() -> None:
    async with stranger(picture()) as server:
        place = server.place
    with pytest.raises(Unreachable):
        await fetch(f"http://{place}/", limits=SMALL, allowed_hosts=[place])


@pytest.mark.parametrize("kind", [FetchError, FetchRefused, FetchTooLarge, FetchTooSlow, Unreachable, Unusable])
def test_every_failure_has_a_sentence(kind: type[FetchError]) -> None:
    assert str(kind()).endswith(".")
