"""The article of an answer that has ended, as the stream's last frame brings it."""

from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation

from chat.catalog import offers
from chat.live.answer_display import Reader, stored_display
from chat.live.shown_checks import NO_CHECK, checks_for
from chat.live.shown_passages import passages_of
from chat.models import Answer


def render_article(answer_id: UUID, reader: Reader) -> str:
    """The finished article for somebody who may ask or only reads, in their language."""
    answer = Answer.objects.select_related("question__conversation__team").prefetch_related("sources").get(pk=answer_id)
    context: dict[str, Any] = {
        "answer": answer,
        "conversation": answer.question.conversation,
        "may_ask": reader.may_ask,
        "models": offers.offers(answer.question.conversation.team),
    }
    with translation.override(reader.language):
        passages = passages_of(answer, may_see=reader.sees_documents)
        check = checks_for([answer], hidden={answer.pk: passages.hidden}).get(answer.pk, NO_CHECK)
        context["shown"] = stored_display(answer).with_passages(passages).with_check(check)
        return render_to_string("chat/answer/_answer.html", context)
