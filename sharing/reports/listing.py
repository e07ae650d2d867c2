"""Reports as pages list them, and what a report was made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Membership
from chat.access import Place, readable_conversations
from chat.models import Answer, Conversation, SourceUse
from core.storable import storable
from sharing.models import Report, ReportAnswer, ReportVersion
from sharing.reports import access

PAGE = 30
VERSIONS = 30
MOST_OFFERED = 50
"""Reports in a choice, those changed last."""
MOST_ORIGINS = 200
"""Answers that a report names as those it was made of."""
_MOST_LOOKED_THROUGH = 5 * MOST_OFFERED


@dataclass(frozen=True, slots=True)
class ReportList:
    """A page of the list; `next` is the number of the page after it."""

    reports: Sequence[Report]
    next: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """An answer that was put into the report, for somebody who may read it. `missing` says how many of its citations a
    check did not find in their sources."""

    answer: Answer
    conversation: Conversation
    missing: int


@dataclass(frozen=True, slots=True)
class Origins:
    """What a report was made of; `hidden` answers are not there for this reader."""

    shown: Sequence[Origin]
    hidden: int

    @property
    def doubtful(self) -> Sequence[Origin]:
        """Those of which a check did not find everything."""
        return [one for one in self.shown if one.missing]


def report_list(membership: Membership, *, words: str = "", page: int = 1) -> ReportList:
    """The reports that the person may read, those changed last first, with the words in their titles."""
    found = with_words(access.readable_reports(membership), words).select_related("owner", "space", "changed_by")
    begin = (page - 1) * PAGE
    rows = list(found.order_by("-changed_at", "-id")[begin : begin + PAGE + 1])
    return ReportList(rows[:PAGE], page + 1 if len(rows) > PAGE else None)


def with_words(reports: QuerySet[Report], words: str) -> QuerySet[Report]:
    """Those whose titles have each of the words."""
    for word in storable(words).split()[:8]:
        reports = reports.filter(title__icontains=word[:100])
    return reports


def reports_to_add_to(membership: Membership) -> list[Report]:
    """The reports that the person may change, those changed last, MOST_OFFERED at most."""
    if not membership.may_ask:
        return []
    found = access.readable_reports(membership).select_related("space").order_by("-changed_at", "-id")
    roles: dict[UUID, bool] = {}
    usable = []
    for report in found[:_MOST_LOOKED_THROUGH]:
        if report.visibility != Conversation.Visibility.SPACE or report.space_id is None:
            usable.append(report)
            continue
        if report.space_id not in roles:
            roles[report.space_id] = access.may_edit(membership, report)
        if roles[report.space_id]:
            usable.append(report)
    return usable[:MOST_OFFERED]


def place_of(report: Report) -> Place:
    """Where the report is."""
    return Place(Conversation.Visibility(report.visibility), report.space)


def origins_of(report: Report, membership: Membership) -> Origins:
    """The answers that were put into the report, as far as the person may read them; three queries."""
    rows = ReportAnswer.objects.filter(report=report).order_by("added_at", "id")
    seen = readable_conversations(membership).order_by().values("pk")
    readable = rows.filter(answer__question__conversation__in=seen)
    found = list(readable.select_related("answer__question__conversation")[:MOST_ORIGINS])
    uses = SourceUse.objects.filter(answer__in=[one.answer_id for one in found], missing__gt=0)
    missing: dict[UUID, int] = {}
    for answer_id, count in uses.values_list("answer_id", "missing"):
        missing[answer_id] = missing.get(answer_id, 0) + count
    shown = [Origin(one.answer, one.answer.question.conversation, missing.get(one.answer_id, 0)) for one in found]
    return Origins(shown, hidden=rows.count() - len(shown) if len(shown) < MOST_ORIGINS else 0)


def versions_of(report: Report, *, page: int = 1) -> tuple[list[ReportVersion], int | None]:
    """The versions without their texts, the newest first, and the number of the page after it."""
    begin = (page - 1) * VERSIONS
    found = ReportVersion.objects.filter(report=report).defer("text", "sources").select_related("saved_by")
    rows = list(found[begin : begin + VERSIONS + 1])
    return rows[:VERSIONS], page + 1 if len(rows) > VERSIONS else None
