"""An answer that ended without words says so, whoever was asked and however it came about; nothing is blank."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
import pytest

from chat.answers import finalize
from chat.live.answer_display import Reader
from chat.live.article import render_article
from chat.models import Answer
from tests.questions import words
from upstream.agent.stream import AgentTranslation
from upstream.events import Event, Finished, ReasoningDelta, TextDelta
from upstream.gateway.stream import GatewayTranslation
from upstream.sonar.stream import SonarTranslation
from upstream.sse import Message
from upstream.translation.base import StreamFailed, Translation

Log = Callable[..., Answer]
SENTENCE = "The answer service finished without writing anything. Ask again, or try another model."


def ended(answer: Answer) -> str:
    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)
    answer.refresh_from_db()
    return words(render_article(UUID(str(answer.pk)), Reader(may_ask=True)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "entries",
    [
        (),
        (("text", ""),),
        (("text", " \n\n\t "),),
        (("text", "\u200b\u2060\ufeff\xa0"),),
        (("reasoning", "What could it be?"),),
        (("reasoning", "What could it be?"), ("text", "\n")),
    ],
)
def test_an_answer_without_words_says_so_and_can_be_asked_again(log: Log, entries: Any) -> None:
    answer = log(("started", {"at": "2026-01-02T03:04:05+00:00"}), *entries, ("finish", {"reason": "stop"}))
    seen = ended(answer)
    assert answer.text == ""
    assert SENTENCE in seen
    assert "Ask again" in seen
    assert "without an answer" in seen
    assert "Answered in" not in seen


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["[a]: https://a.example/", "&nbsp;", "#", "---", "> ", "[a]: <b>\n\n&zwj;"])
def test_a_text_of_which_nothing_would_be_seen_is_shown_as_it_was_written(log: Log, text: str) -> None:
    answer = log(("text", text), ("finish", {"reason": "stop"}))
    seen = ended(answer)
    assert answer.text == text
    assert " ".join(text.split()) in seen.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


@pytest.mark.django_db
def test_a_text_of_signs_alone_is_an_answer(log: Log) -> None:
    assert "Answered in" in ended(log(("text", "\u2714\ufe0f"), ("finish", {"reason": "stop"})))


def take(translation: Translation, *bodies: Any) -> list[Event]:
    events: list[Event] = []
    for body in bodies:
        events += translation.take(Message("message", orjson.dumps(body)))
    return [*events, *translation.end()]


def chunk(text: str, reason: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": reason}]}


@pytest.mark.parametrize("text", ["", "<think>Hm.</think>", "<think>Hm.</think>\n\n", "<thinking>Hm.</thinking>"])
def test_every_service_comes_to_a_regular_end_without_words(text: str) -> None:
    delta = {"type": "response.output_text.delta", "delta": text}
    part = {"type": "message", "content": [{"type": "output_text", "text": text}]}
    completed = {"type": "response.completed", "response": {"status": "completed", "output": [part]}}
    for events in (
        take(SonarTranslation(), chunk(text), chunk("", "stop")),
        take(AgentTranslation(), delta, completed),
        *([GatewayTranslation().whole(orjson.dumps({"id": "1", "answer": text}))] if text else []),
    ):
        assert any(isinstance(event, Finished) for event in events)
        assert not [event for event in events if isinstance(event, TextDelta)]
        assert bool(text) == any(isinstance(event, ReasoningDelta) for event in events)


def test_the_gateway_says_itself_when_nothing_came() -> None:
    with pytest.raises(StreamFailed):
        GatewayTranslation().whole(orjson.dumps({"id": "1", "answer": ""}))
