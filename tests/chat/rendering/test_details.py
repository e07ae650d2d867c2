"""What an answer folds away can be opened, and tags that belong to nothing hide nothing."""

import re

import pytest

from chat.rendering import Growing, to_html
from chat.rendering.citations import cited_numbers
from tests.chat.rendering.conftest import SOURCES
from tests.chat.rendering.inert import assert_inert, shown
from tests.chat.rendering.written import FOLDED, FOLDED_IN_ITEM, FOLDED_TWICE, UNBALANCED


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "<details>\n<summary>The **steps**</summary>\n\n- a\n\n</details>\n\nb",
            "<details>\n<summary>The <strong>steps</strong></summary>\n"
            '<ul dir="auto">\n<li>a\n</li>\n</ul>\n</details>\n<p>b</p>\n',
        ),
        (
            "<details><summary>a</summary>b *c*</details>",
            "<details>\n<summary>a</summary>\n<p>b <em>c</em></p>\n</details>\n",
        ),
        (
            "<DETAILS>\n<Summary>a</Summary>\nb</Details>\nc",
            "<details>\n<summary>a</summary>\n<p>b</p>\n</details>\n<p>c</p>\n",
        ),
        (
            "<details open>\n<summary>a</summary>\nb\n</details>",
            '<details open="">\n<summary>a</summary>\n<p>b</p>\n</details>\n',
        ),
        ("<details>\nb\n</details>", "<details>\n<p>b</p>\n</details>\n"),
        (
            "<details>\n<summary>\n<b>a</b>\n</summary>\nb\n</details>",
            "<details>\n<summary><strong>a</strong></summary>\n<p>b</p>\n</details>\n",
        ),
        ("a\n<details>\nb\n</details>\nc", "<p>a</p>\n<details>\n<p>b</p>\n</details>\n<p>c</p>\n"),
    ],
)
def test_what_is_folded_away_is_closed_and_holds_markdown(text: str, html: str) -> None:
    assert to_html(text) == html
    assert_inert(html)


def test_it_stands_in_itself_and_in_items_and_quotations() -> None:
    assert to_html(FOLDED_TWICE).count("<details") == to_html(FOLDED_TWICE).count("</details>") == 2
    assert re.search(r"<li>.*<details>.*<p>text</p>.*</details>\n</li>", to_html(FOLDED_IN_ITEM), re.DOTALL)
    assert re.search(
        r"<blockquote.*<details>.*<p>text</p>.*</details>\n</blockquote>", to_html(FOLDED_IN_ITEM), re.DOTALL
    )


def test_a_tag_in_code_closes_nothing() -> None:
    html = to_html(FOLDED)
    assert html.index("</code>") < html.index("<table") < html.index("</details>\n<p>After.")


@pytest.mark.parametrize("text", UNBALANCED)
def test_tags_that_belong_to_nothing_hide_nothing(text: str) -> None:
    html = to_html(text)

    assert_inert(html)
    assert html.count("<details") == html.count("</details>")
    words = set(re.findall(r"\w+", re.sub(r"</?(?:details|summary)>", "", text)))
    assert words <= set(re.findall(r"\w+", shown(html)))


def test_without_its_end_it_is_shown_open() -> None:
    assert to_html("<details>\n<summary>a</summary>\n\nb").startswith('<details open="">')


@pytest.mark.parametrize(
    "tag", ['<details class="x">', "<details onclick=x>", "< details>", "<details/>", "<detailsx>", "<details  open>"]
)
def test_tags_that_say_more_are_shown_as_they_were_written(tag: str) -> None:
    assert shown(to_html(f"{tag}\na\n</details>")).split("\n")[0] == tag


def test_marks_in_it_are_counted() -> None:
    assert cited_numbers("<details>\n<summary>a [1]</summary>\n\nb [2]\n</details>", sources=SOURCES).cited == [1, 2]


def test_while_it_arrives_it_is_open_and_shows_no_half_of_a_tag() -> None:
    text = "Before.\n\n<details>\n<summary>The steps</summary>\n\nOne.\n\n</details>\n\nAfter.\n\n"
    growing = Growing()
    seen = set()
    for character in text:
        growing.extend(character)
        tail = growing.tail_html()
        seen.add(tail)
        assert "&lt;" not in tail
        assert "<details>" not in tail or growing.text.rstrip().endswith("</details>")
    assert '<details open="">\n<summary>The steps</summary>\n<p>One.</p>\n</details>\n' in seen
    assert [block.html for block in growing.blocks][1] == (
        "<details>\n<summary>The steps</summary>\n<p>One.</p>\n</details>\n"
    )


def test_the_rule_of_a_page_may_be_a_tag() -> None:
    assert to_html("a\n<hr>\nb\n\n<hr/>") == "<p>a</p>\n<hr>\n<p>b</p>\n<hr>\n"
    assert to_html("a <hr> b") == "<p>a &lt;hr&gt; b</p>\n"
