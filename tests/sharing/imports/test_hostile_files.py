"""Files that are none, are broken, or want to do harm: what people are told, and what it costs."""

import io
import json
import resource
import uuid

import pytest

from accounts.models import User
from chat.models import Answer, Conversation, Question
from sharing.imports.json_stream import TooLarge, items_in
from sharing.models import ImportRun
from tests.cpu_time import at_most
from tests.sharing.imports import shapes
from tests.sharing.imports.bringing import bring, import_all

pytestmark = pytest.mark.django_db

DEEP = b"[" * 200_000
NOTHING = {
    "no words": b"   ",
    "bytes": bytes(range(256)) * 40,
    "a text": b"Dear all, this is no export.",
    "another JSON": b'{"a": 1}',
    "numbers": b"[1, 2, 3]",
    "nested without end": DEEP,
    "nested in a conversation": b'[{"mapping": ' + DEEP,
    "a broken archive": b"PK\x03\x04" + b"\0" * 100,
    "an archive of something else": shapes.zip_of({"a.txt": "words", "b.json": '{"a": 1}'}),
    "an encrypted name": shapes.zip_of({"conversations.json": "[]"}),
    "a PDF": b"%PDF-1.7 ...",
    "a Word document": shapes.zip_of({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
    "digits": b'[{"mapping": ' + b"9" * 6_000 + b"}]",
    "a bomb": shapes.zip_of({"conversations.json": b"[" + b" " * 30_000_000 + b"]"}),
}


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_no_export_is_refused_in_a_sentence(name: str, alice: User) -> None:
    with at_most(2):
        run = bring(NOTHING[name], by=alice)
    assert run.state == ImportRun.State.REFUSED
    assert run.problem.endswith(".")
    assert run.sha256 == ""


def test_a_file_that_ends_in_the_middle_gives_what_comes_before(alice: User) -> None:
    data = shapes.as_json(shapes.chatgpt("c-1"), shapes.chatgpt("c-2"), shapes.chatgpt("c-3"))
    run = import_all(data[: len(data) * 5 // 6], by=alice)
    assert (run.brought, run.failed) == (2, 0)
    assert "ends in the middle" in run.problem


def test_one_bad_conversation_holds_up_no_other(alice: User) -> None:
    bad = [
        {"conversation_id": "x", "current_node": "y", "title": "No messages"},
        {"conversation_id": "x2", "mapping": {"a": None, "b": 7, "c": {"message": []}}, "title": "Odd"},
        {"conversation_id": ["x3"], "mapping": {"a": {"parent": "b"}, "b": {"parent": "a"}}, "title": {"a": 1}},
        {"id": 5, "chat": {"history": {"messages": {"a": {"role": 1, "parentId": {}}}}}},
        {"conversationId": None, "messages": [None, 3, {"children": "x"}]},
    ]
    run = import_all(shapes.as_json(*bad, shapes.chatgpt()), by=alice)
    assert (run.brought, run.failed) == (1, 5)
    assert all(line.problem for line in run.lines.filter(outcome="failed"))


def test_dates_that_cannot_be_right_are_corrected_and_counted(alice: User) -> None:
    item = shapes.chatgpt()
    for key, at in (("q1", 1e300), ("a1", -5), ("q2", float("nan")), ("a2", "tomorrow"), ("q2b", 9e12)):
        item["mapping"][key]["message"]["create_time"] = at
    run = import_all(shapes.as_json(item), by=alice)
    assert run.found["left_out"]["date"] == 5
    years = {question.created_at.year for question in Question.objects.all()}
    assert years == {2025}


def test_nothing_of_a_file_becomes_a_script(alice: User) -> None:
    item = shapes.chatgpt(title="<script>alert(1)</script>\u202e\x00")
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) \x00 \ud800"
    item["mapping"]["a1b"]["message"]["content"]["parts"] = [evil]
    import_all(shapes.as_json(item), by=alice)
    html = Answer.objects.get(model="gpt-4o").html
    assert "<script" not in html
    assert "onerror=" not in html.replace("onerror=alert(1)&gt;", "")
    assert "javascript:" not in html.partition("href=")[2].partition('"')[2][:12]
    assert "\x00" not in Conversation.objects.get().title


def test_ids_of_a_file_are_never_ours(alice: User, charlie: User) -> None:
    theirs = Conversation.objects.create(
        team=charlie.memberships.get().team, owner=charlie, title="Theirs", visibility="private"
    )
    run = import_all(shapes.parley_json(shapes.parley(str(theirs.pk))), by=alice)
    assert run.brought == 1
    theirs.refresh_from_db()
    assert (theirs.title, theirs.owner) == ("Theirs", charlie)


def test_an_export_of_a_newer_version_is_refused(alice: User) -> None:
    run = bring(shapes.parley_json(shapes.parley(str(uuid.UUID(int=5))), version=3), by=alice)
    assert "newer version" in str(run.found["refused"])


def test_a_conversation_that_branches_without_end_is_bounded(alice: User) -> None:
    nodes = {"q": shapes.chatgpt_node("q", None, "user", "Why?")}
    above = ["q"]
    for level in range(11):
        above = [f"{one}{side}" for one in above for side in "ab"]
        for key in above:
            nodes[key] = shapes.chatgpt_node(key, key[:-1], "assistant", f"{level}")
    item = {"conversation_id": "w", "mapping": nodes, "current_node": "q", "title": "Wide"}
    with at_most(2):
        run = bring(shapes.as_json(item), by=alice)
    assert run.found["answers"] == 20
    assert run.found["left_out"]["many"] > 1_000


def test_an_object_of_many_large_fields_is_not_held_in_memory() -> None:
    data = b"{" + b",".join(b'"f%d": "%s"' % (number, b"x" * 1000) for number in range(200)) + b"}"
    with pytest.raises(TooLarge):
        list(items_in(io.BytesIO(data), most=100_000))


def test_a_large_file_is_read_in_little_memory(alice: User) -> None:
    long = shapes.chatgpt("c")
    long["mapping"]["a1"]["message"]["content"]["parts"] = ["word " * 20_000]
    one = json.dumps(long)
    data = ("[" + ",".join(one.replace('"c"', f'"c-{n}"') for n in range(400)) + "]").encode()  # 40 MB
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run = bring(data, by=alice)
    assert run.found["conversations"] == 400
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 60, f"{grown:.0f} MB more"
