"""A line of an answer is a line on the page: measured where people read it, and where they copy it from."""

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import PageFor
from tests.browser.filling import Talk, fill
from tests.chat.rendering.written import ADDRESS, BULLETS, EAST_ASIAN_LINES, NESTED_LINES, QUOTED_LINES, TAG_LINES
from tests.serving import Server
from tests.walks import long_walk

POEM = "The lamp is lit,\nthe tide is in,\nand nobody is home."
HARD = "First,  \nsecond,\\\nthird,<br>\nfourth."
FOLDED = "<details>\n<summary>More of it</summary>\n\nOne,\ntwo.\n\n</details>"
TEXT = "\n\n".join(
    (POEM, ADDRESS, BULLETS, HARD, TAG_LINES, NESTED_LINES, QUOTED_LINES, EAST_ASIAN_LINES, FOLDED, "The end.")
)
TALK: Talk = {
    "owner": "alice",
    "title": "Lines",
    "exchanges": [{"question": "A poem, please.", "answers": [{"text": TEXT, "model": "sonar"}]}],
}
PARAGRAPHS = [
    "The lamp is lit,\nthe tide is in,\nand nobody is home.",
    "Harbour Office\n12 Quay Street\nVarn 1040",
    "• one\n• two\n• three",
    "First,\nsecond,\nthird,\nfourth.",
    "古池や\n蛙飛び込む\n水の音",
    "床前明月光，\n疑是地上霜。",
]
COPIED = "(element) => { getSelection().selectAllChildren(element); return getSelection().toString(); }"
LINES = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.bottom))).size;
}"""
HEIGHT = (
    "(element) => Math.round(element.getBoundingClientRect().height / parseFloat(getComputedStyle(element).lineHeight))"
)


@pytest.fixture(params=[1280, 360])
def prose(page_for: PageFor, shared_server: Server, request: pytest.FixtureRequest) -> Locator:
    """The answer, on a wide page and on a narrow one."""
    page: Page = page_for("alice", width=request.param)
    page.goto(f"/c/{fill(shared_server.store, [TALK])[0]}/")
    return page.locator(".answer .prose")


def test_each_line_of_a_paragraph_is_one_on_the_page_and_in_what_is_copied(prose: Locator) -> None:
    for text in PARAGRAPHS:
        paragraph = prose.locator("p", has_text=text.split("\n")[0]).first

        assert paragraph.inner_text() == text
        assert paragraph.evaluate(LINES) == paragraph.evaluate(HEIGHT) == text.count("\n") + 1
        assert paragraph.evaluate(COPIED) == text


@long_walk
def test_items_and_quotations_have_their_lines_and_none_that_are_empty(prose: Locator) -> None:
    tight = prose.locator("li", has_text="quoted").last
    assert tight.inner_text() == "quoted\nitem"
    assert tight.evaluate(HEIGHT) == 2

    loose = prose.locator("li", has_text="Harbour Office").first
    assert loose.inner_text() == "Harbour Office\n12 Quay Street\n\nVarn"
    task = prose.locator("li.task")
    assert task.inner_text().strip() == "task\nsecond line"
    assert task.evaluate(HEIGHT) == 2
    inner = prose.locator("li li", has_text="inner")
    assert inner.inner_text() == "inner\ntwo more"
    assert inner.evaluate(HEIGHT) == 2


@long_walk
def test_what_is_folded_away_opens(prose: Locator) -> None:
    folded = prose.locator("details")
    inside = folded.locator("p")
    assert not inside.is_visible()

    folded.locator("summary").click()

    assert inside.inner_text() == "One,\ntwo."
    assert inside.evaluate(HEIGHT) == 2
