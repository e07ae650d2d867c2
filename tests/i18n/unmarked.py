"""Finds words that people read and that nobody can translate, in the sources of templates and scripts."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

READ_ALOUD = {"title", "alt", "placeholder", "label", "aria-label", "aria-description", "aria-roledescription"}
_VARIABLE = "\x00"
_WORD = re.compile(r"[^\W\d_]{2,}")


def in_template(path: Path) -> Iterator[tuple[int, str]]:
    """Line and words of each text and attribute of a template that stands outside the tags for translations."""
    reader = _Reader()
    reader.feed(_without_tags(path.read_text()))
    reader.close()
    yield from reader.found


def _without_tags(source: str) -> str:
    """The HTML with what stands in template tags taken out, and the lines as they were."""
    kept, inside = [], ""
    for token in Lexer(source).tokenize():
        lines = "\n" * token.contents.count("\n")
        name = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        if token.token_type == TokenType.BLOCK:
            if inside:
                inside = "" if name == f"end{inside}" else inside
            elif name in ("blocktranslate", "blocktrans", "comment"):
                inside = name
            kept.append(lines)
        elif token.token_type == TokenType.VAR:
            kept.append("" if inside else _VARIABLE)
        else:
            is_text = token.token_type == TokenType.TEXT and not inside
            kept.append(token.contents if is_text else lines)
    return "".join(kept)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag if tag in ("script", "style") else self._silent
        for name, value in attrs:
            if name in READ_ALOUD:
                self._take(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent = "" if tag == self._silent else self._silent

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._take(data)

    def _take(self, text: str) -> None:
        words = " ".join(text.replace(_VARIABLE, " ").split())
        if _WORD.search(words):
            self.found.append((self.getpos()[0], words))


_STRING = re.compile(r"""//[^\n]*|/\*.*?\*/|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`""", re.S)
_SENTENCE = re.compile(r"[A-Z][a-z]+(?:[ ,.!?…].*|$)|.*[a-z]{2,} [a-z]{2,} [a-z]+", re.S)


def in_script(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each string of a script that reads as words for people."""
    source = path.read_text()
    for match in _STRING.finditer(source):
        text = next((group for group in match.groups() if group), "")
        if _SENTENCE.fullmatch(text):
            yield source.count("\n", 0, match.start()) + 1, text
