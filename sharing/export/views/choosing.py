"""What is exported, in which format, and with what along. What is small comes at once."""

import tempfile
from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, memberships_of, signed_in
from accounts.models import Membership
from chat.models import Answer, Conversation, Question, Space
from chat.views.history.listing import chosen_conversations
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.params import uuid_in
from core.web.private_files import as_private_file
from sharing.export import making, scope
from sharing.export.formats import NotWritten
from sharing.export.forms import ExportForm, formats_for, scope_of
from sharing.export.jobs import service
from sharing.export.scope import ANSWERS, CONVERSATIONS, MOST_NAMED, SPACE, TEAM, Scope

_IN_MEMORY = 2_000_000  # bytes of a file that is kept out of the disk


@require_safe
@never_cache
@member_required
def export(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The page for `?conversation=`, `?answer=` or `?space=`, or else for all of the team. Raises Http404."""
    wanted = _asked_for(request)
    return _page(request, _member_of(request, wanted, membership), wanted)


@require_POST
@never_cache
@member_required
def choose(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The page for the conversations that are selected in the history, or for all that it lists. Raises Http404."""
    if request.POST.get("all"):
        found = list(chosen_conversations(request, membership).values_list("pk", flat=True)[:MOST_NAMED])
    else:
        found = [one for text in request.POST.getlist("id")[:MOST_NAMED] if (one := uuid_in(text))]
    if not found:
        messages.error(request, _("Select the conversations that you want to export."))
        return redirect("chat:history")
    return _page(request, membership, Scope(CONVERSATIONS, tuple(found)))


@require_POST
@member_required
def make(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    """The file, if it is small; else it is made in the background. Raises Http404."""
    form = ExportForm(request.POST, kind=request.POST.get("kind", ""))
    if not form.is_valid():
        wanted = scope_of(request.POST.get("kind", ""), request.POST.get("ids", "")[: 37 * MOST_NAMED])
        messages.error(request, _("Choose a format."))
        return _page(request, _member_of(request, wanted, membership), wanted, status=422)
    wanted = form.wanted()
    membership = _member_of(request, wanted, membership)
    scope.required_part(wanted, membership)
    chosen: dict[str, Any] = {"format_name": form.cleaned_data["format"], "along": form.along()}
    try:
        if making.is_small(wanted, by=membership, format_name=chosen["format_name"]):
            return _file(wanted, membership, **chosen)
        service.request_export(wanted=wanted, by=membership, **chosen)
    except (ActionRefused, NotWritten) as refused:
        messages.error(request, str(refused))
        return _page(request, membership, wanted, status=409)
    return redirect("sharing:exports")


def _file(wanted: Scope, membership: Membership, **chosen: Any) -> FileResponse:
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the response closes it
    try:
        making.write_export(wanted, cast("Any", out), by=membership, **chosen)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    name = making.file_name(scope.title_of(wanted, membership), chosen["format_name"])
    found = FileResponse(out, as_attachment=True, filename=name, content_type=making.media_type(chosen["format_name"]))
    return as_private_file(found, cache_control="no-store")


def _page(request: HttpRequest, membership: Membership, wanted: Scope, *, status: int = 200) -> HttpResponse:
    conversations = scope.required_part(wanted, membership)
    formats = formats_for(wanted.kind)
    context = {
        "wanted": wanted,
        "ids": scope.ids_text(wanted.ids),
        "title": scope.title_of(wanted, membership),
        "formats": formats,
        "chosen": request.POST.get("format") or formats[0][0],
        "conversations": conversations.count(),
        "questions": scope.questions_in(wanted, membership).count(),
        "answers": scope.answers_in(wanted, membership).count() if wanted.kind == ANSWERS else 0,
        "at_once": making.MOST_AT_ONCE,
        "back": _back(wanted),
    }
    return render(request, "sharing/export/export.html", context | sidebar(request, membership), status=status)


def _back(wanted: Scope) -> str:
    """The page that it came from."""
    if wanted.kind == SPACE and wanted.ids:
        return reverse("chat:space", args=[wanted.ids[0]])
    if wanted.kind == CONVERSATIONS and len(wanted.ids) == 1:
        return reverse("chat:conversation", args=[wanted.ids[0]])
    if wanted.kind == ANSWERS and len(wanted.ids) == 1:
        question = Question.objects.get(answers=wanted.ids[0])
        conversation = reverse("chat:conversation", args=[question.conversation_id])
        return f"{conversation}?around={question.position}#answer-{wanted.ids[0]}"
    return reverse("accounts:team" if wanted.kind == TEAM else "chat:history")


def _asked_for(request: HttpRequest) -> Scope:
    for name, kind in (("conversation", CONVERSATIONS), ("answer", ANSWERS), ("space", SPACE)):
        if name in request.GET:
            found = [one for text in request.GET.getlist(name)[:MOST_NAMED] if (one := uuid_in(text))]
            return Scope(kind, tuple(found))
    return Scope(TEAM)


def _member_of(request: HttpRequest, wanted: Scope, current: Membership) -> Membership:
    """The person's place in the team that it is of, whichever they look at right now: a link works all the same."""
    user = signed_in(request)
    if wanted.kind == TEAM or not wanted.ids:
        return current
    first = wanted.ids[0]
    team_id = None
    if wanted.kind == SPACE:
        team_id = Space.objects.filter(pk=first).values_list("team", flat=True).first()
    elif wanted.kind == ANSWERS:
        team_id = Answer.objects.filter(pk=first).values_list("question__conversation__team", flat=True).first()
    else:
        team_id = Conversation.objects.filter(pk=first).values_list("team", flat=True).first()
    found = next((one for one in memberships_of(user) if one.team_id == team_id), current)
    found.user = user
    return found
