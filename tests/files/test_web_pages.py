"""What a page of the web says of its standing as a publication, and what it does not."""

import pytest

from files.text.web import WebPage, read_web_page

TEXT = "<p>" + "The tide at Aldmere rose to 6.42 metres, which nobody had expected. " * 10 + "</p>"
META = "<meta name='citation_doi' content='10.1000/1'><meta name='citation_title' content='Tides'>"


def page(body: str, *, url: str = "https://journal.example/1", title: str = "Tides", head: str = "") -> WebPage:
    html = f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head><body>{body}{TEXT}</body></html>"
    return read_web_page(html.encode(), media_type="text/html", charset="", url=url)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("RETRACTED: Tides at Aldmere", "retracted"),
        ("RETRACTED ARTICLE: Tides at Aldmere", "retracted"),
        ("Retracted: Tides at Aldmere", "retracted"),
        ("[RETRACTED] Tides at Aldmere", "retracted"),
        ("WITHDRAWN: Tides at Aldmere", "withdrawn"),
        ("Withdrawn Article: Tides at Aldmere", "withdrawn"),
        ("Retraction Note: Tides at Aldmere", ""),
        ("Why the study of tides was retracted", ""),
        ("Retracted studies: how often are they cited?", ""),
        ("Tides", ""),
    ],
)
def test_a_title_says_it_of_itself(said: str, kind: str) -> None:
    found = page(f"<h1>{said}</h1>", title=said).newer
    assert found.get("kind", "") == kind
    assert not kind or found["words"] == said


@pytest.mark.parametrize(
    ("dateline", "version"),
    [
        ("[Submitted on 10 Oct 2023 (this version), latest version 11 Nov 2024 (v3)]", "v3"),
        (
            "[Submitted on 12 Jun 2017 (v1), revised 19 Jun 2017 (this version, v2), latest version 2 Aug 2023 (v7)]",
            "v7",
        ),
        ("[Submitted on 12 Jun 2017 (v1), last revised 2 Aug 2023 (this version, v7)]", ""),
    ],
)
def test_arxiv_says_that_there_is_a_newer_version(dateline: str, version: str) -> None:
    html = f"<div class='dateline'>{dateline}</div>"
    found = page(html, url="https://arxiv.org/abs/2310.06770v1").newer
    assert found.get("version", "") == version
    assert found.get("address", "") == ("https://arxiv.org/abs/2310.06770" if version else "")
    assert not page(html, url="https://notarxiv.org/abs/2310.06770v1").newer


def test_arxiv_says_that_a_paper_was_withdrawn() -> None:
    html = "<td class='tablecell comments'>This paper has been withdrawn by the author due to an error</td>"
    assert page(html, url="https://arxiv.org/abs/2310.06770").newer["kind"] == "withdrawn"


def test_a_notice_is_believed_on_the_page_of_a_publication_alone() -> None:
    notice = "<p>This article has been retracted. See the notice of 3 May 2025.</p>"
    assert page(notice, head=META).newer == {"kind": "retracted", "words": "This article has been retracted."}
    assert not page(notice).newer
    long = "".join(f"<p>On day {day} the tide at Aldmere rose to {day}.42 metres.</p>" for day in range(60))
    assert not page(f"{long}{notice}", head=META).newer
    assert page("<p>A newer version of this preprint is available.</p>", head=META).newer["kind"] == "newer"


def test_what_a_page_says_in_json_counts_too() -> None:
    data = '<script type="application/ld+json">{"@graph": [{"datePublished": "2025-5-3T10:00"}]}</script>'
    assert page("", head=data).published == "2025-05-03"
    for broken in ("{", "[[[[", '{"@graph": 7}', "null", '"text"'):
        assert page("", head=data.replace('{"@graph": [{"datePublished": "2025-5-3T10:00"}]}', broken)).published == ""
