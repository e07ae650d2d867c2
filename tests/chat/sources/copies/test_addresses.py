"""When two addresses are the same page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.sources.copies.addresses import address_key, normal_address, own_address, site_of

PAGE = "https://paper.example/news/tides"


@pytest.mark.parametrize(
    "address",
    [
        "http://paper.example/news/tides",
        "https://www.paper.example/news/tides/",
        "HTTPS://Paper.Example:443/news/tides#high-water",
        "https://m.paper.example/news/tides?utm_source=letter&utm_medium=mail",
        "https://paper.example/news/tides?fbclid=abc&gclid=def",
        "https://amp.paper.example/news/tides/amp",
        "https://paper.example/news/tides?outputType=amp",
        "https://www.google.com/amp/s/www.paper.example/news/tides",
        "https://paper-example.cdn.ampproject.org/c/s/paper.example/news/tides",
        "https://paper.example/news/%74ides",
        "  https://paper.example./news/tides?#  ",
    ],
)
def test_what_makes_no_other_page_is_left_out(address: str) -> None:
    assert normal_address(address) == PAGE
    assert address_key(address) == address_key(PAGE)


@pytest.mark.parametrize(
    "address",
    [
        "https://paper.example/news/tides?page=2",
        "https://paper.example/news/Tides",
        "https://other.example/news/tides",
        "https://paper.example:8443/news/tides",
        "https://paper.example/news/tides.pdf",
    ],
)
def test_what_may_be_another_page_is_one(address: str) -> None:
    assert address_key(address) != address_key(PAGE)


def test_a_host_in_another_script_has_one_spelling() -> None:
    assert normal_address("https://bücher.example/über") == normal_address("http://xn--bcher-kva.example/%C3%BCber/")
    assert site_of("https://BÜCHER.example/") == "xn--bcher-kva.example"


def test_the_site_is_the_host_without_what_marks_its_kind() -> None:
    assert site_of("https://www.paper.example/a") == "paper.example"
    assert site_of("https://en.m.wikipedia.org/wiki/Tide") == "en.wikipedia.org"
    assert site_of("http://m.example/") == "m.example"
    assert site_of("mailto:somebody@paper.example") == ""


def test_a_page_names_itself_on_its_own_site_alone() -> None:
    asked = "https://www.paper.example/news/tides?ref=7"
    assert own_address("https://paper.example/news/tides", of=asked) == "https://paper.example/news/tides"
    assert own_address("https://elsewhere.example/news/tides", of=asked) == asked
    assert own_address("https://paper.example/", of=asked) == asked
    assert own_address("javascript:alert(1)", of=asked) == asked


def test_a_version_of_a_publication_is_a_page_of_its_own() -> None:
    version = "https://arxiv.org/abs/2310.06770v1"
    assert own_address("https://arxiv.org/abs/2310.06770", of=version) == version


@given(st.text())
def test_any_text_has_a_key(text: str) -> None:
    assert len(address_key(text)) == 64
    assert address_key(f"https://{text}") == address_key(normal_address(f"https://{text}"))
    assert isinstance(site_of(f"https://{text}"), str)
