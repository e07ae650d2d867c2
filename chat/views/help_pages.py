"""Parley's own documentation, which the demo upstream quotes: a source that is shown has to lead somewhere."""

from pathlib import Path
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


@require_safe
@login_required
def document(request: HttpRequest, name: str) -> HttpResponse:
    """One of the documents beside the code, as a page. Raises Http404 for anything else."""
    if name not in DOCUMENTS:
        raise Http404
    return _page(request, settings.BASE_DIR / f"{name}.md")


@require_safe
@login_required
def documentation(request: HttpRequest, page: str) -> HttpResponse:
    """A page of `docs/`; `page` is a slug, so it leads nowhere else. Raises Http404 where there is none."""
    return _page(request, settings.BASE_DIR / "docs" / f"{page}.md")


@require_safe
@login_required
def readme(request: HttpRequest, language: str) -> HttpResponse:
    """The README's first page in another language. Raises Http404 where there is none."""
    return _page(request, settings.BASE_DIR / "docs" / f"README.{language}.md")


def _page(request: HttpRequest, file: Path) -> HttpResponse:
    if not file.is_file():
        raise Http404
    membership = current_membership(request)
    context = {"name": file.stem, "html": rendering.to_html(file.read_text(encoding="utf-8"))}
    return render(request, "shared/document.html", context | (sidebar(request, membership) if membership else {}))
