"""Pictures and videos of answers: what is shown of them, and who gets which bytes."""

import asyncio
import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from chat.answers import finalize, media
from chat.answers.transcript import entries_after
from chat.live.answer_display import Reader
from chat.live.partials import Partials
from chat.models import Answer
from tests.conftest import MakeServer
from tests.questions import Article, Asked, ask, eventually, watch
from tests.serving import Server
from tests.upstream.safe_fetch.strangers import Say, Stranger, head, picture, says, stranger
from upstream.demo import drawing as demo

LIGHT = "https://pictures.example/light.png"
DARK = "https://pictures.example/dark.png"
FILM = "https://films.example/watch?v=1"


def key(url: str) -> str:
    return media.shown_pictures([{"image_url": url}])[0].key


# --- What is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("items", [None, {}, [], "x", 3, [None, 3, "x", []], [{}], [{"image_url": None}]])
def test_what_has_another_shape_shows_nothing(items: Any) -> None:
    assert media.shown_pictures(items) == []
    assert media.shown_videos(items) == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:image/png;base64,AA", "//a.example/b", "file:///a", "http://a@b.example/"]
)
def test_only_pictures_of_the_web_are_shown_and_nothing_else_is_linked(url: str) -> None:
    assert media.shown_pictures([{"image_url": url}]) == []
    [shown] = media.shown_pictures([{"image_url": LIGHT, "origin_url": url}])
    assert (shown.page, shown.site) == ("", "pictures.example")
    [film] = media.shown_videos([{"url": url, "thumbnail_url": url}])
    assert (film.page, film.key, film.site) == ("", "", "")


def test_a_picture_is_named_after_the_page_on_which_it_was_found() -> None:
    [shown] = media.shown_pictures(
        [{"image_url": LIGHT, "origin_url": "https://www.lights.example/a", "title": " A\n light "}]
    )
    assert (shown.title, shown.page, shown.site) == ("A light", "https://www.lights.example/a", "lights.example")


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (601, 203, (601, 203)),
        (601.0, 203, (601, 203)),
        (0, 5, (4, 3)),
        (10**9, 1, (4, 3)),
        ("601", 203, (4, 3)),
        (None, 203, (4, 3)),
        (float("nan"), 203, (4, 3)),
        (float("inf"), 203, (4, 3)),
        (True, True, (4, 3)),
    ],
)
def test_only_sizes_that_can_be_are_believed(width: Any, height: Any, size: tuple[int, int]) -> None:
    [shown] = media.shown_pictures([{"image_url": LIGHT, "width": width, "height": height}])
    assert (shown.width, shown.height) == size


@pytest.mark.parametrize(
    ("seconds", "length"),
    [
        (185, "3:05"),
        (0.4, "0:01"),
        (59.6, "1:00"),
        (3600, "1:00:00"),
        (36_061, "10:01:01"),
        *((odd, "") for odd in (0, -5, None, "185", True, 10**12, float("nan"), float("inf"))),
    ],
)
def test_lengths_are_read_as_clocks_show_them(seconds: Any, length: str) -> None:
    assert media.shown_videos([{"url": FILM, "duration": seconds}])[0].length == length


def test_there_is_an_end_to_what_is_shown() -> None:
    many = [{"image_url": f"{LIGHT}?{number}", "url": f"{FILM}&{number}"} for number in range(1000)]
    assert (len(media.shown_pictures(many)), len(media.shown_videos(many))) == (media.MOST, media.MOST)


# --- Which addresses are fetched -------------------------------------------------------------------------------------


def test_only_what_is_in_the_answer_has_an_address() -> None:
    answer = Answer(
        state="finished",
        media={"images": [{"image_url": LIGHT, "origin_url": DARK}], "videos": [{"url": FILM, "thumbnail_url": DARK}]},
    )
    assert media.proxied_address(answer, key(LIGHT)) == LIGHT
    assert media.proxied_address(answer, key(DARK)) == DARK  # the video's thumbnail
    assert media.proxied_address(answer, key(FILM)) == ""
    assert media.proxied_address(answer, "") == ""
    for odd in ({}, {"images": None}, {"images": 3, "videos": "x"}):
        assert media.proxied_address(Answer(state="finished", media=odd), key(LIGHT)) == ""


