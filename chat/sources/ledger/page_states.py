"""What is known of pages since answers used them, from their kept copies: gone, moved, changed, something newer."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import Team
from chat.models import LedgerSource, PageCopy
from chat.sources import copies

_AT_ONCE = 500  # pages in one statement
WITHDRAWN = frozenset({"withdrawn", "retracted"})
"""What a copy has under `kind` in `newer` where the publication itself is no longer to be relied on."""


@dataclass(frozen=True, slots=True)
class PageState:
    """`gone`: the page was not there when it was read last. `site` is where it was found then. `changed`: its text is
    another one than when it was read first. `newer`: `newer` or `withdrawn`, as it says of itself."""

    gone: bool = False
    site: str = ""
    changed: bool = False
    newer: str = ""

    def moved_from(self, site: str) -> bool:
        """Whether the page is at another site than where it was cited."""
        return bool(self.site) and self.site != site


UNKNOWN = PageState()


def page_states(team: Team, keys: Collection[str]) -> dict[str, PageState]:
    """The states of those of the pages that were ever read."""
    listed = list(keys)
    found: dict[str, list[PageCopy]] = defaultdict(list)
    for start in range(0, len(listed), _AT_ONCE):
        some = PageCopy.objects.filter(team=team, address_key__in=listed[start : start + _AT_ONCE])
        columns = ("address_key", "address", "final_address", "problem", "text_sha256", "newer")
        for copy in some.only(*columns).order_by("seen_at", "id"):
            found[copy.address_key].append(copy)
    return {key: _state_of(some) for key, some in found.items()}


def kind_of_newer(newer: dict[str, object]) -> str:
    """`newer` or `withdrawn` for what a copy says of its publication; empty where it says nothing."""
    if not newer:
        return ""
    withdrawn = newer.get("kind") in WITHDRAWN
    return LedgerSource.Newer.WITHDRAWN if withdrawn else LedgerSource.Newer.NEWER


def _state_of(some: list[PageCopy]) -> PageState:
    """That of one page, by its copies, the last one last."""
    last = some[-1]
    readable = [copy for copy in some if copy.text_sha256]
    return PageState(
        gone=copies.Version(last).is_gone,
        site=copies.site_of(readable[-1].final_address or readable[-1].address) if readable else "",
        changed=len({copy.text_sha256 for copy in readable}) > 1,
        newer=kind_of_newer(readable[-1].newer) if readable else "",
    )
