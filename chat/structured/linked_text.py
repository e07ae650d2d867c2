"""Texts within a value: plain, with citation marks, and with those addresses as links that the search returned."""

from collections.abc import Sequence

from chat.rendering import SourceLike
from chat.rendering.citation_marks import ADDRESS, MARK, CitationMarks
from chat.rendering.links import comparable_url, normalized_url
from chat.rendering.text import escape, tidy

_AFTER_ADDRESS = ".,:;!?)*_~"


class Strings:
    """Writes the texts of one answer. `sources` and `anchor` as in `rendering.to_html`."""

    def __init__(self, sources: Sequence[SourceLike], anchor: str = "") -> None:
        self._marks = CitationMarks(sources, anchor)
        self._numbers = {
            comparable_url(normalized_url(source.url.strip())): number
            for number, source in reversed(list(enumerate(sources, start=1)))
        }

    def html(self, text: str) -> str:
        """The text as HTML, its lines kept."""
        text = tidy(text)
        parts: list[str] = []
        end = 0
        for match in ADDRESS.finditer(text):
            url = match[0].rstrip(_AFTER_ADDRESS)
            opening = self._marks.link_opening(url) if self._marks.is_known(url) else ""
            if opening:
                parts += [self._marks.text_with_marks(text[end : match.start()]), opening, escape(url), "</a>"]
                end = match.start() + len(url)
        return "".join([*parts, self._marks.text_with_marks(text[end:])]).replace("\n", "<br>")

    def cited(self, text: str) -> list[int]:
        """The numbers in marks such as `[3]`, whether a source answers to them or not, and those of the sources whose
        addresses are in the text."""
        addresses = (
            comparable_url(normalized_url(match[0].rstrip(_AFTER_ADDRESS))) for match in ADDRESS.finditer(tidy(text))
        )
        known = [self._numbers[address] for address in addresses if address and address in self._numbers]
        return [int(match[1]) for match in MARK.finditer(text)] + known
