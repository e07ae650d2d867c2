"""The index follows the texts, whoever writes them and however."""

import random
import string
import uuid
from importlib import import_module
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Field

from accounts.models import Team, User
from chat import search
from chat.models import Answer, Conversation, Question
from chat.search.backends import backend_for
from chat.upkeep import maintenance
from tests.chat.conversations.conftest import Make, add
from tests.chat.search.finding import kinds

pytestmark = pytest.mark.django_db


def count(person: User, words: str) -> int:
    return len(kinds(person, words))


def documents() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_document")
        return int(cursor.fetchone()[0])


def test_the_index_follows_every_change_of_a_text(alice: User, converse: Make) -> None:
    conversation = converse(("Which lamp?", "The green lamp."), title="Lamps")

    Conversation.objects.filter(pk=conversation.pk).update(title="Lanterns")
    Question.objects.update(text="Which lantern?")
    Answer.objects.update(text="The red lantern.")

    assert [count(alice, word) for word in ("lamps", "lamp", "green", "lantern", "red")] == [0, 0, 0, 3, 1]


def test_a_text_that_is_emptied_is_not_found_and_comes_back_with_its_new_words(alice: User, converse: Make) -> None:
    converse(("Which one?", "The green lamp."))

    Answer.objects.update(text="")
    assert count(alice, "lamp") == 0

    Answer.objects.update(text="The red lamp.")
    assert (count(alice, "green"), count(alice, "lamp")) == (0, 1)


def test_saving_what_did_not_change_changes_nothing(alice: User, converse: Make) -> None:
    conversation = converse(("Which lamp?", "The green lamp."))
    before = documents()

    conversation.save()
    for answer in Answer.objects.all():
        answer.save()

    assert (documents(), count(alice, "lamp")) == (before, 2)


def test_what_is_written_in_bulk_is_indexed(alice: User, converse: Make) -> None:
    conversation = converse()
    questions = Question.objects.bulk_create(
        Question(conversation=conversation, author=alice, position=number, text=f"Lamp {number}?", key=uuid.uuid4())
        for number in range(1, 11)
    )
    Answer.objects.bulk_create(
        Answer(question=question, asked_by=alice, key=uuid.uuid4(), text="The green one.", state="finished")
        for question in questions
    )

    assert (count(alice, "lamp"), count(alice, "green")) == (10, 10)
    for question in questions:
        question.text = "A lantern?"
    Question.objects.bulk_update(questions, ["text"])
    assert (count(alice, "lamp"), count(alice, "lantern")) == (0, 10)


def test_what_is_deleted_leaves_nothing_in_the_index(alice: User, converse: Make) -> None:
    conversation = converse(("Which lamp?", "The green lamp."), title="Lamps")

    conversation.delete()

    assert documents() == 0
    converse(("Which lantern?", "None."))
    assert (count(alice, "green"), count(alice, "lantern")) == (0, 1)


def test_a_statement_typed_by_hand_is_followed_too(alice: User, converse: Make) -> None:
    converse(("Which lamp?", "日本の灯台"))

    with connection.cursor() as cursor:
        cursor.execute("UPDATE chat_answer SET text = 'The green lantern.'")
    assert (count(alice, "灯台"), count(alice, "lantern")) == (0, 1)

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM chat_answer")
    assert count(alice, "lantern") == 0


def test_the_index_is_intact_after_many_changes(alice: User, converse: Make) -> None:
    chance = random.Random(1)
    letters = string.ascii_lowercase + " -'é日本語\n"
    conversation = converse()
    answers = [add(conversation, number, "Question?", "") for number in range(1, 20)]
    for _ in range(200):
        answer = chance.choice(answers)
        Answer.objects.filter(pk=answer.pk).update(text="".join(chance.choices(letters, k=chance.randint(0, 900))))
    Answer.objects.filter(pk__in=[answer.pk for answer in answers[:5]]).delete()

    Answer.objects.update(text="The lantern.")

    assert count(alice, "lantern") == 14
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
            cursor.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, search_index, row)")
            cursor.execute(
                "SELECT term FROM temp.vocabulary WHERE term NOT IN ('the', 'lantern', 'lights', 'question')"
            )
            assert [term for (term,) in cursor.fetchall() if len(term) != 32] == []


