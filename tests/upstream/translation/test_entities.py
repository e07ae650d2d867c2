"""Titles and addresses of sources come with the entities of the pages that they are from: decoded once."""

import pytest

from upstream.gateway.stream import GatewayTranslation
from upstream.sonar.fields import sources_of
from upstream.translation import fields


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Fish &amp; Chips", "Fish & Chips"),
        ("Fish &amp;amp; Chips", "Fish &amp; Chips"),
        ("It&#39;s &quot;on&quot; &#x2014; now", 'It\'s "on" \u2014 now'),
        ("&lt;b&gt;", "<b>"),
        ("Caf&eacute;", "Caf\u00e9"),
        ("AT&T & R&D", "AT&T & R&D"),
        ("&nothing; &copy", "&nothing; &copy"),
        ("100 &#8364;", "100 \u20ac"),
    ],
)
def test_a_title_is_decoded_once(written: str, meant: str) -> None:
    source = fields.source_of({"url": "https://a.example/", "title": written, "snippet": written})
    assert (source.title, source.snippet) == (meant, meant)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example/?a=1&#38;b=2&#x26;c=3", "https://a.example/?a=1&b=2&c=3"),
        ("https://a.example/?a=1&copy=2&lt=3", "https://a.example/?a=1&copy=2&lt=3"),
        ("https://a.example/?q=%26amp%3B", "https://a.example/?q=%26amp%3B"),
    ],
)
def test_an_address_stays_one_that_works(written: str, meant: str) -> None:
    assert fields.source_of({"url": written}).url == meant
    assert fields.source_of(written).url == meant
    assert [source.url for source in sources_of([{"url": written, "title": "T"}], [written])] == [meant]


def test_the_gateway_s_sources_too() -> None:
    body = (
        b'{"id":"1","answer":"Yes.","web_results":[{"url":"https://a.example/?a=1&amp;b=2","name":"Fish &amp; Chips"}]}'
    )
    [found] = [event for event in GatewayTranslation().whole(body) if hasattr(event, "sources")]
    assert [(source.url, source.title) for source in found.sources] == [("https://a.example/?a=1&b=2", "Fish & Chips")]
