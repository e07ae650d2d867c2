"""The page on which answers to one question stand side by side, and asking several models for them."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Team, User
from chat.models import Answer, Conversation, Question, Source
from tests.chat.conversations.conftest import as_, plain

pytestmark = pytest.mark.django_db

OLD = "The tunnel is 8.9 kilometres long [1]. It was opened in 1990."
NEW = "The tunnel is 9.8 kilometres long [1]. It was opened in 1990."


@pytest.fixture
def question(harbour: Team, alice: User) -> Question:
    """A question of Alice's, which two models have answered."""
    conversation = Conversation.objects.create(team=harbour, owner=alice, title="Tunnels")
    asked = Question.objects.create(
        conversation=conversation, author=alice, position=1, text="How long is it?", key=uuid.uuid4()
    )
    for text, model, site in ((OLD, "sonar", "old"), (NEW, "sonar-pro", "new")):
        answered(asked, text, model=model, site=site)
    return asked


def answered(question: Question, text: str, *, model: str = "sonar", site: str = "", state: str = "finished") -> Answer:
    answer = Answer.objects.create(
        question=question,
        asked_by=question.author,
        key=uuid.uuid4(),
        provider="sonar",
        model=model,
        state=state,
        text=text,
        cost=Decimal("0.006"),
        cost_source="reported",
    )
    if site:
        Source.objects.create(answer=answer, number=1, title=site, url=f"https://{site}.example/", cited=True)
        Source.objects.create(answer=answer, number=2, title="Both", url="https://both.example/?utm_source=x")
    return answer


def address(question: Question, *answers: Answer, then: str = "") -> str:
    query = "&".join(f"a={one.pk}" for one in answers)
    return f"/c/{question.conversation_id}/questions/{question.pk}/compare/{then}{'?' if query else ''}{query}"


def page(client: Client, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_last_two_answers_are_compared_where_none_are_named(question: Question, bob: User) -> None:
    html = page(plain(bob), address(question))
    assert "<del>8.9</del>" in html
    assert "<ins>9.8</ins>" in html
    assert "1 sentence is the same" in html
    assert "figures · sources" in html
    assert html.index("Only in answer 1") < html.index("old.example") < html.index("new.example")
    assert html.count('href="https://both.example/') == html.count("In both answers") + 2  # and in both answers


def test_answers_are_compared_as_the_address_names_them(question: Question, alice: User) -> None:
    third = answered(question, "Nobody knows how long it is.")
    first = question.answers.earliest("created_at")
    html = page(plain(alice), address(question, third, first))
    assert "Answer 1 and answer 3" in html
    assert "Nobody knows" in html
    assert "<ins>9.8</ins>" not in html


def test_an_answer_of_another_question_is_not_compared(question: Question, alice: User, charlie: User) -> None:
    other = Conversation.objects.create(team=charlie.memberships.get().team, owner=charlie, title="Secret")
    asked = Question.objects.create(conversation=other, author=charlie, position=1, text="Who?", key=uuid.uuid4())
    secret = answered(asked, "The harbourmaster sleeps.")
    assert "harbourmaster" not in page(plain(alice), address(question, secret))


def test_a_stranger_sees_no_comparison(question: Question, charlie: User) -> None:
    assert plain(charlie).get(address(question)).status_code == 404


def test_a_conversation_leads_to_the_comparison_where_a_question_has_several_answers(
    question: Question, vera: User
) -> None:
    where = f'href="{address(question)}"'
    assert where in page(plain(vera), f"/c/{question.conversation_id}/")
    question.answers.latest("created_at").delete()
    assert where not in page(plain(vera), f"/c/{question.conversation_id}/")


def test_a_page_that_waits_hears_nothing_until_all_have_ended(question: Question, alice: User) -> None:
    live = answered(question, "", state="writing")
    done = question.answers.earliest("created_at")
    assert "every 3s" in page(plain(alice), address(question, done, live))
    assert as_(alice).get(address(question, done, live)).status_code == 204
    Answer.objects.filter(pk=live.pk).update(state="finished", text=NEW)
    response = as_(alice).get(address(question, done, live))
    assert "<ins>9.8</ins>" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_what_a_page_shows_is_bounded_and_safe(question: Question, alice: User) -> None:
    long = answered(question, "\n\n".join(f"Sentence <script>{n}</script> about {n * 7} boats." for n in range(900)))
    html = page(plain(alice), address(question, question.answers.earliest("created_at"), long))
    assert "<script>7</script>" not in html
    assert "more sentences aren’t shown" in html


@pytest.mark.parametrize(
    ("models", "problem"),
    [
        ([], "Choose at least one model."),
        (["sonar", "sonar-pro", "sonar-reasoning-pro", "sonar-deep-research", "agent:fast"], "Choose at most 4 models"),
        (["nobody"], "isn’t available here"),
    ],
)
def test_a_choice_that_cannot_be_asked_is_refused_in_words(
    question: Question, alice: User, models: list[str], problem: str
) -> None:
    sent = {"models": models, "key": str(uuid.uuid4())}
    response = plain(alice).post(address(question, then="ask/"), sent, follow=True)
    assert problem in response.content.decode()
    assert question.answers.count() == 2


def test_a_viewer_is_not_offered_to_ask(question: Question, vera: User) -> None:
    assert "Ask side by side" not in page(plain(vera), address(question))
    sent = {"models": ["sonar"], "key": str(uuid.uuid4())}
    assert plain(vera).post(address(question, then="ask/"), sent).status_code == 403
