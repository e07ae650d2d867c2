"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("images/", include("imaging.urls")),
    path("", include("chat.urls")),
]
