"""What people outside are shown by a link, and what they never are."""

import io
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Team, User
from chat.documents import service as documents
from chat.models import Answer, AnswerPassage, Attachment, Conversation, DocumentVersion, Question, Source, SpaceMember
from imaging.models import GeneratedImage
from sharing.links import contents
from tests.chat.conversations.conftest import Make, add
from tests.chat.in_spaces import make_space
from tests.imaging.stored_images import drawn
from tests.sharing.conftest import Share, Shared, answers_of, page_of

pytestmark = pytest.mark.django_db

HTML = '<p>Ada keeps it <a class="cite" href="#source-1" aria-label="1">[1]</a>.</p>'


@pytest.fixture
def lights(converse: Make) -> Conversation:
    """A conversation with two questions, whose first answer has a source."""
    made = converse(("Who keeps the light?", "Ada keeps it [1]."), ("Since when?", "Since 1871."), title="Lights")
    first = answers_of(made)[0]
    Answer.objects.filter(pk=first.pk).update(
        html=HTML, reasoning="They want a name.", request={"instructions": "Be brief."}, cost="0.123456", searched=True
    )
    Answer.objects.exclude(pk=first.pk).update(html="<p>Since 1871.</p>")
    Source.objects.create(answer=first, number=1, url="https://light.example/", title="Keepers", cited=True)
    return made


def test_the_page_has_questions_answers_marks_and_sources(lights: Conversation, share: Share) -> None:
    page = page_of(share(lights))
    for part in ("Lights", "Who keeps the light?", HTML, "Since when?", "<p>Since 1871.</p>", "Keepers"):
        assert part in page
    assert 'href="https://light.example/" target="_blank" rel="noopener noreferrer nofollow"' in " ".join(page.split())


def test_nothing_of_the_team_is_on_the_page(lights: Conversation, share: Share, alice: User) -> None:
    alice.full_name = "Alice Anchor"
    alice.save()
    page = page_of(share(lights))
    for secret in ("Alice Anchor", "alice", "Harbour", "They want a name.", "Be brief.", "0.123", "sonar", "/c/"):
        assert secret not in page
    assert "Alice Anchor" in page_of(share(lights, shows_names=True))


def test_every_response_is_kept_from_caches_search_engines_and_other_sites(
    lights: Conversation, share: Share, visitor: Client
) -> None:
    made = share(lights)
    places = (made.address, made.at("alive"), made.at("picture", uuid.uuid4(), "a" * 32), "/s/wrong/")
    for response in map(visitor.get, places):
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert not response.cookies
    page = page_of(made)
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert "frame-ancestors 'none'" in visitor.get(made.address)["Content-Security-Policy"]


def test_a_teammate_sees_the_same_page_as_a_stranger(lights: Conversation, share: Share, alice: User) -> None:
    made, teammate = share(lights), Client()
    teammate.force_login(alice)
    assert page_of(made, teammate) == page_of(made)


def test_a_snapshot_stays_as_it_was(lights: Conversation, share: Share) -> None:
    made = share(lights)
    before = page_of(made)
    add(lights, 3, "And in winter?", "Also Ada.")
    first = lights.questions.get(position=1)
    again = Answer.objects.create(
        question=first, asked_by=first.author, key=uuid.uuid4(), model="sonar", state="finished", text="Ben keeps it."
    )
    Conversation.objects.filter(pk=lights.pk).update(title="Other lights", branched_at=timezone.now())
    Question.objects.create(
        conversation=lights, author=first.author, position=4, text="Who?", key=uuid.uuid4(), version_of=first
    )
    assert page_of(made) == before
    again.delete()
    assert page_of(made) == before


def test_a_snapshot_whose_answer_is_gone_shows_nothing(lights: Conversation, share: Share, visitor: Client) -> None:
    made = share(lights)
    answers_of(lights)[1].delete()
    assert visitor.get(made.address).status_code == 404
    assert visitor.get(made.at("alive")).status_code == 404


def test_a_live_link_shows_what_is_asked_later_once_it_is_answered(lights: Conversation, share: Share) -> None:
    made = share(lights, kind="live")
    assert "reload the page" in page_of(made)
    new = add(lights, 3, "And in winter?", "", state="writing")
    assert "And in winter?" not in page_of(made)
    Answer.objects.filter(pk=new.pk).update(state="finished", text="Also Ada.", html="<p>Also Ada.</p>")
    Conversation.objects.filter(pk=lights.pk).update(title="Other lights")
    page = page_of(made)
    assert "And in winter?" in page
    assert "Also Ada." in page
    assert "Other lights" in page


def test_a_link_to_one_answer_shows_its_question_and_nothing_else(lights: Conversation, share: Share) -> None:
    second = answers_of(lights)[1]
    page = page_of(share(lights, answer=second))
    assert "Since when?" in page
    assert "Since 1871." in page
    assert "Who keeps the light?" not in page
    assert "Ada" not in page


def test_an_answer_that_is_being_written_is_not_in_a_snapshot(lights: Conversation, share: Share) -> None:
    new = add(lights, 3, "And in winter?", "", state="writing")
    made = share(lights)
    Answer.objects.filter(pk=new.pk).update(state="finished", text="Also Ada.", html="<p>Also Ada.</p>")
    assert "And in winter?" not in page_of(made)


