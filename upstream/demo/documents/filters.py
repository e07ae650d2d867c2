"""Where the demo may look, and under which addresses and dates it reports what it found."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from upstream.demo.documents.passages import Passage

# Other kinds of search look elsewhere. The demo has no papers and no filings, so it says so by hosts that cannot exist.
HOSTS = {"academic": "papers.example", "sec": "filings.example"}
_RECENT_DAYS = {"hour": 0, "day": 1, "week": 6, "month": 29, "year": 364}


@dataclass(frozen=True, slots=True)
class Filters:
    """The search filters of one request. Hashable, so that answers can be kept by it."""

    mode: str = "web"
    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    earliest: date | None = None
    latest: date | None = None
    updated_earliest: date | None = None
    updated_latest: date | None = None

    def url(self, passage: Passage) -> str:
        """The address of a passage; other hosts for academic papers and filings."""
        host = HOSTS.get(self.mode)
        return urlsplit(passage.url)._replace(netloc=host).geturl() if host else passage.url

    def allows(self, passage: Passage) -> bool:
        """Whether the filters let this passage through. All the demo has is in English."""
        if self.languages and "en" not in self.languages:
            return False
        url = self.url(passage)
        allowed = [entry for entry in self.domains if not entry.startswith("-")]
        if any(_matches(url, entry[1:]) for entry in self.domains if entry.startswith("-")):
            return False
        return not allowed or any(_matches(url, entry) for entry in allowed)

    @property
    def lets_all_through(self) -> bool:
        """Whether nothing needs to be asked of `allows`."""
        return not self.domains and not self.languages

    def date(self, passage: Passage) -> str | None:
        """The publication date as `YYYY-MM-DD`, moved into the span that was asked for."""
        return _within(passage, self.earliest, self.latest)

    def last_updated(self, passage: Passage) -> str | None:
        """The date of the last change, moved likewise."""
        return _within(passage, self.updated_earliest or self.earliest, self.updated_latest)


EVERYTHING = Filters()


def filters_of(body: Mapping[str, Any]) -> Filters:
    """The filters of a validated request."""
    latest = _day(body.get("search_before_date_filter"))
    earliest = _day(body.get("search_after_date_filter"))
    if recency := body.get("search_recency_filter"):
        latest = datetime.now(UTC).date()
        earliest = latest - timedelta(days=_RECENT_DAYS[recency])
    return Filters(
        mode=body.get("search_mode") or "web",
        domains=tuple(body.get("search_domain_filter") or ()),
        languages=tuple(body.get("search_language_filter") or ()),
        earliest=earliest,
        latest=latest,
        updated_earliest=_day(body.get("last_updated_after_filter")),
        updated_latest=_day(body.get("last_updated_before_filter")),
    )


def _matches(url: str, entry: str) -> bool:
    address = urlsplit(url)
    name, _, below = entry.lower().removeprefix("https://").removeprefix("http://").partition("/")
    on_host = f".{address.hostname}".endswith("." + name.lstrip("."))
    return on_host and address.path.startswith("/" + below)


def _day(text: str | None) -> date | None:
    """The day that is written as `month/day/year`."""
    return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC).date() if text else None


def _within(passage: Passage, earliest: date | None, latest: date | None) -> str | None:
    if not passage.date:
        return None
    known = date.fromisoformat(passage.date)
    if (earliest or known) <= known <= (latest or known):
        return passage.date
    low = earliest or (latest or known) - timedelta(days=364)
    high = latest or max(low, known)
    spread = hashlib.sha256(passage.url.encode()).digest()[0] % max((high - low).days + 1, 1)
    return (low + timedelta(days=spread)).isoformat()
