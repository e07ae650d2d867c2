"""What goes along with a request, and what is left out of it."""

import io
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import Team, User
from chat.answers import prompt_attachments
from chat.attachments import service as attachment_service
from chat.models import Answer, Attachment, Conversation
from chat.questions import service as questions
from files import limits
from tests import wishes
from tests.files.samples import PDF, drawn, encoded
from tests.prompts import prompt_plan_for
from upstream.errors import InvalidRequest
from upstream.requests import Document, Picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def ask(
    team: Team, by: User, *attachments: Attachment, conversation: Conversation | None = None, model: str = "sonar"
) -> Answer:
    """A question with attachments that has been answered."""
    wish = wishes.wish("What?", model=model, attachments=attachments)
    if conversation:
        answer = questions.ask_in_conversation(wish, conversation=conversation, by=by)
    else:
        answer = questions.ask_in_new_conversation(wish, team=team, by=by)
    Answer.objects.filter(pk=answer.pk).update(state=Answer.State.FINISHED, text="That.")
    return answer


def upload(team: Team, by: User, name: str = "light.png", size: tuple[int, int] = (60, 40)) -> Attachment:
    data = PDF if name.endswith("pdf") else encoded(drawn(size=size), "PNG")
    return attachment_service.keep_upload(source=io.BytesIO(data), name=name, team=team, by=by)


def sent(answer: Answer) -> list[list[str]]:
    """What goes with each turn of a user: the kinds of its parts."""
    request = prompt_plan_for(answer.pk).read_attachments()
    return [[type(part).__name__ for part in turn.parts] for turn in request.turns if turn.role == "user"]


def left_out(answer: Answer) -> dict[str, int]:
    answer.refresh_from_db()
    found: dict[str, int] = answer.request.get("left_out", {})
    return found


def test_the_bytes_from_the_store_go_with_the_question(harbour: Team, alice: User) -> None:
    picture, paper = upload(harbour, alice), upload(harbour, alice, "report.pdf")
    answer = ask(harbour, alice, picture, paper)

    (turn,) = prompt_plan_for(answer.pk).read_attachments().turns

    found = [(type(part), part.media_type, part.data) for part in turn.parts]
    assert found == [
        (Picture, "image/png", attachment_service.store.read(picture.sha256)),
        (Document, "application/pdf", PDF),
    ]
    assert [part.name for part in turn.parts] == ["light.png", "report.pdf"]


def test_later_questions_take_them_along_again(harbour: Team, alice: User) -> None:
    first = ask(harbour, alice, upload(harbour, alice))
    conversation = first.question.conversation
    second = ask(harbour, alice, upload(harbour, alice, "report.pdf"), conversation=conversation)
    third = ask(harbour, alice, conversation=conversation)

    assert sent(second) == [["Picture"], ["Document"]]
    assert sent(third) == [["Picture"], ["Document"], []]
    assert left_out(third) == {}


def test_asked_again_a_question_takes_its_own_along(harbour: Team, alice: User) -> None:
    first = ask(harbour, alice, upload(harbour, alice))
    again = questions.ask_another_model(wishes.choice(model="sonar-pro"), question=first.question, by=alice)
    assert sent(again) == [["Picture"]]


def test_a_model_that_takes_none_gets_later_turns_without_them(harbour: Team, alice: User) -> None:
    first = ask(harbour, alice, upload(harbour, alice), upload(harbour, alice, "report.pdf"))
    later = ask(harbour, alice, conversation=first.question.conversation, model="sonar-deep-research")

    assert sent(later) == [[], []]
    assert left_out(later) == {"model": 2}


def test_a_regular_expression_gets_later_turns_without_pictures(harbour: Team, alice: User) -> None:
    first = ask(harbour, alice, upload(harbour, alice), upload(harbour, alice, "report.pdf"))
    later = ask(harbour, alice, conversation=first.question.conversation)
    options = {"response_format": {"type": "regex", "regex": {"regex": "[a-z]+"}}}
    Answer.objects.filter(pk=later.pk).update(request={"options": options})

    assert sent(later) == [["Document"], []]
    assert left_out(later) == {"model": 1}


def test_the_newest_go_first_when_there_is_not_room_for_all(harbour: Team, alice: User) -> None:
    first = ask(harbour, alice, upload(harbour, alice, "old.pdf"))
    conversation = first.question.conversation
    ask(harbour, alice, upload(harbour, alice, "new.pdf"), conversation=conversation)
    own = upload(harbour, alice, "own.pdf")
    last = ask(harbour, alice, own, conversation=conversation)
    Attachment.objects.exclude(pk=own.pk).update(size=limits.MOST_TOGETHER_BYTES // 2)

    assert sent(last) == [[], ["Document"], ["Document"]]
    assert left_out(last) == {"room": 1}


def test_thirty_go_with_one_request(harbour: Team, alice: User) -> None:
    assert limits.MOST_PARTS == 30
    conversation: Conversation | None = None
    for _ in range(4):
        files = [upload(harbour, alice, "report.pdf") for _ in range(8)]
        last = ask(harbour, alice, *files, conversation=conversation)
        conversation = last.question.conversation

    assert [len(parts) for parts in sent(last)] == [6, 8, 8, 8]
    assert left_out(last) == {"room": 2}


def test_pictures_of_earlier_questions_cost_no_more_than_a_quarter_of_a_window(harbour: Team, alice: User) -> None:
    first = ask(harbour, alice, upload(harbour, alice), upload(harbour, alice))
    last = ask(harbour, alice, conversation=first.question.conversation)
    most = prompt_attachments.MOST_EARLIER_TOKENS
    assert most == 32_000
    Attachment.objects.update(width=750, height=most // 2)
    assert sent(last) == [["Picture", "Picture"], []]

    Attachment.objects.update(height=most // 2 + 1)
    assert sent(last) == [["Picture"], []]


def test_the_questions_own_pictures_may_cost_what_they_cost(harbour: Team, alice: User) -> None:
    answer = ask(harbour, alice, upload(harbour, alice))
    Attachment.objects.update(width=10_000, height=5_000)
    assert sent(answer) == [["Picture"]]


def lose(media: Path, one: Attachment) -> None:
    for path in media.rglob(f"{one.sha256}*"):
        path.unlink()


def test_without_its_own_picture_a_question_is_not_sent(harbour: Team, alice: User, media: Path) -> None:
    one = upload(harbour, alice)
    answer = ask(harbour, alice, one)
    lose(media, one)

    with pytest.raises(InvalidRequest, match="Attach it again"):
        prompt_plan_for(answer.pk).read_attachments()


def test_an_earlier_picture_that_is_lost_stops_nobody(harbour: Team, alice: User, media: Path) -> None:
    one = upload(harbour, alice)
    first = ask(harbour, alice, one)
    lose(media, one)
    assert sent(ask(harbour, alice, conversation=first.question.conversation)) == [[], []]
