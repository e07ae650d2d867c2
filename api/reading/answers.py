"""One answer with its sources and the check of what it cites."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from api.auth import Caller, api_view
from api.models import Scope
from api.reading import shapes
from api.reading.responses import json_response
from chat import access
from chat.models import Answer
from chat.sources.checks import current_check


@api_view(Scope.READ, ("GET", "HEAD"))
def answer(request: HttpRequest, caller: Caller, answer_id: UUID) -> HttpResponse:
    """The answer; of documents of a space, which others may not read, no citations are told."""
    readable = access.readable_conversations(caller.membership)
    answers = Answer.objects.filter(question__conversation__in=readable).select_related("question")
    found = get_object_or_404(answers.defer("html", "reasoning"), pk=answer_id)
    check = current_check(found)
    marks = check.marks.filter(of_document=False) if check else ()
    return json_response(request, shapes.answer(found, found.sources.all(), check, marks))
