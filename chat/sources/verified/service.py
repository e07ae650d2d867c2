"""Verifying answers and sentences of them, changing that, withdrawing it, and taking either back.

What a verification says is never changed: another takes its place, and the earlier one stays as history.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from chat.models import Answer, Verification
from chat.sources.verified.sentences import Stretch
from core.errors import ActionRefused

SOON = timedelta(days=7)
"""How long before its end its author is reminded."""
MOST_OF_ANSWER = 200
"""Verifications that an answer can have, withdrawn ones among them."""


@dataclass(frozen=True, slots=True)
class VerificationWish:
    """What somebody says when they verify: of which sentence, None for the whole answer, and until which day."""

    sentence: Stretch | None = None
    note: str = ""
    until: date | None = None


def verify(wish: VerificationWish, *, answer: Answer, by: User) -> Verification:
    """Vouch for the answer, or for the sentence. Somebody who verified just that before changes it.

    Raises ActionRefused for an answer that is not whole, or that has been verified too often.
    """
    if answer.state != Answer.State.FINISHED or not answer.text:
        raise ActionRefused(_("Only a finished answer can be verified."))
    with transaction.atomic():
        Answer.objects.select_for_update().only("pk").get(pk=answer.pk)
        rows = Verification.objects.filter(answer=answer)
        if rows.count() >= MOST_OF_ANSWER:
            raise ActionRefused(_("This answer has been verified too often. Nothing more can be added."))
        sentence = wish.sentence
        same = rows.standing().filter(by=by, by_name="", start=sentence.start if sentence else None)
        before = same.filter(end=sentence.end if sentence else None).first()
        made = _store(wish, answer=answer, by=by)
        if before:
            _replace(before, made, by=by)
    return made


def change(wish: VerificationWish, *, verification: Verification, by: User) -> Verification:
    """Say something else of the same sentence, or of the same answer, from now on.

    Raises ActionRefused where it was withdrawn or changed meanwhile.
    """
    with transaction.atomic():
        held = _standing(verification)
        made = _store(wish, answer=held.answer, by=by)
        _replace(held, made, by=by)
    return made


def withdraw(*, verification: Verification, by: User) -> None:
    """Vouch for it no more. Withdrawing what is withdrawn changes nothing."""
    standing = Verification.objects.filter(pk=verification.pk).standing()
    standing.update(withdrawn_at=timezone.now(), withdrawn_by=by)


def restore(*, verification: Verification, by: User) -> None:
    """Take back that it was withdrawn or changed: it holds again, and what had taken its place does not.

    Raises ActionRefused where the same person has verified the same anew since.
    """
    with transaction.atomic():
        held = Verification.objects.select_for_update().get(pk=verification.pk)
        if held.withdrawn_at is None:
            return
        if held.replaced_by_id:
            taken = Verification.objects.filter(pk=held.replaced_by_id).standing()
            if not taken.update(withdrawn_at=timezone.now(), withdrawn_by=by):
                raise ActionRefused(_("This verification was changed again meanwhile."))
        same = Verification.objects.filter(answer=held.answer_id, by=held.by_id, start=held.start, end=held.end)
        if same.standing().exists():
            raise ActionRefused(_("This was verified again meanwhile."))
        held.withdrawn_at = held.withdrawn_by = held.replaced_by = None
        held.save(update_fields=["withdrawn_at", "withdrawn_by", "replaced_by"])


def _standing(verification: Verification) -> Verification:
    held = Verification.objects.select_for_update(of=("self",)).select_related("answer__question")
    found = held.filter(pk=verification.pk).standing().first()
    if found is None:
        raise ActionRefused(_("This verification was removed or changed meanwhile."))
    return found


def _store(wish: VerificationWish, *, answer: Answer, by: User) -> Verification:
    """Whoever chooses a day within the week knows of it: they are reminded at its end alone, as if they had been."""
    sentence, now = wish.sentence, timezone.now()
    is_short = wish.until is not None and wish.until <= timezone.localdate() + SOON
    return Verification.objects.create(
        answer=answer,
        conversation_id=answer.question.conversation_id,
        by=by,
        text=sentence.text if sentence else "",
        start=sentence.start if sentence else None,
        end=sentence.end if sentence else None,
        note=wish.note,
        at=now,
        until=wish.until,
        reminded_at=now if is_short else None,
    )


def _replace(before: Verification, made: Verification, *, by: User) -> None:
    before.withdrawn_at, before.withdrawn_by, before.replaced_by = timezone.now(), by, made
    before.save(update_fields=["withdrawn_at", "withdrawn_by", "replaced_by"])
