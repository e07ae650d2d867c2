"""What goes into an export: what the person may read, as they see it, and nothing else."""

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from hashlib import sha256

import pytest
from django.utils import timezone
from PIL import Image

from accounts.models import Team, User
from chat.attachments.texts import store
from chat.models import Answer, AnswerPassage, Attachment, CheckedMark, CitationCheck, Conversation, LogEntry, Space
from chat.questions import service as questions
from sharing.export.scope import ANSWERS, SPACE, Scope
from tests import wishes
from tests.chat.conversations.conftest import add
from tests.sharing.export.conftest import ALL, TEXT, member, of, rendered, written

pytestmark = pytest.mark.django_db


def test_a_member_takes_out_what_they_may_read_and_an_owner_no_private_conversation_of_others(
    converse: Callable[..., Conversation], harbour: Team, alice: User, bob: User
) -> None:
    converse(("Shared?", "Yes."), title="Shared", owner=bob)
    converse(("Bob alone?", "Yes."), title="Private", owner=bob, visibility="private")
    converse(("Gone?", "Yes."), title="Deleted", owner=bob, deleted_at=timezone.now())

    def titles(user: User) -> set[str]:
        made = json.loads(written(ALL, member(user, harbour), "json"))
        return {one["title"] for one in made["conversations"]}

    assert titles(alice) == {"Shared"}
    assert titles(bob) == {"Shared", "Private"}


def test_a_space_takes_its_conversations_along_and_a_single_answer_nothing_else(
    converse: Callable[..., Conversation], harbour: Team, alice: User, bob: User
) -> None:
    space = Space.objects.create(team=harbour, owner=alice, name="Quarter")
    inside = converse(("Inside?", "Yes."), title="Inside", space=space, visibility="space")
    converse(("Mine inside?", "Yes."), title="Hidden", space=space, visibility="private", owner=bob)
    converse(("Outside?", "Yes."), title="Outside")
    second = add(inside, 2, "More?", "No.")

    made = written(Scope(SPACE, (space.pk,)), member(alice, harbour), "markdown").decode()
    alone = written(Scope(ANSWERS, (second.pk,)), member(alice, harbour), "markdown").decode()

    assert "Inside?" in made
    assert "Hidden" not in made
    assert "Outside" not in made
    assert "More?" in alone
    assert "Inside?" not in alone


def test_for_reading_there_is_the_row_asked_last_and_in_json_every_version(
    told: Answer, harbour: Team, alice: User
) -> None:
    first = told.question
    questions.ask_edited(wishes.wish("How few lamps?"), question=first, by=alice)

    page = written(of(first.conversation), member(alice, harbour), "markdown").decode()
    record = json.loads(written(of(first.conversation), member(alice, harbour), "json"))["conversations"][0]

    assert "How few lamps?" in page
    assert "How many lamps?" not in page
    assert [one["version_of"] for one in record["questions"]] == [None, str(first.pk)]
    assert "This answer was still to be written when it was exported." in page


def test_numbers_are_those_of_the_answer_and_states_of_checks_stand_at_its_marks(
    told: Answer, harbour: Team, alice: User
) -> None:
    check = CitationCheck.objects.create(
        answer=told,
        state="finished",
        found=1,
        missing=1,
        text_sha256=sha256(TEXT.encode()).hexdigest(),
        ended_at=timezone.now(),
    )
    for position, (number, state) in enumerate([(1, "found"), (2, "missing")], start=1):
        CheckedMark.objects.create(
            check_of=check, position=position, number=number, state=state, sentence="The light.", start=0, end=9
        )
    conversation = told.question.conversation

    page = written(of(conversation), member(alice, harbour), "html", checks=True).decode()
    without = written(of(conversation), member(alice, harbour), "html", checks=False).decode()
    record = json.loads(written(of(conversation), member(alice, harbour), "json"))["conversations"][0]

    assert '[1]</a><span class="check">(found)</span>' in page
    assert '[2]</a><span class="check">(not found)</span>' in page
    assert '<span class="unknown">[7]</span>' in page
    assert "Citations checked: 1 of 2 citations found" in page
    assert '<span class="check">' not in without
    assert [one["state"] for one in record["questions"][0]["answers"][0]["check"]["marks"]] == ["found", "missing"]


def test_an_answer_that_is_being_written_goes_along_as_far_as_it_is(harbour: Team, alice: User) -> None:
    answer = questions.ask_in_new_conversation(wishes.wish("Still?"), team=harbour, by=alice)
    Answer.objects.filter(pk=answer.pk).update(state="writing")
    LogEntry.objects.create(answer=answer, seq=1, kind="started", data={"at": timezone.now().isoformat()})
    LogEntry.objects.create(answer=answer, seq=2, kind="text", data="So far, so **good**")

    made = written(of(answer.question.conversation), member(alice, harbour), "markdown").decode()

    assert "This answer was still being written when it was exported." in made
    assert "So far, so" in made


