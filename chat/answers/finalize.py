"""How an answer ends: once, whoever ends it, with exactly the text that its log holds.

The end takes the next number of the log. Somebody who is still writing finds that number taken (`event_log.Fenced`),
and two who end the answer at once cannot both succeed.
"""

import logging
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import asdict, dataclass
from datetime import datetime
from html import unescape
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html

from chat import rendering, structured
from chat.answers import cost, passages
from chat.answers.notify import notify_processes
from chat.answers.transcript import Entry, Kind, Transcript, entries_after, fold_entries
from chat.models import Answer, Conversation, LedgerNews, LogEntry, Source, WatchRun
from chat.rendering.citations import Citations, cited_numbers
from chat.rendering.mark_forms import SourceNumber
from core import measures
from core.cpu_budget import CpuBudget
from core.sentences import sentence
from core.storable import storable
from core.web.db import AWAY, limit_lock_wait
from core.web.jobs.leases import run_out
from core.web.wording import stored_problem, stored_text

logger = logging.getLogger(__name__)

ATTEMPTS = 20
MOST_SECONDS = 0.8  # CPU seconds for showing an answer's text; what takes longer is shown as it was written
MOST_SECONDS_FOR_MARKS = 0.2  # of them, for what it cites
_TAG = re.compile(r"<[^>]*>")
CUT = frozenset({"length", "content_filter"})  # reasons to finish for which an answer lacks its end


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """Why an answer failed or broke off, in words for its readers, a `core.sentences.Sentence` where a value stands in
    them. `wait` in seconds."""

    kind: str
    message: str
    retryable: bool
    wait: float | None = None


def internal_problem() -> AnswerProblem:
    """What readers are told when something happened that should not."""
    return AnswerProblem(
        kind="internal", message=sentence("Something went wrong in Parley. The error has been logged."), retryable=True
    )


@dataclass(frozen=True, slots=True)
class AtHand:
    """What the process that wrote an answer needs not read again: the answer as it was stored, and what was committed
    of its log, all of it by then."""

    answer: Answer
    entries: Sequence[Entry]


def end_answer(
    *,
    answer_id: UUID,
    state: Answer.State,
    problem: AnswerProblem | None = None,
    overdue: bool = False,
    at_hand: AtHand | None = None,
) -> Entry | None:
    """End the answer with what its log holds, and return the log's last entry. None when it has ended already or is not
    there any more.

    With `overdue` only if its lease is still run out in that moment. What is `at_hand` is believed as long as the log
    does not go on after it. An answer of which something cannot be stored keeps its words alone. Raises one of
    core.web.db.AWAY.
    """
    bare = False
    for _attempt in range(ATTEMPTS):
        answer = copy(at_hand.answer) if at_hand else Answer.objects.filter(pk=answer_id).first()
        if answer is None or not answer.is_live:
            return None
        before = {name: getattr(answer, name) for name in _FILLED}
        transcript = fold_entries(at_hand.entries if at_hand else entries_after(answer_id, 0))
        is_read, at_hand = at_hand is None, None  # another attempt reads
        if bare:
            transcript = Transcript(seq=transcript.seq, text=transcript.text, reasoning=transcript.reasoning)
            state, problem = Answer.State.FAILED, internal_problem()
        try:
            sources, cited = _fill(answer, transcript, state=state, problem=problem)
            changed = {name: getattr(answer, name) for name in _FILLED if getattr(answer, name) != before[name]}
            last = Entry(transcript.seq + 1, Kind.END, {"state": answer.state})
            if _store(answer, changed, last=last, sources=sources, cited=cited, overdue=overdue):
                _count(answer)
                return last
            if answer.sent_at or not _was_sent(answer_id):
                return None
            # It was sent just now, so what it costs has to be counted again.
        except AWAY:
            raise
        except Exception:
            # Another entry may have taken the number: fold again, with it. And what is at hand may hold what no
            # database takes, such as an endless number, of which the log says nothing.
            if not is_read or LogEntry.objects.filter(answer_id=answer_id, seq=transcript.seq + 1).exists():
                continue
            if bare:
                raise
            logger.exception("Answer %s cannot be stored whole.", answer_id)
            bare = True
    logger.warning("Answer %s is being written faster than it can be ended.", answer_id)
    return None


def _count(answer: Answer) -> None:
    """Tell those who watch Parley that it ended, and how long it took."""
    measures.answer_ended(
        provider=answer.provider,
        state=answer.state,
        asked_at=answer.created_at,
        sent_at=answer.sent_at,
        first_word_at=answer.first_word_at,
        ended_at=answer.ended_at or timezone.now(),
        error=answer.error.get("kind", ""),
    )


def _was_sent(answer_id: UUID) -> bool:
    return Answer.objects.filter(pk=answer_id, state__in=Answer.LIVE, sent_at__isnull=False).exists()


