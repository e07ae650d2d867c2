"""Keeping the chain of an answer's log when the log itself is removed."""

from collections.abc import Collection
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from chat.answers.transcript import entries_after
from chat.models import Answer, LogDigest, LogEntry
from chat.sources.passports.log_chain import Described, describe, head_of


class LogState(NamedTuple):
    """The chain of an answer's log; `is_whole` says that the entries themselves are still there."""

    entries: Described
    head: str
    is_whole: bool


def log_of(answer: Answer) -> LogState | None:
    """The chain of the answer's log, from its entries or as it was kept; None where there is neither."""
    if entries := entries_after(answer.pk, 0):
        described = describe([(one.kind, one.data) for one in entries], text=answer.text)
        return LogState(described, head_of(described, text=answer.text), is_whole=True)
    kept = LogDigest.objects.filter(pk=answer.pk).first()
    return LogState(kept.entries, kept.head, is_whole=False) if kept else None


def keep_digests(answer_ids: Collection[UUID]) -> None:
    """Keep the chains of the logs of these answers, which have ended and whose entries are about to be removed."""
    texts = dict(Answer.objects.filter(pk__in=answer_ids).values_list("pk", "text"))
    rows = LogEntry.objects.filter(answer_id__in=answer_ids).order_by("answer_id", "seq")
    columns = rows.values_list("answer_id", "kind", "data")
    digests = []
    for answer_id, entries in groupby(columns.iterator(chunk_size=500), key=lambda row: row[0]):
        text = texts.get(answer_id, "")
        described = describe([(kind, data) for _id, kind, data in entries], text=text)
        digests.append(LogDigest(answer_id=answer_id, entries=described, head=head_of(described, text=text)))
    LogDigest.objects.bulk_create(digests, ignore_conflicts=True)
