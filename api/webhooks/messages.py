"""What a message says: ids, a title and an address, and texts only where the webhook's owners want them.

A message is written when it is sent, from what the whole team may read in that moment. What was made private, deleted
or decided meanwhile is told to nobody.
"""

from typing import Any
from uuid import UUID

import orjson

from api.addresses import address_of, answer_address
from api.models import Delivery, Webhook, WebhookEvent
from api.webhooks.events import read_by_all
from chat.models import Answer, WatchRun
from core import graphemes
from imaging.models import GeneratedImage

LONGEST_TITLE = 200  # characters
LONGEST_TEXT = 20_000  # characters of a question or an answer


def body_of(delivery: Delivery) -> bytes | None:
    """The message as JSON; None where there is nothing left that may be told."""
    data = _DATA[WebhookEvent(delivery.event)](delivery.webhook, delivery.subject)
    if data is None:
        return None
    return orjson.dumps({"type": delivery.event, "timestamp": delivery.happened_at.isoformat(), "data": data})


def _answer(webhook: Webhook, answer_id: UUID) -> dict[str, Any] | None:
    found = Answer.objects.filter(read_by_all("question__conversation"), question__conversation__team=webhook.team_id)
    answer = found.select_related("question__conversation").defer("html", "reasoning").filter(pk=answer_id).first()
    if answer is None:
        return None
    question = answer.question
    data: dict[str, Any] = {
        "team": webhook.team_id,
        "conversation": question.conversation_id,
        "question": question.pk,
        "answer": answer.pk,
        "state": answer.state,
        "model": answer.model,
        "title": graphemes.cut(question.conversation.title, LONGEST_TITLE),
        "url": answer_address(answer, question),
    }
    if webhook.include_text:
        data |= {
            "question_text": graphemes.cut(question.text, LONGEST_TEXT),
            "answer_text": graphemes.cut(answer.text, LONGEST_TEXT),
        }
    return data


def _image(webhook: Webhook, image_id: UUID) -> dict[str, Any] | None:
    """What waits for review is nobody's but its author's and the reviewers': neither the prompt nor a name is told."""
    pending = GeneratedImage.objects.filter(
        pk=image_id, team=webhook.team_id, state=GeneratedImage.State.PENDING, deleted_at=None
    )
    if not pending.exists():
        return None
    return {"team": webhook.team_id, "image": image_id, "url": address_of("imaging:image", image_id)}


def _watch(webhook: Webhook, run_id: UUID) -> dict[str, Any] | None:
    way = "watch__question__conversation"
    found = WatchRun.objects.filter(
        read_by_all(way), pk=run_id, watch__deleted_at=None, **{f"{way}__team": webhook.team_id}
    )
    run = found.select_related("watch__question", "answer").first()
    if run is None:
        return None
    question = run.watch.question
    data: dict[str, Any] = {
        "team": webhook.team_id,
        "conversation": question.conversation_id,
        "question": question.pk,
        "watch": run.watch_id,
        "run": run.pk,
        "answer": run.answer_id,
        "title": graphemes.shortened(question.text, LONGEST_TITLE),
        "url": address_of("chat:watch_run", run.watch_id, run.pk),
    }
    if webhook.include_text and run.answer:
        data |= {
            "question_text": graphemes.cut(question.text, LONGEST_TEXT),
            "answer_text": graphemes.cut(run.answer.text, LONGEST_TEXT),
        }
    return data


def _test(webhook: Webhook, _subject: UUID) -> dict[str, Any]:
    return {"team": webhook.team_id, "webhook": webhook.pk, "url": address_of("api:webhook", webhook.pk)}


_DATA = {
    WebhookEvent.ANSWER: _answer,
    WebhookEvent.IMAGE: _image,
    WebhookEvent.WATCH: _watch,
    WebhookEvent.TEST: _test,
}
