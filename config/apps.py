from django.apps import AppConfig


class DeploymentConfig(AppConfig):
    name = "config"
    verbose_name = "Deployment"

    def ready(self) -> None:
        """Register the system checks."""
        from config.checks import deployment, gateway, images, models, proxies, storage  # noqa: F401
