"""A screen of a document as safe HTML, with the passage that is cited marked."""

import re
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from chat.documents.screens import Piece

_HEADING = re.compile(r"^(?P<mark>(?:<mark[^<>]*>)?)#{1,6} ", re.M)


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A page, or a part of one, as safe HTML. `starts` says that it is the first part of it on the screen."""

    piece: Piece
    html: SafeString
    starts: bool


def cited_html(piece: Piece, quotation: tuple[int, int] | None) -> SafeString:
    """The text, escaped, with the quotation marked. `quotation` is start and end in the text of the piece's passage."""
    start, end = (max(0, place - piece.start) for place in quotation or (0, 0))
    if start >= min(end, len(piece.text)):
        return escape(piece.text)
    before, cited, after = piece.text[:start], piece.text[start:end], piece.text[end:]
    return mark_safe(f'{escape(before)}<mark class="cited" id="cited">{escape(cited)}</mark>{escape(after)}')  # noqa: S308 (escaped)


def without_signs(html: SafeString) -> SafeString:
    """The text without the signs before headings, which reading put there (`files.text.formats`)."""
    return mark_safe(_HEADING.sub(r"\g<mark>", html))  # noqa: S308 (nothing but signs is taken away)
