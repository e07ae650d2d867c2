"""The operators' page in the administration: one look at how the server does."""

from django.contrib.admin import site
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config import health
from config.operations import parts
from config.operations.figures import read_figures


@require_safe
def operations_page(request: HttpRequest) -> TemplateResponse:
    """Health, versions, work, storage, backups, errors and settings. Names no person, no team and no secret."""
    figures = read_figures()
    context = {
        **site.each_context(request),
        "title": _("Operations"),
        "parts": parts.parts_of(health.readiness.report()),
        "versions": parts.versions(),
        "figures": figures,
        "running": sum(figures.running.values()),
        "jobs": parts.jobs_of(figures),
        "stored": parts.stored(figures),
        "backups": parts.backups(),
        "failed": parts.failed_answers(),
        "outages": parts.outages(),
        "settings_in_force": parts.settings_in_force(),
    }
    return TemplateResponse(request, "config/operations.html", context)
