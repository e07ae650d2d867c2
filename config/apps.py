import logging
import threading

from django.apps import AppConfig
from django.db.backends.signals import connection_created

logger = logging.getLogger(__name__)


class DeploymentConfig(AppConfig):
    name = "config"
    verbose_name = "Deployment"

    def ready(self) -> None:
        """Register the system checks, have connections settled and the names of models translated, and have what a
        thread dies of logged like everything else."""
        from config import model_names
        from config.checks import (  # noqa: F401
            backups,
            data_folder,
            deployment,
            gateway,
            images,
            mail,
            metrics,
            models,
            proxies,
            storage,
        )
        from core.web.db import settle_session

        connection_created.connect(settle_session)
        model_names.translate()
        threading.excepthook = _log_thread


def _log_thread(fault: threading.ExceptHookArgs) -> None:
    """Python itself would print it as it is."""
    if fault.exc_value and not isinstance(fault.exc_value, SystemExit):
        logger.error("A thread ended.", exc_info=fault.exc_value)
