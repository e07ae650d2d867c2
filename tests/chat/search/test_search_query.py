"""What a query means, and what is shown of a text; both for any text there is."""

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from chat.search import search, snippets
from chat.search.query import LONGEST, MOST, MOST_IN_PHRASES, Query, Term, parse_query
from tests import walks
from tests.chat.conversations.conftest import Make, membership_of

NASTY = [
    "",
    " ",
    '"',
    '""',
    '"""',
    "-",
    "--",
    "- -",
    "*",
    "lamp*",
    "*lamp",
    "lamp AND",
    "AND OR NOT NEAR",
    "NEAR(lamp light, 5)",
    "lamp NOT",
    "^lamp",
    "text:lamp",
    "{title text}: lamp",
    "lamp) OR (1=1",
    "(lamp",
    "lamp + light",
    "'; DROP TABLE chat_answer; --",
    "lamp & !light | <-> :*",
    "'lamp':*",
    "\\",
    "lamp\\'",
    "%s %(a)s {0} %",
    "lamp\x00light",
    "\x00",
    "\ud800",
    "🔦",
    "👩‍🚀🏽",
    "日本",
    "日",
    "ﬁsh ß İ ǅ",
    "a\u0301\u0301\u0301\u0301\u0301\u0301",
    "\u0301",
    "\u202e gniht",
    "x" * 10_000,
    "x " * 5_000,
    "-x " * 5_000,
    '"x ' * 5_000,
    "日" * 10_000,
    "🔦" * 2_500,
    "\u0301" * 10_000,
]


@pytest.mark.django_db
@pytest.mark.parametrize("words", NASTY, ids=lambda words: repr(words[:20]))
def test_any_text_is_a_harmless_query(alice: User, converse: Make, words: str) -> None:
    converse(("Which lamp, by which light? 日本 ﬁsh", "The lamp \x01 of the light."), title="x lamp AND light")

    page = search(membership_of(alice), words=words)

    assert all(one.title for one in page.conversations)


@pytest.mark.django_db
@settings(max_examples=walks.examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60))
def test_any_other_text_is_one_too(alice: User, words: str) -> None:
    assert search(membership_of(alice), words=words).conversations == []


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("lamp", [("lamp", True)], []),
        ("lamp ", [("lamp", False)], []),
        ("red lamp", [("red", False), ("lamp", True)], []),
        ('"red lamp"', [("red lamp", False)], []),
        ('"red lamp', [("red lamp", False)], []),
        ("„red lamp“ « old light » “x", [("red lamp", False), ("old light", False), ("x", False)], []),
        ("「灯台」", [("灯 台", False)], []),
        ("red-lamp", [("red lamp", True)], []),
        ("lamp -red", [("lamp", False)], ["red"]),
        ('lamp -"dark red" ', [("lamp", False)], ["dark red"]),
        ("l", [("l", False)], []),
        ("c++", [("c＋＋", True)], []),
        ("c+ -#4 .net -x++ ", [("c＋", False), ("．net", False)], ["＃4", "x＋＋"]),
        ("c++20 $home/bin", [("c＋＋ 20", False), ("home bin", True)], []),
        ("灯台", [("灯 台", False)], []),
        ("--- ... !!!", [], []),
    ],
)
def test_a_query_is_read_as_people_mean_it(text: str, wanted: list[tuple[str, bool]], unwanted: list[str]) -> None:
    query = parse_query(text)

    assert [(" ".join(term.tokens), term.grows) for term in query.wanted] == wanted
    assert [" ".join(term.tokens) for term in query.unwanted] == unwanted


def test_of_long_phrases_so_many_words_count_as_say_which_text_is_meant() -> None:
    words = [f"w{number}" for number in range(20)]

    query = parse_query(f'"{" ".join(words)}" "and more" alone -"not this" -that ')

    assert [term.tokens for term in query.wanted] == [tuple(words[:MOST_IN_PHRASES]), ("and",), ("alone",)]
    assert [term.tokens for term in query.unwanted] == [("that",)], "what is left of a phrase would leave out too much"


