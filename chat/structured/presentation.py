"""An answer that was asked for in a form: what its readers see, and why where it is not in that form."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

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


class Presented(NamedTuple):
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
    documents: int | None = None,
    anchor: str = "",
    is_whole: bool = True,
    budget: CpuBudget | None = None,
) -> Presented:
    """The answer as it is shown. `response_format` is what was sent with the question, `budget` for all of it.

    One that is not whole, because it was cut, is not read as a value: half of a list would look like all of it.
    """
    budget = budget or CpuBudget(MOST_SECONDS)
    markdown = partial(rendering.to_html, sources=sources, documents=documents, anchor=anchor, budget=budget)
    numbers = partial(cited_numbers, sources=sources, documents=documents, budget=budget)
    with budget.counted():
        found = extraction.extract_answer(text, response_format, budget) if is_whole else Extracted(problem=_CUT)
        if extraction.kind_of(response_format) == "regex":
            html = format_html('<pre class="plain" tabindex="0">{}</pre>', tidy(text))
        elif found.found:
            schema = extraction.schema_of(response_format)
            as_table = partial(to_html, sources=sources, documents=documents, anchor=anchor)
            shown = "" if found.problem else as_table(found.value, schema)
            before, after = (markdown(part) if part else "" for part in (found.before, found.after))
            html = format_html("{}{}{}{}", before, shown, _raw(found, budget), after)
            marks = CitationMarks(sources, documents=documents)
            citations = _with_those_in(found.value, numbers(f"{found.before}\n\n{found.after}"), marks)
            return Presented(html, found.problem, citations)
        elif text.lstrip().startswith(("{", "[")):  # stars and lines of what was meant to be JSON are no Markdown
            html = sanitize(code_block(tidy(text), "json", highlighter=None))
        else:
            html = markdown(text)
        return Presented(html, found.problem, numbers(text))


def _raw(found: Extracted, budget: CpuBudget) -> SafeString:
    """The JSON of the value, folded unless there is nothing else to see."""
    raw = sanitize(code_block(tidy(dumps(found.value)), "json", highlighter=Highlighter(budget=budget)))
    opening = mark_safe(f"{RAW} open" if found.problem else RAW)  # noqa: S308 - a constant
    return format_html("{}><summary>{}</summary>{}</details>", opening, sentence("Raw JSON"), raw)


def _with_those_in(value: Any, others: Citations, marks: CitationMarks) -> Citations:
    """What the texts in a value cite, names left out, and then what the model wrote around it."""
    by_value = [number for one in _strings_in(value) for number in marks.cited_in(tidy(one))]
    return Citations.of([*by_value, *others.cited, *others.unknown], known=marks.numbers)


def _strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings_in(inner)


def has_json(html: str) -> bool:
    """Whether the HTML of an answer has JSON in it that can be copied."""
    return RAW in html
