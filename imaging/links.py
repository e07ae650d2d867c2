"""Links into the images that other packages show in their pages."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core.notices import Link
from imaging import queries
from imaging.generation import offers


def draw_this(question_id: object) -> Link | None:
    """The way from an answer to a prompt that begins with its question; None where nothing draws."""
    if not offers.can_draw():
        return None
    return Link(f"{reverse('imaging:images')}?question={question_id}", _("Draw this"), icon="picture")


def drawn_images(user: object, conversation_id: object) -> Mapping[object, str]:
    """Where the images are that were drawn from the conversation's questions, as far as the person may see them."""
    if not (isinstance(user, User) and isinstance(conversation_id, UUID)):
        return {}
    questions = queries.questions_with_images(user, conversation_id)
    return {question_id: reverse("imaging:drawn", args=[question_id]) for question_id in questions}