def test_documents_are_named_only_for_those_who_may_read_the_space(
    told: Answer, harbour: Team, alice: User, bob: User
) -> None:
    space = Space.objects.create(team=harbour, owner=alice, name="Closed", everyone=False)
    AnswerPassage.objects.create(answer=told, number=1, space=space, name="Secret plan.pdf", text="Secret words")
    Answer.objects.filter(pk=told.pk).update(request={"from_space": {"space": str(space.pk), "mode": "both"}})

    for_bob = [written(of(told.question.conversation), member(bob, harbour), name) for name in ("json", "markdown")]

    assert not any(b"Secret" in made for made in for_bob)
    assert json.loads(for_bob[0])["conversations"][0]["questions"][0]["answers"][0]["passages"] is None


def test_an_archive_has_everything_and_says_what_is_missing(told: Answer, harbour: Team, alice: User) -> None:
    kept, lost = store.put(b"a picture"), "f" * 64
    for number, digest in enumerate((kept, lost)):
        Attachment.objects.create(
            team=harbour,
            owner=alice,
            question=told.question,
            kind="image",
            name=f"{number}.png",
            media_type="image/png",
            size=9,
            sha256=digest,
            original_sha256=digest,
        )

    made = zipfile.ZipFile(io.BytesIO(written(ALL, member(alice, harbour), "archive", reasoning=True)))

    manifest = json.loads(made.read("manifest.json"))
    assert manifest["format"] == "parley-archive"
    assert manifest["missing"] == [lost]
    assert manifest["counts"] | {"people": 0} == {
        "people": 0, "spaces": 0, "conversations": 1, "questions": 1, "answers": 1, "documents": 0, "images": 0,
        "team": 1, "reports": 0, "watches": 0, "sites": 0, "presets": 0, "searches": 0, "files": 1,
    }  # fmt: skip
    for name, part in manifest["parts"].items():
        assert sha256(made.read(name)).hexdigest() == part["sha256"]
    [line] = made.read("conversations.jsonl").splitlines()
    record = json.loads(line)
    assert record["questions"][0]["answers"][0]["text"] == TEXT
    assert [one["cited"] for one in record["questions"][0]["answers"][0]["sources"]] == [True, False]
    assert made.read(f"files/{kept[:2]}/{kept}") == b"a picture"
    assert made.testzip() is None


def test_long_conversations_are_read_in_pieces_and_come_in_order(
    converse: Callable[..., Conversation], harbour: Team, alice: User
) -> None:
    conversation = converse(*((f"Question {number:03}?", "Yes.") for number in range(25)))

    record = json.loads(written(of(conversation), member(alice, harbour), "json"))["conversations"][0]

    assert [one["text"] for one in record["questions"]] == [f"Question {number:03}?" for number in range(25)]


def test_a_stranger_takes_out_nothing(told: Answer, charlie: User) -> None:
    elsewhere = Team.objects.get(memberships__user=charlie)

    assert (
        json.loads(written(of(told.question.conversation), member(charlie, elsewhere), "json"))["conversations"] == []
    )
    assert json.loads(written(of(uuid.uuid4()), member(charlie, elsewhere), "json"))["conversations"] == []


def test_pictures_of_a_question_are_in_the_file_or_named(told: Answer, harbour: Team, alice: User) -> None:

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    for name, digest in (("red.png", store.put(out.getvalue())), ("broken.png", store.put(b"no picture"))):
        Attachment.objects.create(
            team=harbour, owner=alice, question=told.question, kind="image", name=name, media_type="image/png", size=9,
            sha256=digest, original_sha256=digest,
        )  # fmt: skip
    by = member(alice, harbour)

    page = written(of(told.question.conversation), by, "html").decode()
    word = zipfile.ZipFile(io.BytesIO(written(of(told.question.conversation), by, "docx")))

    assert page.count("data:image/jpeg;base64,") == 1
    assert "broken.png" in page
    assert [name for name in word.namelist() if name.startswith("word/media/")]
    assert written(of(told.question.conversation), by, "pdf")
    assert "data:image/" not in written(of(told.question.conversation), by, "html", pictures=False).decode()


def test_a_second_answer_stands_below_its_question(told: Answer, harbour: Team, alice: User) -> None:
    other = Answer.objects.create(
        question=told.question, asked_by=alice, key=uuid.uuid4(), provider="sonar", model="sonar-pro", state="stopped"
    )
    rendered(other, "Another **answer**.")

    made = written(of(told.question.conversation), member(alice, harbour), "markdown").decode()

    assert made.count("#### Answer") == 2
    assert "This answer was stopped before it was finished." in made
