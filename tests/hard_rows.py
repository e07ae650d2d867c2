"""Rows that are hard to keep: one of every kind that some database, or some text format, changes on the way."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from tests.config.archives import manage
from tests.stores import Store

TEXT = "What is a lighthouse? Ein Leuchtturm, 灯台, \U0001f4a1 and “quotes”"


def hold_hard_rows(store: Store) -> None:
    """Put them into a store with the cast, with files beside them."""
    done = manage(store, "shell", "-v", "0", "-c", "from tests.hard_rows import fill; fill()")
    assert done.returncode == 0, done.stderr[-2000:]


def fill() -> None:
    """Put them into the database of this process."""
    from django.contrib.auth.models import Permission
    from django.db.models import JSONField, Value

    from accounts.models import PersonalInstructions, Team, TeamInstructions, User
    from chat.attachments import service as attachments
    from chat.models import Answer, Attachment, Conversation, LogEntry, Question
    from imaging import storage
    from imaging.models import Decision, GeneratedImage

    team = Team.objects.get(name="Harbour")
    alice, bob = User.objects.get(username="alice"), User.objects.get(username="bob")
    alice.user_permissions.add(Permission.objects.get(codename="review_images"))
    TeamInstructions.objects.create(team=team, number=1, text=f"{TEXT}\r\n\u2028", author=alice)
    TeamInstructions.objects.create(team=team, number=2, text="", author=None)
    PersonalInstructions.objects.create(person=bob, number=1, text=TEXT, author=bob)
    talk = Conversation.objects.create(team=team, owner=alice, title="Light \U0001f4a1")
    question = Question.objects.create(
        conversation=talk,
        author=alice,
        key=uuid4(),
        text=TEXT,
        position=0,
        options={"nested": [1.5, None, True, {"": "\u2028"}]},
    )
    answer = Answer.objects.create(
        question=question,
        asked_by=alice,
        key=uuid4(),
        provider="sonar",
        model="sonar",
        text="“x”\r\n\u2028\\u0000\t\x7f " * 100_000,  # more than one piece
        cost=Decimal("0.005001"),
        request={"large": 2**53, "small": 1e-9, "text": "\U0001f4a1"},
        ended_at=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
    )
    LogEntry.objects.create(answer=answer, seq=1, kind=LogEntry.Kind.choices[0][0], data={"text": "\r\n"})
    for seq, data in enumerate((Value(None, JSONField()), "null", 1.5), 2):
        LogEntry.objects.create(answer=answer, seq=seq, kind=LogEntry.Kind.TEXT, data=data)
    document = attachments.store.put(b"%PDF-1.4 light")
    attachments.store.put_text(document, b"light")
    Attachment.objects.create(
        team=team,
        owner=alice,
        question=question,
        kind=Attachment.Kind.FILE,
        name="l.pdf",
        media_type="application/pdf",
        sha256=document,
        original_sha256=document,
        size=14,
    )
    wish = {"team": team, "requested_by": alice, "prompt": TEXT, "model": "sonar"}
    picture = storage.store.put(b"picture", thumbnail=b"small")
    image = GeneratedImage.objects.create(**wish, state="pending", sha256=picture)
    GeneratedImage.objects.create(**wish, state="failed", first=image, error={"kind": "ours"})
    Decision.objects.create(image=image, by=bob, verdict="approved", reason="Fine.")
