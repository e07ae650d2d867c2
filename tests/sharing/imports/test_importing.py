"""What comes of a file, in rows."""

import io
import json
import uuid
from datetime import UTC, datetime

import pytest
from PIL import Image

from accounts.models import Membership, Team, User
from chat.access import TEAM
from chat.answers import branches
from chat.models import Answer, Attachment, Conversation, LedgerNews, Question, Space
from chat.search.find import search
from sharing.imports import service
from sharing.imports.importing import Importing
from sharing.imports.steps import LeaseLost
from sharing.imports.surveying import Surveying
from sharing.models import ImportedConversation, ImportLine, ImportRun
from tests.sharing.imports import shapes
from tests.sharing.imports.bringing import bring, import_all

pytestmark = pytest.mark.django_db
FIRST, SECOND = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))


def outcomes(run: ImportRun) -> list[str]:
    return list(run.lines.values_list("outcome", flat=True))


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, "PNG")
    return made.getvalue()


def test_nothing_becomes_a_conversation_before_its_person_says_so(alice: User) -> None:
    run = bring(shapes.as_json(shapes.chatgpt()), by=alice)
    assert run.state == ImportRun.State.READY
    assert run.found["conversations"] == 1
    assert run.found["titles"] == ["Keepers"]
    assert (run.found["questions"], run.found["answers"], run.found["sources"]) == (3, 4, 3)
    assert run.found["left_out"] == {"system": 1, "tool": 2}
    assert not Conversation.objects.exists()


def test_a_conversation_of_chatgpt_comes_with_branches_sources_and_times(alice: User) -> None:
    run = import_all(shapes.as_json(shapes.chatgpt()), by=alice)
    assert (run.state, run.brought, run.problem) == (ImportRun.State.FINISHED, 1, "")
    conversation = Conversation.objects.get()
    assert (conversation.title, conversation.owner, conversation.visibility) == ("Keepers", alice, "private")
    assert conversation.created_at == datetime.fromtimestamp(shapes.NOON + 1, UTC)
    assert conversation.answered_at is None
    shown = [Question.objects.get(pk=place.id).text for place in branches.tree_of(conversation.pk).branch_at()]
    assert shown == ["Who kept the light?", "And after?"]
    first = Question.objects.get(text="Who kept the light?")
    assert list(first.answers.values_list("text", "model", "state")) == [
        ("**Two** keepers did.[1][2] That is all.", "gpt-5", "finished"),
        ("Nobody knows.", "gpt-4o", "finished"),
    ]
    answer = first.answers.first()
    assert answer
    assert list(answer.sources.values_list("number", "url", "cited")) == [
        (1, "https://lights.example/a", True),
        (2, "https://lights.example/b", True),
        (3, "https://lights.example/c", False),
    ]
    assert "<strong>Two</strong>" in answer.html
    assert f'href="#source-{answer.pk}-1"' in answer.html
    assert (answer.cost, answer.request) == (None, {"imported_from": "ChatGPT"})
    assert LedgerNews.objects.filter(answer=answer).exists()


def test_the_search_finds_what_was_imported(alice: User) -> None:
    import_all(shapes.as_json(shapes.chatgpt()), by=alice)
    found = search(Membership.objects.get(user=alice), words="Machines")
    assert [one.conversation.title for one in found.conversations] == ["Keepers"]


def test_the_same_file_again_changes_nothing(alice: User) -> None:
    data = shapes.as_json(shapes.chatgpt(), shapes.open_webui(), shapes.librechat())
    import_all(data, by=alice)
    again = bring(data, by=alice)
    assert again.found["known"] == 3
    run = import_all(data, by=alice)
    assert outcomes(run) == ["known"] * 3
    assert Conversation.objects.count() == 3


def test_a_conversation_that_has_grown_gets_its_new_questions_where_somebody_asked_on(alice: User) -> None:
    import_all(shapes.as_json(shapes.chatgpt()), by=alice)
    conversation = Conversation.objects.get()
    last = Question.objects.get(text="And after?")
    here = Question.objects.create(
        conversation=conversation, author=alice, position=4, follows=last, text="Asked here", key=uuid.uuid4()
    )
    run = import_all(shapes.as_json(shapes.chatgpt(more_asked=True)), by=alice)
    assert outcomes(run) == ["grown"]
    added = Question.objects.get(text="Since when?")
    assert (added.position, added.follows_id, added.version_of_id) == (5, last.pk, here.pk)
    assert added.answers.get().text == "Since 1988."
    assert outcomes(import_all(shapes.as_json(shapes.chatgpt(more_asked=True)), by=alice)) == ["known"]


