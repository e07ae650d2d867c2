"""Highlighted code can be read in both colour schemes."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[3] / "static" / "css"
PAIR = re.compile(r"--([a-z0-9-]+): light-dark\(#([0-9a-f]{3,6}), #([0-9a-f]{3,6})\);")


def colours(sheet: str) -> dict[str, tuple[str, str]]:
    return {name: (light, dark) for name, light, dark in PAIR.findall((CSS / sheet).read_text())}


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    shares = [int(digits[begin : begin + 2], 16) / 255 for begin in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", ["comment", "keyword", "string", "name", "number", "danger", "good", "ink", "warning"])
def test_code_and_marked_links_stand_out_from_what_is_behind_them(name: str) -> None:
    shared = colours("base/tokens.css")
    known = shared | colours("prose/code.css")
    for behind in ("sunken", "paper"):
        for scheme in (0, 1):
            assert contrast(known[name][scheme], shared[behind][scheme]) >= 4.5


def test_every_kind_of_word_that_gets_a_colour_of_its_own_has_one() -> None:
    sheet = (CSS / "prose/code.css").read_text()

    for css in (
        "c1",
        "cm",
        "cp",
        "k",
        "kc",
        "kd",
        "kt",
        "s",
        "s1",
        "s2",
        "nb",
        "nc",
        "nd",
        "nf",
        "nt",
        "m",
        "mi",
        "gd",
        "gi",
    ):
        assert re.search(rf"\.{css}\b", sheet), css
