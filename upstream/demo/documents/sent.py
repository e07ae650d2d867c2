"""Passages that come along with a question, quoted in front of it, and what the demo says from them: word for word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from upstream.demo.documents.blocks import sentences

_BLOCK = re.compile(
    r"(?:^|(?<=\n\n))The following passages were found [^\n]*\n\n<passages>\n(.*)\n</passages>\n\n([^\n]*)(?:\n\n|\Z)",
    re.S,
)
_NONE = re.compile(r"(?:^|(?<=\n\n))Nothing in the documents of this workspace matches the question\.[^\n]*(?:\n\n|\Z)")
_PASSAGE = re.compile(r'<passage id="D(\d+)" document="([^"]*)"[^>]*>\n(.*?)\n</passage>', re.S)
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$])")
_WORD = re.compile(r"[^\W_]{3,}")
_MOST = 2  # passages that are quoted
_LONGEST = 320  # characters of what is quoted of one
_BEYOND = 9  # more than the number of the last one
_NOTHING = "The documents say nothing about this question, so there is nothing to quote."


@dataclass(frozen=True, slots=True)
class Sent:
    """What came along. `alone` says that nothing else may be used."""

    passages: Sequence[tuple[int, str, str]] = ()  # the number, the document's name, the text
    alone: bool = False

    def __bool__(self) -> bool:
        return bool(self.passages) or self.alone


def passages_in(text: str) -> Sent:
    """The passages in a prompt."""
    block = _BLOCK.search(text)
    if block is None:
        return Sent(alone=bool(_NONE.search(text)))
    found = [(int(number), name, said) for number, name, said in _PASSAGE.findall(block[1])]
    return Sent(found, alone="from these passages alone" in block[2])


def without_passages(text: str) -> str:
    """The prompt without them: the question."""
    return _NONE.sub("", _BLOCK.sub("", text))


def quoted(sent: Sent, question: str, *, cites: bool, beyond: bool) -> str:
    """The sentences of the first passages that have most of the question's words, each with its mark if it `cites`;
    `beyond` adds a mark that no passage has."""
    if not sent.passages:
        return _NOTHING
    words = {word.lower() for word in _WORD.findall(question)}
    points = []
    for number, _name, text in sent.passages[:_MOST]:
        mark = f" [D{number}]" if cites else ""
        points.append(f"- {_harmless(_best(text, words))}{mark}")
    if beyond:
        points[-1] += f" [D{_BEYOND}]" if len(sent.passages) < _BEYOND else f" [D{len(sent.passages) + 1}]"
    return "**From the documents:**\n\n" + "\n".join(points)


def with_quotes(text: str, sent: Sent, question: str, *, cites: bool = True, beyond: bool = False) -> str:
    """What the demo has to say with what it says from documents in front of it, or with that alone."""
    if not sent:
        return text
    said = quoted(sent, question, cites=cites, beyond=beyond)
    return said if sent.alone else f"{said}\n\n{text}"


def _harmless(text: str) -> str:
    """Text without signs that mean something in Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def _best(text: str, words: set[str]) -> str:
    """The sentence of a passage that speaks of the question most."""
    lines = [" ".join(part.split()) for part in re.split(r"\n+", text) if part.strip()]
    found = [one for line in lines if not line.startswith("#") for one in sentences(line)] or lines
    best = max(found, key=lambda one: len(words & {word.lower() for word in _WORD.findall(one)}))
    return best if len(best) <= _LONGEST else f"{best[:_LONGEST].rsplit(' ', 1)[0]} …"
