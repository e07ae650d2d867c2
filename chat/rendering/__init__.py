"""Markdown that a model wrote, as HTML that is safe to show. Pure: no database, no request, no setting.

`to_html` renders a finished text. `Growing` renders one that is still being written.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from django.utils.safestring import SafeString

from chat.rendering.citation_marks import CitationMarks, SourceLike
from chat.rendering.html_renderer import HtmlRenderer, preformatted
from chat.rendering.incremental import Block, Growing
from chat.rendering.open_html import Change, change_between
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import tidy
from core.cpu_budget import CpuBudget

LONGEST_DATA = 30_000  # characters
MOST_SECONDS_FOR_DATA = 0.05  # CPU seconds; a page may hold a hundred such texts, and renders most of them anew

__all__ = ["Block", "Change", "Growing", "SourceLike", "change_between", "data_to_html", "to_html"]


def to_html(
    text: str,
    *,
    sources: Sequence[SourceLike] = (),
    documents: int | None = None,
    anchor: str = "",
    budget: CpuBudget | None = None,
    spellings: Mapping[str, int] = MappingProxyType({}),
) -> SafeString:
    """The whole text of a finished answer as HTML.

    `[n]` becomes a link to the source with that number, `#source-{anchor}-{n}`; a number that no source answers to
    stays text. `[Dn]` becomes one to a passage of a document, as `CitationMarks` has it. A link whose address is no
    source's has the class `unsourced`; `spellings` are other addresses of the sources, with the number of each. What
    `budget` does not suffice for is shown as it was written.
    """
    marks = CitationMarks(sources, anchor, documents=documents, spellings=spellings)
    return sanitize(HtmlRenderer(marks, budget).render(tidy(text), highlighted=True))


@lru_cache(maxsize=64)
def data_to_html(text: str) -> SafeString:
    """Markdown that is no answer, such as the tables that a search of financial data brings: nothing in it cites, and
    its addresses are no links. More than a page can be expected to render is shown as it was written."""
    if len(text) > LONGEST_DATA:
        return sanitize(preformatted(tidy(text)))
    renderer = HtmlRenderer(CitationMarks(only_sourced=True), CpuBudget(MOST_SECONDS_FOR_DATA))
    return sanitize(renderer.render(tidy(text), highlighted=False))
