"""Choosing in the composer which documents of a space go whole with a question."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import sign_in_required, signed_in
from chat import access
from chat.answers import whole_documents
from chat.models import Document

MOST_LISTED = 20
LONGEST_NAME = 200


@require_safe
@never_cache
@sign_in_required
def whole_documents_list(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """The documents of the space with `?name=` in their names, those chosen already (`?whole=`) first."""
    space = access.readable_space(signed_in(request), space_id)
    chosen = whole_documents.documents_to_send(space.pk, whole_documents.ids_in(request.GET.getlist("whole")))
    there = Document.objects.select_related("current").filter(space=space, deleted_at=None, current__isnull=False)
    if name := request.GET.get("name", "").strip()[:LONGEST_NAME]:
        there = there.filter(name__icontains=name)
    found = list(there.exclude(pk__in=[one.pk for one in chosen]).order_by("name", "id")[: MOST_LISTED + 1])
    context = {"chosen": chosen, "documents": found[:MOST_LISTED], "has_more": len(found) > MOST_LISTED}
    return render(request, "chat/composer/_whole_list.html", context)