def test_attached_files_are_counted_and_not_named(lights: Conversation, share: Share, alice: User) -> None:
    Attachment.objects.create(
        team=lights.team,
        owner=alice,
        question=lights.questions.get(position=1),
        kind="image",
        name="secret-plan.png",
        media_type="image/png",
        size=9,
        sha256="0" * 64,
    )
    page = page_of(share(lights))
    assert "1 file was attached" in page
    assert "secret-plan" not in page


def test_long_conversations_come_in_pages_with_as_many_queries_each(converse: Make, share: Share) -> None:
    count = 2 * contents.PER_PAGE + 1
    talk = converse(*((f"Question {n}!", f"Answer {n}!") for n in range(count)))
    for kind in ("snapshot", "live"):
        made = share(talk, kind=kind)
        first = page_of(made)
        assert "Question 0!" in first
        assert f"Question {contents.PER_PAGE}!" not in first
        assert "Page 1 of 3" in first
        assert f"Question {count - 1}!" in page_of(made, query="?page=3")
        assert page_of(made, query="?page=99") == page_of(made, query="?page=3")
        with CaptureQueriesContext(
            connection,
        ) as few:
            page_of(made, query="?page=3")
        with CaptureQueriesContext(connection) as many:
            page_of(made, query="?page=2")
        assert len(few) == len(many)


PICTURE = "https://pictures.example/light.png"


def test_pictures_come_through_the_link_and_only_those_that_it_shows(
    lights: Conversation, converse: Make, share: Share, visitor: Client
) -> None:
    first, second = answers_of(lights)
    Answer.objects.filter(pk=first.pk).update(media={"images": [{"image_url": PICTURE}]})
    made = share(lights)
    page = page_of(made)
    assert "pictures.example" not in page.replace('<span class="origin">pictures.example</span>', "").replace(
        'alt="Image from pictures.example"', ""
    )
    address = made.at("picture", first.pk, page.partition(f"media/{first.pk}/")[2][:32])
    assert address in page
    assert visitor.get(address).status_code == 202
    alone = share(lights, answer=second)
    elsewhere = share(converse(("And here?", "No.")))
    for other in (alone, elsewhere):
        assert visitor.get(address.replace(made.token, other.token)).status_code == 404


def test_drawn_images_are_shown_once_they_are_approved_and_only_then(
    lights: Conversation, share: Share, visitor: Client, harbour: Team, alice: User
) -> None:
    question = lights.questions.get(position=1)
    where = {"team": harbour, "by": alice, "conversation_id": lights.pk, "question_id": question.pk}
    approved = drawn(state="approved", decided_at=timezone.now() - timedelta(hours=1), **where)
    waiting, rejected = drawn(state="pending", **where), drawn(state="rejected", **where)
    elsewhere = drawn(state="approved", team=harbour, by=alice)
    snapshot, live = share(lights), share(lights, kind="live")

    def shown(made: Shared, image: GeneratedImage) -> bool:
        status = visitor.get(made.at("image", image.pk)).status_code
        assert visitor.get(made.at("small_image", image.pk)).status_code == status
        assert (str(image.pk) in page_of(made)) == (status == 200)
        return status == 200

    for made in (snapshot, live):
        assert shown(made, approved)
        assert not any(shown(made, image) for image in (waiting, rejected, elsewhere))
    GeneratedImage.objects.filter(pk=waiting.pk).update(state="approved", decided_at=timezone.now())
    assert shown(live, waiting)
    assert not shown(snapshot, waiting)
    GeneratedImage.objects.filter(pk=approved.pk).update(state="rejected")
    assert not shown(snapshot, approved)


def test_a_page_is_counted_when_it_is_opened(lights: Conversation, share: Share, visitor: Client) -> None:
    made = share(lights)
    for address in (made.address, made.at("alive"), f"{made.address}?page=1", made.address):
        visitor.get(address)
    visitor.head(made.address)
    made.link.refresh_from_db()
    assert made.link.times_opened == 2
    assert made.link.opened_at is not None


def test_of_a_cited_document_the_page_has_the_name_while_the_maker_may_read_its_space(
    converse: Make, share: Share, alice: User, bob: User
) -> None:
    space = make_space(alice.memberships.get().team, alice, "Quarter", people=[bob])
    talk = converse(("What is the plan?", "Sell [D1]."), owner=bob, space=space, visibility="private")
    document = documents.add_document(source=io.BytesIO(b"Sell."), name="Plan.txt", space=space, by=alice).document
    answer = answers_of(talk)[0]
    mark = '<a class="cite document" href="#document-1" data-document="1" aria-label="D1">[D1]</a>'
    Answer.objects.filter(pk=answer.pk).update(
        html=f"<p>Sell {mark}.</p>", request={"from_space": {"space": str(space.pk)}}
    )
    AnswerPassage.objects.create(
        answer=answer,
        number=1,
        space=space,
        version=DocumentVersion.objects.get(),
        name="Plan.txt",
        text="The secret price is 42 crowns.",
        page=7,
        unit="page",
        label="Prices",
        cited=True,
    )
    made = share(talk)
    page = page_of(made)
    assert 'aria-label="D1: Plan.txt"' in page
    for secret in ("42 crowns", "page 7", "Prices", "Quarter", str(space.pk), str(document.pk)):
        assert secret not in page
    SpaceMember.objects.filter(space=space).delete()
    page = page_of(made)
    assert "This answer cites documents that aren’t shared." in page
    assert "Plan.txt" not in page
