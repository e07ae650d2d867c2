"""Checks that nobody asks for one by one: of all answers that somebody has asked for, or of all in a space."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Membership
from chat.models import Answer, AnswerPassage, CheckingChoice, CitationCheck, Source
from chat.sources.checks.service import NothingToCheck, request_check

logger = logging.getLogger(__name__)

LOOKS_BACK = timedelta(minutes=15)
"""How long ago an answer may have ended: somebody looks every few seconds, unless all processes are away."""
AT_ONCE = 50


def ask_for_checks() -> int:
    """Ask for the checks of answers that have ended lately and are to be checked by a setting; returns how many.

    Whichever process looks first does it; an answer that was ever checked is not checked again by itself.
    """
    asked = 0
    for answer_id in _wanting().values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            # Locked, so that two processes that look at once do not ask one after the other.
            answer = Answer.objects.select_for_update(of=("self",)).filter(pk=answer_id).first()
            if answer is None or CitationCheck.objects.filter(answer=answer).exists():
                continue
            try:
                request_check(answer=answer, by=None)
                asked += 1
            except NothingToCheck:
                logger.info("Answer %s is not checked: it cites nothing.", answer_id)
    return asked


def choose_always(*, membership: Membership, always: bool) -> None:
    """Have all answers that the person asks for in the team checked from now on, or only those that somebody wants to
    have checked."""
    CheckingChoice.objects.update_or_create(
        team_id=membership.team_id, user_id=membership.user_id, defaults={"always": always}
    )


def is_always(membership: Membership) -> bool:
    """What the person has chosen."""
    chosen = CheckingChoice.objects.filter(team=membership.team_id, user=membership.user_id, always=True)
    return chosen.exists()


def _wanting() -> QuerySet[Answer]:
    chosen = CheckingChoice.objects.filter(
        user=OuterRef("asked_by"), team=OuterRef("question__conversation__team"), always=True
    )
    of_space = Q(question__conversation__space__check_citations=True)
    cited = Source.objects.filter(answer=OuterRef("pk"), cited=True)
    quoted = AnswerPassage.objects.filter(answer=OuterRef("pk"), cited=True)
    return (
        Answer.objects.filter(state=Answer.State.FINISHED, ended_at__gte=timezone.now() - LOOKS_BACK)
        .exclude(text="")
        .filter(of_space | Exists(chosen), Exists(cited) | Exists(quoted))
        .filter(~Exists(CitationCheck.objects.filter(answer=OuterRef("pk"))))
        .filter(question__conversation__deleted_at=None)
        .order_by("ended_at")
    )
