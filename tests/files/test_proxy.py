"""Bringing foreign pictures here: once for everybody, only pictures, and not again soon when it failed."""

import asyncio
import io
import logging
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from files.proxy import PictureFetcher, Size
from files.proxy.cache import PictureCache
from files.proxy.fetcher import AT_ONCE, shared_pictures
from tests.upstream.safe_fetch.strangers import Say, Stranger, head, picture, says, stranger
from upstream.demo import drawing as demo
from upstream.safe_fetch import Limits


def drawn(form: str, size: tuple[int, int] = (900, 600), colour: str = "#3a4fb5", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA" if form in ("PNG", "WEBP") else "RGB", size, colour).save(out, form, **options)
    return out.getvalue()


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (600, 400), colour) for colour in ("#f00", "#0f0", "#00f")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data))


def of(tmp_path: Path, server: Stranger | None = None, **more: Any) -> PictureFetcher:
    return PictureFetcher(
        cache=PictureCache(tmp_path / "cache"), allowed_hosts=[server.place] if server else [], **more
    )


@pytest.mark.parametrize("data", [drawn("PNG"), drawn("JPEG"), drawn("WEBP"), drawn("GIF"), animated()])
async def test_a_picture_is_shown_in_two_sizes_that_we_wrote(tmp_path: Path, data: bytes) -> None:
    async with stranger(picture(data, media_type="image/x-whatever")) as server:
        pictures = of(tmp_path, server)
        await pictures.bring(server.url())
        small, large = (opened(pictures.cached(server.url(), size)) for size in (Size.THUMBNAIL, Size.LARGE))
    assert (small.format, large.format) == ("WEBP", "WEBP")
    assert max(small.size) == 480
    assert max(large.size) >= 600
    assert getattr(large, "n_frames", 1) == 1


async def test_a_huge_one_becomes_smaller_and_a_small_one_stays_small(tmp_path: Path) -> None:
    async with (
        stranger(picture(drawn("JPEG", (5000, 2500)))) as server,
        stranger(picture(drawn("PNG", (40, 30)))) as tiny,
    ):
        pictures = of(tmp_path, server)
        await pictures.bring(server.url())
        assert opened(pictures.cached(server.url(), Size.LARGE)).size == (1600, 800)
        pictures = of(tmp_path, tiny)
        await pictures.bring(tiny.url())
        assert opened(pictures.cached(tiny.url(), Size.THUMBNAIL)).size == (40, 30)