def test_the_log_knows_the_pictures_of_an_answer_that_is_written(log: Callable[..., Answer]) -> None:
    answer = log(("text", "The light"), ("media", {"images": [{"image_url": LIGHT}], "videos": []}))
    assert media.proxied_address(answer, key(LIGHT)) == LIGHT
    log(("media", {"images": [{"image_url": DARK}]}), ("media", {"images": [], "videos": [{"thumbnail_url": FILM}]}))
    assert media.proxied_address(answer, key(LIGHT)) == ""
    assert media.proxied_address(answer, key(DARK)) == DARK
    assert media.proxied_address(answer, key(FILM)) == FILM
    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)
    answer.refresh_from_db()
    assert media.proxied_address(answer, key(DARK)) == DARK
    assert media.proxied_address(answer, key(LIGHT)) == ""


def test_pictures_come_into_the_article_while_it_is_written(log: Callable[..., Answer]) -> None:
    answer = log(("text", "The light"))
    partials = Partials(answer)
    partials.apply(entries_after(answer.pk, 0))
    assert 'data-place="media"' not in partials.frame(after=0, reader=Reader(may_ask=True))
    log(("media", {"images": [{"image_url": LIGHT, "title": '"><script>'}]}))
    partials.apply(entries_after(answer.pk, 1))
    frame = partials.frame(after=1, reader=Reader(may_ask=True))
    assert '<template data-place="media"' in frame
    assert reverse("chat:picture", args=[answer.question.conversation_id, answer.pk, key(LIGHT)]) in frame
    assert "pictures.example/light.png" not in frame
    assert "<script>" not in frame
    assert partials.frame(after=2, reader=Reader(may_ask=True)) == ""


def test_one_answers_picture_is_not_to_be_had_from_another(log: Callable[..., Answer], alice: User) -> None:
    answer = log(("text", "The light"))
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    path = reverse("chat:picture", args=[answer.question.conversation_id, answer.pk, key(LIGHT)])
    assert client.get(path).status_code == 404
    log(("media", {"images": [{"image_url": LIGHT}]}))
    assert client.get(path).status_code == 202


# --- Over HTTP, from servers of strangers ----------------------------------------------------------------------------


