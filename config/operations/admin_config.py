"""Makes Parley's site the administration that every app registers with."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Django's administration, with the review of images and the operators' page in it."""

    default_site = "config.operations.admin_site.OperatedAdministration"
