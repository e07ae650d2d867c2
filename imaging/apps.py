"""The application that judges, keeps and shows pictures."""

from django.apps import AppConfig

from core import notices


class ImagingConfig(AppConfig):
    name = "imaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        notices.when_asked(_offer)


def _offer() -> None:
    """Offer to draw what a question is about, show below it what was drawn, and lead to images in the palette
    and in searches."""
    from core.web.palette import palette_entries
    from core.web.search_providers import search_providers
    from imaging.links import draw_this, drawn_images
    from imaging.palette import entries
    from imaging.search import image_hits

    notices.question_links.register(draw_this)
    notices.question_fragments.register(drawn_images)
    palette_entries.register(entries)
    search_providers.register(image_hits)
