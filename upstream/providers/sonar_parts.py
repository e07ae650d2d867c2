"""Reads the parts of a Sonar object, each of which may be missing, null or of another shape (contract A7)."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from upstream.events import Source, StatusChanged

SHORT = 40  # characters: more than any date, kind of source or reason to finish has
PLACES = Decimal("0.000001")  # of a dollar
_MOST_EXPENSIVE = 1_000_000  # dollars


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


def short(value: Any) -> str:
    """A word or a date; empty when it is neither text nor number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:SHORT]


def sources_of(results: Sequence[Any], citations: Sequence[Any]) -> tuple[Source, ...]:
    """Search results and citations as one list, in the order to which `[n]` points (contract A9.6, 6).

    That order is the one of the citations, where there are any. Nothing is left out or moved up, not even an address
    that comes twice: every number would shift (contract A14, 6).
    """
    found = [_source(result) for result in results]
    urls = [url if isinstance(url, str) else "" for url in citations]
    if [source.url for source in found[: len(urls)]] == urls:
        return tuple(found)
    by_url = {source.url: source for source in reversed(found) if source.url}
    cited = [by_url.get(url) or Source(url=url, title=host(url)) for url in urls]
    known = set(urls)
    return (*cited, *(source for source in found if source.url not in known))


def _source(result: Any) -> Source:
    if isinstance(result, str):
        return Source(url=result, title=host(result))
    if not isinstance(result, dict):
        return Source(url="")
    return Source(
        url=_string(result.get("url")),
        title=_string(result.get("title")),
        date=short(result.get("date")),
        last_updated=short(result.get("last_updated")),
        snippet=_string(result.get("snippet")),
        origin=short(result.get("source")),
    )


def media_of(items: Any, *, address: str) -> tuple[Mapping[str, Any], ...]:
    """Pictures or videos, each address once and always under the name `address`."""
    found: dict[str, Mapping[str, Any]] = {}
    for item in items if isinstance(items, list) else ():
        values = item if isinstance(item, dict) else {address: item}
        url = values.get(address) or values.get("url")
        if isinstance(url, str) and url:
            found.setdefault(url, {**values, address: url})
    return tuple(found.values())


def questions_of(items: Any) -> tuple[str, ...]:
    """Related questions, each once."""
    texts = (item for item in items if isinstance(item, str)) if isinstance(items, list) else ()
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def cost_of(usage: Mapping[str, Any]) -> Decimal | None:
    """The reported cost in US dollars; None for the zeros that unfinished answers carry (contract A9.3)."""
    cost = usage.get("cost")
    total = cost.get("total_cost") if isinstance(cost, dict) else None
    if isinstance(total, bool) or not isinstance(total, int | float) or not 0 < total < _MOST_EXPENSIVE:
        return None
    return Decimal(str(total)).quantize(PLACES)


def steps_of(items: Iterable[Any]) -> list[Step]:
    """The steps of a search in several steps, as lines that a person can read (contract A8)."""
    return [_step(item) for item in items if isinstance(item, dict)]


def _step(item: Mapping[str, Any]) -> Step:
    thought = _string(item.get("thought")).strip()
    search, pages, code = (_mapping(item.get(name)) for name in ("web_search", "fetch_url_content", "execute_python"))
    if search:
        terms = ", ".join(word for word in _list(search.get("search_keywords")) if isinstance(word, str))
        return Step(_line(thought, terms), StatusChanged("searching", terms))
    if pages:
        read = [_source(page) for page in _list(pages.get("contents"))]
        titles = ", ".join(source.title or host(source.url) for source in read if source.url)
        return Step(_line(thought, titles), StatusChanged("reading", titles))
    doing = "calculating" if code or item.get("type") == "execute_python" else "thinking"
    return Step(_line(thought, ""), StatusChanged(doing))


def _line(thought: str, about: str) -> str:
    text = f"{thought} ({about})" if thought and about else thought or about
    return f"{text}\n" if text else ""


def host(url: str) -> str:
    """The host of an address, which stands for a title where there is none; empty for what is no address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
