"""A team that has one of everything, and what two archives have in common."""

import io
import json
import re
import uuid
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import Any

from django.db.models import F

from accounts.models import Membership, Team, TeamInstructions, User
from chat.attachments.texts import store as attachment_store
from chat.conversations import tags
from chat.documents import service as documents
from chat.models import (
    Answer,
    AnswerPassage,
    Attachment,
    CheckedMark,
    CheckedSource,
    CitationCheck,
    Conversation,
    Preset,
    Question,
    SavedSearch,
    SiteMark,
    Space,
    SpaceMember,
    Verification,
    Watch,
    WatchFollower,
    WatchRun,
)
from chat.spaces.instructions import save_space_instructions
from imaging.models import Decision, GeneratedImage
from imaging.storage import StoredPicture, keep_picture, store
from sharing.models import Report, ReportAnswer, ReportVersion
from tests.chat.conversations.conftest import add
from tests.files.samples import drawn, encoded
from tests.sharing.export.conftest import rendered

PICTURE = encoded(drawn(), "PNG")
LONG_AGO = datetime(2026, 3, 1, 12, tzinfo=UTC)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_LEFT_OUT = ("made_at", "parley", "site", "team", "title", "bytes")


def fill(told: Answer, *, alice: User, bob: User, vera: User) -> None:
    """Give the team of this answer one of everything."""
    team, question = told.question.conversation.team, told.question
    space = _space(team, alice, bob)
    money = _in_space(team, bob, space)
    _of_conversation(told, money, alice)
    _of_answer(told, alice, bob)
    again = add_answer(question, alice, "The light has 43 lamps [1].", key="again", ended=LONG_AGO + timedelta(days=9))
    _watched(question, told, again, alice, bob)
    _drawn(question, alice, vera)
    _reported(told, money, space, alice, bob)
    _kept(team, alice, bob)
    TeamInstructions.objects.create(team=team, number=1, text="Be brief.", author=bob, created_at=LONG_AGO)
    TeamInstructions.objects.create(team=team, number=2, text="Be exact.", author=alice, created_at=LONG_AGO)
    Answer.objects.filter(ended_at=None).update(ended_at=F("created_at"))
    Team.objects.filter(pk=team.pk).update(monthly_limit=Decimal("12.50"), visible_to="private", allowed_tools=["x"])


def add_answer(question: Question, by: User, text: str, *, key: str, ended: datetime) -> Answer:
    """One more answer to a question."""
    made = Answer.objects.create(
        question=question, asked_by=by, key=uuid.uuid5(question.pk, key), provider="sonar", model="sonar",
        state="finished", created_at=ended - timedelta(seconds=5), ended_at=ended,
    )  # fmt: skip
    return rendered(made, text)


def _space(team: Team, alice: User, bob: User) -> Space:
    space = Space.objects.create(
        team=team, owner=bob, name="Quarter", description="Money", colour="teal", everyone=False, model="sonar-pro",
        options={"search_mode": "academic"}, visible_to="private", check_citations=True, monthly_limit=Decimal(5),
        created_at=LONG_AGO,
    )  # fmt: skip
    place = Membership.objects.get(team=team, user=alice)
    SpaceMember.objects.create(space=space, membership=place, role="reader")
    save_space_instructions(space=space, by=bob, text="Be brief.", seen=0)
    save_space_instructions(space=space, by=bob, text="Be brief, please.", seen=1)
    added = documents.add_document(source=io.BytesIO(b"A light has lamps."), name="lamps.txt", space=space, by=alice)
    documents.add_version(
        source=io.BytesIO(b"A light has many lamps."), name="lamps.txt", document=added.document, by=bob
    )
    return space


def _in_space(team: Team, bob: User, space: Space) -> Answer:
    """A private-looking question of the space, answered from its documents."""
    conversation = Conversation.objects.create(
        team=team, owner=bob, title="Money", visibility="space", space=space, created_at=LONG_AGO, archived=True
    )
    answer = add(conversation, 1, "Who pays?", "The harbour [D1].")
    document = space.documents.get()
    Question.objects.filter(pk=answer.question_id).update(
        documents={"mode": "both", "passages": 8, "whole": [str(document.pk)]}
    )
    asked = {"mode": "both", "passages": 8, "whole": [str(document.pk)], "space": str(space.pk)}
    Answer.objects.filter(pk=answer.pk).update(request={"options": {}, "from_space": asked})
    AnswerPassage.objects.create(
        answer=answer, number=1, space=space, version=document.versions.get(number=1), name="lamps.txt", unit="line",
        page=1, label="Lights", text="A light has lamps.", tokens=7, cited=True,
    )  # fmt: skip
    return answer


