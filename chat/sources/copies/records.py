"""The rows of copies: what is kept of a page that was read, and what is reused instead of reading it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat.models import PageCopy, PageName
from chat.sources.copies.addresses import address_key, own_address, site_of
from chat.sources.copies.problems import PageProblem
from core.storable import storable

AGAIN_AFTER = timedelta(minutes=15)
"""A page that could not be read is not asked for again before."""
AT_ONCE_AGAIN = frozenset({PageProblem.OFF, PageProblem.QUOTA})
"""Where no site was at fault, nobody has to wait."""
_SAME_TIME = timedelta(days=1)
_ALIKE = 0.8  # of the length of the longer text


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a page. The names are those of `PageCopy`; without a text there is a `problem`.

    `canonical` is the address that the page gives itself.
    """

    asked: str
    final_address: str = ""
    canonical: str = ""
    status: int | None = None
    media_type: str = ""
    problem: str = ""
    title: str = ""
    language: str = ""
    published: str = ""
    newer: Mapping[str, str] = field(default_factory=dict)
    file_sha256: str = ""
    text_sha256: str = ""
    size: int = 0
    characters: int = 0
    unit: str = ""
    pages: int = 0


def recent_copy(team_id: UUID, address: str, *, fresh_for: timedelta) -> PageCopy | None:
    """What is known of the page and young enough to be used as it is; None where it is to be read (again)."""
    asked = address_key(address)
    name = PageName.objects.filter(team=team_id, asked_key=asked).values_list("address_key", flat=True).first()
    latest = PageCopy.objects.filter(team=team_id, address_key=name or asked).order_by("-seen_at", "-id").first()
    if latest is None:
        return None
    if latest.text_sha256:
        return latest if latest.seen_at > timezone.now() - fresh_for else None
    waits = latest.problem not in AT_ONCE_AGAIN and latest.seen_at > timezone.now() - AGAIN_AFTER
    return latest if waits else None


def keep_reading(team_id: UUID, reading: Reading) -> PageCopy:
    """Put on record what came of reading a page: a text that is known already is seen again, another one is a new copy;
    of attempts that failed the last one is kept."""
    with transaction.atomic():
        address = _own_name(team_id, reading)
        key, asked = address_key(address), address_key(reading.asked)
        now = timezone.now()
        values = _values(reading, address) | {"seen_at": now}
        same: dict[str, Any] = {"team_id": team_id, "address_key": key, "text_sha256": reading.text_sha256}
        if not PageCopy.objects.filter(**same, problem=reading.problem).exists():
            values["read_at"] = now  # the page is like this for the first time, or fails in another way
        copy, _new = PageCopy.objects.update_or_create(**same, defaults=values)
        if key != asked:
            PageName.objects.update_or_create(team_id=team_id, asked_key=asked, defaults={"address_key": key})
        elif reading.text_sha256:
            PageName.objects.filter(team_id=team_id, asked_key=asked).delete()
    return copy


def _own_name(team_id: UUID, reading: Reading) -> str:
    """The address of the page: the one that it gives itself, or the one to which it redirects. Of a page that could not
    be read, the one under which it was known before.

    A page that names another one which says something else is not believed: some name one page of a site in all.
    """
    if not reading.text_sha256:
        name = PageName.objects.filter(team=team_id, asked_key=address_key(reading.asked)).first()
        known = PageCopy.objects.filter(team=team_id, address_key=name.address_key).first() if name else None
        return known.address if known else reading.asked
    address = reading.final_address or reading.asked
    own = own_address(reading.canonical, of=address)
    if address_key(own) == address_key(address):
        return own
    others = PageCopy.objects.filter(team=team_id, address_key=address_key(own)).exclude(text_sha256="")
    other = others.filter(seen_at__gt=timezone.now() - _SAME_TIME).order_by("-seen_at").first()
    if other is None or other.text_sha256 == reading.text_sha256:
        return own
    short, long = sorted((other.characters, reading.characters))
    return own if other.title == reading.title and short >= _ALIKE * long else address


def _values(reading: Reading, address: str) -> dict[str, Any]:
    return {
        "address": storable(address),
        "final_address": storable(reading.final_address),
        "site": site_of(address),
        "title": storable(reading.title),
        "language": storable(reading.language)[:35],
        "published": storable(reading.published)[:40],
        "newer": storable(dict(reading.newer)),
        "status": reading.status,
        "media_type": storable(reading.media_type)[:100],
        "problem": reading.problem[:20],
        "file_sha256": reading.file_sha256,
        "size": reading.size,
        "characters": reading.characters,
        "unit": reading.unit,
        "pages": reading.pages,
    }
