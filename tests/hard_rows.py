"""Rows that are hard to keep: one of every kind that some database, or some text format, changes on the way."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.config.archives import manage
from tests.stores import Store

if TYPE_CHECKING:
    from accounts.models import Team, User

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
    _add_document(team, alice)
    wish = {"team": team, "requested_by": alice, "prompt": TEXT, "model": "sonar"}
    picture = storage.store.put(b"picture", thumbnail=b"small")
    image = GeneratedImage.objects.create(**wish, state="pending", sha256=picture)
    GeneratedImage.objects.create(**wish, state="failed", first=image, error={"kind": "ours"})
    Decision.objects.create(image=image, by=bob, verdict="approved", reason="Fine.")
    _fill_what_points_at_itself(team, alice, bob)


def _fill_what_points_at_itself(team: "Team", alice: "User", bob: "User") -> None:
    """Versions, forks, places of join links and variants, with what people marked and saved beside them."""
    from accounts.models import Invitation, MailRequest, Membership
    from chat.models import Conversation, FavouriteModel, KeyChange, Question, ReadMark
    from imaging.models import GeneratedImage

    at = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    talk = Conversation.objects.create(team=team, owner=alice, title="Versions", branched_at=at, answered_at=at)
    asked = {"conversation": talk, "author": alice, "text": TEXT}
    first = Question.objects.create(**asked, key=uuid4(), position=1)
    Question.objects.create(**asked, key=uuid4(), position=2, follows=first)
    Question.objects.create(**asked, key=uuid4(), position=3, version_of=first)
    # Those that refer to a row with a later id come before it in a table.
    early = Conversation.objects.create(team=team, owner=bob, title="Early", deleted_at=at, deleted_by=alice)
    early.forked_from = Conversation.objects.create(team=team, owner=alice, title="Late", forked_from=talk)
    early.save()
    ReadMark.objects.create(person=bob, conversation=talk, seen_at=at)
    FavouriteModel.objects.create(person=bob, model="sonar")
    saved = {"kind": "saved", "ciphertext": "gAAA\u2028", "was_tested": True, "changed_by": alice, "changed_at": at}
    KeyChange.objects.create(follows=0, **saved)
    KeyChange.objects.create(follows=KeyChange.objects.get().pk, kind="removed")
    MailRequest.objects.create(kind="join", key="0" * 64, at=at)
    link = Invitation.objects.create(
        team=team, token_hash="1" * 64, expires_at=at, max_uses=3, uses=1, email_domain="harbour.example"
    )
    Invitation.objects.create(team=team, token_hash="2" * 64, expires_at=at, parent=link, email="d@harbour.example")
    Membership.objects.filter(team=team, user=bob).update(is_reviewer=True, visible_to="private")
    wish = {"team": team, "requested_by": alice, "prompt": TEXT, "model": "sonar", "state": "failed"}
    root = GeneratedImage.objects.create(**wish, conversation_id=talk.pk, question_id=first.pk)
    GeneratedImage.objects.create(**wish, variant_of=root)


def _add_document(team: "Team", by: "User") -> None:
    """A document of a space, with its bytes, its text, and a passage that can be found."""
    from chat.documents.texts import store
    from chat.models import Document, DocumentVersion, Passage, Space
    from files.text import DocumentText
    from files.text import Passage as Piece

    space = Space.objects.create(team=team, owner=by, name="Q3 \U0001f4a1", everyone=False)
    document = Document.objects.create(space=space, name="灯台.md", uploaded_by=by)
    sha256 = store.put(b"# Lights and a beacon")
    store.put_text(sha256, DocumentText("line", 0, (Piece(1, "# Lights and a beacon"),)).to_bytes())
    version = DocumentVersion.objects.create(
        document=document,
        number=1,
        sha256=sha256,
        media_type="text/markdown",
        size=21,
        unit="line",
        characters=21,
        state="ready",
        in_index=True,
        uploaded_by=by,
    )
    Document.objects.filter(pk=document.pk).update(current=version)
    Passage.objects.create(
        version=version, number=1, page=1, label="Lights", text=f"A beacon. {TEXT}", found_in=space.pk
    )


def tell_documents() -> None:
    """Print the name of each document with *beacon* in it, and the text of the one that was put there."""
    from chat.documents.find import find_passages
    from chat.documents.texts import text_of
    from chat.models import Document
    from chat.search.query import Term

    document = Document.objects.select_related("current").get(name="灯台.md")
    found = find_passages(document.space_id, [Term(("beacon",)), Term(("submarine",))])
    assert document.current
    print([one.name for one in found], text_of(document.current).passages[0].text)
