"""Asking for a check of what an answer cites."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from chat.models import Answer, AnswerPassage, CitationCheck, Source
from core.errors import ActionRefused


class NothingToCheck(ActionRefused):
    """The answer is not finished, or cites nothing; the text says which."""


def request_check(*, answer: Answer, by: User | None) -> CitationCheck:
    """Have what the answer cites checked in the background; `by` is None where a setting asks for it.

    While one is being made, that one is returned. Raises NothingToCheck.
    """
    if reason := why_not(answer):
        raise NothingToCheck(reason)
    for _attempt in range(2):
        if live := _live(answer):
            return live
        try:
            with transaction.atomic():
                return CitationCheck.objects.create(answer=answer, requested_by=by)
        except IntegrityError:
            continue  # somebody else asked in the same moment
    return CitationCheck.objects.filter(answer=answer).latest("created_at")


def why_not(answer: Answer) -> str:
    """Why what the answer cites cannot be checked, in a sentence; empty where it can."""
    if answer.is_live:
        return _("This answer is still being written. Check it when it’s finished.")
    if not answer.text:
        return _("This answer has no text that could be checked.")
    if not cites_something(answer):
        return _("This answer cites no sources, so there’s nothing to check.")
    return ""


def cites_something(answer: Answer) -> bool:
    """Whether the answer's text cites a source, or a document of the space."""
    return (
        Source.objects.filter(answer=answer, cited=True).exists()
        or AnswerPassage.objects.filter(answer=answer, cited=True).exists()
    )


def _live(answer: Answer) -> CitationCheck | None:
    return CitationCheck.objects.filter(answer=answer, state__in=CitationCheck.LIVE).first()