def test_very_long_texts_of_any_kind_are_stored_and_found(alice: User, converse: Make) -> None:
    chance = random.Random(2)
    english = " ".join("".join(chance.choices(string.ascii_lowercase, k=9)) for _ in range(60_000))
    chinese = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(100_000))
    rare = " ".join(chr(chance.randrange(0x20000, 0x2A6DF)) for _ in range(150_000))
    long = "x" * 500_000
    signed = " ".join(
        "#" + "".join(chr(chance.randrange(0x12000, 0x12380)) for _ in range(9)) + "+" for _ in range(20_000)
    )
    for number, text in enumerate((english, chinese, rare, long, signed)):
        converse((f"lantern {number} {text}", f"lantern {text}"))

    assert count(alice, "lantern") == 10
    assert count(alice, chinese[5:9]) == 2


def test_the_index_can_be_made_anew(alice: User, bob: User, converse: Make) -> None:
    converse(("Which lamp?", "日本の灯台"), title="Lamps")
    converse(("Which lamp?", "The green one."), owner=bob, visibility="private")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_document")
    told = StringIO()

    call_command("rebuild_search", stdout=told)

    assert told.getvalue() == "The search index now has 6 texts.\n"
    assert [count(alice, word) for word in ("lamp", "lamps", "灯台", "green")] == [2, 1, 1, 0]
    Answer.objects.update(text="The lantern.")
    assert (count(alice, "灯台"), count(bob, "lantern")) == (0, 2)


def test_taking_the_index_away_and_putting_it_back_is_clean(alice: User, converse: Make) -> None:
    converse(("Which lamp?", "The green one."))
    backend = backend_for(connection)

    search.uninstall(connection)
    assert backend.missing(connection)
    converse(("Another lamp?", "Yes."))
    search.repair(connection)

    assert not backend.missing(connection)
    assert count(alice, "lamp") == 2


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_makes_a_table_anew_does_not_lose_the_index(
    harbour: Team, alice: User, converse: Make
) -> None:
    converse(("Which lamp?", "The green one."))
    for model, name in ((Conversation, "title"), (Question, "key"), (Answer, "model")):
        field = model._meta.get_field(name)
        assert isinstance(field, Field)
        changed = field.clone()
        changed.null = True
        changed.set_attributes_from_name(name)
        changed.model = model
        with connection.schema_editor() as editor:
            editor.alter_field(model, field, changed)
        with connection.schema_editor() as editor:
            editor.alter_field(model, changed, field)
    Answer.objects.update(text="Changed while the triggers were away.")

    call_command("migrate", verbosity=0)

    assert (count(alice, "green"), count(alice, "changed"), count(alice, "lamp")) == (0, 1, 1)
    converse(("Another lamp?", "Yes."))
    assert count(alice, "lamp") == 2


@pytest.mark.django_db(transaction=True)
def test_a_store_that_is_emptied_has_an_empty_index(alice: User, converse: Make) -> None:
    converse(("Which lamp?", "The green one."))

    call_command("flush", interactive=False, verbosity=0)

    assert documents() == 0


# --- An index of an earlier version ------------------------------------------------------------------

_BEFORE = {
    "sqlite": [
        "DROP TRIGGER search_answer_inserted",
        "DROP TRIGGER search_answer_updated",
        "DROP TABLE search_index",
        "CREATE VIRTUAL TABLE search_index USING fts5(team, title, text, content='', prefix='2',"
        " tokenize='unicode61 remove_diacritics 2')",
        "INSERT INTO search_index (rowid, team, title, text) SELECT d.id, d.team_id, '', a.text"
        " FROM search_document AS d JOIN chat_answer AS a ON a.id = d.object_id",
        "CREATE TRIGGER search_answer_inserted AFTER INSERT ON chat_answer BEGIN SELECT 1; END",
        "CREATE TRIGGER search_answer_updated AFTER UPDATE OF text ON chat_answer BEGIN SELECT 1; END",
    ],
    "postgresql": [
        "ALTER TABLE search_document DROP COLUMN version",
        "UPDATE search_document AS d SET words = array_to_tsvector(ARRAY['/team:' || team_id, '/shelf:0'])"
        " || to_tsvector('simple', a.text) FROM chat_answer AS a WHERE a.id = d.object_id",
        "DROP FUNCTION search_lexemes(text)",
    ],
}
"""What makes the index as it was before it knew the words of every script."""


