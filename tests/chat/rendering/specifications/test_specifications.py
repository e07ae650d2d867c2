"""CommonMark's and GitHub's own examples become what their specifications say, but for the differences we chose."""

import html
import re
from collections import Counter

import pytest

from chat.rendering import to_html
from tests.chat.rendering.east_asian import EXAMPLES as EAST_ASIAN
from tests.chat.rendering.inert import assert_inert
from tests.chat.rendering.specifications.differences import DIFFERENCES, listed, numbers
from tests.chat.rendering.specifications.examples import FILES, Example, every_example, examples
from tests.chat.rendering.specifications.same_tree import ours, theirs
from tests.stores import ROOT

SIZES = {"CommonMark": 652, "GFM": 672}
WORD = r"[^\W_]+"
SUITES = pytest.mark.parametrize("suite", FILES)


def agrees(example: Example) -> bool:
    return ours(to_html(example.markdown)) == theirs(example.html)


@SUITES
def test_all_examples_of_the_suite_are_there(suite: str) -> None:
    assert [example.number for example in examples(suite)] == [*range(1, SIZES[suite] + 1)]
    assert all(example.section for example in examples(suite))


@SUITES
def test_an_example_differs_only_where_it_is_listed_and_always_there(suite: str) -> None:
    differing = {example.number for example in examples(suite) if not agrees(example)}
    by_number = {example.number: str(example) for example in examples(suite)}

    unlisted = [by_number[number] for number in sorted(differing - listed(suite))]
    outdated = [by_number[number] for number in sorted(listed(suite) - differing)]
    print(
        f"{suite}: {SIZES[suite] - len(differing)} of {SIZES[suite]} examples agree, {len(differing)} differ by design"
    )
    assert unlisted == []
    assert outdated == []


@SUITES
def test_the_page_about_markdown_has_the_figures_and_the_reasons(suite: str) -> None:
    page = " ".join((ROOT / "docs" / "markdown.md").read_text(encoding="utf-8").split())
    differ = len(listed(suite))

    assert f"| {SIZES[suite]} | {SIZES[suite] - differ} | {differ} |" in page
    assert f"| {len(EAST_ASIAN)} | {len(EAST_ASIAN)} | 0 |" in page
    for difference in DIFFERENCES:
        assert f"**{difference.name}.** {difference.reason}" in page


@SUITES
def test_no_example_is_listed_twice(suite: str) -> None:
    times = Counter(number for difference in DIFFERENCES for number in numbers(difference.examples.get(suite, "")))
    assert set(times.values()) == {1}


def test_no_word_vanishes_where_an_example_is_shown_otherwise() -> None:
    for example in every_example():
        if example.number in listed(example.suite):
            shown = html.unescape(re.sub(r"</?(?:em|strong|code)>", "", to_html(example.markdown)))
            written = re.sub(r"</?(?:del|em)>", "", html.unescape(example.markdown))  # tags that work
            missing = set(re.findall(WORD, written)) - set(re.findall(WORD, shown))
            assert missing <= _definitions(example), str(example)


def _definitions(example: Example) -> set[str]:
    """Words of link definitions, which no page shows."""
    return set(re.findall(WORD, " ".join(re.findall(r"(?m)^\[[^\]]*\]:.*$", example.markdown))))


def test_every_example_is_inert() -> None:
    for example in every_example():
        assert_inert(to_html(example.markdown))


def test_the_comparison_sees_what_differs() -> None:
    for one, other in (
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a b</p>", "<p>a\nb</p>"),
        ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<p><em>a</em></p>", "<p><strong>a</strong></p>"),
        ("<pre><code>a\n</code></pre>", "<pre><code>a\n\n</code></pre>"),
        ('<p><a href="https://a.example/">a</a></p>', '<p><a href="https://b.example/">a</a></p>'),
        ('<ol start="2"><li>a</li></ol>', "<ol><li>a</li></ol>"),
        ("<h3>a</h3>", "<h4>a</h4>"),
    ):
        assert ours(one) != ours(other)
        assert ours(one) == ours(one)
    assert theirs("<p><b>a</b></p>\n") == ours("<p><strong>a</strong></p>")
    assert theirs("<h1>a</h1><h2>b</h2>") == ours("<h3>a</h3><h4>b</h4>")
    assert theirs('<p><a href="/x" title="y">a</a></p>') == ours('<p>[a](/x "y")</p>')
