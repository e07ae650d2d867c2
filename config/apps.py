from django.apps import AppConfig


class DeploymentConfig(AppConfig):
    name = "config"
    verbose_name = "Deployment"

    def ready(self) -> None:
        """Register the system checks."""
        from config import checks, checks_gateway, checks_storage  # noqa: F401
