"""Whole addresses of pages, as programs are told them."""

from django.conf import settings
from django.urls import reverse

from chat.models import Answer, Question


def address_of(name: str, *args: object, after: str = "") -> str:
    """The whole address of a page; `after` is what follows its path."""
    return f"{settings.SITE_ORIGIN}{reverse(name, args=args)}{after}"


def answer_address(answer: Answer, question: Question) -> str:
    """Where the answer stands in its conversation."""
    return address_of(
        "chat:conversation", question.conversation_id, after=f"?around={question.position}#answer-{answer.pk}"
    )
