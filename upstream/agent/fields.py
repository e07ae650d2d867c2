"""Reads the parts that only the Agent API's objects have, each of which may be missing or of another shape."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from upstream.events import WebSource
from upstream.translation import fields

_HIGHEST_NUMBER = 500  # a result that calls itself by a higher number than this is numbered by its turn
_TOKENS = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens", "total_tokens": "total_tokens"}
_COSTS = {"input_cost": "input_tokens_cost", "output_cost": "output_tokens_cost"}
_DETAILS = ("input_tokens_details", "output_tokens_details", "tool_calls_details")


class Findings:
    """All that was found, numbered as `[n]` in the text means it: by each result's id, which counts from 1.

    The same results come several times: while it searches, as items of the output, and with the whole at the end.
    Pages that were read although no search had found them have no number of their own; they follow at the end.
    """

    def __init__(self) -> None:
        self._numbered: dict[int, WebSource] = {}
        self._pages_read: dict[str, WebSource] = {}

    def __bool__(self) -> bool:
        return bool(self._numbered or self._pages_read)

    def add_results(self, results: Any) -> None:
        """Take search results."""
        for result in fields.items(results):
            source = fields.source_of(result)
            self._number_source(source, _number(fields.mapping(result).get("id")))

    def add_pages(self, contents: Any) -> None:
        """Take pages that were read."""
        for page in fields.items(contents):
            source = fields.source_of(page)
            if source.url:
                self._pages_read.setdefault(source.url, source)

    @property
    def sources(self) -> tuple[WebSource, ...]:
        """Every source at its place. A number that nothing came for keeps an empty one, so that no other moves."""
        last = max(self._numbered, default=0)
        numbered = [self._numbered.get(number) or WebSource(url="") for number in range(1, last + 1)]
        known = {source.url for source in numbered}
        return (*numbered, *(source for url, source in self._pages_read.items() if url not in known))

    def _number_source(self, source: WebSource, number: int) -> None:
        """Put the result where its number says; one whose number another address has, or that has none, comes last."""
        holder = self._numbered.get(number)
        if number and (holder is None or holder.url == source.url):
            self._numbered[number] = _completed(source, holder)
        elif source not in self._numbered.values():
            self._numbered[max(self._numbered, default=0) + 1] = source


def _completed(source: WebSource, earlier: WebSource | None) -> WebSource:
    """The source with what it was told to be before and is silent about now."""
    if earlier is None:
        return source
    silent = {name: value for name, value in asdict(earlier).items() if value and not getattr(source, name)}
    return replace(source, **silent)


def _number(value: Any) -> int:
    """The number in an id, 0 where it is none."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _HIGHEST_NUMBER
    return int(value) if is_number else 0


def texts_of(item: Any) -> str:
    """The text of a message item."""
    return "".join(
        fields.string(content.get("text"))
        for content in fields.items(fields.mapping(item).get("content"))
        if isinstance(content, dict) and content.get("type", "output_text") == "output_text"
    )


def usage_of(usage: Mapping[str, Any]) -> dict[str, Any]:
    """The figures under Sonar's names, which they have everywhere, with the number of searches."""
    found: dict[str, Any] = {ours: usage[theirs] for theirs, ours in _TOKENS.items() if theirs in usage}
    found |= {name: usage[name] for name in _DETAILS if usage.get(name)}
    searches = fields.mapping(fields.mapping(usage.get("tool_calls_details")).get("web_search")).get("invocation")
    if isinstance(searches, int) and not isinstance(searches, bool):
        found["num_search_queries"] = searches
    cost = fields.mapping(usage.get("cost"))
    if fields.cost_of(usage) is not None:
        found["cost"] = {_COSTS.get(name, name): value for name, value in cost.items() if name != "currency"}
    return found