@contextmanager
def run(say: Say) -> Iterator[Stranger]:
    """A stranger's server in a thread of its own, for tests that wait themselves."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    found: list[Stranger] = []

    async def serve() -> None:
        async with stranger(say) as server:
            found.append(server)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    yield found[0]
    loop.call_soon_threadsafe(over.set)
    thread.join()
    loop.close()


def photograph() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1000, 500), "#226644").save(out, "JPEG")
    return out.getvalue()


def answer_with(client: httpx.Client, *urls: str) -> tuple[Asked, Article]:
    """An answer that has these pictures."""
    images = [{"image_url": url, "origin_url": "https://lights.example/", "title": "A light"} for url in urls]
    asked = ask(client, f"Show me. #demo:fast #demo:echo_sources {json.dumps({'sources': [], 'images': images})} Here.")
    article = watch(client, asked)
    assert article.state == "finished"
    return asked, article


def pictures_in(html: str) -> list[str]:
    return re.findall(r'<img src="([^"]+)"', html)


def test_a_picture_goes_through_us_and_is_kept(make_server: MakeServer) -> None:
    with run(picture(photograph())) as elsewhere:
        server = make_server(env={"PICTURE_HOSTS": elsewhere.place})
        alice, bob = server.client("alice"), server.client("bob")
        _, article = answer_with(alice, elsewhere.url())
        [small] = pictures_in(article.final)
        first = alice.get(small)
        again, large = bob.get(small), bob.get(f"{small}large/")
    assert (first.status_code, first.headers["content-type"]) == (200, "image/webp")
    assert first.content == again.content
    assert Image.open(io.BytesIO(first.content)).size == (480, 240)
    assert Image.open(io.BytesIO(large.content)).size == (1000, 500)
    assert elsewhere.came == 1
    assert b"sessionid" not in elsewhere.heard[0]
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["cache-control"] == "private, max-age=2592000, immutable"
    assert "sandbox" in first.headers["content-security-policy"]
    assert "content-encoding" not in first.headers
    assert elsewhere.place not in article.final


def test_strangers_and_those_who_are_signed_out_get_nothing(make_server: MakeServer) -> None:
    with run(picture(photograph())) as elsewhere:
        server = make_server(env={"PICTURE_HOSTS": elsewhere.place})
        _, article = answer_with(server.client("alice"), elsewhere.url())
        [small] = pictures_in(article.final)
        assert server.client("charlie").get(small).status_code == 404
        assert server.client().get(small).status_code == 302
    assert elsewhere.came == 0


@pytest.mark.parametrize(
    "say",
    [picture(b"<svg xmlns='http://www.w3.org/2000/svg'/>", media_type="image/svg+xml"), says(head(status="410 x"))],
)
def test_what_cannot_be_had_is_a_placeholder_that_says_nothing(make_server: MakeServer, say: Say) -> None:
    with run(say) as elsewhere:
        server = make_server(env={"PICTURE_HOSTS": elsewhere.place})
        client = server.client("alice")
        _, article = answer_with(client, elsewhere.url(), f"http://127.0.0.1:{server.port}/static/a.png")
        first, second = pictures_in(article.final)
        broken, inside, again = client.get(first), client.get(second), client.get(first)
    assert (broken.status_code, inside.status_code, again.status_code) == (404, 404, 404)
    assert broken.content == inside.content
    assert broken.headers["content-type"] == "image/svg+xml"
    assert broken.headers["cache-control"] == "private, max-age=120"
    assert elsewhere.came == 1


def test_pages_are_served_while_pictures_are_waited_for(make_server: MakeServer) -> None:
    released = threading.Event()

    async def hold(writer: asyncio.StreamWriter) -> None:
        while not released.is_set():  # noqa: ASYNC110 - it is set from another thread
            await asyncio.sleep(0.01)
        await picture(photograph())(writer)

    with run(hold) as elsewhere:
        server = make_server(env={"PICTURE_HOSTS": elsewhere.place})
        client = server.client("alice")
        asked, article = answer_with(client, *(elsewhere.url(f"/{number}.jpg") for number in range(12)))
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda path=path: statuses.append(server.client("bob").get(path).status_code))
            for path in pictures_in(article.final)
        ]
        for thread in threads:
            thread.start()
        while elsewhere.came < 12:
            assert client.get(asked.page).status_code == 200
        assert statuses == []  # twelve wait, more than there are threads for pages
        released.set()
        for thread in threads:
            thread.join()
    assert statuses == [200] * 12


def test_who_may_no_longer_read_the_answer_waits_for_its_pictures_in_vain(make_server: MakeServer) -> None:
    released = threading.Event()

    async def hold(writer: asyncio.StreamWriter) -> None:
        while not released.is_set():  # noqa: ASYNC110 - it is set from another thread
            await asyncio.sleep(0.01)
        await picture(photograph())(writer)

    with run(hold) as elsewhere:
        server = make_server(env={"PICTURE_HOSTS": elsewhere.place})
        _, article = answer_with(server.client("alice"), elsewhere.url())
        [small] = pictures_in(article.final)
        bob, statuses = server.client("bob"), list[int]()
        waiting = threading.Thread(target=lambda: statuses.append(bob.get(small).status_code))
        waiting.start()
        eventually(lambda: elsewhere.came)
        server.rows("UPDATE chat_conversation SET visibility = 'private'")
        released.set()
        waiting.join()
    assert statuses == [404]
    assert server.client("alice").get(small).status_code == 200


def test_the_demos_drawings_are_shown_and_nobody_is_asked_for_them(server: Server) -> None:
    client = server.client("alice")
    _, article = answer_with(client, demo.address("A light", 1, size=(720, 405), form="webp"))
    [small] = pictures_in(article.final)
    shown = client.get(small)
    assert shown.status_code == 200
    assert Image.open(io.BytesIO(shown.content)).size == (480, 270)


def test_pictures_are_no_part_of_the_text_that_is_searched(log: Callable[..., Answer], alice: User) -> None:
    named = [{"image_url": "https://zeppelin.example/a.png", "title": "A zeppelin"}]
    answer = log(("media", {"images": named}), ("text", "The lighthouse is kept."))
    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert "<mark>lighthouse" in client.get(reverse("chat:search"), {"q": "lighthouse"}).text
    assert "<mark>" not in client.get(reverse("chat:search"), {"q": "zeppelin"}).text


def test_copying_an_answer_copies_its_text_alone(server: Server) -> None:
    _, article = answer_with(server.client("alice"), f"{demo.ADDRESS}a-1-640x400.png")
    raw = re.search(r"<template data-raw>(.*?)</template>", article.final, re.DOTALL)
    assert raw
    assert raw[1].strip() == "Here."
