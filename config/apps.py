from django.apps import AppConfig


class DeploymentConfig(AppConfig):
    name = "config"
    verbose_name = "Deployment"

    def ready(self) -> None:
        """Register the system checks."""
        from config.checks import backups, data_folder, deployment, gateway, images, models, storage  # noqa: F401
