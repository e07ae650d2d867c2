"""The pages that the demo cites can be read, and one of each kind cannot."""

from files.text.web import read_web_page
from upstream.demo.documents import library
from upstream.demo.documents.invented import PAGES
from upstream.demo.transports import open_demo_pages

OURS = "http://127.0.0.1:8000/docs"


def text_at(url: str) -> str:
    """The text of one of the demo's pages, as it is read."""
    found = open_demo_pages(documents_url=OURS)(url)
    assert found is not None
    status, headers, data = found
    assert status == 200
    read = read_web_page(data, media_type=headers["content-type"].partition(";")[0], charset="", url=url)
    return " ".join(passage.text for passage in read.text.passages) or read.problem


def test_what_the_demo_quotes_stands_on_the_page_that_it_names() -> None:
    passages = library.shared(OURS).passages
    for passage in (passages[0], passages[len(passages) // 2], passages[-20]):
        line = next(line for line in passage.plain.splitlines() if len(line) > 30)
        assert " ".join(line.split())[:30] in " ".join(text_at(passage.url).split())


def test_papers_and_filings_are_the_same_texts() -> None:
    url = next(one.url for one in library.shared(OURS).passages if one.url.startswith("https://docs.python.org"))
    assert text_at(url.replace("docs.python.org", "papers.example")) == text_at(url)


def test_the_invented_town_has_a_page_of_each_kind() -> None:
    for one in PAGES:
        found = open_demo_pages(documents_url=OURS)(one.address)
        assert found is not None
        assert found[0] == (404 if one.state == "gone" else 200)
    assert "148,200 passengers" in text_at("https://news.aldmere.example/ferry")
    assert "3.1 million euros" in text_at("https://council.aldmere.example/budget-2026.pdf")
    assert text_at("https://gazette.aldmere.example/fish-market") == "login"


def test_other_addresses_are_not_the_demos() -> None:
    pages = open_demo_pages(documents_url=OURS)
    assert pages("https://elsewhere.example/") is None
    assert pages("https://elsewhere.example/robots.txt") is None
    assert pages("not an address") is None
    assert pages("http://[::1") is None
    forbidding = pages("https://statistics.aldmere.example/robots.txt")
    assert forbidding is not None
    assert b"Disallow: /" in forbidding[2]
