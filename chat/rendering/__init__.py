"""Markdown that a model wrote, as HTML that is safe to show. Pure: no database, no request, no setting.

`to_html` renders a finished text. `Growing` renders one that is still being written.
"""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from chat.rendering.cleaning import clean
from chat.rendering.growing import Block, Growing
from chat.rendering.marks import Marks, SourceLike
from chat.rendering.text import tidy
from chat.rendering.writing import Writer

__all__ = ["Block", "Growing", "SourceLike", "to_html"]


def to_html(text: str, *, sources: Sequence[SourceLike] = (), anchor: str = "") -> SafeString:
    """The whole text of a finished answer as HTML.

    `[n]` becomes a link to the n-th source, `#source-{anchor}-{n}`; a number that no source answers to stays text.
    A link whose address is no source's has the class `unsourced`.
    """
    return clean(Writer(Marks(sources, anchor)).write(tidy(text), highlighted=True))
