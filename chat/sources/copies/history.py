"""What is kept of a page: its copies, the newest first, and what changed between them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from accounts.models import Team
from chat.models import PageCopy, PageName
from chat.sources.copies.problems import IS_GONE

_AT_ONCE = 500  # keys in one statement: SQLite takes no more than some thousand values


@dataclass(frozen=True, slots=True)
class Version:
    """A copy among those of its page. `changed` says that its text is another one than that of the readable copy
    before; `grown` is by how many characters it is longer (negative: shorter)."""

    copy: PageCopy
    changed: bool = False
    grown: int = 0

    @property
    def shorter(self) -> int:
        """By how many characters it is shorter."""
        return -self.grown

    @property
    def is_gone(self) -> bool:
        """Whether the page was no longer there."""
        return self.copy.problem in IS_GONE


def page_keys(team: Team, keys: Collection[str]) -> dict[str, str]:
    """The keys of the pages behind the keys of addresses as they are cited (`addresses.address_key`): several addresses
    can turn out to be one page. Every key asked for is in it."""
    found = {key: key for key in keys}
    for some in _portions(keys):
        names = PageName.objects.filter(team=team, asked_key__in=some)
        found.update(names.values_list("asked_key", "address_key"))
    return found


def latest_copies(team: Team, keys: Collection[str], *, readable: bool = False) -> dict[str, PageCopy]:
    """For each key of an address what came of reading its page last, where it was ever read: a copy with text, or one
    that says why there is none. With `readable` the last one with text, which may be older.
    """
    pages = page_keys(team, keys)
    latest: dict[str, PageCopy] = {}
    for some in _portions({*pages, *pages.values()}):
        copies = PageCopy.objects.filter(team=team, address_key__in=some)
        copies = copies.exclude(text_sha256="") if readable else copies
        for copy in copies.order_by("seen_at", "id"):
            latest[copy.address_key] = copy
    found = {key: [latest[one] for one in {key, page} if one in latest] for key, page in pages.items()}
    return {key: max(copies, key=_seen) for key, copies in found.items() if copies}


def versions_of(team: Team, key: str) -> list[Version]:
    """What is kept of the page with this key, the newest first, with what changed from one copy to the next. Attempts
    that failed are among them: one row for the last of them; and copies from before the page moved."""
    page = page_keys(team, [key])[key]
    before = PageName.objects.filter(team=team, address_key=page).values_list("asked_key", flat=True)
    keys = [key, page, *before[:_AT_ONCE]]
    copies = list(PageCopy.objects.filter(team=team, address_key__in=keys).order_by("read_at", "id"))
    readable = [copy for copy in copies if copy.text_sha256]
    grown = {later.pk: later.characters - earlier.characters for earlier, later in pairwise(readable)}
    return [Version(copy, changed=copy.pk in grown, grown=grown.get(copy.pk, 0)) for copy in reversed(copies)]


def _seen(copy: PageCopy) -> datetime:
    return copy.seen_at


def _portions(keys: Iterable[str]) -> Iterable[list[str]]:
    listed = list(keys)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))