def _of_conversation(told: Answer, money: Answer, alice: User) -> None:
    question = told.question
    conversation = question.conversation
    told.sources.filter(number=1).update(snippet="Lamps.", origin="web", last_updated="2026", kind="page", carried=True)
    told.sources.update(cited=True)  # as its text has it
    tags.add_tag(conversation=conversation, name="Lights", by=alice)
    Conversation.objects.filter(pk=conversation.pk).update(
        pinned=True, forked_from=money.question.conversation_id, created_at=LONG_AGO + timedelta(days=1)
    )
    digest = attachment_store.put(PICTURE, thumbnail=PICTURE)
    Attachment.objects.create(
        team=conversation.team, owner=alice, question=question, kind="image", name="red.png", media_type="image/png",
        size=len(PICTURE), sha256=digest, original_sha256=digest, width=60, height=40,
    )  # fmt: skip
    second = add(conversation, 2, "And the second?", "It has none [1].")
    rendered(second, "It has none [1].", reasoning="Hm.", model="sonar-pro")
    error = {"kind": "internal", "message": "Something went wrong.", "retryable": True, "wait": None}
    failed = add(conversation, 3, "And the third?", "")
    Answer.objects.filter(pk=failed.pk).update(state="failed", error=error, text="")


def _of_answer(answer: Answer, alice: User, bob: User) -> None:
    Answer.objects.filter(pk=answer.pk).update(
        steps=[{"kind": "searching", "thought": "Look.", "terms": ["lamps"], "sources": [], "content": ""}],
        media={"images": [{"image_url": "https://one.example/a.png", "width": 10}], "videos": []},
        usage={"prompt_tokens": 3, "cost": {"total_cost": 0.006, "input_tokens_cost": 0.001}},
        related=["Why?"], cost=Decimal("0.006000"), cost_source="estimated", price_date=date(2026, 2, 1),
        upstream_id="up-1", request_id="req-1", resolved_model="sonar-1", finish="stop", background=True,
        created_at=LONG_AGO, started_at=LONG_AGO + timedelta(seconds=1),
        first_word_at=LONG_AGO + timedelta(seconds=2), ended_at=LONG_AGO + timedelta(seconds=3),
        request={"options": {"search_mode": "web"}, "asked_as": "sonar-1"}, unknown_citations=[7],
    )  # fmt: skip
    fact = {"kind": "figure", "text": "42", "start": 14, "end": 16, "value": ["42", ""]}
    check = CitationCheck.objects.create(
        answer=answer, requested_by=bob, state="finished", rules=9,
        text_sha256=sha256(answer.text.encode()).hexdigest(),
        found=1, shown=1, figures=1, pages=2, pages_done=2, pages_unread=1, created_at=LONG_AGO, ended_at=LONG_AGO,
        facts=[{**fact, "sentence": [0, 26], "times": 1, "cited": ["1"], "others": [], "apart": [], "near": "",
                "looked_at_all": True}],
    )  # fmt: skip
    CheckedSource.objects.create(check_of=check, number=1, text_sha256="a" * 64, from_search=True)
    CheckedSource.objects.create(check_of=check, number=2, problem="blocked")
    CheckedMark.objects.create(
        check_of=check, position=1, sentence="The light has 42 lamps [1]", start=0, end=26, number=1, state="found",
        passage="It has 42.", page=2, highlights=[[7, 9]],
        facts=[{**fact, "found": True, "elsewhere": False, "near": "", "in_passage": [7, 9]}],
        opinion={"model": "sonar", "verdict": "supports", "reason": "It says so.", "cost": "0.001"},
    )  # fmt: skip
    CheckedMark.objects.create(check_of=check, position=2, sentence="It burns [2].", start=27, end=40, number=2)
    of_answer = {"answer": answer, "conversation": answer.question.conversation}
    later = Verification.objects.create(
        **of_answer, by=alice, note="Still so.", at=LONG_AGO + timedelta(days=2), until=date(2099, 1, 1)
    )
    Verification.objects.create(
        **of_answer, by=alice, note="So it is.", at=LONG_AGO, withdrawn_at=LONG_AGO + timedelta(days=2),
        withdrawn_by=alice, replaced_by=later,
    )  # fmt: skip
    Verification.objects.create(**of_answer, by=bob, text="The light", start=0, end=9, at=LONG_AGO + timedelta(days=3))


def _watched(question: Question, told: Answer, again: Answer, alice: User, bob: User) -> None:
    watch = Watch.objects.create(
        question=question, owner=bob, provider="sonar", model="sonar", every="week", hour=7, weekday=3, day=2,
        time_zone="Europe/Berlin", budget=Decimal("2.500000"), until=date(2099, 1, 1), state="paused", reason="by_hand",
        changes=1, changed_at=LONG_AGO + timedelta(days=9), compared_to=again, created_at=LONG_AGO,
    )  # fmt: skip
    WatchFollower.objects.create(watch=watch, person=bob, by_mail=False, since=LONG_AGO)
    WatchFollower.objects.create(watch=watch, person=alice, since=LONG_AGO + timedelta(days=1))
    told_change = {
        "figures": [["42", "43"]],
        "changed": [],
        "added": [],
        "gone": [],
        "sources_added": [],
        "sources_gone": [{"title": "Two", "url": "https://two.example/"}],
        "counts": {"figures": 1},
    }
    at = LONG_AGO + timedelta(days=9)
    WatchRun.objects.create(
        watch=watch, answer=again, compared_to=told, due_at=at, state="changed", difference=told_change, created_at=at,
        ended_at=at,
    )  # fmt: skip
    WatchRun.objects.create(watch=watch, due_at=LONG_AGO, state="failed", problem="No.", created_at=at, ended_at=at)


