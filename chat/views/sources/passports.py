"""The passport of an answer: as a page, as a file, and how one verifies it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import member_required, signed_in
from accounts.models import Membership
from chat import access
from chat.sources.passports.service import as_file, make_passport
from chat.sources.passports.signing import fingerprint
from chat.sources.passports.verify import grouped, verify
from chat.views.sidebar import sidebar
from core.errors import ActionRefused


@require_safe
@never_cache
@login_required
def passport(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """What the passport says, and what it proves."""
    user = signed_in(request)
    answer = access.readable_answer(user, conversation_id, answer_id)
    conversation = answer.question.conversation
    try:
        made = make_passport(answer=answer, by=user)
    except ActionRefused as refused:
        raise Http404(str(refused)) from refused
    context = {
        "answer": answer,
        "conversation": conversation,
        "passport": made["passport"],
        "seal": made["seal"],
        "fingerprint": grouped(made["seal"]["fingerprint"]),
        "verdict": verify(as_file(made), fingerprint=fingerprint()),
    }
    membership = access.membership_for(user, conversation)
    return render(
        request, "chat/sources/passports/passport.html", context | sidebar(request, membership, current=conversation)
    )


@require_safe
@never_cache
@login_required
def passport_file(request: HttpRequest, conversation_id: UUID, answer_id: UUID) -> HttpResponse:
    """The same as a file to keep, signed for this reader."""
    user = signed_in(request)
    answer = access.readable_answer(user, conversation_id, answer_id)
    try:
        data = as_file(make_passport(answer=answer, by=user))
    except ActionRefused as refused:
        raise Http404(str(refused)) from refused
    name = f'attachment; filename="passport-{answer.pk}.json"'
    return HttpResponse(data, content_type="application/json", headers={"Content-Disposition": name})


@require_safe
@member_required
def passport_key(request: HttpRequest, membership: Membership) -> HttpResponse:
    """By which key this installation signs, and how one verifies a passport."""
    own = grouped(fingerprint())
    context = {
        "fingerprint": own,
        "command": f'python manage.py verify_passport passport.json --fingerprint "{own}"',
    }
    return render(request, "chat/sources/passports/key.html", context | sidebar(request, membership))
