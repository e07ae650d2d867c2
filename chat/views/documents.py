"""Parley's own documentation, which the demo upstream quotes: a source that is shown has to lead somewhere."""

from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_membership
from chat import rendering
from chat.views.sidebar import sidebar

DOCUMENTS: Final = ("README", "CHANGELOG", "CONTRIBUTING")
FOLDER: Final = "docs"  # every page in it is documentation


@require_safe
@login_required
def document(request: HttpRequest, name: str, folder: str = "") -> HttpResponse:
    """One of the documents as a page. `name` is a slug. Raises Http404 for anything else."""
    file = settings.BASE_DIR / folder / f"{name}.md"
    if not (folder == FOLDER or name in DOCUMENTS) or not file.is_file():
        raise Http404
    membership = current_membership(request)
    context = {"name": name, "html": rendering.to_html(file.read_text(encoding="utf-8"))}
    return render(request, "shared/document.html", context | (sidebar(request, membership) if membership else {}))
