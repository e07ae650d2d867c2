"""How much memory strangers' bytes can take, whatever is in them: less than 250 MB in the process that opens them, and
nothing to speak of in the server."""

import io
import re
import struct
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

import files
from files import limits
from files.formats import PDF, PNG, Format, picture_format
from files.isolation import Bounds, Outcome, Runner
from files.pictures.judging import BOUNDS
from files.text import Bounds as TextBounds
from tests import walks
from tests.conftest import MakeServer
from tests.files.samples import encoded, telltale
from tests.serving import Server

MOST = 250_000_000  # bytes
SIDE = 7071  # pixels: a square of fifty million
runner = Runner("files.pictures.process")


def png(depth: int = 8, colour: int = 6, *, interlaced: bool = False, more: bytes = b"") -> bytes:
    """A black PNG of fifty million pixels; `colour` is 0 grey, 2 RGB, 6 RGBA."""
    bits = depth * {0: 1, 2: 3, 6: 4}[colour]
    grids = [(8, 8, 0, 0), (8, 8, 4, 0), (4, 8, 0, 4), (4, 4, 2, 0), (2, 4, 0, 2), (2, 2, 1, 0), (1, 2, 0, 1)]
    packer = zlib.compressobj(1)
    data = b""
    for across, down, left, top in grids if interlaced else [(1, 1, 0, 0)]:
        row = bytes(1 + (-(-(SIDE - left) // across) * bits + 7) // 8)
        data += b"".join(packer.compress(row) for _ in range(-(-(SIDE - top) // down)))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, depth, colour, 0, 0, int(interlaced))
    body = chunk(b"IDAT", data + packer.flush())
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + body + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def flat(mode: str = "RGB", side: int = SIDE) -> Image.Image:
    return Image.new(mode, (side, side))


def jpeg(mode: str = "RGB", side: int = SIDE, **options: Any) -> bytes:
    return encoded(flat(mode, side), "JPEG", **options)


def large_animation() -> bytes:
    return encoded(flat("P"), "GIF", save_all=True, append_images=[Image.new("P", (SIDE, SIDE), 1)] * 3)


def texts() -> bytes:
    """Sixty megabytes of words that weigh nothing."""
    return b"".join(chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(1_000_000))) for _ in range(60))


TURNED = {"exif": telltale(), "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}


def opened(data: bytes, kind: Format, *, smaller: bool = False) -> dict[str, Any]:
    with runner.run(
        "tests.files.peaks:clean",
        io.BytesIO(data),
        bounds=BOUNDS,
        media_type=kind.media_type,
        smaller=smaller,
        grey=[9, 8],
    ) as ended:
        assert ended.outcome is Outcome.FINISHED
        found: dict[str, Any] = ended.value
        return found


FULL: dict[str, tuple[Callable[[], bytes], int]] = {
    "rgba": (png, SIDE),
    "turned": (lambda: jpeg(**TURNED), SIDE),
}
TOO_MUCH: dict[str, Callable[[], bytes]] = {
    "progressive-cmyk": lambda: jpeg("CMYK", progressive=True),
    "profile": lambda: png(16, 0, more=chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(300_000_000), 1))),
}
if walks.ALL:
    FULL |= {
        "webp": (lambda: encoded(flat(side=3464), "WEBP", lossless=True, method=0), 3464),
        "gif": (large_animation, SIDE),
        "rgba-16": (lambda: png(16), SIDE),
        "grey-16": (lambda: png(16, 0), SIDE),
        "interlaced": (lambda: png(interlaced=True), SIDE),
        "palette": (lambda: encoded(flat("P"), "PNG", transparency=0), SIDE),
        "cmyk": (lambda: jpeg("CMYK"), SIDE),
        "progressive": (lambda: jpeg(side=5400, progressive=True, subsampling=2), 5400),
        "heic": (lambda: encoded(flat(side=6000), "HEIF", quality=40), 6000),
    }
    TOO_MUCH |= {
        "progressive": lambda: jpeg(progressive=True, subsampling=0),
        "texts": lambda: png(more=texts()),
        "heic-alpha": lambda: encoded(flat("RGBA", 6000), "HEIF", quality=40),
    }


@pytest.mark.parametrize(("make", "pixels"), FULL.values(), ids=FULL)
def test_a_picture_of_as_many_pixels_as_are_taken_is_taken_in_250_megabytes(
    make: Callable[[], bytes], pixels: int
) -> None:
    data = make()
    kind = picture_format(data[:1024])
    assert kind

    found, copy = opened(data, kind), opened(data, kind, smaller=True)

    assert (found.get("width"), copy.get("width")) == (pixels, limits.SMALLER_SIDE), (found, copy)
    assert max(found["peak"], copy["peak"]) < MOST


def test_pictures_of_answers_take_no_more() -> None:
    wanted = {"copies": [[480, 78], [1600, 84]]}
    with runner.run(
        "tests.files.peaks:shrink", io.BytesIO(png()), bounds=BOUNDS, media_type=PNG.media_type, **wanted
    ) as ended:
        assert ended.outcome is Outcome.FINISHED
        assert "fault" not in ended.value
        assert ended.value["peak"] < MOST
        assert ended.output.read(4) == b"RIFF"


@pytest.mark.parametrize("make", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_would_take_more_memory_is_refused_without_taking_it(make: Callable[[], bytes]) -> None:
    data = make()
    kind = picture_format(data[:1024])
    assert kind

    assert opened(data, kind)["peak"] < MOST
    assert opened(data, kind, smaller=True)["peak"] < MOST


def test_a_progressive_jpeg_that_is_too_heavy_is_offered_smaller() -> None:
    data = jpeg(side=6500, progressive=True, subsampling=2)
    with pytest.raises(files.FileRefused) as caught:
        files.judge(io.BytesIO(data), name="light.jpg")

    assert "takes too much memory" in caught.value.sentence
    assert caught.value.smaller_helps
    assert files.judge(io.BytesIO(data), name="light.jpg", smaller=True).width == limits.SMALLER_SIDE


def test_a_webp_and_a_heic_have_limits_of_their_own() -> None:
    assert (limits.MOST_WEBP_PIXELS, limits.MOST_HEIC_PIXELS) == (12_000_000, 36_000_000)
    with pytest.raises(files.FileRefused, match="12 million"):
        files.judge(io.BytesIO(encoded(flat(side=3465), "WEBP", quality=10)), name="light.webp")

    heic = encoded(flat(side=64), "HEIF", quality=10)  # its header alone is looked at: it says a larger size
    size, larger = struct.pack(">II", 64, 64), struct.pack(">II", 6001, 6000)
    assert size in heic
    with pytest.raises(files.FileRefused, match="36 million"):
        files.judge(io.BytesIO(heic.replace(size, larger)), name="light.heic")


def pdf_bomb() -> bytes:
    """A page whose description unpacks to 300 MB."""
    packer = zlib.compressobj(1)
    content = b"".join(packer.compress(b"(light) Tj \n" * 100_000) for _ in range(250)) + packer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer\n<</Size 5/Root 1 0 R>>\n%%EOF\n"


def test_a_document_takes_no_more_than_250_megabytes_either() -> None:
    bounds: Bounds = TextBounds().of_process()
    wanted = {"media_type": PDF.media_type, "text": 4_000_000, "pages": 10, "cpu": 5}

    with runner.run("tests.files.peaks:read", io.BytesIO(pdf_bomb()), bounds=bounds, **wanted) as ended:
        assert ended.outcome in (Outcome.FINISHED, Outcome.TOO_SLOW, Outcome.TOO_HEAVY)
        assert ended.value is None or ended.value["peak"] < MOST


def worker_of(server: Server) -> int:
    """The process id of the server's only worker."""
    return int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()[0])


def peak_of(process: int) -> int:
    """Bytes of memory that the process had at its worst."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1]) * 1024


def test_two_large_pictures_at_once_are_no_weight_on_the_server(make_server: MakeServer) -> None:
    server = make_server()
    clients = [server.client(name) for name in ("alice", "bob")]
    for client in clients:
        assert (
            client.post("/attachments/", files={"file": ("small.png", encoded(flat(side=64), "PNG"))}).status_code
            == 201
        )
    worker = worker_of(server)
    before, data, answers = peak_of(worker), png(16, 0), []

    def upload(client: Any) -> None:
        answers.append(client.post("/attachments/", files={"file": ("light.png", data)}, timeout=60).status_code)

    threads = [threading.Thread(target=upload, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [201, 201]
    assert peak_of(worker) - before < 30_000_000