def _fill(
    answer: Answer, transcript: Transcript, *, state: Answer.State, problem: AnswerProblem | None
) -> tuple[list[Source], list[SourceNumber]]:
    """Set every field that the log decides, make the sources, and say what is cited. Slow work, such as rendering,
    happens here, before the transaction."""
    answer.state = state
    answer.text = transcript.text if has_words(transcript.text) else ""
    answer.reasoning = transcript.reasoning
    answer.steps = transcript.steps
    answer.job = transcript.job
    answer.related = transcript.related
    answer.media = {"images": transcript.images, "videos": transcript.videos}
    answer.searched = transcript.searched
    answer.finish = transcript.finish
    answer.usage = transcript.usage
    answer.upstream_id = transcript.started.get("upstream_id", "")[:100]
    answer.request_id = transcript.started.get("request_id", "")[:200]
    answer.resolved_model = transcript.started.get("model", "")[:100]
    answer.follow_up = transcript.follow_up
    answer.error = {**asdict(problem), **storable(stored_problem(problem.message))} if problem else {}
    answer.started_at = _moment(transcript.started.get("at"))
    answer.first_word_at = _moment(transcript.first_word_at)
    answer.ended_at = timezone.now()
    answer.lease_expires_at = None
    _price(answer, transcript)
    sources = [Source(answer=answer, **row) for row in transcript.numbered_sources]
    citations = present_answer(answer, sources, documents=transcript.passage_count)
    answer.unknown_citations = citations.unknown
    for source in sources:
        source.cited = source.number in citations.cited
    return sources, citations.cited


def present_answer(answer: Answer, sources: list[Source], *, documents: int | None = None) -> Citations:
    """Fill in the text as HTML, and as what was asked for where it is that. Says what it cites.

    A text that defeats the renderer is shown as it is: the answer still ends, and loses nothing.
    """
    wanted = answer.request.get("options", {}).get("response_format")
    budget = CpuBudget(MOST_SECONDS)
    try:
        if answer.text and structured.kind_of(wanted):
            is_whole = answer.state == Answer.State.FINISHED and answer.finish not in CUT
            shown = structured.present(
                answer.text,
                wanted,
                sources=sources,
                documents=documents,
                anchor=str(answer.pk),
                is_whole=is_whole,
                budget=budget,
            )
            answer.html, answer.format_problem = shown.html, stored_text(shown.problem)
            return shown.citations
        answer.html = rendering.to_html(
            answer.text, sources=sources, documents=documents, anchor=str(answer.pk), budget=budget
        )
        if answer.text and not has_words(unescape(_TAG.sub("", answer.html))):
            answer.html = _as_written(answer.text)  # such as a link definition that nothing refers to
    except Exception:
        logger.exception("The text of answer %s could not be rendered.", answer.pk)
        answer.html = _as_written(answer.text)
    time = budget.part(MOST_SECONDS_FOR_MARKS)
    return cited_numbers(answer.text, sources=sources, documents=documents, budget=time)


def has_words(text: str) -> bool:
    """Whether a reader would see anything of the text: more than blanks and characters without a shape."""
    return any(sign.isprintable() and not sign.isspace() for sign in text)


def _as_written(text: str) -> str:
    return format_html('<pre class="plain" tabindex="0">{}</pre>', text)


def _price(answer: Answer, transcript: Transcript) -> None:
    charge = cost.charge_for(answer, transcript)
    answer.cost, answer.cost_source, answer.price_date = charge.cost, charge.source, charge.price_date


def _moment(text: Any) -> datetime | None:
    return parse_datetime(text) if isinstance(text, str) and text else None


_FILLED = [
    "state",
    "text",
    "html",
    "format_problem",
    "reasoning",
    "steps",
    "job",
    "related",
    "media",
    "searched",
    "unknown_citations",
    "finish",
    "usage",
    "cost",
    "cost_source",
    "price_date",
    "upstream_id",
    "request_id",
    "resolved_model",
    "follow_up",
    "error",
    "started_at",
    "first_word_at",
    "ended_at",
    "lease_expires_at",
]


def _store(
    answer: Answer,
    changed: dict[str, Any],
    *,
    last: Entry,
    sources: list[Source],
    cited: Sequence[SourceNumber],
    overdue: bool,
) -> bool:
    """Claim the end, which is the `last` entry of the log, and write what changed with it, in one transaction. Raises
    IntegrityError when the log has gone on meanwhile."""
    with transaction.atomic():
        limit_lock_wait()
        LogEntry.objects.create(answer_id=answer.pk, seq=last.seq, kind=last.kind, data=last.data)
        live = Answer.objects.filter(pk=answer.pk, state__in=Answer.LIVE)
        if overdue:
            live = live.filter(run_out())
        if answer.sent_at is None:
            live = live.filter(sent_at=None)
        if not live.update(**changed):
            transaction.set_rollback(True)
            return False
        Source.objects.bulk_create(sources)
        if sources:
            LedgerNews.of_answers([answer.pk])
        passages.note_cited(answer.pk, cited)
        # Whoever asks locks the conversation before what is left of limits, too.
        asked_in = Conversation.objects.filter(questions__answers=answer.pk)
        # What a watch asked is news when it turns out to differ from what was known (chat.watches.outcomes).
        asked_in.exclude(Exists(WatchRun.objects.filter(answer=answer.pk))).update(answered_at=answer.ended_at)
        cost.settle_answer(answer)
        notify_processes([answer.pk])
    return True
