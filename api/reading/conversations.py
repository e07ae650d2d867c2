"""Conversations, and their questions and answers."""

from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from api.auth import Caller, api_view
from api.models import Scope
from api.reading import shapes
from api.reading.parameters import cursor_in, id_in, limit_in, moment_in, number_in, said
from api.reading.responses import json_response
from chat import access
from chat.models import Answer
from core.web.paging import Cursor

QUESTIONS = 20  # of one response
READS = ("GET", "HEAD")


@api_view(Scope.READ, READS)
def conversations(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The conversations of the token's team that its person may read, the one asked in last first."""
    before, limit = cursor_in(request), limit_in(request)
    found = access.readable_conversations(caller.membership).order_by("-last_asked_at", "-id")
    if space_id := id_in(request, "space"):
        found = found.filter(space=get_object_or_404(access.readable_spaces(caller.membership), pk=space_id))
    if tag := said(request, "tag"):
        found = found.filter(taggings__tag__in=access.visible_tags(caller.membership).filter(name__iexact=tag))
    if since := moment_in(request, "since"):
        found = found.filter(last_asked_at__gte=since)
    for word in said(request, "q").split()[:6]:
        found = found.filter(title__icontains=word)
    if before:
        found = found.filter(before.after("last_asked_at"))
    rows = list(found.select_related("owner").prefetch_related("taggings__tag")[: limit + 1])
    shown = rows[:limit]
    following = Cursor(shown[-1].last_asked_at, shown[-1].pk) if len(rows) > limit else None
    return json_response(request, shapes.page([shapes.conversation(one) for one in shown], following))


@api_view(Scope.READ, READS)
def conversation(request: HttpRequest, caller: Caller, conversation_id: UUID) -> HttpResponse:
    """A conversation with its questions in the order of asking, QUESTIONS at a time, each with its answers."""
    after = number_in(request, "cursor")
    readable = access.readable_conversations(caller.membership).select_related("owner")
    found = get_object_or_404(readable.prefetch_related("taggings__tag"), pk=conversation_id)
    answers = Answer.objects.exclude(watch_run__folded=True).defer("html", "reasoning", "request", "usage")
    asked = found.questions.filter(position__gt=after).select_related("author").order_by("position")
    rows = list(asked.prefetch_related(Prefetch("answers", answers.order_by("created_at", "id")))[: QUESTIONS + 1])
    shown = rows[:QUESTIONS]
    following = shown[-1].position if len(rows) > QUESTIONS else None
    questions = shapes.page([shapes.question(one, one.answers.all()) for one in shown], following)
    return json_response(request, shapes.conversation(found) | {"questions": questions})
