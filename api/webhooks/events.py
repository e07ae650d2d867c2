"""Hears what happened that webhooks are told of, from what is stored: nothing is lost with a process that ends.

Every process looks, and the database takes each message to a webhook once. Only what the whole team may read is told:
no private conversation, nothing of a space for chosen people.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from api.models import Delivery, Webhook, WebhookEvent
from chat.models import Answer, Conversation, WatchRun
from imaging.models import GeneratedImage

LATE = timedelta(seconds=10)  # between the time that a row says and its commit, at most
NOT_OLDER_THAN = timedelta(days=1)  # such as what happened while no process ran
REMEMBERED_EVERY = timedelta(minutes=5)  # how far a webhook was told, where nothing happened
MOST = 200  # of a kind, in one look
MOST_WAITING = 1000  # messages to one webhook
KEPT = 100  # messages of a webhook that are shown, and kept when they have ended
_COPIED = Q(question__conversation__forked_from__isnull=False, ended_at__lt=F("question__conversation__created_at"))


def read_by_all(conversation: str = "") -> Q:
    """What the whole team may read, as a condition for queries of rows with the way to a `conversation`."""
    way = f"{conversation}__" if conversation else ""
    visibility = Conversation.Visibility
    of_all = Q(**{f"{way}visibility": visibility.TEAM}) | Q(
        **{f"{way}visibility": visibility.SPACE, f"{way}space__everyone": True, f"{way}space__deleted_at": None}
    )
    return of_all & Q(**{f"{way}deleted_at": None})


def note_events() -> int:
    """Store a message for each thing that happened since the last look, for each webhook that is told of it; returns
    how many there were. One query where there is no active webhook."""
    noted = 0
    for webhook in Webhook.objects.filter(paused=Webhook.Pause.NO):
        noted += _note_for(webhook, now=timezone.now())
    return noted


def _note_for(webhook: Webhook, *, now: datetime) -> int:
    since = max(webhook.heard_until - LATE, webhook.created_at, now - NOT_OLDER_THAN)
    messages: list[Delivery] = []
    reached = now
    for event in webhook.events:
        known = Delivery.objects.filter(webhook=webhook, event=event).values("subject")
        found = list(_happened(event, team_id=webhook.team_id, since=since).exclude(pk__in=known)[:MOST])
        messages += [Delivery(webhook=webhook, event=event, subject=pk, happened_at=at) for pk, at in found]
        if len(found) == MOST:
            reached = min(reached, found[-1][1])
    if messages:
        Delivery.objects.bulk_create(messages, ignore_conflicts=True)
        trim(webhook)
    if messages or now - webhook.heard_until > REMEMBERED_EVERY:
        Webhook.objects.filter(pk=webhook.pk).update(heard_until=reached)
    return len(messages)


def _happened(event: str, *, team_id: UUID, since: datetime) -> QuerySet[Any, Any]:
    """What happened in the team after the moment, oldest first: the ids of answers, images or runs, and when."""
    if event == WebhookEvent.ANSWER:
        answers = Answer.objects.filter(
            ~_COPIED,
            read_by_all("question__conversation"),
            state=Answer.State.FINISHED,
            question__conversation__team=team_id,
            ended_at__gt=since,
            watch_run=None,
        )
        return answers.order_by("ended_at").values_list("pk", "ended_at")
    if event == WebhookEvent.IMAGE:
        images = GeneratedImage.objects.filter(
            state=GeneratedImage.State.PENDING, team=team_id, drawn_at__gt=since, deleted_at=None
        )
        return images.order_by("drawn_at").values_list("pk", "drawn_at")
    runs = WatchRun.objects.filter(
        read_by_all("watch__question__conversation"),
        state=WatchRun.State.CHANGED,
        watch__question__conversation__team=team_id,
        watch__deleted_at=None,
        ended_at__gt=since,
    )
    return runs.order_by("ended_at").values_list("pk", "ended_at")


def trim(webhook: Webhook) -> None:
    """Give up the oldest messages of a webhook that has too many waiting, and forget the oldest of those that ended."""
    waiting = Delivery.objects.filter(webhook=webhook, state=Delivery.State.WAITING)
    beyond = list(waiting.order_by("-created_at", "-id").values_list("pk", flat=True)[MOST_WAITING:][:MOST])
    if beyond:
        waiting.filter(pk__in=beyond).update(state=Delivery.State.GIVEN_UP, problem="too_many")
    ended = Delivery.objects.filter(webhook=webhook).exclude(state=Delivery.State.WAITING)
    old = ended.filter(created_at__lt=timezone.now() - timedelta(hours=1)).order_by("-created_at", "-id")
    Delivery.objects.filter(pk__in=list(old.values_list("pk", flat=True)[KEPT:][:MOST])).delete()
