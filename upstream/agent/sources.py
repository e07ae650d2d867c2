"""What an answer of the Agent API leans on, by the numbers that its text means (docs/agent.md, "Sources")."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from upstream.events import WebSource
from upstream.translation import fields

_HIGHEST_NUMBER = 999  # more than any mark can say: a result that calls itself so is numbered by its turn


class Findings:
    """All that was found. The number of a result is its own id; the same results come several times.

    Results whose id is missing, or is another result's already, follow after the highest id. So does what has no ids at
    all, pages and financial data: it takes numbers that no mark of the text means (`avoid`), or a wrong mark would seem
    to be right.
    """

    def __init__(self) -> None:
        self._by_id: dict[int, WebSource] = {}
        self._without_id: dict[tuple[str, str], WebSource] = {}  # by their addresses and titles
        self._beside: dict[str, WebSource] = {}  # these two by their addresses
        self._pages: dict[str, WebSource] = {}
        self._avoided: frozenset[int] = frozenset()

    def __contains__(self, number: object) -> bool:
        return number in self._by_id

    @property
    def page(self) -> int:
        """The number of the only page that was read; 0 where there is none, or more than one."""
        if len(self._pages) != 1:
            return 0
        (address,) = self._pages
        return next((source.number for source in self.sources if _address(source.url) == address), 0)

    @property
    def sources(self) -> tuple[WebSource, ...]:
        """Every source once, in the order of the numbers."""
        known = {_address(source.url) for source in self._by_id.values()}
        sources = [self._by_id[number] for number in sorted(self._by_id)]
        number = max(self._by_id, default=0)
        for (address, _title), source in self._without_id.items():
            if address not in known:
                number += 1
                sources.append(replace(source, number=number))
        known |= {address for address, _title in self._without_id}
        for address, source in self._beside.items():
            if address not in known:
                number += 1
                while number in self._avoided:
                    number += 1
                sources.append(replace(source, number=number))
        return tuple(sources)

    def named(self, page: WebSource) -> WebSource:
        """The page under the title by which a search found it, if one did."""
        address = _address(page.url)
        titles = (source.title for source in self._by_id.values() if _address(source.url) == address)
        return replace(page, title=next(filter(None, titles), page.title))

    def avoid(self, numbers: Iterable[int]) -> None:
        """Take note of all the numbers that the marks of the text say."""
        self._avoided = frozenset(numbers)

    def add_results(self, results: Any, *, kind: str = "", carried: bool = False) -> None:
        """Take search results. Those that were `carried` over from an earlier answer were not searched for now."""
        for result in fields.items(results):
            source = replace(fields.source_of(result), kind=kind)
            number = _number(fields.mapping(result).get("id"))
            holder = self._by_id.get(number)
            if number and (holder is None or holder.url == source.url):
                is_carried = holder.carried if holder else carried
                self._by_id[number] = replace(_completed(source, holder), number=number, carried=is_carried)
            elif source.url:
                key = (_address(source.url), source.title)
                self._without_id.setdefault(key, replace(source, carried=carried))

    def add_pages(self, contents: Any) -> None:
        """Take pages that were read."""
        for page in fields.items(contents):
            source = fields.source_of(page)
            if source.url:
                address = _address(source.url)
                self._pages.setdefault(address, source)
                self._beside.setdefault(address, replace(source, kind="page"))

    def add_finance(self, sources: Iterable[WebSource]) -> None:
        """Take the addresses of financial data."""
        for source in sources:
            self._beside.setdefault(_address(source.url), source)


def finance_sources(item: Mapping[str, Any]) -> tuple[WebSource, ...]:
    """The addresses that a look-up of financial data names, each with what it was about as its title."""
    found: dict[str, WebSource] = {}
    for result in map(fields.mapping, fields.items(item.get("results"))):
        topic = fields.short(result.get("category")).replace("_", " ")
        for said in fields.items(result.get("sources")):
            source = fields.source_of(said)
            title = source.title if isinstance(said, dict) else ""
            about = [ticker for ticker in fields.strings(result.get("tickers")) if f"/{ticker}" in source.url]
            title = title or " ".join([*about, topic]) or source.title
            if source.url:
                found.setdefault(_address(source.url), replace(source, title=title, kind="finance"))
    return tuple(found.values())


def _completed(source: WebSource, earlier: WebSource | None) -> WebSource:
    """The source with what it was told to be before and is silent about now."""
    if earlier is None:
        return source
    silent = {name: value for name, value in asdict(earlier).items() if value and not getattr(source, name)}
    return replace(source, **silent)


def _number(value: Any) -> int:
    """The number in an id, 0 where it is none."""
    if isinstance(value, str) and value.isdecimal() and value.isascii():
        value = int(value[:4])
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _HIGHEST_NUMBER
    return int(value) if is_number else 0


def _address(url: str) -> str:
    """A form in which two spellings of one page's address are equal."""
    return url.rstrip("/")