def test_each_service_is_recognised_by_its_bytes(alice: User) -> None:
    data = shapes.zip_of(
        {
            "a.json": shapes.as_json(shapes.open_webui()),
            "b.json": b"\xef\xbb\xbf" + shapes.as_json(shapes.librechat())[1:-1],
            "c.md": shapes.PERPLEXITY,
            "d.json": '{"settings": true}',
            "__MACOSX/._a.json": "x",
        }
    )
    run = import_all(data, by=alice)
    assert run.found["services"] == {"open_webui": 1, "librechat": 1, "perplexity": 1}
    assert outcomes(run) == ["brought"] * 3
    tides = Answer.objects.get(question__conversation__title="Tides")
    assert (tides.text, tides.reasoning, tides.sources.get().url) == (
        "The moon pulls [1].",
        "The moon?",
        "https://tides.example/moon",
    )
    venv = Question.objects.get(text="How do I activate it?")
    assert list(venv.answers.values_list("text", "reasoning")) == [("Source it.", ""), ("Run activate.", "Hm.")]
    unanswered = Question.objects.get(text="Thanks").answers.get()
    assert (unanswered.state, unanswered.text) == ("stopped", "")


def test_a_thread_of_perplexity_has_its_turns_and_their_numbered_sources(alice: User) -> None:
    import_all(shapes.PERPLEXITY.encode(), by=alice)
    first, second = Question.objects.order_by("position")
    assert [first.text, second.text] == ["What is a *neap* tide?", "And a spring tide?"]
    answer = first.answers.get()
    assert answer.text == "A small one.[1][2]\n\n# Not a question\n\nIt is a heading."
    assert list(answer.sources.values_list("number", "cited")) == [(1, True), (2, True), (3, False)]
    assert second.answers.get().sources.get().url == "https://tides.example/spring"


def test_the_data_of_an_account_at_perplexity_is_taken_as_far_as_it_goes(alice: User) -> None:
    data = shapes.zip_of({"conversations_1.json": json.dumps(shapes.ACCOUNT_OF_PERPLEXITY), "list.xlsx": b"PK"})
    run = import_all(data, by=alice)
    assert (run.brought, run.found["left_out"]) == (1, {"alone": 1})
    assert list(Question.objects.order_by("position").values_list("text", flat=True)) == ["Which harbour?", "Why?"]
    assert Answer.objects.get(question__position=1).unknown_citations == [1]
    assert outcomes(import_all(data, by=alice)) == ["known"]


def test_pictures_of_an_archive_are_judged_and_attached(alice: User) -> None:
    data = shapes.zip_of(
        {
            "conversations-000.json": shapes.as_json(shapes.chatgpt_with_picture("p-1", "file-abc123")),
            "conversations-001.json": shapes.as_json(shapes.chatgpt_with_picture("p-2", "file-evil")),
            "file-abc123-light.png": png(),
            "file-evil-light.png": b"<svg onload=alert(1)>",
            "user.json": '{"email": "a@b.example"}',
        }
    )
    run = import_all(data, by=alice)
    assert outcomes(run) == ["brought", "brought"]
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.width, attachment.question.text) == ("light.png", 8, "What is this?")  # type: ignore[union-attr]
    assert "Without" in run.lines.get(number=2).problem


def test_undo_puts_all_of_it_into_the_trash_and_brings_it_back(alice: User) -> None:
    run = import_all(shapes.as_json(shapes.chatgpt(), shapes.open_webui()), by=alice)
    assert service.undo_import(run=run, by=alice) == 2
    assert Conversation.objects.filter(deleted_at=None).count() == 0
    assert service.bring_back(run=run, by=alice) == 2
    assert Conversation.objects.filter(deleted_at=None).count() == 2


def test_what_is_in_the_trash_comes_back_and_is_not_doubled(alice: User) -> None:
    service.undo_import(run=import_all(shapes.as_json(shapes.chatgpt()), by=alice), by=alice)
    run = import_all(shapes.as_json(shapes.chatgpt()), by=alice)
    assert outcomes(run) == ["brought"]
    assert Conversation.objects.get().deleted_at is None


def test_a_process_that_is_killed_leaves_nothing_half_and_another_goes_on(alice: User) -> None:
    data = shapes.as_json(*(shapes.chatgpt(f"c-{n}", title=f"T {n}") for n in range(120)))
    run = bring(data, by=alice)
    service.begin_import(run=run, by=alice)
    Importing(run.pk, holder=None).step()
    run.refresh_from_db()
    assert 0 < run.handled < 120
    assert Conversation.objects.count() == run.handled == run.lines.count()
    Importing(run.pk, holder=None).run()
    run.refresh_from_db()
    assert (run.brought, Conversation.objects.count(), run.lines.count()) == (120, 120, 120)


