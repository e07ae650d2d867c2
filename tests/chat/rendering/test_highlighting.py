"""Highlighting ends when its CPU time is used up, and what follows is shown plainly."""

import pytest
from pygments.lexers import get_lexer_by_name

from chat.rendering import to_html
from chat.rendering.highlighting import LANGUAGES, LONGEST_HIGHLIGHTED, MOST_SECONDS, Highlighter
from tests.chat.rendering.inert import shown
from tests.cpu_time import at_most

CODE = "x = 1\n"

# Code at which Pygments took longest, of some 15,000 shapes: pieces of each lexer's own rules, repeated.
SLOWEST = [
    ("python", "\n "),
    ("python", " \n"),
    ("perl", "s["),
    ("perl", "s<\\"),
    ("matlab", "\n"),
    ("javascript", "\\["),
    ("csharp", "func "),
]


@pytest.mark.parametrize(("language", "unit"), SLOWEST)
def test_code_made_to_hurt_takes_a_bounded_time_and_stays_as_it_was_written(language: str, unit: str) -> None:
    code = (unit * LONGEST_HIGHLIGHTED)[:LONGEST_HIGHLIGHTED]
    code = "\n".join(code[begin : begin + 999] for begin in range(0, LONGEST_HIGHLIGHTED - 100, 1_000))
    fence = f"~~~{language}\n{code}\n~~~\n\n"
    to_html(fence)
    with at_most(MOST_SECONDS + 1.5):
        html = to_html(fence * 10)
    assert html.count(f"language-{LANGUAGES[language]}") >= 3
    assert len(shown(html)) >= 10 * (len(code) - 10)  # what there was no time for is shown as it was written


def test_when_the_time_is_used_up_code_is_plain() -> None:
    assert Highlighter(seconds=1e-9).highlight(CODE, "python") == CODE
    assert "<span" in Highlighter(seconds=10).highlight(CODE, "python")


def test_the_time_is_shared_by_the_blocks_of_an_answer() -> None:
    highlighter = Highlighter(seconds=0.2)
    slow = "\n " * (LONGEST_HIGHLIGHTED // 2)

    assert highlighter.highlight(slow, "python") == slow
    assert highlighter.highlight(CODE, "python") == CODE


def test_every_name_of_a_language_leads_to_a_lexer() -> None:
    assert all(get_lexer_by_name(lexer) for lexer in set(LANGUAGES.values()))
    assert len(set(LANGUAGES.values())) > 50
    assert all(name == name.lower() for name in LANGUAGES)
