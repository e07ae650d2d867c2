"""What is done by the clock so that no copies are kept which nobody needs any more."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from chat.models import PageCopy, PageName
from chat.sources.copies.quota import unrelied
from chat.sources.copies.texts import store

UNUSED_FOR = timedelta(days=1)
"""A text is safe for so long after it came, since its row is written later."""
_AT_ONCE = 200  # rows that go in one transaction: whoever writes meanwhile waits for milliseconds only


def prune_copies() -> int:
    """Remove copies that were seen last longer ago than PAGE_COPIES_KEPT_DAYS and that no check relies on, and names of
    pages that have none any more; returns how many copies went."""
    before = timezone.now() - timedelta(days=settings.PAGE_COPIES_KEPT_DAYS)
    pruned = 0
    while some := list(unrelied().filter(seen_at__lt=before).values_list("pk", flat=True)[:_AT_ONCE]):
        pruned += PageCopy.objects.filter(pk__in=some).delete()[0]
    pages = PageCopy.objects.filter(team=OuterRef("team"), address_key=OuterRef("address_key"))
    while names := list(PageName.objects.filter(~Exists(pages)).values_list("pk", flat=True)[:_AT_ONCE]):
        PageName.objects.filter(pk__in=names).delete()
    return pruned


def texts_in_use(hashes: Collection[str]) -> set[str]:
    """Those of the hashes that are the text of a copy."""
    return set(PageCopy.objects.filter(text_sha256__in=hashes).values_list("text_sha256", flat=True))


def sweep_texts() -> int:
    """Remove texts that no copy has any more; returns how many."""
    return store.sweep(before=timezone.now() - UNUSED_FOR, kept=texts_in_use)
