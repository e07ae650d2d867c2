"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from config import health, stream_probe

urlpatterns = [
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("healthz/stream", stream_probe.stream_probe, name="stream_probe"),
    path("readyz", health.readyz, name="readyz"),
    path("images/", include("imaging.urls")),
    path("", include("chat.urls")),
]

handler500 = "config.middleware.outages.server_error"
