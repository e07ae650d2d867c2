"""An answer with everything that a passport can tell."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import PersonalInstructions, Team, TeamInstructions, User
from chat.models import (
    Answer,
    AnswerPassage,
    Attachment,
    CheckedMark,
    CheckedSource,
    CitationCheck,
    Document,
    DocumentVersion,
    LogEntry,
    PageCopy,
    Source,
    Space,
    SpaceInstructions,
)
from chat.sources.passports.canonical import text_sha256
from chat.sources.verified.service import VerificationWish, verify
from tests.chat.conversations.conftest import Make, add

PIECES = ("The light ", "burns since ", "1904[1]. 灯台 🗼")
TEXT = "".join(PIECES)


@pytest.fixture
def secret_space(harbour: Team, alice: User) -> Space:
    """A space that Alice alone can read."""
    return Space.objects.create(team=harbour, owner=alice, name="Secret", everyone=False)


@pytest.fixture
def answer(converse: Make, harbour: Team, alice: User, bob: User, secret_space: Space) -> Answer:
    """Alice's answer that the team reads, asked in a secret space, with a file, a check and a verification."""
    conversation = converse(("Before?", "Earlier."))
    made = add(conversation, 2, "Since when?", TEXT)
    versions = {
        "team": TeamInstructions.objects.create(team=harbour, number=1, text="Be brief.", author=alice),
        "space": SpaceInstructions.objects.create(space=secret_space, number=3, text="Say lamp.", author=alice),
        "person": PersonalInstructions.objects.create(person=alice, number=2, text="Call me Ali.", author=alice),
    }
    made.request = {
        "options": {"temperature": 0.7, "instructions": "In one line."},
        "host": "api.perplexity.ai",
        "instructions": {name: str(one.pk) for name, one in versions.items()},
        "from_space": {"mode": "both", "passages": 8, "space": str(secret_space.pk)},
    }
    made.usage = {"prompt_tokens": 12, "completion_tokens": 7, "cost": {"total": 0.0051}}
    made.cost, made.cost_source, made.price_date = Decimal("0.005100"), "estimated", date(2026, 11, 1)
    made.upstream_id, made.request_id, made.resolved_model = "up-1", "req-1", "sonar-2"
    made.started_at = made.first_word_at = made.ended_at = timezone.now()
    made.save()
    Source.objects.create(
        answer=made, number=1, title="Lights", url="https://lights.example/", snippet="1904", cited=True
    )
    Attachment.objects.create(
        team=harbour, owner=alice, question=made.question, kind="file", name="list.pdf", media_type="application/pdf",
        sha256="a" * 64, original_sha256="b" * 64, size=9,
    )  # fmt: skip
    document = Document.objects.create(space=secret_space, name="plan.md", uploaded_by=alice)
    version = DocumentVersion.objects.create(
        document=document, number=1, sha256="c" * 64, media_type="text/markdown", size=5, uploaded_by=alice
    )
    AnswerPassage.objects.create(
        answer=made, number=1, space=secret_space, version=version, name="plan.md", text="The secret lamp.", page=1
    )
    copy = PageCopy.objects.create(
        team=harbour, address="https://lights.example/", address_key="k", site="lights.example", text_sha256="d" * 64
    )
    check = CitationCheck.objects.create(
        answer=made, state="finished", rules=1, text_sha256=text_sha256(TEXT), found=1, ended_at=timezone.now()
    )
    CheckedSource.objects.create(check_of=check, number=1, copy=copy, text_sha256="d" * 64)
    CheckedMark.objects.create(check_of=check, position=1, sentence=TEXT[:30], start=0, end=30, number=1, state="found")
    verify(VerificationWish(note="Seen.", until=timezone.localdate() + timedelta(days=9)), answer=made, by=bob)
    return Answer.objects.select_related("question__conversation").get(pk=made.pk)


@pytest.fixture
def logged(answer: Answer) -> Answer:
    """The same, with its log."""
    entries = [
        ("started", {"at": "2026-11-01T10:00:00+00:00", "model": "sonar-2"}),
        ("text", "Never mind"),
        ("text_replaced", PIECES[0]),
        ("documents", {"passages": [{"text": "The secret lamp."}]}),
        *(("text", piece) for piece in PIECES[1:]),
        ("end", {"state": "finished"}),
    ]
    LogEntry.objects.bulk_create(
        LogEntry(answer=answer, seq=seq, kind=kind, data=data) for seq, (kind, data) in enumerate(entries, start=1)
    )
    return answer
