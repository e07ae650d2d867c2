"""What a proxy or a supervisor asks: does the process live, and can it do its work?"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.health import readiness


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive. Looks at nothing, so that a slow database does not get a healthy process killed."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready, or 503 with a reason for each part that is not."""
    report = readiness.report()
    return JsonResponse(report.as_json(), status=200 if report.ready else 503)
