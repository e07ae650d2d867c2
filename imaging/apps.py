"""The application that judges, keeps and shows pictures."""

from django.apps import AppConfig

from core import notices


class ImagingConfig(AppConfig):
    name = "imaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer to draw what a question is about."""
        from imaging.links import draw_this

        notices.question_links.register(draw_this)
