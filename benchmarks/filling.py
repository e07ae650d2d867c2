"""Fills a store with one long conversation: `python -m benchmarks.filling 1000`, in the environment of a store."""

import os
import sys
import uuid

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from accounts.models import Team, User  # noqa: E402
from benchmarks import prose  # noqa: E402
from chat import rendering  # noqa: E402
from chat.models import Answer, Conversation, Question, Source  # noqa: E402

CHUNKS = 80  # about 1,700 characters an answer
SOURCES = 6


def main(count: int) -> None:
    """Add a conversation with that many finished answers."""
    alice, team = User.objects.get(username="alice"), Team.objects.get(name="Harbour")
    conversation = Conversation.objects.create(team=team, owner=alice, title="All about lights")
    text = prose.whole(CHUNKS).decode()
    now = timezone.now()
    questions = [
        Question(
            conversation=conversation, author=alice, position=position, text=f"Question {position}?", key=uuid.uuid4()
        )
        for position in range(1, count + 1)
    ]
    answers = [
        Answer(
            question=question,
            asked_by=alice,
            key=uuid.uuid4(),
            provider="sonar",
            model="sonar",
            state=Answer.State.FINISHED,
            text=text,
            searched=True,
            finish="stop",
            usage={"prompt_tokens": 12, "completion_tokens": 320, "total_tokens": 332},
            started_at=now,
            first_word_at=now,
            ended_at=now,
        )
        for question in questions
    ]
    sources = [
        Source(
            answer=answer,
            number=number,
            title=f"On lights and harbours, part {number}",
            url=f"https://lights.example/history/part-{number}",
            snippet=f"Part {number} tells how the towers were built, who kept them and what became of the crews.",
            cited=True,
        )
        for answer in answers
        for number in range(1, SOURCES + 1)
    ]
    anchor = "anchor-of-the-answer"
    html = rendering.to_html(text, sources=sources[:SOURCES], anchor=anchor)
    for answer in answers:
        answer.html = html.replace(anchor, str(answer.pk))
    Question.objects.bulk_create(questions)
    Answer.objects.bulk_create(answers)
    Source.objects.bulk_create(sources)


if __name__ == "__main__":
    main(int(sys.argv[1]))
