"""The files that people bring, as they came, until they were imported."""

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from files import Store
from sharing.imports.limits import KEPT_DAYS
from sharing.models import ImportRun

store = Store("imports")
NEW_FOR = timedelta(days=1)  # until a file to which no row refers is removed


def files_in_use(hashes: Collection[str]) -> set[str]:
    """Those of the hashes under which a file is to be kept."""
    return set(ImportRun.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))


def tidy_imports() -> int:
    """Let go of files that nobody imported in time, and remove those that nothing refers to. Returns how many went."""
    now = timezone.now()
    waiting = ImportRun.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).exclude(sha256="")
    waiting.filter(state=ImportRun.State.READY).update(state=ImportRun.State.STOPPED)
    waiting.exclude(state__in=ImportRun.LIVE).update(sha256="")
    return store.sweep(before=now - NEW_FOR, kept=files_in_use)
