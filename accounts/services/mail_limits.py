"""How many e-mails may be caused in an hour, counted in the database so that all processes count together."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import MailRequest

WITHIN = timedelta(hours=1)


@transaction.atomic
def take_turn(*, kind: str, limits: Mapping[str, int]) -> bool:
    """Count one more e-mail by each of the keys. False, and nothing is counted, where it would be more than one of them
    may have within the hour."""
    now = timezone.now()
    hashed = {_hash(kind, key): most for key, most in limits.items()}
    MailRequest.objects.filter(kind=kind, at__lte=now - WITHIN).delete()
    for key, most in hashed.items():
        if MailRequest.objects.filter(kind=kind, key=key, at__gt=now - WITHIN).count() >= most:
            return False
    MailRequest.objects.bulk_create(MailRequest(kind=kind, key=key, at=now) for key in hashed)
    return True


def _hash(kind: str, key: str) -> str:
    return salted_hmac(f"accounts.mail.{kind}", key.lower(), algorithm="sha256").hexdigest()
