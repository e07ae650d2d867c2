"""What was answered already, while somebody types a question."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.models import Membership
from chat.search.known import known_answers
from chat.views.open_page import composer_membership


@require_POST
@member_required
def already_answered(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's questions like the posted `text`, with their answers; 204 when there are none.

    This only reads. It is posted, because a question does not fit into an address, and so that it is in no log.
    """
    asks_in = composer_membership(request, membership)
    found = known_answers(asks_in, text=request.POST.get("text", "")) if asks_in.may_ask else []
    if not found:
        return HttpResponse(status=204)
    return render(request, "chat/known/_already_answered.html", {"known": found})