@cache
def _picture() -> tuple[StoredPicture, bytes]:
    """The picture as it is kept once it was judged, which takes long enough to be done once."""
    picture = keep_picture(PICTURE)
    return picture, store.read(picture.sha256)


def _drawn(question: Question, alice: User, vera: User) -> None:
    team = question.conversation.team
    picture, data = _picture()
    store.put(data, thumbnail=PICTURE)
    first = None
    for number, state in enumerate(("approved", "rejected")):
        image = GeneratedImage.objects.create(
            team=team, requested_by=alice, state=state, prompt=f"A light {number}", service="images", model="gpt-image",
            resolved_model="gpt-image-1", wished_size="64x48", price=Decimal("0.040000"), language="en",
            conversation_id=question.conversation_id, question_id=question.pk, description="Red.", router="r",
            upstream_id="img-1", first=first, variant_of=first, position=number, sha256=picture.sha256,
            original_sha256=picture.original_sha256, media_type=picture.media_type, size=picture.size,
            width=picture.width, height=picture.height, fingerprint=picture.fingerprint, created_at=LONG_AGO,
            asked_at=LONG_AGO, drawn_at=LONG_AGO + timedelta(seconds=9),
        )  # fmt: skip
        first = first or image
        Decision.objects.create(image=image, by=vera, verdict=state, reason="As asked.", at=LONG_AGO)
        GeneratedImage.objects.filter(pk=image.pk).update(decided_at=LONG_AGO)


def _reported(told: Answer, money: Answer, space: Space, alice: User, bob: User) -> None:
    report = Report.objects.create(
        team=space.team, owner=bob, space=space, visibility="space", title="Lamps", version=2, created_at=LONG_AGO,
        changed_at=LONG_AGO, changed_by=alice,
    )  # fmt: skip
    document = space.documents.get()
    sources = [
        {"number": 1, "title": "Lamps", "url": "https://one.example/", "spellings": ["https://one.example/#x"]},
        {"number": 2, "is_document": True, "space": str(space.pk), "document": str(document.pk), "unit": "line",
         "page": 1},
    ]  # fmt: skip
    for number, text in ((1, ""), (2, "42 lamps [1], says [2].")):
        ReportVersion.objects.create(
            report=report, number=number, title="Lamps", text=text, sources=sources if text else [],
            change="added" if text else "begun", note="So far", saved_by=bob, saved_at=LONG_AGO,
        )  # fmt: skip
    for answer in (told, money):
        ReportAnswer.objects.create(report=report, answer=answer, added_by=alice, added_at=LONG_AGO)


def _kept(team: Team, alice: User, bob: User) -> None:
    Preset.objects.create(team=team, owner=alice, options={"search_mode": "web"}, model="sonar", created_at=LONG_AGO)
    Preset.objects.create(team=team, owner=bob, name="Papers", options={"search_mode": "academic"}, shared=True)
    SavedSearch.objects.create(team=team, owner=alice, name="Lamps", query="lamps has:image", newest_first=True)
    for number, mark in enumerate(("doubtful", "trusted")):
        SiteMark.objects.create(
            team=team, site="one.example", mark=mark, reason="Known.", marked_by=bob, holds=bool(number),
            marked_at=LONG_AGO + timedelta(days=number),
        )  # fmt: skip


def compared(archive: bytes) -> dict[str, list[Any]]:
    """The parts of an archive without what has to differ: ids are numbers in the order of the archive, and nothing says
    when or where it was made, or that it was imported before."""
    numbers: dict[str, str] = {}
    found = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        manifest = json.loads(opened.read("manifest.json"))
        for name in manifest["parts"]:
            text = opened.read(name).decode()
            text = _ID.sub(lambda id: numbers.setdefault(id[0], f"id {len(numbers)}"), text)
            found[name] = [_plain(json.loads(line)) for line in text.splitlines() if line]
        for conversation in found["conversations.jsonl"]:
            _say_what_each_follows(conversation["questions"])
        found["files"] = sorted(one for one in opened.namelist() if one.startswith("files/"))
    found["counts"] = [manifest["counts"], manifest["missing"]]
    return found


def _say_what_each_follows(questions: list[Any]) -> None:
    """That a question follows the one before it need not be said."""
    for before, question in pairwise(questions):
        if question["follows"] is None and question["version_of"] is None:
            question["follows"] = before["id"]


def differences(one: Any, other: Any, at: str = "") -> list[str]:
    """Where two archives differ, as far as `compared` has them."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted({*one, *other})
        return [line for name in names for line in differences(one.get(name), other.get(name), f"{at}/{name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [line for number, pair in pairs for line in differences(*pair, f"{at}/{number}")]
    return [] if one == other else [f"{at}: {one!r} became {other!r}"]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        kept = {name: _plain(one) for name, one in value.items() if name not in _LEFT_OUT or name == "title"}
        return kept | ({"imported_from": ""} if value.get("imported_from") == "Parley" else {})
    return value
