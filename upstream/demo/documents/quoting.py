"""Turns passages into Markdown that quotes them: sentences, lists and code, each marked with its source's number."""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from upstream.demo.documents.blocks import Block, sentences
from upstream.demo.documents.passages import Passage

_FOOTNOTE = re.compile(r"\[\d+\]")
_CODE_SPAN = re.compile(r"((`+).+?\2)")
_SPECIAL = re.compile(r"([\\_<>\[\]|~$`])")
_LEAD = 900  # characters after which the best source has said enough
_LONGEST_LIST = 12
_MARK = re.compile("\ue000(\\d+)\ue001")  # a source's number, between two characters that no text has

Group = Sequence[Passage]  # passages with one address, which are one source


def briefly(groups: Sequence[Group], *, cite: bool) -> str:
    """The best source in some sentences, with its list or example; the others in a sentence or two each."""
    numbered = [(number if cite else 0, group) for number, group in enumerate(groups, 1)]
    points = _points(numbered[1:])
    title = "**Also about this:**" if points.count("\n") else ""
    return "\n\n".join(filter(None, [*_lead(groups[0], numbered[0][0]), title, points]))


def in_depth(groups: Sequence[Group], *, cite: bool) -> str:
    """A section for each source with all that it says, and a table of the sources at the end."""
    numbered = [(number if cite else 0, group) for number, group in enumerate(groups, 1)]
    parts = ["## In short", _points(numbered[:4])]
    rows = ["## What was read\n\n| Title | Page | Date |\n|---|---|---|"]
    for number, group in numbered:
        title = _heading(group[0])
        parts += [f"## {title}", *(_rendered(passage, block, number) for passage in group for block in passage.blocks)]
        rows.append(f"| {title.replace('|', '')}{_mark(number)} | {group[0].page} | {group[0].date} |")
    return "\n\n".join(filter(None, [*parts, "\n".join(rows)]))


def whole(passage: Passage) -> str:
    """A passage under its heading, without marks."""
    return "\n\n".join([f"## {_heading(passage)}", *(_rendered(passage, block, 0) for block in passage.blocks)])


def marked(text: str, mark: Callable[[int], str]) -> str:
    """A composed text with its marks written out: `mark` gives that of the source with a number."""
    return _MARK.sub(lambda match: mark(int(match[1])), text)


def _heading(passage: Passage) -> str:
    """A passage's title as Markdown: names as code."""
    if re.fullmatch(r"[\w.]+", passage.title) and ("." in passage.title or "_" in passage.title or passage.subject):
        return f"`{passage.title}`"
    return _prose(passage.title, passage)


def _mark(number: int) -> str:
    return f"\ue000{number}\ue001" if number else ""


def _lead(group: Group, number: int) -> list[str]:
    """The signature of what is described, then the first sentences of each paragraph, with lists and examples."""
    first = group[0]
    parts = [f"```python\n{first.title}{_signature(first.subject)}\n```"] if first.subject is not None else []
    used = 0
    for passage, block in [(one, block) for one in group[:2] for block in one.blocks]:
        if used <= _LEAD and "::=" not in block.text:
            shown = " ".join(sentences(block.text)[:3]) if block.kind == "text" else block.text
            parts.append(_rendered(passage, replace(block, text=shown), number))
            used += len(shown)
    return parts


def _points(numbered: Sequence[tuple[int, Group]]) -> str:
    """A list with the first sentences of each source."""
    points = []
    for number, (passage, *_) in numbered:
        texts = [block.text for block in passage.blocks if block.kind == "text"]
        texts += [block.text.partition("\n")[0] for block in passage.blocks if block.kind == "list"]
        if texts:
            said = _prose(" ".join(sentences(texts[0])[:2]), passage)
            points.append(f"- **{_heading(passage)}**: {said}{_mark(number)}")
    return "\n".join(points)


def _rendered(passage: Passage, block: Block, number: int) -> str:
    text = block.text
    if block.kind == "table":
        return text
    if block.kind == "list":
        items = text.split("\n")[:_LONGEST_LIST]
        return "\n".join(f"- {_prose(item, passage)}{_mark(number)}" for item in items)
    if block.kind == "text":
        announces = text.endswith(":") and len(text) < 80  # a few words before an example need no mark
        return _prose(text, passage) + ("" if announces else _mark(number))
    other = "text" if "::=" in text or passage.kind == "ours" else "python"
    fence = "````" if "```" in text else "```"
    return f"{fence}{'pycon' if text.lstrip().startswith('>>>') else other}\n{text}\n{fence}"


def _prose(text: str, passage: Passage) -> str:
    """A quoted paragraph as Markdown: literals as code, everything else without meaning of its own."""
    if passage.kind == "ours":
        return text  # is Markdown already
    if passage.kind == "topic":
        text = _FOOTNOTE.sub("", text)
        text = re.sub(r'"([^"\n`]{1,60})"', r"`\1`", text) if text.count('"') % 2 == 0 else text
    else:
        text = re.sub(r"(?<![\w*])\*(\w+)\*(?![\w*])", r"`\1`", text.replace("``", "`"))
    # The parts come in threes: plain text, a span of code, and the span's own back-ticks once more.
    parts = _CODE_SPAN.split(text)
    parts[::3] = [_SPECIAL.sub(r"\\\1", part) for part in parts[::3]]
    if passage.kind == "module":  # the topics write *emphasis*; in docstrings a star belongs to the code
        parts[::3] = [part.replace("*", "\\*") for part in parts[::3]]
    del parts[2::3]
    return "".join(parts)


def _signature(subject: object) -> str:
    try:
        return str(inspect.signature(subject)) if callable(subject) else ""
    except (TypeError, ValueError):
        return "(…)"
