"""Which addresses may be linked to, which are the same, and how a site is called."""

import pytest

from chat.rendering.links import comparable_url, safe_href, safe_url, site_of
from tests.chat.rendering.hostile import SCHEMES

WEB = [
    "https://a.example",
    "http://a.example:8080/x?y=1#z",
    "HTTPS://A.EXAMPLE/",
    "https://a.example/(x)'_~!*;,@:&=+$[]|^{}",
    "https://de.example/wiki/Übersicht",
    "https://bücher.example/",
    "https://[2001:db8::1]/x",
    "https://127.0.0.1/",
    "https://a.example/%20%00",
]


@pytest.mark.parametrize("url", WEB)
def test_a_web_address_is_given_back_unchanged(url: str) -> None:
    assert safe_url(url) == safe_href(url) == url


@pytest.mark.parametrize("url", SCHEMES)
def test_everything_else_is_refused(url: str) -> None:
    assert safe_url(url) == ""
    assert safe_href(url) == ""


def test_a_mail_address_may_be_linked_in_an_answer_only() -> None:
    assert safe_href("mailto:a.b+c@d.example") == "mailto:a.b+c@d.example"
    assert safe_url("mailto:a.b+c@d.example") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example", "https://a.example/"),
        ("https://a.example/x/", "HTTPS://A.example/x"),
        ("https://a.example/x#y", "https://a.example/x"),
        ("https://a.example/x/?y=1#z", "https://a.example/x?y=1"),
    ],
)
def test_addresses_of_one_page_are_equal(one: str, other: str) -> None:
    assert comparable_url(one) == comparable_url(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example/x", "http://a.example/x"),
        ("https://a.example/x", "https://a.example/x?y"),
        ("https://a.example", "https://www.a.example"),
    ],
)
def test_addresses_of_different_pages_are_not(one: str, other: str) -> None:
    assert comparable_url(one) != comparable_url(other)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.A.example:8080/x", "a.example"),
        ("https://lights.example", "lights.example"),
        ("https://[2001:db8::1]/x", "2001:db8::1"),
        ("javascript:x", ""),
        ("", ""),
        ("https://[x/", ""),
    ],
)
def test_a_site_is_called_by_its_host_without_www(url: str, name: str) -> None:
    assert site_of(url) == name
