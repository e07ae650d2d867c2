"""What belongs to an answer of Parley's besides its text and sources, as rows: passages of documents, the check of its
citations, the people who vouch for it.

A file is no proof that something was checked, or that somebody vouches for it. So these come only where a team's owner
brings a whole team back, and from nobody else.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from chat.models import (
    Answer,
    AnswerPassage,
    CheckedMark,
    CheckedSource,
    CitationCheck,
    Conversation,
    Verification,
)
from core.ids import new_id
from sharing.imports.foreign import LeftOut, list_of, text_of
from sharing.imports.targets import Target
from sharing.imports.values import text_in

_COLUMNS = (
    *("format_problem", "steps", "related", "media", "finish", "usage", "cost", "cost_source", "price_date"),
    *("upstream_id", "request_id", "resolved_model", "background", "error", "started_at", "first_word_at"),
)


@dataclass(slots=True)
class AnswerRows:
    """They, for any number of answers."""

    passages: list[AnswerPassage] = field(default_factory=list)
    checks: list[CitationCheck] = field(default_factory=list)
    read: list[CheckedSource] = field(default_factory=list)
    marks: list[CheckedMark] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)

    def store(self) -> None:
        """Store them, in the caller's transaction, after their answers."""
        AnswerPassage.objects.bulk_create(self.passages)
        CitationCheck.objects.bulk_create(self.checks)
        CheckedSource.objects.bulk_create(self.read)
        CheckedMark.objects.bulk_create(self.marks)
        Verification.objects.bulk_create(self.verifications)


def columns_of(more: Mapping[str, Any]) -> dict[str, Any]:
    """What of an answer of Parley's goes into its columns as it is; nothing of another service's."""
    return {name: more[name] for name in _COLUMNS if name in more}


def request_of(more: Mapping[str, Any], *, service: str, target: Target) -> dict[str, Any]:
    """What is kept of how it was asked: from where it was imported first, and what its text was to be."""
    request: dict[str, Any] = {"imported_from": more.get("imported_from") or service}
    for name in ("asked_as", "options"):
        if more.get(name):
            request[name] = more[name]
    if asked := documents_asked(more.get("from_space") or {}, target):
        request["from_space"] = asked
    return request


def documents_asked(said: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """What of documents went along, by our ids; nothing where their space is not here."""
    space = target.spaces.get(text_of(said.get("space")))
    return {**with_our_documents(said, target), "space": str(space.pk)} if space else {}


def with_our_documents(said: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """What was chosen of a space's documents, by our ids."""
    kept = {name: said[name] for name in ("mode", "passages") if isinstance(said.get(name), (str, int))}
    listed = [one for one in list_of(said.get("whole")) if isinstance(one, str)]
    whole = [target.documents[one] for one in listed if one in target.documents]
    return {**kept, "whole": [str(one) for one in whole]} if whole else kept


def add_rows(
    rows: AnswerRows,
    answer: Answer,
    more: Mapping[str, Any],
    *,
    conversation: Conversation,
    target: Target,
    left_out: Counter[LeftOut],
) -> None:
    """Make what belongs to one answer. What can't come is counted."""
    passages = more.get("passages") or ()
    if passages and answer.request.get("from_space"):
        rows.passages += [_passage(one, answer, target) for one in passages]
    else:
        left_out[LeftOut.PASSAGE] += len(passages)
    if target.is_team:
        _add_check(rows, answer, more.get("check") or {}, target)
        _add_verifications(rows, answer, more.get("verifications") or (), conversation, target)
    else:
        left_out[LeftOut.VOUCHED] += vouched_in(more)


def vouched_in(more: Mapping[str, Any]) -> int:
    """How many checks and verifications an answer has."""
    return bool(more.get("check")) + len(more.get("verifications") or ())


def _passage(said: Mapping[str, Any], answer: Answer, target: Target) -> AnswerPassage:
    columns = {name: value for name, value in said.items() if name not in ("document", "version")}
    space = answer.request["from_space"]["space"]
    version = target.versions.get((said["document"], said["version"]))
    return AnswerPassage(answer=answer, space_id=space, version_id=version, **columns)


def _add_check(rows: AnswerRows, answer: Answer, said: Mapping[str, Any], target: Target) -> None:
    if not said:
        return
    columns = said["columns"]
    check = CitationCheck(
        id=new_id(),
        answer=answer,
        requested_by=target.somebody(said["by"]),
        state=CitationCheck.State.FINISHED,
        pages_done=columns["pages"],
        **columns,
    )
    rows.checks.append(check)
    rows.read += [CheckedSource(check_of=check, **one) for one in said["sources"]]
    rows.marks += [CheckedMark(check_of=check, **one) for one in said["marks"]]


def _add_verifications(rows: AnswerRows, answer: Answer, said: Any, conversation: Conversation, target: Target) -> None:
    """Who vouched and is nobody here is named. Nobody is reminded of what others vouched for, or of what is over."""
    today = timezone.localdate()
    made: list[tuple[Verification, int | None]] = []
    for one in said:
        by, columns = target.somebody(one["by"]), dict(one["columns"])
        name = "" if by else text_in(one["by"].get("name") or one["by"].get("username"), 150) or "?"
        at = columns["at"] or answer.ended_at
        told = at if name or (columns["until"] and columns["until"] < today) else None
        verification = Verification(
            id=new_id(),
            answer=answer,
            conversation=conversation,
            by=by or target.membership.user,
            by_name=name,
            withdrawn_by=target.somebody(one["withdrawn_by"]) if columns["withdrawn_at"] else None,
            reminded_at=told,
            ended_at=told,
            **columns | {"at": at},
        )
        made.append((verification, one["replaced_by"]))
    for verification, place in made:
        if place is not None and place < len(made) and verification.withdrawn_at:
            verification.replaced_by = made[place][0]
    rows.verifications += [verification for verification, _place in made]
