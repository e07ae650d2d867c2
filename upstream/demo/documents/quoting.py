"""Turns passages into Markdown that quotes them: sentences, lists and code, each marked with its source's number."""

import inspect
import re
from collections.abc import Sequence

from upstream.demo.documents.blocks import Block, sentences
from upstream.demo.documents.passages import Passage

_FOOTNOTE = re.compile(r"\[\d+\]")
_CODE_SPAN = re.compile(r"(`+)(.+?)\1")
_SPECIAL = re.compile(r"([\\_<>\[\]|~$])")
_WORD = re.compile(r"[^\W_]+")

_LEAD = 900  # characters after which the best source has said enough

Group = Sequence[Passage]


def briefly(groups: Sequence[Group], wanted: Sequence[str], *, cite: bool) -> str:
    """The best source in some sentences, with its list or example; the others in a sentence or two each."""
    numbered = _numbered(groups, cite)
    parts = [_lead(groups[0], numbered[0][0], wanted)]
    points = [point for number, group in numbered[1:] if (point := _point(group, number, wanted))]
    if len(points) > 1:
        parts.append("**Also about this:**")
    parts.append("\n".join(f"- {point}" for point in points))
    return "\n\n".join(part for part in parts if part)


def in_depth(groups: Sequence[Group], wanted: Sequence[str], *, cite: bool) -> str:
    """A section for each source with all that it says, and a table of the sources at the end."""
    numbered = _numbered(groups, cite)
    points = [point for number, group in numbered[:4] if (point := _point(group, number, wanted))]
    parts = ["## In short", "\n".join(f"- {point}" for point in points)]
    for number, group in numbered:
        parts.append(f"## {heading(group[0])}")
        parts += [_rendered(passage, block, number) for passage in group for block in passage.blocks]
    rows = "\n".join(
        f"| {heading(group[0]).replace('|', '')}{_mark(number)} | {group[0].page} | {group[0].date} |"
        for number, group in numbered
    )
    parts.append(f"## What was read\n\n| Title | Page | Date |\n|---|---|---|\n{rows}")
    return "\n\n".join(part for part in parts if part)


def whole(passage: Passage) -> str:
    """A passage under its heading, without marks."""
    return "\n\n".join([f"## {heading(passage)}", *(_rendered(passage, block, 0) for block in passage.blocks)])


def heading(passage: Passage) -> str:
    """A passage's title as Markdown: names as code."""
    if re.fullmatch(r"[\w.]+", passage.title) and ("." in passage.title or "_" in passage.title or passage.subject):
        return f"`{passage.title}`"
    return _prose(passage.title, passage)


def _numbered(groups: Sequence[Group], cite: bool) -> list[tuple[int, Group]]:
    return [(number if cite else 0, group) for number, group in enumerate(groups, 1)]


def _mark(number: int) -> str:
    return f"[{number}]" if number else ""


def _lead(group: Group, number: int, wanted: Sequence[str]) -> str:
    """Some sentences and the first example or list."""
    parts: list[str] = []
    first = group[0]
    if first.subject is not None:
        parts.append(f"```python\n{first.title}{_signature(first.subject)}\n```")
    used = 0
    every = [(passage, block) for passage in group[:2] for block in passage.blocks if "::=" not in block.text]
    for (passage, block), (_, following) in zip(every, [*every[1:], every[-1]], strict=True):
        announces = block.text.endswith(":") and following.kind != "text"
        if used > _LEAD:
            break
        if block.kind != "text":
            parts.append(_rendered(passage, block, number))
            used += len(block.text)
        elif used == 0 or announces or _about(block.text, wanted):
            text = _best(block.text, wanted, most=3 if used == 0 else 2, keep_last=announces)
            parts.append(_marked(_prose(text, passage), number))
            used += len(text)
    return "\n\n".join(parts)


def _marked(text: str, number: int) -> str:
    """With its mark; a few words before an example need none."""
    return text if text.endswith(":") and len(text) < 80 else text + _mark(number)


def _point(group: Group, number: int, wanted: Sequence[str]) -> str:
    passage = group[0]
    texts = [block.text for block in passage.blocks if block.kind == "text"]
    texts = texts or [block.text.partition("\n")[0] for block in passage.blocks if block.kind == "list"]
    if not texts:
        return ""
    # The first paragraph introduces; another one must say clearly more to be quoted instead.
    text = max(enumerate(texts), key=lambda numbered: _about(numbered[1], wanted) - (1 if numbered[0] else 0))[1]
    return f"**{heading(passage)}**: {_prose(_best(text, wanted, most=2), passage)}{_mark(number)}"


def _rendered(passage: Passage, block: Block, number: int) -> str:
    if block.kind == "code":
        session = block.text.lstrip().startswith(">>>")
        grammar = "::=" in block.text
        language = "pycon" if session else "text" if grammar or passage.kind == "ours" else "python"
        fence = "````" if "```" in block.text else "```"
        return f"{fence}{language}\n{block.text}\n{fence}"
    if block.kind == "table":
        return block.text
    if block.kind == "list":
        return "\n".join(f"- {_prose(item, passage)}{_mark(number)}" for item in block.text.split("\n")[:12])
    return _marked(_prose(block.text, passage), number)


def _best(text: str, wanted: Sequence[str], *, most: int, keep_last: bool = False) -> str:
    """The first sentence and those that say most about the question, in their order."""
    found = sentences(text)
    if len(found) <= most:
        return text
    ranked = sorted(range(1, len(found)), key=lambda number: (-_about(found[number], wanted), number))
    chosen = {0, *ranked[: most - 1]}
    if keep_last:
        chosen.add(len(found) - 1)
    return " ".join(found[number] for number in sorted(chosen))


def _about(text: str, wanted: Sequence[str]) -> int:
    """How many of the wanted words a text has; their beginnings count, so that plurals match."""
    words = {word[:5] for word in _WORD.findall(text.lower())}
    return sum(word[:5] in words for word in wanted)


def _prose(text: str, passage: Passage) -> str:
    """A quoted paragraph as Markdown: literals as code, everything else without meaning of its own."""
    if passage.kind == "ours":
        return text  # is Markdown already
    text = _FOOTNOTE.sub("", text) if passage.kind == "topic" else text
    if passage.kind == "topic" and text.count('"') % 2 == 0:
        text = re.sub(r'"([^"\n`]{1,60})"', r"`\1`", text)
    if passage.kind == "module":
        text = re.sub(r"(?<![\w*])\*(\w+)\*(?![\w*])", r"`\1`", text.replace("``", "`"))
    parts, position = [], 0
    for match in _CODE_SPAN.finditer(text):
        parts += [_plain(text[position : match.start()], passage), match[0]]
        position = match.end()
    return "".join([*parts, _plain(text[position:], passage)])


def _plain(text: str, passage: Passage) -> str:
    text = _SPECIAL.sub(r"\\\1", text).replace("`", "\\`")
    # The topics write *emphasis*; in docstrings a star belongs to the code.
    return text if passage.kind == "topic" else text.replace("*", "\\*")


def _signature(subject: object) -> str:
    try:
        return str(inspect.signature(subject)) if callable(subject) else ""
    except (TypeError, ValueError):
        return "(…)"
