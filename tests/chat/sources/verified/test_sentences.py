"""Where a sentence that somebody selected stands in an answer."""

import pytest

from chat import rendering
from chat.sources.verified.sentences import Stretch, find_sentence, read_text, with_marks

TEXT = """The **harbor** light burns [since 1904](https://lights.example/x)[1]. It is 23 m high[2].

- It is 23 m high.
- Kept by <nobody> & "all"
"""


def html_of(text: str = TEXT) -> str:
    sources = [type("S", (), {"number": n, "title": f"T{n}", "url": f"https://s{n}.example/"})() for n in (1, 2)]
    return rendering.to_html(text, sources=sources, anchor="a")


def test_the_text_that_is_read_has_no_marks_and_no_markdown() -> None:
    assert " ".join(read_text(html_of()).split()).startswith(
        "The harbor light burns since 1904. It is 23 m high. It is 23 m high."
    )


def test_a_sentence_is_found_however_its_blanks_and_marks_were_copied() -> None:
    found = find_sentence(html_of(), "the  Harbor light\nburns since 1904")

    assert found
    assert found.text == "The harbor light burns since 1904."
    assert read_text(html_of())[found.start : found.end] == found.text


def test_of_two_places_the_one_that_was_meant_is_found() -> None:
    first, second = (find_sentence(html_of(), "It is 23 m high", near=near) for near in (0, 60))

    assert first
    assert second
    assert first.text == second.text == "It is 23 m high."
    assert first.start < second.start


@pytest.mark.parametrize("words", ["", "?!", "ab", "The harbor dark", "x" * 1_001])
def test_words_that_are_not_there_or_are_none_are_not_found(words: str) -> None:
    assert find_sentence(html_of(), words) is None


@pytest.mark.parametrize("words", ["The harbor light burns since 1904", "harbor", 'Kept by <nobody> & "all"', "1904"])
def test_a_mark_stands_behind_the_sentence_and_nothing_else_changes(words: str) -> None:
    html = html_of()
    found = find_sentence(html, words)
    assert found

    marked = with_marks(html, [(found, "<i>mark</i>")])

    assert marked.replace("<i>mark</i>", "") == html
    before = marked.partition("<i>mark</i>")[0]
    assert read_text(before).rstrip().endswith(found.text)


def test_a_mark_never_stands_within_a_link_or_a_formula() -> None:
    html = html_of("See [the list of lights](https://lights.example/) and $x^2$ here.")
    found = find_sentence(html, "See the list of")
    assert found

    marked = with_marks(html, [(found, "<i>mark</i>")])

    assert marked.index("<i>mark</i>") > marked.index("</a>")


def test_a_mark_stands_behind_what_the_sentence_cites() -> None:
    html = html_of("It is 23 m high [1][2]. And so on.")
    found = find_sentence(html, "It is 23 m high")
    assert found

    before, _mark, after = with_marks(html, [(found, "<i>mark</i>")]).partition("<i>mark</i>")

    assert before.count('class="cite') == 2
    assert after.startswith(". And so on.")


def test_what_says_something_else_by_now_gets_no_mark() -> None:
    assert with_marks(html_of(), [(Stretch(0, 5, "Other"), "<i>mark</i>")]) == html_of()


@pytest.mark.parametrize("text", ["灯台は1904年から燃えている。高さは23メートル。", "المنارة مضاءة منذ عام 1904."])
def test_sentences_of_other_scripts_are_found(text: str) -> None:
    words = text.split("。")[0]

    found = find_sentence(html_of(text), words)

    assert found
    assert found.text.startswith(words.rstrip("."))
