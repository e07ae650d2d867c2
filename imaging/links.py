"""Links into the images that other packages show in their pages."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.notices import Link
from imaging.generation import offers


def draw_this(question_id: object) -> Link | None:
    """The way from an answer to a prompt that begins with its question; None where nothing draws."""
    if not offers.can_draw():
        return None
    return Link(f"{reverse('imaging:images')}?question={question_id}", _("Draw this"), icon="picture")
