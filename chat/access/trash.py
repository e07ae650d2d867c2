"""How long what was deleted can be restored."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def trash_begins() -> datetime:
    """What was deleted before can't be restored any more."""
    return timezone.now() - timedelta(days=settings.TRASH_DAYS)
