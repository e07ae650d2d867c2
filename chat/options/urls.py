"""Addresses of the composer's options."""

from django.urls import path

from chat.views import options

urlpatterns = [
    path("options/", options.options, name="options"),
    path("options/check/", options.check, name="check_options"),
    path("options/suggestions/", options.suggestions, name="option_suggestions"),
]
