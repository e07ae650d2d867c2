"""The administration, with the operators' page among what staff find there."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _

from imaging.review.admin_site import Administration

APP = "operations"


class OperatedAdministration(Administration):
    """Parley's administration with the page about the server. Reviewers, who are no staff, do not get there."""

    def get_urls(self) -> list[Any]:
        """The addresses of the administration, and before them that of the page."""
        from config.operations.page import operations_page

        own = path("operations/", self.admin_view(operations_page), name="operations")
        return [own, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What the person may see. For staff the page comes first."""
        apps = super().get_app_list(request, app_label)
        return [_section(), *apps] if request.user.is_staff and app_label in {None, APP} else apps


def _section() -> dict[str, Any]:
    address = reverse("admin:operations")
    entry = {
        "name": _("Health, storage and settings"),
        "object_name": "Operations",
        "admin_url": address,
        "add_url": None,
        "perms": {"add": False, "change": False, "delete": False, "view": True},
        "view_only": True,
        "model": None,
    }
    return {
        "name": _("Operations"),
        "app_label": APP,
        "app_url": address,
        "has_module_perms": True,
        "models": [entry],
    }