async def test_nothing_hidden_in_a_picture_comes_along(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "where the photographer lives"
    async with stranger(picture(drawn("JPEG", exif=exif) + b"<script>alert(1)</script>")) as server:
        pictures = of(tmp_path, server)
        await pictures.bring(server.url())
        for size in Size:
            kept = pictures.cached(server.url(), size)
            assert kept is not None
            assert b"photographer" not in kept
            assert b"script" not in kept


def bomb() -> bytes:
    """A PNG of a few kilobytes that unpacks into 40,000 × 40,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (40_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000_000)))
        + chunk(b"IEND", b"")
    )


NO_PICTURES: dict[str, bytes] = {
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a drawing in text": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a drawing with a declaration": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "nothing": b"",
    "half a picture": drawn("PNG")[:200],
    "a beginning alone": b"\x89PNG\r\n\x1a\n",
    "a document": b"%PDF-1.7 ...",
    "an icon": b"\x00\x00\x01\x00\x01\x00\x10\x10" + bytes(100),
    "a bitmap": b"BM" + bytes(100),
    "a bomb": bomb(),
    "a page with a picture's beginning": b"GIF89a<script>alert(1)</script>",
}


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES.keys())
async def test_what_is_no_picture_by_its_bytes_is_not_kept(tmp_path: Path, data: bytes) -> None:
    async with stranger(picture(data, media_type="image/png")) as server:
        pictures = of(tmp_path, server)
        await pictures.bring(server.url())
        assert pictures.failed(server.url())
        assert pictures.cached(server.url(), Size.LARGE) is None


async def test_many_who_wait_for_one_picture_ask_for_it_once(tmp_path: Path) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        await picture(drawn("PNG"))(writer)

    async with stranger(slow) as server:
        pictures = of(tmp_path, server)
        await asyncio.gather(*(pictures.bring(server.url()) for _ in range(50)))
        assert pictures.cached(server.url(), Size.THUMBNAIL)
    assert server.came == 1


async def test_who_leaves_takes_the_picture_from_nobody(tmp_path: Path) -> None:
    asked, released = asyncio.Event(), asyncio.Event()

    async with stranger(_held(released, asked)) as server:
        pictures = of(tmp_path, server)
        first = asyncio.create_task(pictures.bring(server.url()))
        second = asyncio.create_task(pictures.bring(server.url()))
        await asked.wait()
        first.cancel()
        released.set()
        await second
        assert pictures.cached(server.url(), Size.LARGE)
    assert server.came == 1


async def test_only_some_are_fetched_at_the_same_time(tmp_path: Path) -> None:
    full, released, now, most = asyncio.Event(), asyncio.Event(), 0, 0

    async def count(writer: asyncio.StreamWriter) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        if now == AT_ONCE:
            full.set()
        await released.wait()
        await picture(drawn("PNG"))(writer)
        now -= 1

    async with stranger(count) as server:
        pictures = of(tmp_path, server)
        waiting = [asyncio.create_task(pictures.bring(server.url(f"/{n}"))) for n in range(AT_ONCE + 5)]
        await full.wait()
        released.set()
        await asyncio.gather(*waiting)
        assert all(pictures.cached(server.url(f"/{n}"), Size.THUMBNAIL) for n in range(AT_ONCE + 5))
    assert most == AT_ONCE


@pytest.mark.parametrize(
    "say", [says(head(status="404 Not Found")), says(b""), picture(b"no"), picture(media_type="text/html")]
)
async def test_a_failure_is_remembered_and_the_place_is_not_asked_again_by_the_pages(tmp_path: Path, say: Say) -> None:
    async with stranger(say) as server:
        pictures = of(tmp_path, server)
        assert not pictures.failed(server.url())
        await pictures.bring(server.url())
        assert pictures.failed(server.url())
        assert not pictures.failed(server.url("/other.png"))


async def test_a_disk_that_is_full_counts_as_a_failure(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("here is no folder")
    async with stranger(picture(drawn("PNG"))) as server:
        pictures = of(tmp_path, server)
        await pictures.bring(server.url())
        assert pictures.failed(server.url())


async def test_the_log_names_the_site_and_nothing_that_was_asked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="imaging")
    pictures = of(tmp_path)
    await pictures.bring("https://127.0.0.1/who-asked?what=secret")
    await pictures.bring("http://[/nonsense")
    assert "127.0.0.1" in caplog.text
    assert "secret" not in caplog.text
    assert "who-asked" not in caplog.text


async def test_a_picture_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    async with stranger(_held(asyncio.Event())) as server:
        pictures = of(tmp_path, server, limits=Limits(total_time=0.2))
        await pictures.bring(server.url())
        assert pictures.failed(server.url())


async def test_what_the_demo_draws_is_asked_of_nobody(tmp_path: Path) -> None:
    url = demo.address("Context managers", 1, size=(640, 400), form="gif")
    pictures = of(tmp_path, draw_demo=demo.picture_at)
    await pictures.bring(url)
    assert opened(pictures.cached(url, Size.LARGE)).size == (640, 400)


async def test_without_the_demo_its_addresses_lead_nowhere(tmp_path: Path) -> None:
    url = demo.address("Context managers", 1, size=(640, 400), form="png")
    pictures = of(tmp_path)
    await pictures.bring(url)
    assert pictures.failed(url)


def _held(released: asyncio.Event, asked: asyncio.Event | None = None) -> Callable[[asyncio.StreamWriter], Any]:
    async def say(writer: asyncio.StreamWriter) -> None:
        if asked:
            asked.set()
        await released.wait()
        await picture(drawn("PNG"))(writer)

    return say


@pytest.mark.parametrize("name", ["PERPLEXITY_API_KEY", "PERPLEXITY_BASE_URL", "GATEWAY_BASE_URL"])
def test_the_demo_draws_only_where_nothing_is_connected(settings: Any, name: str) -> None:
    assert shared_pictures.__wrapped__()._draw_demo is demo.picture_at
    setattr(settings, name, "https://service.example")
    assert shared_pictures.__wrapped__()._draw_demo is None
