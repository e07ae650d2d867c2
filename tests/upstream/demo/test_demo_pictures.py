"""The demo's drawings: the same for the same address, in every form that it names, and nothing else."""

import io

import pytest
from PIL import Image

from upstream.demo.drawing import ADDRESS, FORMATS, SIZES, address
from upstream.demo.drawing import picture_at as drawn


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("size", SIZES)
def test_a_drawing_has_the_size_and_form_that_its_address_says(size: tuple[int, int], form: str) -> None:
    data = drawn(address("Context managers", 1, size=size, form=form))
    assert data is not None
    with Image.open(io.BytesIO(data)) as image:
        assert (image.size, image.format) == (size, form.upper())


def test_a_drawing_is_the_same_whenever_it_is_asked_for_and_differs_from_others() -> None:
    one, other = (address("Context managers", number, size=SIZES[0], form="png") for number in (1, 2))
    assert drawn(one) == drawn(one)
    assert drawn(one) != drawn(other)


@pytest.mark.parametrize("title", ["", "…", "../../etc/passwd", "A & B <c>", "x" * 500, "Straße 東京"])
def test_every_title_has_a_drawing(title: str) -> None:
    assert drawn(address(title, 3, size=SIZES[1], form="webp"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        ADDRESS,
        f"{ADDRESS}x-1-640x400.svg",
        f"{ADDRESS}x-1-999x999.png",
        f"{ADDRESS}x-1-640x400.png?a",
        f"{ADDRESS}../x-1-640x400.png",
        "https://pictures.parley.example.org/x-1-640x400.png",
        "x-1-640x400.png",
    ],
)
def test_other_addresses_have_none(url: str) -> None:
    assert drawn(url) is None
