"""Addresses of the editor for JSON schemas."""

from django.urls import path

from chat.views import structured

urlpatterns = [
    path("structured/format/", structured.format_schema, name="format_schema"),
    path("structured/examples/<slug:example>/", structured.example, name="example_schema"),
]
