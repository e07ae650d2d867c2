"""Reads the parts that only Sonar's objects have, each of which may be missing, null or of another shape (A7)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from upstream.events import Source, StatusChanged
from upstream.providers.parts import host, items, mapping, source_of, string


class Step(NamedTuple):
    """One step of a search in several steps: a line for the reader, and what the upstream is doing."""

    line: str
    status: StatusChanged


def text_of(content: Any) -> str:
    """The text of a message's content: a string, a list of parts, or nothing."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = (part.get("text") if isinstance(part, dict) else part for part in content)
    return "".join(part for part in parts if isinstance(part, str))


def sources_of(results: Sequence[Any], citations: Sequence[Any]) -> tuple[Source, ...]:
    """Search results and citations as one list, in the order to which `[n]` points (contract A9.6, 6).

    That order is the one of the citations, where there are any. Nothing is left out or moved up, not even an address
    that comes twice: every number would shift (contract A14, 6).
    """
    found = [source_of(result) for result in results]
    urls = [url if isinstance(url, str) else "" for url in citations]
    if [source.url for source in found[: len(urls)]] == urls:
        return tuple(found)
    by_url = {source.url: source for source in reversed(found) if source.url}
    cited = [by_url.get(url) or Source(url=url, title=host(url)) for url in urls]
    known = set(urls)
    return (*cited, *(source for source in found if source.url not in known))


def questions_of(found: Any) -> tuple[str, ...]:
    """Related questions, each once."""
    texts = (item for item in items(found) if isinstance(item, str))
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def steps_of(found: Iterable[Any]) -> list[Step]:
    """The steps of a search in several steps, as lines that a person can read (contract A8)."""
    return [_step(item) for item in found if isinstance(item, dict)]


def _step(item: Mapping[str, Any]) -> Step:
    thought = string(item.get("thought")).strip()
    search, pages, code = (mapping(item.get(name)) for name in ("web_search", "fetch_url_content", "execute_python"))
    if search:
        terms = ", ".join(word for word in items(search.get("search_keywords")) if isinstance(word, str))
        return Step(_line(thought, terms), StatusChanged("searching", terms))
    if pages:
        read = [source_of(page) for page in items(pages.get("contents"))]
        titles = ", ".join(source.title or host(source.url) for source in read if source.url)
        return Step(_line(thought, titles), StatusChanged("reading", titles))
    doing = "calculating" if code or item.get("type") == "execute_python" else "thinking"
    return Step(_line(thought, ""), StatusChanged(doing))


def _line(thought: str, about: str) -> str:
    text = f"{thought} ({about})" if thought and about else thought or about
    return f"{text}\n" if text else ""
