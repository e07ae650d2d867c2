"""Pictures: what is taken, what is refused before and by decoding, and what is kept of them."""

import hashlib
import io
import random

import pytest
from PIL import Image, ImageCms, ImageOps

import files
from files import limits, pictures
from files.formats import PNG
from tests.files.samples import animation, drawn, encoded, opened, png_that_claims, telltale


def judged(data: bytes, name: str = "picture.png", *, smaller: bool = False) -> files.JudgedFile:
    return files.judge(io.BytesIO(data), name=name, smaller=smaller)


def kept(data: bytes, name: str = "picture.png", *, smaller: bool = False) -> bytes:
    found = judged(data, name, smaller=smaller).picture
    assert found
    return found.data


def refusal(data: bytes, name: str = "picture.png", *, smaller: bool = False) -> files.FileRefused:
    with pytest.raises(files.FileRefused) as caught:
        judged(data, name, smaller=smaller)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "mode", "options", "becomes", "name"),
    [
        ("PNG", "RGB", {}, "image/png", "light.png"),
        ("PNG", "RGBA", {}, "image/png", "light.png"),
        ("PNG", "P", {}, "image/png", "light.png"),
        ("PNG", "1", {}, "image/png", "light.png"),
        ("JPEG", "RGB", {}, "image/jpeg", "light.jpg"),
        ("JPEG", "L", {}, "image/jpeg", "light.jpg"),
        ("JPEG", "CMYK", {}, "image/jpeg", "light.jpg"),
        ("GIF", "P", {}, "image/gif", "light.gif"),
        ("WEBP", "RGB", {}, "image/jpeg", "light.jpg"),
        ("WEBP", "RGB", {"lossless": True}, "image/png", "light.png"),
        ("HEIF", "RGB", {}, "image/jpeg", "light.jpg"),
    ],
)
def test_every_format_becomes_one_that_the_service_takes(
    kind: str, mode: str, options: dict[str, bool], becomes: str, name: str
) -> None:
    found = judged(encoded(drawn(mode), kind, **options), "light.dat")

    assert found.picture
    assert (found.format.media_type, found.name, found.width, found.height) == (becomes, name, 60, 40)
    assert Image.MIME[opened(found.picture.data).format or ""] == becomes
    assert opened(found.picture.data).size == (60, 40)


def test_transparent_pictures_stay_transparent_and_become_png() -> None:
    image = drawn("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))

    found = opened(kept(encoded(image, "WEBP")))

    assert (found.format, found.mode) == ("PNG", "RGBA")
    assert found.getchannel("A").getextrema()[0] < 10


def test_a_picture_in_sixteen_bits_keeps_its_shades() -> None:
    found = opened(kept(encoded(Image.new("I;16", (4, 4), 0x8000), "PNG")))

    assert (found.mode, found.getpixel((0, 0))) == ("L", 127)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_upright_and_forgets_where_it_was_taken(kind: str) -> None:
    data = encoded(drawn(), kind, exif=telltale())
    assert b"Telltale" in data

    found = kept(data)

    assert opened(found).size == (40, 60)
    assert not opened(found).getexif()
    assert b"Telltale" not in found
    assert b"Exif" not in found
    bright = opened(found).convert("L").getpixel((38, 1))
    assert isinstance(bright, int)
    assert bright > 200, "its bright corner went from the left to the right"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("mode", "size"), [("RGBA", (611, 907)), ("P", (61, 40)), ("L", (61, 40))])
def test_however_it_was_held_every_pixel_is_where_one_sees_it(
    orientation: int, mode: str, size: tuple[int, int]
) -> None:
    image, exif = drawn(mode, size), Image.Exif()
    exif[0x0112] = orientation
    data = encoded(image, "PNG", exif=exif)  # larger than a strip in the first case, and put together from several

    found, smaller = opened(kept(data)), opened(kept(data, smaller=True))

    upright = ImageOps.exif_transpose(opened(data))
    assert (found.mode, found.size) == (mode, upright.size)
    assert found.convert("RGBA").tobytes() == upright.convert("RGBA").tobytes()
    assert smaller.size == upright.size
    pairs = zip(*(one.convert("L").resize((8, 8)).tobytes() for one in (smaller, upright)), strict=True)
    assert max(abs(one - other) for one, other in pairs) < 12, "a JPEG, which loses a little"


