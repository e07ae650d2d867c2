"""What is known of texts besides their words: how it is found, kept and forgotten, also for an index that had none."""

import uuid

import pytest
from django.db import connection

from accounts.models import User
from chat import search
from chat.access import Place
from chat.conversations.fork import fork_conversation
from chat.models import Answer, Conversation, Question
from chat.search import SearchFilters, note_facts
from chat.search.backends import backend_for
from chat.search.facts import MOST_SITES, fact_number, host_of
from chat.upkeep import maintenance
from tests.chat.conversations.conftest import Make, add
from tests.chat.search.finding import kinds, settle, titles

pytestmark = pytest.mark.django_db

SITE = SearchFilters(sites=("arxiv.org",))


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def cited(converse: Make, title: str = "Papers") -> Conversation:
    conversation = converse(title=title)
    answer = add(conversation, 1, "Which heliotrope?", "This one.")
    answer.sources.create(number=1, url="https://arxiv.org/abs/1", title="Of zinnias")
    return conversation


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.Example.org/a?b", "example.org"),
        ("https://user@example.org:8443/", "example.org"),
        ("https://[::1]/", "::1"),
        ("https://[bad/", ""),
        ("not an address", ""),
        ("", ""),
    ],
)
def test_the_site_of_an_address(address: str, host: str) -> None:
    assert host_of(address) == host


def test_facts_wait_for_a_round_and_only_once(alice: User, converse: Make) -> None:
    cited(converse)

    assert rows("search_pending") == 2
    assert note_facts(connection, most=1) == 1
    assert (maintenance.note_facts(), maintenance.note_facts()) == (1, 0)
    assert rows("search_pending") == 0
    assert titles(alice, "heliotrope", SITE) == ["Papers"]


def test_what_is_deleted_leaves_no_facts_and_no_sources(alice: User, converse: Make) -> None:
    conversation = cited(converse)
    settle()
    assert rows("search_fact") > 0
    assert rows("search_source") == 1

    conversation.delete()

    assert [rows(table) for table in ("search_fact", "search_source", "search_pending", "search_document")] == [0] * 4
    if connection.vendor == "sqlite":
        assert rows("search_source_index") == 0


def test_a_second_answer_adds_what_it_relies_on(alice: User, converse: Make) -> None:
    conversation = converse(("Which heliotrope?", "This one."), title="Papers")
    settle()

    again = Answer.objects.create(
        question=Question.objects.get(), asked_by=alice, key=uuid.uuid4(), state="finished", text="That one."
    )
    again.sources.create(number=1, url="https://arxiv.org/abs/1")

    assert titles(alice, "heliotrope", SITE) == [conversation.title]


def test_a_fork_has_the_facts_of_what_it_copies(alice: User, converse: Make) -> None:
    conversation = cited(converse)
    question = conversation.questions.get()

    fork_conversation(question=question, by=alice, place=Place(), key=uuid.uuid4())

    assert kinds(alice, "heliotrope", SITE) == ["title", "question", "question"]
    assert kinds(alice, "zinnias") == ["source", "source"]


def test_an_answer_with_a_thousand_sources_keeps_so_many_sites(alice: User, converse: Make) -> None:
    answer = add(converse(), 1, "Which heliotrope?", "This one.")
    for number in range(1, 201):
        answer.sources.create(number=number, url=f"https://a{number}.example/", cited=number == 200)
    settle()

    assert kinds(alice, "", SearchFilters(sites=("a200.example",))) == ["question"]  # cited ones first
    assert rows("search_fact") < 3 * (2 * MOST_SITES + 10)


def test_a_number_stands_for_one_name() -> None:
    names = [f"site:{number}.example" for number in range(10_000)]
    numbers = set(map(fact_number, names))

    assert len(numbers) == len(names)
    assert all(-(2**63) <= number < 2**63 for number in numbers)


# --- An index of an earlier version ------------------------------------------------------------------

_TABLES = (("title", "chat_conversation"), ("question", "chat_question"), ("answer", "chat_answer"))
_BEFORE = {
    "sqlite": [
        *(
            f"DROP TRIGGER search_{kind}_{event}"
            for kind in ("title", "question", "answer")
            for event in ("inserted", "updated", "deleted")
        ),
        "DROP INDEX search_document_about",
        *(f"DROP TABLE search_{table}" for table in ("pending", "fact", "source", "source_index")),
        "ALTER TABLE search_document DROP COLUMN about",
        *(
            f"CREATE TRIGGER search_{kind}_{event} AFTER {does} ON {table} BEGIN SELECT 1; END"
            for kind, table in (
                ("title", "chat_conversation"),
                ("question", "chat_question"),
                ("answer", "chat_answer"),
            )
            for event, does in (("inserted", "INSERT"), ("updated", "UPDATE"), ("deleted", "DELETE"))
        ),
    ],
    "postgresql": [
        *(f"DROP TABLE search_{table}" for table in ("pending", "fact", "source")),
        "ALTER TABLE search_document DROP COLUMN about",
    ],
}
"""What makes the index as it was when it knew texts alone."""


def test_an_index_of_before_finds_texts_at_once_and_facts_a_little_later(alice: User, converse: Make) -> None:
    for number in range(7):
        cited(converse, f"Papers {number}")
    with connection.cursor() as cursor:
        for statement in _BEFORE[connection.vendor]:
            cursor.execute(statement)

    search.widen(connection)
    search.widen(connection)  # as often as one likes

    assert not backend_for(connection).missing(connection)
    assert rows("search_pending") == 14
    cited(converse, "Papers 8")
    assert len(titles(alice, "heliotrope")) == 8  # which settles
    assert len(titles(alice, "heliotrope", SITE)) == 8
    assert len(kinds(alice, "zinnias")) == 8
    Conversation.objects.all().delete()
    assert [rows(table) for table in ("search_fact", "search_source", "search_document")] == [0] * 3


def test_the_index_that_is_made_anew_finds_facts_again(alice: User, converse: Make) -> None:
    cited(converse)
    settle()

    assert search.rebuild(connection) == 3

    assert titles(alice, "heliotrope", SITE) == ["Papers"]
    assert kinds(alice, "zinnias") == ["source"]
