"""RTF: its words, by the few control words that make any (Rich Text Format Specification 1.9)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from files.text.formats.outline import Outline, parts_of

_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)",
    re.S,
)
_MEANS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n\n", b"tab": "\t", b"cell": " | ",
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"~": "\u00a0", b"_": "-", b"\n": "\n", b"\r": "\n", b"\\": "\\", b"{": "{", b"}": "}",
}  # fmt: skip
_ELSEWHERE = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr listtable "
    b"listoverridetable rsidtbl generator xmlnstbl themedata datastore latentstyles fldinst".split()
)


def open_rtf(source: BinaryIO) -> Outline:
    """The text of the body."""
    return Outline("part", parts_of("".join(_pieces(source.read())).split("\n")))


def _pieces(data: bytes) -> Iterator[str]:
    hidden, depth, code_page = 0, 0, "cp1252"
    replaced, skip = 1, 0  # signs that stand for one in Unicode, and how many of them still come
    starred = False
    for token in _TOKEN.finditer(data):
        kind, word = token.lastgroup, token["word"]
        if token["brace"]:
            depth += 1 if token["brace"] == b"{" else -1
            hidden = hidden if depth >= hidden else 0
            starred = False
        elif hidden:
            continue
        elif starred or word in _ELSEWHERE:
            hidden, starred = depth, False
        elif token["sign"] == b"*":
            starred = True
        elif word == b"u" and token["number"]:
            yield chr(int(token["number"]) % 65_536)
            skip = replaced
        elif word == b"uc" and token["number"]:
            replaced = int(token["number"])
        elif word == b"ansicpg" and token["number"]:
            code_page = f"cp{int(token['number'])}"
        elif word or token["sign"]:
            yield _MEANS.get(word or token["sign"], "")
        elif token["hex"]:
            if not skip:
                yield _decoded(bytes([int(token["hex"], 16)]), code_page)
            skip = max(skip - 1, 0)
        elif kind == "text":
            text = token["text"][skip:]
            skip = max(skip - len(token["text"]), 0)
            yield _decoded(text, code_page)


def _decoded(data: bytes, code_page: str) -> str:
    try:
        return data.decode(code_page, "replace")
    except LookupError:
        return data.decode("cp1252", "replace")