def test_a_heic_whose_turn_is_not_in_its_notes_forgets_them_too() -> None:
    found = kept(encoded(drawn(), "HEIF", exif=telltale()))

    assert opened(found).size == (60, 40)
    assert not opened(found).getexif()
    assert b"Telltale" not in found


def test_comments_texts_and_profiles_are_gone_and_colours_are_those_of_the_web() -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "Telltale")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    png = kept(encoded(drawn(), "PNG", pnginfo=notes, icc_profile=profile))
    jpeg = kept(encoded(drawn(), "JPEG", comment=b"Telltale", icc_profile=profile), "picture.jpg")

    assert b"Telltale" not in png + jpeg
    assert "icc_profile" not in opened(png).info | opened(jpeg).info


def test_what_follows_a_picture_is_not_kept() -> None:
    for kind in ("PNG", "JPEG", "GIF"):
        assert b"<script>" not in kept(
            encoded(drawn("P" if kind == "GIF" else "RGB"), kind) + b"<script>alert(1)</script>"
        )


def test_a_jpeg_is_written_again_without_loss_that_one_could_see() -> None:
    data = encoded(drawn(size=(400, 300)), "JPEG", quality=60)

    found = kept(data, "picture.jpg")

    assert len(found) == pytest.approx(len(data), rel=0.1)


def test_an_animation_keeps_its_pictures_and_its_rhythm() -> None:
    found = opened(kept(animation(5), "wave.gif"))

    assert (found.n_frames, found.info["loop"], found.info["duration"]) == (5, 0, 20)  # type: ignore[attr-defined]
    assert b"telltale" not in kept(animation(5), "wave.gif")


def test_the_hash_of_what_came_is_kept_beside_the_new_bytes() -> None:
    data = encoded(drawn(), "JPEG", exif=telltale())

    found = judged(data)

    assert found.original_sha256 == hashlib.sha256(data).hexdigest()
    assert found.picture
    assert found.size == len(found.picture.data) != len(data)


def test_thumbnails_are_small() -> None:
    found = judged(encoded(drawn(size=(3000, 1000)), "JPEG"))

    assert found.picture
    thumbnail = opened(found.picture.thumbnail)
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (limits.THUMBNAIL_SIDE, 107))


def test_grey_pixels_come_with_the_picture_on_white() -> None:
    half = Image.new("RGBA", (64, 32), (0, 0, 0, 0))
    half.paste((0, 0, 0, 255), (0, 0, 32, 32))

    grey = pictures.clean_picture(io.BytesIO(encoded(half, "PNG")), PNG, grey=(4, 2)).grey

    assert [value < 128 for value in grey] == [True, True, False, False] * 2
    assert grey[3] == 255


def test_what_has_a_grain_is_packed_without_a_search_for_repetitions_and_loses_nothing() -> None:
    grain = Image.frombytes("RGB", (128, 128), random.Random(3).randbytes(3 * 128 * 128))
    data = encoded(grain, "PNG")

    found = kept(data)

    assert list(opened(found).getdata()) == list(grain.getdata())
    assert len(found) <= len(data) * 1.01


# --- Limits, by their numbers ----------------------------------------------------------------------------


def padded(size: int) -> bytes:
    data = encoded(drawn(), "JPEG")
    return data + bytes(size - len(data))


def test_twenty_megabytes_are_taken_and_one_byte_more_is_offered_smaller() -> None:
    assert limits.MOST_PICTURE_BYTES == 20 * 1024 * 1024
    assert kept(padded(limits.MOST_PICTURE_BYTES), "picture.jpg")

    refused = refusal(padded(limits.MOST_PICTURE_BYTES + 1), "picture.jpg")

    assert refused.smaller_helps
    assert "20 MB" in refused.sentence


def test_fifty_megabytes_are_made_smaller_and_one_byte_more_is_refused() -> None:
    assert limits.MOST_UPLOAD_BYTES == 50 * 1024 * 1024
    assert kept(padded(limits.MOST_UPLOAD_BYTES), "picture.jpg", smaller=True)

    refused = refusal(padded(limits.MOST_UPLOAD_BYTES + 1), "picture.jpg", smaller=True)

    assert not refused.smaller_helps
    assert "50 MB" in refused.sentence


def test_fifty_million_pixels_are_taken_and_one_row_more_is_not() -> None:
    assert limits.MOST_PIXELS == 50_000_000
    assert kept(encoded(Image.new("1", (10_000, 5_000)), "PNG"))

    assert "10000 × 5001" in refusal(encoded(Image.new("1", (10_000, 5_001)), "PNG")).sentence


