"""What ChatGPT's answers cite, as marks and sources. docs/import.md, "ChatGPT"."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sharing.imports.foreign import Clock, ForeignSource, dict_of, list_of, text_of

MOST_SOURCES = 200  # of one answer
_TOKEN = re.compile(
    "\ue200[^\ue200\ue201]{0,4000}\ue201|[\ue200-\ue20f]|\u3010\\d{1,4}\u2020[^\u3010\u3011\\n]{0,200}\u3011"
)


class _Sources:
    """The pages of one answer, each once, numbered as the text names them."""

    def __init__(self) -> None:
        self._by_address: dict[str, ForeignSource] = {}

    def number_of(self, page: Mapping[str, Any]) -> int:
        """The number of this page; 0 where it has no address, or there are too many."""
        url = text_of(page.get("url")).strip()
        if not url.startswith(("https://", "http://")):
            return 0
        known = self._by_address.get(url)
        if known is None:
            if len(self._by_address) >= MOST_SOURCES:
                return 0
            known = ForeignSource(
                number=len(self._by_address) + 1,
                url=url[:4000],
                title=text_of(page.get("title"))[:1000],
                date=_day(page.get("pub_date")),
                snippet=text_of(page.get("snippet"))[:4000],
            )
            self._by_address[url] = known
        return known.number

    @property
    def all(self) -> list[ForeignSource]:
        """Those of the text first."""
        return list(self._by_address.values())


def with_marks(text: str, notes: Mapping[str, Any]) -> tuple[str, Sequence[ForeignSource]]:
    """The text of a message with `[n]` where ChatGPT has its own marks, and the sources. `notes` is its metadata."""
    sources = _Sources()
    references = [dict_of(one) for one in list_of(notes.get("content_references"))]
    if any("\ue200" in text_of(one.get("matched_text")) or one.get("items") for one in references):
        text = _with_references(text, references, sources)
    else:
        text = _with_citations(text, [dict_of(one) for one in list_of(notes.get("citations"))], sources)
    for reference in references:
        for page in list_of(reference.get("sources")):
            sources.number_of(dict_of(page))
    for group in list_of(notes.get("search_result_groups")):
        for page in list_of(dict_of(group).get("entries")):
            sources.number_of(dict_of(page))
    return _TOKEN.sub("", text), sources.all


def _with_references(text: str, references: Sequence[Mapping[str, Any]], sources: _Sources) -> str:
    """Put marks where the references stand. Their places are given, but in units that differ; their text is found."""
    pieces, at = [], 0
    for reference in sorted(references, key=_start):
        token = text_of(reference.get("matched_text"))
        if not token.strip():
            continue
        where = text.find(token, at)
        if where < 0:
            continue
        pieces += [text[at:where], _mark(reference, sources)]
        at = where + len(token)
    return "".join([*pieces, text[at:]])


def _start(reference: Mapping[str, Any]) -> float:
    start = reference.get("start_idx")
    return start if isinstance(start, int) else float("inf")


def _mark(reference: Mapping[str, Any], sources: _Sources) -> str:
    items = [dict_of(one) for one in list_of(reference.get("items"))]
    pages = [page for item in items for page in (item, *map(dict_of, list_of(item.get("supporting_websites"))))]
    numbers = [number for number in map(sources.number_of, pages) if number]
    if numbers:
        return "".join(f"[{number}]" for number in dict.fromkeys(numbers))
    if reference.get("type") in ("hidden", "sources_footnote"):
        return ""
    alt = text_of(reference.get("alt")) or text_of(reference.get("name"))
    return "" if "\ue200" in alt else alt


def _with_citations(text: str, citations: Sequence[Mapping[str, Any]], sources: _Sources) -> str:
    """The same for messages of before 2025, which name the places of their marks."""
    pieces, at = [], 0
    for citation in sorted(citations, key=lambda one: one["start_ix"] if isinstance(one.get("start_ix"), int) else 0):
        start, end = citation.get("start_ix"), citation.get("end_ix")
        number = sources.number_of(dict_of(citation.get("metadata")))
        if isinstance(start, int) and isinstance(end, int) and number and at <= start < end <= len(text):
            pieces += [text[at:start], f"[{number}]"]
            at = end
    return "".join([*pieces, text[at:]])


def _day(said: Any) -> str:
    if not isinstance(said, (int, float)):
        return text_of(said)[:40]
    clock = Clock()
    found = clock.read(said)
    return "" if clock.wrong else found.date().isoformat()
