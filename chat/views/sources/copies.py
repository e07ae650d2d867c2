"""A kept copy of a page that answers cite."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import sign_in_required, signed_in
from chat import access
from chat.sources.copies import sentence_for
from chat.sources.copies.showing import LONGEST_QUOTATION, Wanted, show_copy
from chat.views.sidebar import sidebar
from core.web.params import whole_number_in


@require_safe
@never_cache
@sign_in_required
def page_copy(request: HttpRequest, copy_id: UUID) -> HttpResponse:
    """A part of a copy: the passage whose words `?q=` has, or at `?passage=start-end`, marked; of a PDF on `?page=`.
    Else the part at `?screen=`. Raises Http404."""
    copy, membership = access.readable_copy(signed_in(request), copy_id)
    wanted = Wanted(
        quotation=request.GET.get("q", "")[:LONGEST_QUOTATION],
        span=request.GET.get("passage", "")[:20],
        page=whole_number_in(request.GET.get("page")) or 0,
        screen=whole_number_in(request.GET.get("screen")) or 0,
    )
    shown = show_copy(copy, wanted)
    context = {
        "copy": copy,
        "shown": shown,
        "problem": sentence_for(copy.problem),
        "newest_problem": sentence_for(shown.newest.copy.problem),
    }
    return render(request, "chat/sources/copies/copy.html", context | sidebar(request, membership))
