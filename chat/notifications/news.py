"""What happened lately that people want to know of, for all of them together, and who may know of what.

People are told of conversations that they have opened, of answers that they asked for, of changes of what they follow,
and of what they verified. Of an answer that a program asked for in their name they are told only where they have opened
its conversation: a program may ask hundreds of questions. Whether they may read the conversation is looked up with the
news. What a fork has copied is no news: it happened in another conversation. Nor is an answer that a watch asked for,
unless it says something else.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from chat import access
from chat.models import Answer, CitationCheck, Question, ReadMark, Verification, Watch, WatchFollower, WatchRun
from chat.notifications.notice import Notice
from core import graphemes
from core.ids import first_id_of
from core.notices import personal_news

MOST = 200  # of a kind at a time; whoever missed more sees it in the list of conversations


def news_since(moment: datetime, people: Collection[UUID]) -> dict[UUID, list[Notice]]:
    """What these people are told of that happened after the moment, oldest first, by ten queries however many they
    are."""
    changed = list(_changed(moment))
    own = [*_verified(moment, people), *_stopped(moment, people)]
    found = [*_ended(moment), *_asked(moment), *_checked(moment), *own, *changed]
    told = defaultdict(list)
    if found:
        conversations = {notice.conversation_id for notice in found}
        followed = ReadMark.objects.filter(conversation__in=conversations, person__in=people)
        follows = set(followed.values_list("person", "conversation"))
        readers: dict[UUID | None, list[UUID]] = defaultdict(list)
        for person, conversation in access.readers_of({pk for pk in conversations if pk}, people):
            readers[conversation].append(person)
        watching = _followers(changed, people)
        for notice in found:
            for person in readers[notice.conversation_id]:
                if notice.kind == "changed":
                    if (person, notice.watch) in watching:
                        told[person].append(notice)
                elif _is_for(notice, person, does_follow=(person, notice.conversation_id) in follows):
                    told[person].append(notice)
    for notice in (*_seen(moment, people), *_of_others(moment, people)):
        told[notice.by].append(notice)
    for notices in told.values():
        notices.sort(key=lambda notice: notice.at)
    return told


def _is_for(notice: Notice, person: UUID, *, does_follow: bool) -> bool:
    if notice.kind == "asked":
        return does_follow and notice.by != person
    if notice.kind in ("stopped", "verification"):
        return notice.by == person
    return does_follow or (notice.by == person and not notice.by_program)


def _ended(moment: datetime) -> Iterable[Notice]:
    copied = Q(question__conversation__forked_from__isnull=False, ended_at__lt=F("question__conversation__created_at"))
    rows = Answer.objects.filter(~copied, ended_at__gt=moment, watch_run=None).order_by("-ended_at")
    place = "question__conversation"
    for pk, at, state, by, conversation_id, title, by_program in rows.values_list(
        "pk", "ended_at", "state", "asked_by", place, f"{place}__title", "request__by_program"
    )[:MOST]:
        if at:
            yield Notice(
                kind="ended",
                at=at,
                subject=pk,
                state=state,
                by=by,
                conversation_id=conversation_id,
                title=title,
                by_program=bool(by_program),
            )


def _changed(moment: datetime) -> Iterable[Notice]:
    rows = WatchRun.objects.filter(state=WatchRun.State.CHANGED, ended_at__gt=moment, watch__deleted_at=None)
    for run in rows.select_related("watch__question__conversation").order_by("-ended_at")[:MOST]:
        if run.ended_at:
            question = run.watch.question
            yield Notice(
                kind="changed",
                at=run.ended_at,
                subject=run.pk,
                by=run.watch.owner_id,
                conversation_id=question.conversation_id,
                title=graphemes.shortened(question.text, 80),
                watch=run.watch_id,
            )


def _stopped(moment: datetime, people: Collection[UUID]) -> Iterable[Notice]:
    """Watches of these people that stopped by themselves."""
    rows = Watch.objects.filter(stopped_at__gt=moment, owner__in=people, deleted_at=None).exclude(reason="")
    for watch in rows.select_related("question").order_by("-stopped_at")[:MOST]:
        if watch.stopped_at:
            yield Notice(
                kind="stopped",
                state=watch.reason,
                at=watch.stopped_at,
                subject=watch.pk,
                by=watch.owner_id,
                conversation_id=watch.question.conversation_id,
                title=graphemes.shortened(watch.question.text, 80),
            )


def _followers(changed: Collection[Notice], people: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Who of these people follows which of the watches that have changed."""
    if not changed:
        return set()
    found = WatchFollower.objects.filter(watch__in={notice.watch for notice in changed}, person__in=people)
    return set(found.values_list("person", "watch"))


def _asked(moment: datetime) -> Iterable[Notice]:
    copied = Q(conversation__forked_from__isnull=False, created_at__lt=F("conversation__created_at"))
    rows = Question.objects.filter(~copied, pk__gte=first_id_of(moment), created_at__gt=moment).order_by("-pk")
    for question in rows.select_related("author", "conversation").defer("text", "options")[:MOST]:
        yield Notice(
            kind="asked",
            at=question.created_at,
            subject=question.pk,
            by=question.author_id,
            name=question.author.display_name,
            position=question.position,
            conversation_id=question.conversation_id,
            title=question.conversation.title,
        )


def _checked(moment: datetime) -> Iterable[Notice]:
    """Checks that began: whoever has the answer before their eyes follows them from there."""
    rows = CitationCheck.objects.filter(pk__gte=first_id_of(moment), created_at__gt=moment).order_by("-pk")
    for pk, at, answer, by, place in rows.values_list(
        "pk", "created_at", "answer", "answer__asked_by", "answer__question__conversation"
    )[:MOST]:
        yield Notice(kind="check", at=at, subject=pk, answer=answer, by=by, conversation_id=place, title="")


def _verified(moment: datetime, people: Collection[UUID]) -> Iterable[Notice]:
    """Verifications of these people that end in a week, or have ended: as told by the clock, and not when they were
    made."""
    told = Q(reminded_at__gt=moment) & Q(reminded_at__gt=F("at")) | Q(ended_at__gt=moment)
    rows = Verification.objects.standing().filter(told, by__in=people).order_by("-at")
    for one in rows.select_related("conversation", "answer__question").only(
        "by", "reminded_at", "ended_at", "conversation__title", "answer__question__position"
    )[:MOST]:
        if at := one.ended_at or one.reminded_at:
            yield Notice(
                kind="verification",
                at=at,
                subject=one.pk,
                state="over" if one.ended_at else "soon",
                by=one.by_id,
                conversation_id=one.conversation_id,
                title=one.conversation.title,
                position=one.answer.question.position,
                answer=one.answer_id,
            )


def _of_others(moment: datetime, people: Collection[UUID]) -> Iterable[Notice]:
    """What other packages have to say to these people."""
    for some in personal_news.ask(moment, people):
        for one in some:
            yield Notice(
                kind="other",
                at=one.at,
                subject=one.key,
                by=one.person,
                conversation_id=None,
                title=one.title,
                text=one.text,
                address=one.address,
            )


def _seen(moment: datetime, people: Collection[UUID]) -> Iterable[Notice]:
    for mark in ReadMark.objects.filter(seen_at__gt=moment, person__in=people).order_by("-seen_at")[:MOST]:
        place = mark.conversation_id
        yield Notice(kind="seen", at=mark.seen_at, subject=mark.pk, by=mark.person_id, conversation_id=place, title="")
