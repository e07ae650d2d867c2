"""The pages of imports: bringing a file, what is in it, how far it has come, what came of it."""

import logging
from collections.abc import Callable
from typing import BinaryIO, TypeVar, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, sign_in_required, signed_in
from accounts.models import Membership
from chat.access import ALONE, offered_places, usable_place
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.params import whole_number_in
from core.web.wording import said_text
from files.limits import MEGABYTE
from sharing.imports import limits, service
from sharing.imports.access import own_import, own_imports, readable_of
from sharing.imports.shown import has_parts, parts_words, preview_of, progress_words
from sharing.models import ImportLine, ImportRun
from sharing.models.imports import Service

logger = logging.getLogger(__name__)

T = TypeVar("T")

PER_PAGE = 50
LATEST = 50
STOP_POLLING = 286  # what htmx takes for the end of its looking
_OUTCOMES = set(ImportLine.Outcome.values)


@require_safe
@never_cache
@member_required
def imports(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Bring a file, and one's imports so far, the newest first."""
    _require_asker(membership)
    return _page(request, membership)


@require_POST
@member_required
def upload_import(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Take the file, and show what is found in it. Nothing of it becomes a conversation here."""
    _require_asker(membership)
    file = request.FILES.get("file")
    place = usable_place(membership, request.POST.get("place", ""))
    try:
        if file is None:
            raise ActionRefused(_("No file was received. Choose one first."))
        if place is None:
            raise ActionRefused(_("Choose where the conversations go."))
        run = service.bring_file(
            source=cast("BinaryIO", file),
            name=file.name or "",
            size=file.size or 0,
            membership=membership,
            place=place,
            as_it_was=request.POST.get("as_it_was") == "on",
        )
    except ActionRefused as refusal:
        return _page(request, membership, problem=str(refusal), status=422)
    except OSError:
        logger.exception("A file to import cannot be stored.")
        problem = _("This file couldn’t be saved. Try again in a moment.")
        return _page(request, membership, problem=problem, status=503)
    return redirect("sharing:import", run.pk)


@require_safe
@never_cache
@sign_in_required
def one_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """One import: what was found, how far it has come, or what came of it, by `?outcome=` and `?after=`."""
    run, membership = own_import(signed_in(request), import_id)
    return render(request, "sharing/imports/import.html", _context(request, run, membership))


@require_safe
@never_cache
@sign_in_required
def import_progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far it has come. Whoever asks is told to load the page anew when that ended."""
    run, _membership = own_import(signed_in(request), import_id)
    context = {"run": run, "progress": progress_words(run)}
    response = render(request, "sharing/imports/_progress.html", context, status=200 if run.is_live else STOP_POLLING)
    if not run.is_live:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@sign_in_required
def begin_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Have what was found stored, or go on after a stop."""
    run, membership = own_import(signed_in(request), import_id)
    _require_asker(membership)
    _do(request, lambda: service.begin_import(run=run, by=membership.user))
    return redirect("sharing:import", run.pk)


@require_POST
@sign_in_required
def stop_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Store no more of it."""
    run, membership = own_import(signed_in(request), import_id)
    service.stop_import(run=run, by=membership.user)
    return redirect("sharing:import", run.pk)


@require_POST
@sign_in_required
def undo_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Put all that came with it into the trash."""
    run, membership = own_import(signed_in(request), import_id)
    _require_asker(membership)
    count = _do(request, lambda: service.undo_import(run=run, by=membership.user))
    if count is not None:
        said = ngettext("%(n)s conversation is in the trash.", "%(n)s conversations are in the trash.", count)
        messages.success(request, said % {"n": count})
    return redirect("sharing:import", run.pk)


@require_POST
@sign_in_required
def bring_import_back(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take out of the trash what was undone."""
    run, membership = own_import(signed_in(request), import_id)
    _require_asker(membership)
    service.bring_back(run=run, by=membership.user)
    return redirect("sharing:import", run.pk)


@require_POST
@sign_in_required
def remove_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Forget the import and its file; conversations that came with it stay."""
    run, membership = own_import(signed_in(request), import_id)
    try:
        service.remove_import(run=run, by=membership.user)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("sharing:import", run.pk)
    return redirect("sharing:imports")


def _page(request: HttpRequest, membership: Membership, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "runs": own_imports(membership)[:LATEST],
        "place": usable_place(membership, request.POST.get("place", "")) or ALONE,
        "places": offered_places(membership),
        "may_bring_team": membership.may_manage,
        "most_megabytes": limits.MOST_FILE // MEGABYTE,
        "names": {one.name: one.label for one in Service},
        "problem": problem,
    }
    return render(request, "sharing/imports/imports.html", context | sidebar(request, membership), status=status)


def _context(request: HttpRequest, run: ImportRun, membership: Membership) -> dict[str, object]:
    outcome = request.GET.get("outcome", "")
    after = whole_number_in(request.GET.get("after")) or 0
    lines = run.lines.filter(number__gt=after)
    if outcome in _OUTCOMES:
        lines = lines.filter(outcome=outcome)
    shown = list(lines.order_by("number")[: PER_PAGE + 1])
    readable = readable_of(shown, membership)
    place = usable_place(membership, run.place)
    return {
        "run": run,
        "preview": preview_of(run),
        "parts": parts_words(run),
        "may_undo": bool(run.brought or has_parts(run)),
        "progress": progress_words(run),
        "problem": said_text(run.problem),
        "place": place,
        "may_ask": membership.may_ask,
        "may_go_on": bool(run.sha256 and run.began_at and run.state == ImportRun.State.STOPPED),
        "rows": [
            (line, said_text(line.problem), line.conversation_id if line.conversation_id in readable else None)
            for line in shown[:PER_PAGE]
        ],
        "outcome": outcome if outcome in _OUTCOMES else "",
        "counts": _counts(run),
        "next": shown[PER_PAGE - 1].number if len(shown) > PER_PAGE else None,
    } | sidebar(request, membership)


def _counts(run: ImportRun) -> list[tuple[str, str, int]]:
    """The outcomes that there are, with their words and how many."""
    by_outcome = {
        ImportLine.Outcome.BROUGHT: run.brought,
        ImportLine.Outcome.GROWN: run.grown,
        ImportLine.Outcome.KNOWN: run.known,
        ImportLine.Outcome.FAILED: run.failed,
    }
    return [(one.value, str(one.label), count) for one, count in by_outcome.items() if count]


def _require_asker(membership: Membership) -> None:
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can’t import conversations."))


def _do(request: HttpRequest, work: Callable[[], T]) -> T | None:
    """Do it; a refusal becomes a message, and gives None."""
    try:
        return work()
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return None
