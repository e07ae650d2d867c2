"""Nothing that people read stands where no translation reaches it."""

import ast
import re
from pathlib import Path

import pytest

from tests.i18n import unmarked
from tests.stores import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))

# The product's name, samples of what is written into a field, and what is no text of the page at all.
SAME_EVERYWHERE = re.compile(r'[·\s]*Parley|example\.org|\(yes\|no\)|\{"type": .*\}|review|aria-current=.*')
KEYS_AND_KINDS = {"Enter", "Escape", "Files", "Tab"}
_TAG_NAMES = re.compile(r"([a-z]+[1-6]?)( [a-z]+[1-6]?)+ ?")  # of HTML, in a row
_FORMATTED = re.compile(r"(?:[A-Z“]|\{\}).*\s.*[.!?]", re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_word_of_a_template_can_be_translated(path: Path) -> None:
    found = [(line, words) for line, words in unmarked.in_template(path) if not SAME_EVERYWHERE.fullmatch(words)]
    assert found == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_scripts_take_their_words_from_the_page(path: Path) -> None:
    assert [(line, text) for line, text in unmarked.in_script(path) if not _is_known(text)] == []


def _is_known(text: str) -> bool:
    return text in KEYS_AND_KINDS or bool(
        _TAG_NAMES.fullmatch(text) and {"article", "p", "textarea", "ul"} & {*text.split()}
    )


def test_style_sheets_say_nothing() -> None:
    words = re.compile(r"content:\s*[\"'][^\"']*[A-Za-z]{2}")
    assert [str(path) for path in STYLES if words.search(path.read_text())] == []


def test_no_sentence_of_the_upstream_is_put_together_where_nobody_can_translate_it() -> None:
    found = []
    for path in sorted((ROOT / "upstream").rglob("*.py")):
        if "demo" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
                if _FORMATTED.fullmatch(text):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {text}")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                if "{}" not in node.value or not _FORMATTED.fullmatch(node.value):
                    continue
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}")
    assert found == []


def test_words_between_tags_and_in_attributes_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}<p>Hello {{ name }}</p>\n<a title="Go" href="/x">{% translate "Marked" %}</a>'
        "{% blocktranslate %}Marked {{ too }}{% endblocktranslate %}{# A remark #}"
    )
    assert list(unmarked.in_template(page)) == [(1, "Hello"), (2, "Go")]


def test_words_in_a_script_are_found(tmp_path: Path) -> None:
    script = tmp_path / "page.js"
    script.write_text('// "Not this one"\nnote.textContent = "Copied";\nbutton.className = "icon-button";\n')
    assert list(unmarked.in_script(script)) == [(2, "Copied")]