@given(st.text())
def test_a_query_has_bounds_and_holds_nothing_that_a_database_takes_for_a_sign(text: str) -> None:
    query = parse_query(text)

    assert len(query.wanted) + len(query.unwanted) <= MOST
    for term in query.wanted + query.unwanted:
        assert sum(map(len, term.tokens)) <= LONGEST * 18  # what one character may be folded to
        assert all(letter.isalnum() or ord(letter) > 0x7F for token in term.tokens for letter in token)


# --- Snippets ----------------------------------------------------------------------------------------


def test_a_snippet_stands_around_the_first_word_found() -> None:
    text = "The beginning is long. " * 30 + "Here is a lamp. " + "The end is long. " * 30

    snippet = snippets.snippet(text, parse_query("lamp "))

    assert "Here is a <mark>lamp</mark>." in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(snippet) < snippets.LENGTH + 40


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("A Lampe, a lamp", "lam", "A <mark>Lampe</mark>, a <mark>lamp</mark>"),
        ("A lampshade, a lamp", "lamp ", "A lampshade, a <mark>lamp</mark>"),
        ("the red lamp and a red light", '"red lamp"', "the <mark>red lamp</mark> and a red light"),
        ("red, lamp", '"red lamp"', "<mark>red, lamp</mark>"),
        ("Crème brûlée", "creme ", "<mark>Crème</mark> brûlée"),
        ("Cre\u0301me", "creme ", "<mark>Cre\u0301me</mark>"),
        ("日本語の灯台です", "灯台", "日本語の<mark>灯台</mark>です"),
        ("lamp -light", "lamp -light ", "<mark>lamp</mark> -light"),
        ("snake_case", "case", "snake_<mark>case</mark>"),
        ("<b>lamp</b> & lamp", "lamp ", "&lt;b&gt;<mark>lamp</mark>&lt;/b&gt; &amp; <mark>lamp</mark>"),
        ("no such word", "lamp", "no such word"),
    ],
)
def test_words_found_are_marked_where_they_stand(text: str, words: str, shown: str) -> None:
    assert snippets.mark_hits(text, parse_query(words)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("| Lamp | Height |\n|:---|---:|\n| Fastnet | 54 m |", "Lamp · Height Fastnet · 54 m"),
        ("See [the lamp](https://lamps.example/a_b?c=1) and ![a lamp](x.png).", "See the lamp and a lamp."),
        ("The lamp[1][2], and that[3] lamp[4].", "The lamp, and that lamp."),
        ("An *old* lamp, 2 * 3 and snake_case, a||b, P(A|B).", "An old lamp, 2 * 3 and snake_case, a||b, P(A|B)."),
    ],
)
def test_tables_links_and_stress_are_words_in_a_snippet(text: str, shown: str) -> None:
    assert re.sub("</?mark>", "", snippets.snippet(text, parse_query("lamp "))) == shown


def test_marks_of_markdown_are_left_out_of_a_snippet() -> None:
    text = "## The lamp\n\n- **One** lamp[1]\n- `two`\n\n| a | b |\n|---|---|\n> quoted lamp [2]"

    assert re.sub("</?mark>", "", snippets.snippet(text, parse_query("lamp "))) == (
        "The lamp One lamp two a · b quoted lamp"
    )


@given(text=st.text(max_size=400), words=st.text(max_size=40))
def test_whatever_the_text_nothing_but_marks_gets_through(text: str, words: str) -> None:
    query = parse_query(words) or Query((Term(("a",)),), ())

    for html in (snippets.mark_hits(text, query), snippets.snippet(text, query)):
        assert "<" not in re.sub("</?mark>", "", html)
        assert html.count("<mark>") == html.count("</mark>")


@pytest.mark.parametrize(
    "text",
    [
        " " * 200_000,
        "\n" * 200_000,
        "|" * 200_000,
        "#" * 200_000,
        "`" * 200_000,
        "a" * 200_000,
        "a" + "\u0301" * 200_000,
        "a " * 100_000,
        "a" + "!" * 200_000,
        "a!" * 100_000,
        "[1" * 100_000,
    ],
    ids=lambda text: repr(text[:3]),
)
def test_a_snippet_of_a_huge_text_is_short(text: str) -> None:
    snippet = snippets.snippet(text, parse_query('"a b c" ab a-a-a-b "a a a a b'))

    assert len(unicodedata.normalize("NFC", re.sub("<[^>]*>|&[^;]*;", "x", snippet))) < 2 * snippets.LENGTH
