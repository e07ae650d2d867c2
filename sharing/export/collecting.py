"""Reads what an export holds, some questions at a time, as one person may see it now."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Membership
from chat.answers import branches
from chat.answers.media import shown_pictures
from chat.answers.transcript import entries_after
from chat.attachments.texts import store as attachment_store
from chat.live.answer_display import AnswerDisplay, stored_display
from chat.live.partials import Partials
from chat.live.shown_checks import NO_CHECK, ShownCheck, checks_for
from chat.live.shown_passages import NOTHING, ShownPassages, passages_for
from chat.models import (
    Answer,
    AnswerPassage,
    Attachment,
    CheckedMark,
    CheckedSource,
    CitationCheck,
    Conversation,
    Question,
    Verification,
)
from chat.sources.verified.standing import in_words, standing_of, with_standing
from imaging.access import visible_images
from imaging.models import GeneratedImage
from imaging.storage import store as image_store
from sharing.export import records, scope
from sharing.export.answer_records import CheckRows, answer_record
from sharing.export.content import (
    Along,
    Export,
    ExportedAnswer,
    ExportedConversation,
    ExportedQuestion,
    Part,
    Picture,
    SourceLine,
)
from sharing.export.scope import ANSWERS, Scope

CONVERSATIONS_AT_ONCE = 50
QUESTIONS_AT_ONCE = 10
"""Rows that are read at once: an answer can have two megabytes of HTML."""

_STATES = Answer.State


def collect(
    wanted: Scope, *, by: Membership, along: Along, with_records: bool = False, at: datetime | None = None
) -> Export:
    """What the member may read of it, read while it is gone through, in the language in force.

    For reading, the row of questions in which somebody asked last; `with_records` every version of each, and records.
    """
    title = scope.title_of(wanted, by)
    made_at = at or timezone.now()
    return Export(
        title=title,
        parts=_parts(wanted, by, along, with_records=with_records),
        made_at=made_at,
        made_by=by.user.display_name,
        language=get_language() or settings.LANGUAGE_CODE,
        head=records.head(by, title=title, at=made_at) if with_records else {},
    )


def _parts(wanted: Scope, by: Membership, along: Along, *, with_records: bool) -> Iterator[Part]:
    for conversation in conversations_in_turn(scope.readable_part(wanted, by)):
        yield _head_of(conversation, with_records=with_records)
        for questions in _questions_of(conversation, wanted, every_version=with_records):
            yield from _Batch(questions, by, along, wanted, with_records=with_records).parts()


def conversations_in_turn(found: QuerySet[Conversation]) -> Iterator[Conversation]:
    """Conversations, oldest first, with all that is told of them; read some at a time, without holding a cursor."""
    rows = found.select_related("owner", "space", "team").prefetch_related("taggings__tag")
    rows = rows.order_by("created_at", "pk")
    last: Conversation | None = None
    while True:
        following = rows
        if last:
            following = rows.filter(Q(created_at__gt=last.created_at) | Q(created_at=last.created_at, pk__gt=last.pk))
        some = list(following[:CONVERSATIONS_AT_ONCE])
        yield from some
        if len(some) < CONVERSATIONS_AT_ONCE:
            return
        last = some[-1]


def _head_of(conversation: Conversation, *, with_records: bool) -> ExportedConversation:
    tags = [one.tag.name for one in conversation.taggings.all()]
    return ExportedConversation(
        title=conversation.title,
        place=scope.place_words(conversation),
        owner=conversation.owner.display_name,
        at=conversation.created_at,
        url=settings.SITE_ORIGIN + reverse("chat:conversation", args=[conversation.pk]),
        record=records.conversation_record(conversation, tags) if with_records else {},
    )


def _questions_of(conversation: Conversation, wanted: Scope, *, every_version: bool) -> Iterator[Sequence[Question]]:
    """The questions of one conversation in their order, some at a time."""
    answers = Answer.objects.select_related("asked_by").order_by("created_at", "id")
    answers = answers.prefetch_related("sources", with_standing())
    if every_version:
        passages = AnswerPassage.objects.select_related("version").order_by("number")
        vouched = Verification.objects.select_related("by", "withdrawn_by").order_by("at", "pk")
        answers = answers.prefetch_related(Prefetch("passages", passages), Prefetch("verifications", vouched))
    else:
        answers = answers.exclude(watch_run__folded=True).defer("steps", "usage", "follow_up")
    if wanted.kind == ANSWERS:
        answers = answers.filter(pk__in=wanted.ids)
    found = conversation.questions.select_related("author").prefetch_related(
        Prefetch("answers", queryset=answers), "attachments"
    )
    if wanted.kind == ANSWERS:
        found = found.filter(answers__in=wanted.ids).distinct()
    elif conversation.branched_at and not every_version:
        found = found.filter(pk__in=[place.id for place in branches.tree_of(conversation.pk).branch_at()])
    after = 0
    while some := list(found.filter(position__gt=after).order_by("position")[:QUESTIONS_AT_ONCE]):
        yield some
        after = some[-1].position


class _Batch:
    """Some questions of a conversation, with what else is read for all of them at once."""

    def __init__(
        self, questions: Sequence[Question], by: Membership, along: Along, wanted: Scope, *, with_records: bool
    ) -> None:
        self._questions = questions
        self._along = along
        self._with_records = with_records
        self._live: dict[UUID, Partials] = {}
        answers = [answer for question in questions for answer in question.answers.all()]
        self._displays = {answer.pk: self._display(answer) for answer in answers}
        self._passages = passages_for(by.user_id, answers)
        hidden = {pk: one.hidden for pk, one in self._passages.items()}
        self._checks = checks_for(answers, hidden=hidden) if along.checks or with_records else {}
        self._checked = self._rows_of_checks() if with_records else {}
        self._images: dict[UUID, list[GeneratedImage]] = {}
        if along.pictures:
            shown = visible_images(by.user, by.team).filter(question_id__in=[one.pk for one in questions])
            for image in shown.exclude(sha256="").order_by("created_at", "pk"):
                assert image.question_id
                self._images.setdefault(image.question_id, []).append(image)

    def parts(self) -> Iterator[ExportedQuestion]:
        """They as parts of an export."""
        for question in self._questions:
            answers = list(question.answers.all())
            attached = list(question.attachments.all())
            yield ExportedQuestion(
                text=question.text,
                answers=[self._answer(one, question, is_last=one is answers[-1]) for one in answers],
                asked_by=question.author.display_name,
                at=question.created_at,
                pictures=[_attached(one, self._along) for one in attached if one.kind == Attachment.Kind.IMAGE],
                files=[one.name for one in attached if one.kind != Attachment.Kind.IMAGE],
                record=records.question_record(question, [self._record(one) for one in answers])
                if self._with_records
                else {},
            )

    def _display(self, answer: Answer) -> AnswerDisplay:
        if not answer.is_live:
            return stored_display(answer)
        partials = self._live[answer.pk] = Partials(answer)
        partials.apply(entries_after(answer.pk, 0))
        return partials.display()

    def _text(self, answer: Answer) -> str:
        return self._live[answer.pk].transcript.text if answer.pk in self._live else answer.text

    def _answer(self, answer: Answer, question: Question, *, is_last: bool) -> ExportedAnswer:
        passages = self._passages.get(answer.pk, NOTHING)
        check = self._checks.get(answer.pk, NO_CHECK)
        shown = self._displays[answer.pk].with_passages(passages)
        if self._along.checks:
            shown = shown.with_check(check)
        return ExportedAnswer(
            text=self._text(answer),
            html=f"{shown.html}{shown.tail}",
            sources=[*_source_lines(shown), *_document_lines(passages)],
            model=answer.resolved_model or answer.model,
            asked_by=answer.asked_by.display_name,
            at=answer.ended_at or answer.created_at,
            state=shown.state,
            state_note=state_note(shown.state),
            check=_check_line(check) if self._along.checks else "",
            reasoning=shown.reasoning if self._along.reasoning else "",
            pictures=[*_found_pictures(shown), *map(_drawn, self._images.get(question.pk, ()) if is_last else ())]
            if self._along.pictures
            else (),
            notes=[in_words(one) for one in standing_of(answer)],
        )

    def _record(self, answer: Answer) -> records.Record:
        check = self._checks.get(answer.pk, NO_CHECK).finished
        return answer_record(
            answer,
            text=self._text(answer),
            sources=self._displays[answer.pk].sources,
            passages=self._passages.get(answer.pk, NOTHING),
            check=check,
            checked=self._checked[check.pk] if check else CheckRows(),
            with_reasoning=self._along.reasoning,
        )

    def _rows_of_checks(self) -> dict[UUID, CheckRows]:
        """What belongs to each finished check, by its id; three queries, or none."""
        checks = CitationCheck.objects.filter(pk__in=[one.finished.pk for one in self._checks.values() if one.finished])
        found = {pk: CheckRows(facts=facts) for pk, facts in checks.values_list("pk", "facts")} if self._checks else {}
        for mark in CheckedMark.objects.filter(check_of__in=found).order_by("position") if found else ():
            found[mark.check_of_id].marks.append(mark)
        for source in CheckedSource.objects.filter(check_of__in=found).order_by("number") if found else ():
            found[source.check_of_id].read.append(source)
        return found


def state_note(state: str) -> str:
    """What is to be said of an answer in this state; empty for one that finished."""
    notes = {
        _STATES.WAITING: _("This answer was still to be written when it was exported."),
        _STATES.WRITING: _("This answer was still being written when it was exported."),
        _STATES.STOPPED: _("This answer was stopped before it was finished."),
        _STATES.INTERRUPTED: _("This answer was interrupted before it was finished."),
        _STATES.FAILED: _("This answer failed."),
    }
    return notes.get(_STATES(state), "")


def _check_line(check: ShownCheck) -> str:
    if check.finished is None or check.is_older_text:
        return ""
    return _("Citations checked: %(summary)s") % {"summary": check.summary}


def _source_lines(shown: AnswerDisplay) -> Iterator[SourceLine]:
    for one in shown.sources:
        yield SourceLine(str(one.number), one.title, one.url, one.date, one.cited)


def _document_lines(passages: ShownPassages) -> Iterator[SourceLine]:
    for one in passages.passages:
        yield SourceLine(f"D{one.number}", one.title, cited=one.cited)


def _attached(one: Attachment, along: Along) -> Picture:
    load = partial(attachment_store.read, one.sha256) if along.pictures else None
    return Picture(one.name, one.media_type, one.width, one.height, load)


def _drawn(one: GeneratedImage) -> Picture:
    return Picture(one.prompt, one.media_type, one.width, one.height, partial(image_store.read, one.sha256))


def _found_pictures(shown: AnswerDisplay) -> Iterator[Picture]:
    """Pictures on other people's servers, which are named: nothing is fetched for a file."""
    for one in shown_pictures(shown.images):
        yield Picture(" · ".join(filter(None, (one.title, one.page))))
