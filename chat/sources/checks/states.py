"""What readers are told of a check as a whole, and of a page that could not be read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from chat.models import Answer, CitationCheck
from chat.sources.claims.judging import RULES
from chat.sources.copies.problems import sentence_for

FINANCE, PEOPLE, NO_ADDRESS = "finance", "people", "no_address"
"""Why no page is read of a source that is none: a look-up of figures, a person's profile, something without address."""


@dataclass(frozen=True, slots=True)
class CheckStatus:
    """What there is of checks of one answer: the newest that finished, the one that is being made, and the newest that
    failed, where nothing finished since."""

    finished: CitationCheck | None = None
    live: CitationCheck | None = None
    failed: CitationCheck | None = None


def current_check(answer: Answer) -> CitationCheck | None:
    """The newest check of the answer that finished, which is the one that the answer wears."""
    return current_checks([answer])[answer.pk].finished


def current_checks(answers: Iterable[Answer]) -> dict[UUID, CheckStatus]:
    """What there is of each of these answers, by their ids; one query for all. The lists of facts are left out: they
    are read when somebody asks for them."""
    return checks_of({answer.pk for answer in answers})


def checks_of(answer_ids: Collection[UUID]) -> dict[UUID, CheckStatus]:
    """The same by the answers' ids."""
    found = {answer_id: CheckStatus() for answer_id in answer_ids}
    checks = CitationCheck.objects.filter(answer__in=found).defer("facts").order_by("created_at", "pk")
    for check in checks:
        known = found[check.answer_id]
        if check.state in CitationCheck.LIVE:
            found[check.answer_id] = CheckStatus(known.finished, check, known.failed)
        elif check.state == CitationCheck.State.FINISHED:
            found[check.answer_id] = CheckStatus(check, known.live, None)
        else:
            found[check.answer_id] = CheckStatus(known.finished, known.live, check)
    return found


def is_older(check: CitationCheck) -> bool:
    """Whether it was made by earlier rules than ours, so that a new one may say something else."""
    return check.state == CitationCheck.State.FINISHED and check.rules < RULES


def why_unread(problem: str) -> str:
    """Why the page of a source was not read, in a sentence (`CheckedSource.problem`); empty where it was."""
    own = {
        FINANCE: _("This is a look-up of figures, so it was checked against what the look-up returned."),
        PEOPLE: _("Parley doesn’t read people’s profiles, so this was checked against what the search returned."),
        NO_ADDRESS: _("There is no page to read, so this was checked against what the search returned."),
    }
    return own.get(problem) or str(sentence_for(problem))


def failed_sentence() -> str:
    """What readers are told of a check that failed."""
    return _("The check was interrupted several times. You can start it again.")
