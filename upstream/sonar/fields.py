"""Reads the parts that only Sonar's objects have, each of which may be missing, null or of another shape."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from upstream.events import StatusChanged, StepTaken, WebSource
from upstream.translation.fields import address, host, items, mapping, source_of, string, strings


def text_of(content: Any) -> str:
    """The text of a message's content: a string, a list of parts, or nothing."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = (part.get("text") if isinstance(part, dict) else part for part in content)
    return "".join(part for part in parts if isinstance(part, str))


def sources_of(results: Sequence[Any], citations: Sequence[Any]) -> tuple[WebSource, ...]:
    """Search results and citations as one list, in the order to which `[n]` points.

    That order is the one of the citations, where there are any. Nothing is left out or moved up, not even an address
    that comes twice: every number would shift.
    """
    found = [source_of(result) for result in results]
    urls = [address(url) for url in citations]
    if [source.url for source in found[: len(urls)]] == urls:
        return tuple(found)
    by_url = {source.url: source for source in reversed(found) if source.url}
    cited = [by_url.get(url) or WebSource(url=url, title=host(url)) for url in urls]
    known = set(urls)
    return (*cited, *(source for source in found if source.url not in known))


def questions_of(found: Any) -> tuple[str, ...]:
    """Related questions, each once."""
    texts = (item for item in items(found) if isinstance(item, str))
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


_KINDS = {"web_search": "searching", "fetch_url_content": "reading", "execute_python": "calculating"}


def steps_of(found: Iterable[Any]) -> list[StepTaken]:
    """The steps of a search in several steps. What says nothing is left out."""
    return [step for item in found if isinstance(item, dict) and (step := _step(item)) is not None]


def status_of(step: StepTaken) -> StatusChanged:
    """What the upstream does in this step, in one line."""
    if step.kind == "searching":
        return StatusChanged(step.kind, ", ".join(step.terms))
    if step.kind == "reading":
        return StatusChanged(step.kind, ", ".join(source.title or host(source.url) for source in step.sources))
    return StatusChanged(step.kind)


def _step(item: Mapping[str, Any]) -> StepTaken | None:
    """The step, told by what it holds, and by its type where it holds nothing."""
    thought = string(item.get("thought")).strip()
    search, pages, code = (mapping(item.get(name)) for name in _KINDS)
    said = _KINDS.get(string(item.get("type")))
    if search or (said == "searching" and not pages and not code):
        terms = tuple(term.strip() for term in strings(search.get("search_keywords")))
        return StepTaken("searching", thought, terms, _pages(search.get("search_results")))
    if pages or (said == "reading" and not code):
        return StepTaken("reading", thought, sources=_pages(pages.get("contents")))
    if code or said == "calculating":
        return StepTaken("calculating", thought)
    return StepTaken("thinking", thought) if thought else None


def _pages(results: Any) -> tuple[WebSource, ...]:
    """What a step found or read, each page once."""
    found = map(source_of, items(results))
    return tuple({source.url: source for source in found if source.url}.values())