def test_a_side_of_16384_pixels_is_taken_and_one_more_is_not() -> None:
    assert limits.LONGEST_SIDE == 16_384
    assert kept(encoded(Image.new("1", (16_384, 2)), "PNG"))

    assert "16385" in refusal(encoded(Image.new("1", (16_385, 2)), "PNG")).sentence


def test_five_hundred_pictures_move_and_one_more_is_too_many() -> None:
    assert limits.MOST_FRAMES == 500
    assert opened(kept(animation(500), "wave.gif")).n_frames == 500  # type: ignore[attr-defined]

    assert "500" in refusal(animation(501), "wave.gif").sentence


def test_an_animation_may_have_three_hundred_million_pixels_in_all() -> None:
    assert limits.MOST_ANIMATED_PIXELS == 300_000_000

    refused = refusal(animation(4, size=(9_000, 5_000))[:-1] + animation_tail(4), "wave.gif")

    assert "too large" in refused.sentence
    assert refused.smaller_helps


def animation_tail(times: int) -> bytes:
    """The last picture of a small animation over and over, and the end."""
    one = animation(2)
    last = one[one.rindex(b"\x21\xf9") : -1]
    return last * times + b"\x3b"


def test_a_smaller_copy_has_2048_pixels_on_its_longer_side() -> None:
    assert limits.SMALLER_SIDE == 2048

    found = judged(encoded(drawn(size=(4096, 1024)), "PNG"), smaller=True)

    assert (found.width, found.height, found.format.label) == (2048, 512, "JPEG")


def test_a_small_picture_does_not_grow_when_a_smaller_one_is_asked_for() -> None:
    found = judged(encoded(drawn(), "JPEG"), smaller=True)

    assert (found.width, found.height) == (60, 40)


# --- Attacks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(100_000, 100_000), (2**31 - 1, 2**31 - 1), (9_000, 9_000)])
def test_a_bomb_is_refused_by_what_its_header_says(size: tuple[int, int]) -> None:
    assert "pixels" in refusal(png_that_claims(*size)).sentence


@pytest.mark.parametrize(
    "head", [b"VP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff", b"VP8L\x0a\0\0\0\x2f\xff\xff\xff\x0f\0\0\0"]
)
def test_a_webp_is_measured_before_room_is_made_for_it(head: bytes) -> None:
    assert "pixels" in refusal(b"RIFF\x40\0\0\0WEBP" + head + bytes(64), "picture.webp").sentence


def test_a_gif_whose_later_pictures_stick_out_is_measured_with_them() -> None:
    data = bytearray(animation(2))
    at = data.rindex(b"\x2c")
    data[at + 5 : at + 9] = b"\xff\xff\xff\xff"

    assert "65535 × 65535" in refusal(bytes(data), "wave.gif").sentence


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "HEIF"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_half_a_picture_is_none(kind: str, part: float) -> None:
    data = encoded(drawn("P" if kind == "GIF" else "RGB", size=(300, 200)), kind)

    assert "damaged or incomplete" in refusal(data[: int(len(data) * part)]).sentence


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89",
        b"MZ\x90\0",
        b"%PDF-1.7\n%%EOF",
        b"just words",
        encoded(drawn(), "TIFF"),
        encoded(drawn(), "BMP"),
        encoded(drawn(), "ICO"),
        encoded(drawn(), "PPM"),
        encoded(drawn(), "AVIF"),
    ],
    ids=["svg", "html", "gif", "exe", "pdf", "text", "tiff", "bmp", "ico", "ppm", "avif"],
)
@pytest.mark.parametrize("name", ["light.png", "LIGHT.JPEG", "light.heic"])
def test_what_is_only_called_a_picture_is_refused(data: bytes, name: str) -> None:
    assert "but it isn’t one" in refusal(data, name).sentence


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").sentence == "This file is empty."


@pytest.mark.parametrize(
    ("called", "becomes"),
    [
        ("light.gif", "light.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Pictures\\light.PNG", "light.png"),
        ("light\u202egnp.exe", "lightgnp.png"),
        ("\0\n.png", "file.png"),
        ("x" * 500 + ".png", "x" * 116 + ".png"),
        ("light.tower.jpeg", "light.tower.png"),
        ("", "file.png"),
    ],
)
def test_names_are_made_harmless_and_end_as_their_content_does(called: str, becomes: str) -> None:
    assert judged(encoded(drawn(), "PNG"), called).name == becomes
