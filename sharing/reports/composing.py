"""An answer as a section of a report, in Markdown."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chat.models import Answer
from chat.rendering.citation_marks import CitationMarks
from chat.rendering.mark_forms import SourceNumber, document_label
from chat.rendering.mark_places import PlaceUnknown
from chat.rendering.text import tidy
from core import graphemes
from core.cpu_budget import CpuBudget, OverBudget
from core.errors import ActionRefused
from sharing.reports.renumbering import linked, renumbered
from sharing.reports.sections import open_fence
from sharing.reports.sources import ReportSource, SourceList, from_passage, from_source

LONGEST = 500_000
"""Characters of a report."""
LONGEST_HEADING = 200  # characters of a question that head its section
MOST_NUMBER = 999
"""The largest number that a mark can have."""
MOST_SECONDS = 0.7  # CPU seconds for all answers that are added at once
MOST_SECONDS_EACH = 0.3

_HEADING = re.compile(r"(#{1,6})(?=[ \t])", re.ASCII)
_SIGNS = re.compile(r"([\\`*_{}<>#|~$\[\]])")
_BACKTICKS = re.compile(r"`{3,}")


@dataclass(frozen=True, slots=True)
class Composed:
    """A report's text and list of sources after answers were added."""

    text: str
    sources: tuple[ReportSource, ...]


def with_answers(text: str, sources: Iterable[ReportSource], answers: Iterable[Answer]) -> Composed:
    """The text with a section for each of the answers below it. Sources that they cite are in the list, each page once.

    Raises ActionRefused where the text would be too long, where there would be too many sources, and where it would
    take too long.
    """
    grown = SourceList(tuple(sources))
    budget = CpuBudget(MOST_SECONDS)
    parts = [closed(tidy(text).rstrip())] if text.strip() else []
    for answer in answers:
        if budget.is_spent:
            raise ActionRefused(_("These answers take too long to put together. Add fewer at once."))
        with budget.counted():
            parts.append(section_of(answer, grown))
    whole = "\n\n".join(parts) + "\n"
    if len(whole) > LONGEST:
        raise ActionRefused(too_long())
    return Composed(whole, grown.sources)


def too_long() -> str:
    """Why a text can't be saved."""
    return _("A report can have 500,000 characters. Shorten it, or begin another report.")


def section_of(answer: Answer, sources: SourceList) -> str:
    """The question as a heading, the answer below it, and a word about one that did not finish."""
    parts = [f"## {heading_of(answer.question.text)}"]
    if answer.state != Answer.State.FINISHED:
        parts.append(f"*{_plain(_('This answer did not finish. It ends where it was cut off.'))}*")
    return "\n\n".join((*parts, _text_of(answer, sources)))


def heading_of(question: str) -> str:
    """The question on one line, with nothing in it that Markdown would take for more than words."""
    return _plain(graphemes.shortened(" ".join(question.split()), LONGEST_HEADING)) or "…"


def closed(text: str) -> str:
    """The text with the fence closed that is open at its end."""
    fence = open_fence(text)
    return f"{text}\n{fence}" if fence else text


def _text_of(answer: Answer, sources: SourceList) -> str:
    text = tidy(answer.text).strip("\n")
    if _is_json(text):
        return _fenced(text, "json")
    there = _cited(answer)
    documents = len(answer.passages.all()) or None
    rows = [one for one in answer.sources.all() if one.number <= MOST_NUMBER]
    numbers: dict[SourceNumber, int] = {}

    def number_of(number: SourceNumber) -> int | None:
        if number not in numbers and number in there:
            numbers[number] = sources.number_for(there[number])
        return numbers.get(number)

    marks, budget = CitationMarks(rows, documents=documents), CpuBudget(MOST_SECONDS_EACH)
    try:
        new = renumbered(text, marks=marks, number_of=number_of, budget=budget)
    except (OverBudget, PlaceUnknown):
        return _as_written(text, sorted(set(numbers.values())))
    for number in linked(text, rows):
        number_of(number)
    return closed(_lower_headings(new))


def _cited(answer: Answer) -> dict[SourceNumber, ReportSource]:
    """What each mark of the answer can mean, in the reader's absence: of documents nothing but which they are."""
    found: dict[SourceNumber, ReportSource] = {one.number: from_source(one) for one in answer.sources.all()}
    return found | {document_label(one.number): from_passage(one) for one in answer.passages.all()}


def _as_written(text: str, numbers: list[int]) -> str:
    """The text where nothing in it is a mark, with those of all its sources below."""
    marks = "".join(f"[{number}]" for number in numbers)
    return _fenced(text, "text") + (f"\n\n{_plain(_('Sources:'))} {marks}" if marks else "")


def _fenced(text: str, language: str) -> str:
    longest = max((len(found) for found in _BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _lower_headings(text: str) -> str:
    """Headings below that of the section: from the third level on, as far apart as they were."""
    lines = text.split("\n")
    fence, found = "", []
    for place, line in enumerate(lines):
        if not fence and (heading := _HEADING.match(line)):
            found.append((place, len(heading[1])))
        fence = open_fence(f"{fence}\n{line}" if fence else line)
    deeper = 3 - min((level for _place, level in found), default=3)
    for place, level in found if deeper > 0 else ():
        lines[place] = "#" * min(level + deeper, 6) + lines[place][level:]
    return "\n".join(lines)


def _is_json(text: str) -> bool:
    if text[:1] not in ("{", "["):
        return False
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def _plain(text: str) -> str:
    """Words as Markdown that says nothing but them: a bracket by its number, for behind a backslash it is a formula."""
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[1])};", text)
