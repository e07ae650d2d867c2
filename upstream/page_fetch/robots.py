"""What a site's robots.txt says about reading a page of it (RFC 9309).

What is in one is a stranger's text: whoever makes a `Robots` says how it is judged, and has that done where it can harm
nobody.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from upstream.page_fetch.outcomes import NotFetched, Reason
from upstream.safe_fetch import Answered, FetchError, FetchRefused, FetchTooLarge, FetchTooSlow, Limits, Unusable

OUR_NAME = "Parley"
"""The name by which a robots.txt means us."""
LONGEST = 512 * 1024
"""Bytes that are read of one. RFC 9309 wants 500 KiB at least."""
KEPT_FOR = 12 * 3600.0
"""Seconds until it is fetched again. RFC 9309 allows a day."""
UNKNOWN_FOR = 600.0
"""Seconds until one that could not be read is asked for again."""
MOST_HELD = 8 * 1024 * 1024
"""Bytes of all that are held; those longest unused go first."""
MOST_SITES = 5_000
_REDIRECTS = 5
LIMITS = Limits(most_bytes=LONGEST, total_time=10.0, connect_time=5.0, media_types=("",), cut=True)


@dataclass(frozen=True, slots=True)
class RobotsVerdict:
    """Whether a page may be read, and the seconds between two requests that the site asks for (0: it does not say)."""

    allowed: bool
    delay: float = 0.0


Judge = Callable[[bytes, str, str], Awaitable[RobotsVerdict | None]]
"""Judges a robots.txt: its bytes, the page's address, our name. None where it cannot be judged."""
Ask = Callable[[str, Limits], Awaitable[Answered]]


@dataclass(frozen=True, slots=True)
class _Rules:
    """`text` is None where it could not be read, though there may be one."""

    text: bytes | None
    until: float


class Robots:
    """The robots.txt of the sites that this process asked lately."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._kept: OrderedDict[str, _Rules] = OrderedDict()

    async def verdict(self, origin: str, url: str, *, ask: Ask) -> RobotsVerdict:
        """Whether the page may be read. `origin` is scheme, host and port of its site; `ask` fetches.

        Raises NotFetched where the site cannot be reached at all, and where its rules cannot be read.
        """
        rules = self._kept.get(origin)
        if rules is None or rules.until < time.monotonic():
            rules = self._keep(origin, await _fetch_rules(origin, ask, before=rules))
        self._kept.move_to_end(origin)
        if rules.text is None:
            raise NotFetched(Reason.ROBOTS_UNKNOWN, url=url)
        if not rules.text.strip():
            return RobotsVerdict(allowed=True)
        verdict = await self._judge(rules.text, url, OUR_NAME)
        if verdict is None:
            raise NotFetched(Reason.ROBOTS_UNKNOWN, url=url)
        return verdict

    def _keep(self, origin: str, rules: _Rules) -> _Rules:
        self._kept[origin] = rules
        held = sum(len(one.text or b"") for one in self._kept.values())
        while len(self._kept) > 1 and (held > MOST_HELD or len(self._kept) > MOST_SITES):
            _oldest, gone = self._kept.popitem(last=False)
            held -= len(gone.text or b"")
        return rules


async def _fetch_rules(origin: str, ask: Ask, *, before: _Rules | None) -> _Rules:
    """What the site has now. Where it answers with an error of its own, what it had before holds on; nothing but a site
    that has none allows everything."""
    url = f"{origin}/robots.txt"
    unknown = _Rules(before.text if before else None, time.monotonic() + UNKNOWN_FOR)
    for _hop in range(_REDIRECTS + 1):
        try:
            answered = await ask(url, LIMITS)
        except FetchRefused:
            raise NotFetched(Reason.REFUSED, url=url) from None
        except FetchTooSlow:
            raise NotFetched(Reason.TOO_SLOW, url=url) from None
        except (Unusable, FetchTooLarge):
            return unknown
        except FetchError:
            raise NotFetched(Reason.UNREACHABLE, url=url) from None
        if answered.next_url:
            url = answered.next_url
            continue
        if answered.status == 429 or answered.status >= 500 or answered.status < 200:
            return unknown
        return _Rules(answered.data if answered.status < 300 else b"", time.monotonic() + KEPT_FOR)
    return _Rules(b"", time.monotonic() + KEPT_FOR)  # RFC 9309, 2.3.1.2: too many redirects count as none
