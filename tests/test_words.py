"""The words of the interface, against docs/words.md: every message that can be shown is read, in pages and in code."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from upstream.catalog.parameters import ParameterGroup
from upstream.catalog.rules import EVERY_PARAMETER

ROOT = Path(__file__).parents[1]
PACKAGES = ("config", "api", "sharing", "imaging", "chat", "accounts", "files", "core", "upstream")
# How many of a call's first arguments are messages, by the function's name, and how many stand before them.
CALLS = {
    "_": (0, 1),
    "gettext": (0, 1),
    "gettext_lazy": (0, 1),
    "gettext_noop": (0, 1),
    "ngettext": (0, 2),
    "ngettext_lazy": (0, 2),
    "pgettext": (1, 1),
    "pgettext_lazy": (1, 1),
    "npgettext": (1, 2),
    "npgettext_lazy": (1, 2),
}
CALLED = re.compile(rf"(?<![\w.])(?:{'|'.join(CALLS)})\(")


@cache
def messages() -> dict[str, str]:
    """Every message id, and the file that has it first."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for message in template_messages(path.read_text(encoding="utf-8")):
            found.setdefault(message, str(path.relative_to(ROOT)))
    for path in sorted(one for package in PACKAGES for one in (ROOT / package).rglob("*.py")):
        for message in code_messages(path.read_text(encoding="utf-8")):
            found.setdefault(message, str(path.relative_to(ROOT)))
    for parameter in EVERY_PARAMETER:
        for message in filter(None, (parameter.label, parameter.help, parameter.why_not)):
            found.setdefault(message, "upstream/catalog")
    for group in ParameterGroup:
        found.setdefault(group.value, "upstream/catalog")
    return found


def template_messages(text: str) -> list[str]:
    """The messages of a template. `templatize` makes calls in code of its tags, and blanks of all else."""
    code = templatize(text)
    calls = []
    for call in CALLED.finditer(code):
        depth, end = 1, call.end()
        while depth:  # quoted brackets are passed as a whole
            token = re.compile(r'u?"(?:[^"\\]|\\.)*"|u?\'(?:[^\'\\]|\\.)*\'|.', re.S).match(code, end)
            assert token, call
            depth += {"(": 1, ")": -1}.get(token[0], 0)
            end = token.end()
        calls.append(code[call.start() : end].replace("\n", " "))
    return [message for call in calls for message in code_messages(call)]


def code_messages(text: str) -> Iterator[str]:
    """The messages of a program."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        before, count = CALLS.get(name, (0, 0))
        for argument in node.args[before : before + count]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                yield argument.value


@cache
def glossary() -> dict[str, list[str]]:
    """The terms of docs/words.md, each with the wordings that are not it."""
    text = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \*\*(.+?)\*\* \| .+? \| (.*?) \|$", text, re.M)
    return {term: [word.strip() for word in words.split(";") if word.strip(" —")] for term, words in rows}


@cache
def fixed_names() -> list[str]:
    """The names that may never change."""
    text = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
    section = text.partition("## Names that scripts and screen readers rely on")[2].partition("\n## ")[0]
    return re.findall(r"^\| (?!Name \|)([A-Z][\w ]+?) \| .+ \|$", section, re.M)


def saying(words: str) -> re.Pattern[str]:
    """Finds the words as they are, not as a part of others, in capitals or not."""
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.I)


def spoken(message: str) -> str:
    """A message without the names of what is put into it."""
    return re.sub(r"%\(\w+\)[sd]|\{\w+\}", "…", message)


def offending(pattern: str) -> list[str]:
    return [f"{path}: {message}" for message, path in messages().items() if re.search(pattern, spoken(message))]


def test_messages_are_found_in_pages_and_in_code() -> None:
    page = (
        '{% load i18n %}{% translate "One" %} {{ x|default:_("Two (2)") }}'
        "{% blocktranslate count n=x trimmed %}\n {{ n }} three\n{% plural %}\n {{ n }} fours\n{% endblocktranslate %}"
        '{% translate "Six" context "seven" %}'
    )
    code = (
        'ngettext("Eight", "Nine " "ten", n); forms.Field(label=_("Eleven")); pgettext("twelve", "Thirteen"); _(name)'
    )
    assert set(template_messages(page)) == {"One", "Two (2)", "%(n)s three", "%(n)s fours", "Six"}
    assert set(code_messages(code)) == {"Eight", "Nine ten", "Eleven", "Thirteen"}
    assert len(messages()) > 1000


def test_the_glossary_is_read() -> None:
    assert len(glossary()) > 40
    assert glossary()["source"] == []
    assert glossary()["question"] == ["query"]
    assert "broke off" in glossary()["interrupted"]
    assert "Search conversations" in fixed_names()
    assert len(fixed_names()) == 15


def test_no_message_uses_a_wording_that_the_glossary_rules_out() -> None:
    found = [
        f"{path}: “{message}” says “{words}” for “{term}”"
        for term, others in glossary().items()
        for words in others
        for message, path in messages().items()
        if saying(words).search(spoken(message))
    ]
    assert found == []


@pytest.mark.parametrize("term", glossary())
def test_every_term_of_the_glossary_is_said_somewhere(term: str) -> None:
    stem = re.compile(rf"(?<!\w){re.escape(term)}(?:s|es)?(?!\w)", re.I)
    assert any(stem.search(spoken(message)) for message in messages()), term


@pytest.mark.parametrize("name", fixed_names())
def test_names_that_scripts_rely_on_are_messages_as_they_are(name: str) -> None:
    assert name in messages()


def test_messages_have_no_blanks_at_their_ends() -> None:
    assert [message for message in messages() if message != " ".join(message.split())] == []


def test_quotes_and_apostrophes_are_typographic() -> None:
    assert offending(r"\w'\w|\w'(?:\s|$)|(?:^|\s)'\w") == []


def test_messages_hold_no_markup_but_what_a_sentence_needs() -> None:
    assert offending(r"<(?!/?strong>|span[ >]|/span>)/?[a-z]+|&\w+;") == []


def test_what_is_put_into_a_message_has_a_name() -> None:
    assert [message for message in messages() if re.search(r"%[sd]|\{\}", message)] == []
