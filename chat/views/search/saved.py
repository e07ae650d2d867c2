"""Keeping searches: plain forms, with JavaScript or without."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, signed_in
from accounts.models import Membership
from chat import access
from chat.search import saved
from chat.search.saved_forms import SavedSearchForm, SearchNameForm
from core.errors import ActionRefused


@require_POST
@member_required
def save(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Keep a search under a name."""
    form = SavedSearchForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return _back(request.POST.get("query", ""), request.POST.get("sort", ""))
    query, newest_first = form.cleaned_data["query"], form.cleaned_data["sort"] == "new"
    try:
        made = saved.save_search(
            team=membership.team,
            by=membership.user,
            name=form.cleaned_data["name"],
            query=query,
            newest_first=newest_first,
        )
        messages.success(request, _("Saved as “%(name)s”.") % {"name": made.name})
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    return _back(query, form.cleaned_data["sort"])


@require_POST
@login_required
def rename(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Give one's own search another name."""
    search = access.own_search(signed_in(request), search_id)
    form = SearchNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["name"])))
        return _back("")
    try:
        saved.rename_search(search=search, by=signed_in(request), name=form.cleaned_data["name"])
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    return _back("")


@require_POST
@login_required
def delete(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Take the search away, and offer to undo that."""
    search = access.own_search(signed_in(request), search_id)
    saved.delete_search(search=search, by=signed_in(request))
    return redirect(f"{reverse('chat:search')}?deleted={search.pk}")


@require_POST
@login_required
def restore(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Bring a deleted search back."""
    search = access.own_search(signed_in(request), search_id, deleted=True)
    try:
        saved.restore_search(search=search, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    return _back("")


def _back(query: str, sort: str = "") -> HttpResponse:
    said = {name: value for name, value in (("q", query[:2_000]), ("sort", sort[:10])) if value}
    return redirect(f"{reverse('chat:search')}{'?' if said else ''}{urlencode(said)}")
