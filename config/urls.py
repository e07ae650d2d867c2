"""Every address of the product.

Where Parley is below a path of its host, that path stands here. Django could take it from each request instead, but
much is rendered where there is none: in workers, in the streams' threads, on the command line.
"""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health, manifest, stream_probe
from config.operations.metrics import metrics

addresses: list[URLPattern | URLResolver] = [
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("healthz", health.healthz, name="healthz"),
    path("healthz/stream", stream_probe.stream_probe, name="stream_probe"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("images/", include("imaging.urls")),
    path("", include("sharing.urls")),
    path("", include("api.urls")),
    path("", include("chat.urls")),
]

handler400 = "config.middleware.error_pages.bad_request"
handler404 = "config.middleware.error_pages.not_found"
handler500 = "config.middleware.outages.server_error"

urlpatterns = addresses if settings.SITE_PATH == "/" else [path(settings.SITE_PATH[1:], include(addresses))]
