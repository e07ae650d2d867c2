"""An answer that was asked for in a form: what its readers see, and why where it is not in that form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from chat import rendering
from chat.rendering import SourceLike
from chat.rendering.citation_marks import CitationMarks
from chat.rendering.citations import Citations, cited_numbers
from chat.rendering.code_blocks import code_block
from chat.rendering.highlighting import Highlighter
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import tidy
from chat.structured import extraction
from chat.structured.extraction import Extracted
from chat.structured.json_text import dumps
from chat.structured.value_html import to_html
from core.cpu_budget import CpuBudget
from core.sentences import sentence

# Nothing that a model writes becomes this element, so that a page can tell by it whether an answer has JSON to copy.
RAW = '<details class="raw-json"'

MOST_SECONDS = 0.8  # CPU seconds for reading, comparing and showing one answer

_CUT = sentence("The answer was cut off, so it can’t be read in the requested format.")
_LOOKS_LIKE_JSON = re.compile(r"\s*[{\[]")


@dataclass(frozen=True, slots=True)
class Presented:
    """What is kept of the answer beside its text. `problem` is the reason why it is shown as text, empty where it is
    not."""

    html: SafeString
    problem: str
    citations: Citations


def present(
    text: str,
    response_format: Any,
    *,
    sources: Sequence[SourceLike] = (),
    anchor: str = "",
    is_whole: bool = True,
    budget: CpuBudget | None = None,
) -> Presented:
    """The answer as it is shown. `response_format` is what was sent with the question, `budget` for all of it.

    One that is not whole, because it was cut, is not read as a value: half of a list would look like all of it.
    """
    budget = budget or CpuBudget(MOST_SECONDS)
    with budget.counted():
        return _present(text, response_format, sources, anchor, is_whole, budget)


def _present(
    text: str, response_format: Any, sources: Sequence[SourceLike], anchor: str, is_whole: bool, budget: CpuBudget
) -> Presented:
    found = extraction.extract_answer(text, response_format, budget) if is_whole else Extracted(problem=_CUT)
    if extraction.kind_of(response_format) == "regex":
        html = format_html('<pre class="plain" tabindex="0">{}</pre>', tidy(text))
    elif found.found:
        html = _with_raw(found, response_format, sources, anchor, budget)
        return Presented(html, found.problem, _citations(found, sources, budget))
    else:
        html = _as_text(text, sources, anchor, budget)
    return Presented(html, found.problem, cited_numbers(text, sources=sources, budget=budget))


def _with_raw(
    found: Extracted, response_format: Any, sources: Sequence[SourceLike], anchor: str, budget: CpuBudget
) -> SafeString:
    """What the model wrote around the value, the value as a table or tree if it is what was asked for, and its JSON."""
    before, after = (
        rendering.to_html(part, sources=sources, anchor=anchor, budget=budget) if part else ""
        for part in (found.before, found.after)
    )
    shown = ""
    if not found.problem:
        shown = to_html(found.value, extraction.schema_of(response_format), sources=sources, anchor=anchor)
    raw = sanitize(code_block(tidy(dumps(found.value)), "json", highlighter=Highlighter(budget=budget)))
    is_open = mark_safe(" open") if found.problem else ""
    opening = mark_safe(RAW)  # noqa: S308 - a constant
    summary = format_html("{}{}><summary>{}</summary>{}</details>", opening, is_open, sentence("Raw JSON"), raw)
    return format_html("{}{}{}{}", before, shown, summary, after)


def _as_text(text: str, sources: Sequence[SourceLike], anchor: str, budget: CpuBudget) -> SafeString:
    """A text without a value in it. What was meant to be JSON is no Markdown: stars and lines would be lost in it."""
    if _LOOKS_LIKE_JSON.match(text):
        return sanitize(code_block(tidy(text), "json", highlighter=None))
    return rendering.to_html(text, sources=sources, anchor=anchor, budget=budget)


def _citations(found: Extracted, sources: Sequence[SourceLike], budget: CpuBudget) -> Citations:
    """What the texts in a value cite, names left out, and then what the model wrote around it."""
    marks = CitationMarks(sources)
    by_value = [number for one in _strings_in(found.value) for number in marks.cited_in(tidy(one))]
    others = cited_numbers(f"{found.before}\n\n{found.after}", sources=sources, budget=budget)
    return Citations.of([*by_value, *others.cited, *others.unknown], known=marks.numbers)


def _strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings_in(inner)


def has_json(html: str) -> bool:
    """Whether the HTML of an answer has JSON in it that can be copied."""
    return RAW in html