def test_an_index_of_before_finds_what_it_found_and_then_every_script(alice: User, converse: Make) -> None:
    converse(*[("…", f"Lighthouse {number}: สวัสดีประภาคาร, Łódź.") for number in range(7)])
    with connection.cursor() as cursor:
        for statement in _BEFORE[connection.vendor]:
            cursor.execute(statement)
    assert (count(alice, "lighthouse"), count(alice, "ประภาคาร"), count(alice, "lodz")) == (7, 0, 0)

    search.upgrade(connection)

    assert count(alice, "lighthouse") == 7  # at once
    converse(("…", "Lighthouse, ประภาคาร."))
    assert count(alice, "ประภาคาร") >= 1
    renewed = []
    while texts := search.renew(connection, most=3):
        renewed.append(texts)
        assert count(alice, "lighthouse") == 8
    assert (count(alice, "lighthouse"), count(alice, "ประภาคาร"), count(alice, "lodz")) == (8, 8, 7)
    assert renewed == ([] if connection.vendor == "sqlite" else [3, 3, 3, 3, 3])  # 7 questions, 7 answers, a title
    Answer.objects.update(text="Łódź.")
    assert (count(alice, "lighthouse"), count(alice, "lodz")) == (0, 8)


_BEFORE_SIGNS = {
    "sqlite": [
        "INSERT INTO search_index (search_index) VALUES ('delete-all')",
        "INSERT INTO search_index (rowid, team, text) SELECT d.id, d.team_id, replace(lower(a.text), '+', ' ')"
        " FROM search_document AS d JOIN chat_answer AS a ON a.id = d.object_id",
    ],
    "postgresql": [
        "UPDATE search_document AS d SET version = 2, words = array_to_tsvector(ARRAY['/team:' || team_id, '/shelf:0'])"
        " || to_tsvector('simple', replace(a.text, '+', ' ')) FROM chat_answer AS a WHERE a.id = d.object_id",
        "DROP INDEX search_before_3",
        "CREATE INDEX search_before_2 ON search_document (id) WHERE version < 2",
    ],
}
"""What makes it as it was when signs were no part of words."""


def test_an_index_of_before_finds_words_and_then_words_with_signs(alice: User, converse: Make) -> None:
    converse(*[("…", f"Language {number}: C++.") for number in range(5)])
    with connection.cursor() as cursor:
        for statement in _BEFORE_SIGNS[connection.vendor]:
            cursor.execute(statement)
    assert (count(alice, "language"), count(alice, "C"), count(alice, "C++")) == (5, 5, 0)

    import_module("chat.migrations.0014_search_with_signs").upgrade(None, connection.schema_editor())

    assert (count(alice, "language"), count(alice, "C")) == (5, 5)  # at once
    renewed = 0
    while texts := maintenance.renew_search():
        renewed += texts
    assert renewed == (0 if connection.vendor == "sqlite" else 5)
    assert (count(alice, "language"), count(alice, "C"), count(alice, "C++")) == (5, 5, 5)
    Answer.objects.update(text="C#")
    assert (count(alice, "language"), count(alice, "C"), count(alice, "C++"), count(alice, "C#")) == (0, 5, 0, 5)


def test_a_server_that_was_brought_up_to_date_renews_the_index_by_itself(alice: User, converse: Make) -> None:
    converse(("…", "สวัสดีประภาคาร"))
    assert maintenance.renew_search() == 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE search_document SET words = to_tsvector('simple', ''), version = 1")
        assert count(alice, "ประภาคาร") == 0
        assert maintenance.renew_search() == 3

    assert count(alice, "ประภาคาร") == 1