def test_an_import_that_was_stopped_goes_on(alice: User) -> None:
    run = bring(shapes.as_json(shapes.chatgpt()), by=alice)
    service.begin_import(run=run, by=alice)
    service.stop_import(run=run, by=alice)
    run.refresh_from_db()
    assert run.state == ImportRun.State.STOPPED
    service.begin_import(run=run, by=alice)
    Importing(run.pk, holder=None).run()
    assert Conversation.objects.count() == 1


def test_somebody_else_on_the_team_has_a_history_of_their_own(alice: User, bob: User) -> None:
    data = shapes.as_json(shapes.chatgpt())
    import_all(data, by=alice)
    assert outcomes(import_all(data, by=bob)) == ["brought"]  # of hers he knows nothing
    Conversation.objects.all().delete()
    import_all(data, by=alice, place=TEAM)
    assert outcomes(import_all(data, by=bob)) == ["known"]


def test_a_member_cannot_speak_for_others(bob: User) -> None:
    data = shapes.parley_json(shapes.parley(FIRST, asked_by="alice"))
    import_all(data, by=bob, as_it_was=True)
    question = Question.objects.get()
    assert (question.author, question.conversation.owner, question.conversation.visibility) == (bob, bob, "private")
    assert ImportedConversation.objects.get().author == "Alice"


def test_a_whole_team_comes_back_to_its_people_and_spaces(alice: User, bob: User, harbour: Team) -> None:
    space = {"id": SECOND, "name": "Harbour lights", "everyone": True, "colour": "teal", "instructions": "Be exact."}
    document = {
        "id": FIRST,
        "space": SECOND,
        "name": "notes.md",
        "versions": [{"number": 1, "sha256": "d" * 64}],
    }
    data = shapes.zip_of(
        {
            "people.jsonl": shapes.lines({"username": "bob"}, {"username": "zoe"}),
            "spaces.jsonl": shapes.lines(space),
            "conversations.jsonl": shapes.lines(
                shapes.parley(FIRST, visibility="space", space=SECOND), shapes.parley(SECOND, asked_by="zoe")
            ),
            "documents.jsonl": shapes.lines(document),
            "images.jsonl": shapes.lines({"id": FIRST}),
            f"files/dd/{'d' * 64}": "# Notes\n\nThe light.",
            "manifest.json": '{"format": "parley-archive", "version": 1}',
        }
    )
    run = import_all(data, by=alice, as_it_was=True)
    assert outcomes(run) == ["brought", "brought"]
    assert run.found["left_out"] == {}
    assert {name: counts["left"] for name, counts in run.found["parts"].items() if counts["left"]} == {"images": 1}
    kept = Conversation.objects.get(title="Kept by bob")
    made = Space.objects.get(name="Harbour lights")
    assert (kept.owner, kept.visibility, kept.space) == (bob, "space", made)
    assert [one.tag.name for one in kept.taggings.all()] == ["lights"]
    assert made.documents.get().name == "notes.md"
    answer = Answer.objects.get(question__conversation=kept)
    assert (answer.asked_by, answer.provider, answer.model) == (bob, "sonar", "sonar")
    assert list(answer.sources.values_list("number", "cited")) == [(1, False), (2, True)]
    foreign = Conversation.objects.get(title="Kept by zoe")
    assert (foreign.owner, foreign.visibility) == (alice, "team")
    assert ImportedConversation.objects.get(conversation=foreign).author == "Zoe"


def test_what_parley_has_itself_is_already_here(alice: User, harbour: Team) -> None:
    kept = Conversation.objects.create(team=harbour, owner=alice, title="Here")
    data = shapes.parley_json(shapes.parley(str(kept.pk)))
    assert outcomes(import_all(data, by=alice)) == ["known"]


def test_somebody_who_has_left_gets_nothing_more(bob: User) -> None:
    run = bring(shapes.as_json(shapes.chatgpt()), by=bob)
    service.begin_import(run=run, by=bob)
    Membership.objects.filter(user=bob).delete()
    Importing(run.pk, holder=None).run()
    run.refresh_from_db()
    assert run.state == ImportRun.State.REFUSED
    assert not Conversation.objects.exists()


def test_looking_through_a_file_ends_where_it_was_stopped(alice: User) -> None:
    run = bring(shapes.as_json(shapes.chatgpt()), by=alice)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.LOOKING)
    service.stop_import(run=run, by=alice)
    with pytest.raises(LeaseLost):
        Surveying(run.pk, holder=None).run()
    assert not ImportLine.objects.exists()
