"""Numbers the sources of a report anew, in the order in which its text cites them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from chat.rendering.citation_marks import CitationMarks
from chat.rendering.mark_forms import SourceNumber
from chat.rendering.mark_places import PlaceUnknown
from chat.rendering.text import tidy
from core.cpu_budget import CpuBudget, OverBudget
from core.errors import ActionRefused
from sharing.reports.renumbering import linked, marks_of, numbers_of, with_numbers
from sharing.reports.sections import sections_of
from sharing.reports.sources import ReportSource, renumber

MOST_SECONDS = 2.0  # CPU seconds; what an ordinary text of the greatest length takes


def tidied(text: str, sources: Sequence[ReportSource]) -> tuple[str, tuple[ReportSource, ...]]:
    """The text with new numbers, and those of its sources that it cites or links to, in that order.

    A mark that no source answers to stays one. Raises ActionRefused where it can't be said for certain that each mark
    means the same as before, and where the text takes too long.
    """
    budget = CpuBudget(MOST_SECONDS)
    try:
        with budget.counted():
            return _tidied(tidy(text), sources, budget)
    except OverBudget:
        raise ActionRefused(_("This report is too long to tidy its sources.")) from None
    except PlaceUnknown:
        raise ActionRefused(
            _("The citations of this report can’t be renumbered safely: some may not be citations at all.")
        ) from None


def _tidied(text: str, sources: Sequence[ReportSource], budget: CpuBudget) -> tuple[str, tuple[ReportSource, ...]]:
    marks, known = CitationMarks(sources), {source.number for source in sources}
    placed = [(part, marks_of(part, marks=marks, budget=budget)) for part in sections_of(text)]
    cited = [number for _part, found in placed for number in numbers_of(found) if number in known]
    new: dict[SourceNumber, int] = {}
    for number in (*cited, *linked(text, sources), *_linked_otherwise(text, sources)):
        new.setdefault(number, len(new) + 1)

    def number_of(number: SourceNumber) -> int | None:
        """A number that meant nothing goes on meaning nothing."""
        if number in known or not isinstance(number, int):
            return new.get(number)
        return number if number > len(new) else None

    parts = []
    for part, found in placed:
        budget.check()
        parts.append(with_numbers(part, found, number_of=number_of, budget=budget))
    kept = [renumber(source, new[source.number]) for source in sources if source.number in new]
    return "".join(parts), tuple(sorted(kept, key=lambda one: one.number))


def _linked_otherwise(text: str, sources: Sequence[ReportSource]) -> list[int]:
    return [source.number for source in sources if any(url in text for url in source.spellings)]
