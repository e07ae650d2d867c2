"""What is taken out of one team comes into another one as it was."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q

from accounts.models import Membership, Spending, Team, User
from accounts.services.instructions import team_versions
from chat import access
from chat.models import Answer, Attachment, Conversation, Question, SiteMark, Verification, Watch
from chat.sources.verified.reminders import note_reminders
from imaging.models import Decision, GeneratedImage
from sharing.imports import service
from sharing.imports.importing import Importing
from sharing.models import ImportedPart, Report
from tests.chat.conversations.conftest import converse as converse  # a fixture
from tests.sharing.export.conftest import ALL, member, of, written
from tests.sharing.export.conftest import told as told  # a fixture
from tests.sharing.imports.bringing import bring, import_all
from tests.sharing.whole_team import compared, differences, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(told: Answer, harbour: Team, alice: User, bob: User, vera: User) -> Conversation:
    """A conversation of a team that has one of everything."""
    fill(told, alice=alice, bob=bob, vera=vera)
    Membership.objects.filter(team=harbour, user=alice).update(is_reviewer=True)
    return told.question.conversation


@pytest.fixture
def mirror(filled: Conversation) -> Team:
    """A team without anything, with the same people."""
    made = Team.objects.create(name="Mirror")
    for one in filled.team.memberships.order_by("joined_at", "pk"):
        Membership.objects.create(team=made, user=one.user, role=one.role, is_reviewer=one.is_reviewer)
    return made


def taken_out(user: User, team: Team) -> bytes:
    return written(ALL, member(user, team), "archive", reasoning=True)


def test_a_team_comes_back_as_it_was_part_by_part_and_never_twice(
    filled: Conversation, mirror: Team, alice: User
) -> None:
    archive = taken_out(alice, filled.team)

    run = import_all(archive, by=alice, team=mirror, as_it_was=True)

    before, after = compared(archive), compared(taken_out(alice, mirror))
    assert "\n".join(differences(before, after)) == ""
    assert before["counts"][0] | {"people": 0} == {
        "people": 0, "team": 1, "spaces": 1, "conversations": 2, "questions": 4, "answers": 5, "documents": 1,
        "images": 2, "reports": 1, "watches": 1, "sites": 1, "presets": 2, "searches": 1, "files": 3,
    }  # fmt: skip
    assert run.found["left_out"] == {}
    assert {name: counts["left"] for name, counts in run.found["parts"].items()} == dict.fromkeys(run.found["parts"], 0)
    assert not Spending.objects.filter(team=mirror).exists()

    again = import_all(archive, by=alice, team=mirror, as_it_was=True)

    assert "\n".join(differences(after, compared(taken_out(alice, mirror)))) == ""
    assert again.brought == 0
    assert {counts["brought"] for counts in again.found["parts"].values()} == {0}
    home = import_all(archive, by=alice, team=filled.team, as_it_was=True)
    assert {counts["brought"] for counts in home.found["parts"].values()} == {0}
    assert "\n".join(differences(compared(archive), compared(taken_out(alice, filled.team)))) == ""


def test_a_process_that_is_killed_doubles_nothing(filled: Conversation, mirror: Team, alice: User) -> None:
    archive = taken_out(alice, filled.team)
    run = bring(archive, by=alice, team=mirror, as_it_was=True)
    service.begin_import(run=run, by=alice)
    for steps in (1, 3, 8):
        killed = Importing(run.pk, holder=None)
        for _step in range(steps):
            killed.step()
        killed.close()
    Importing(run.pk, holder=None).run()
    run.refresh_from_db()
    assert "\n".join(differences(compared(archive), compared(taken_out(alice, mirror)))) == ""
    assert sum(counts["brought"] for counts in run.found["parts"].values()) == ImportedPart.objects.count() == 11


def test_undoing_takes_away_all_that_nobody_has_used_since(filled: Conversation, mirror: Team, alice: User) -> None:
    archive = taken_out(alice, filled.team)
    run = import_all(archive, by=alice, team=mirror, as_it_was=True)
    there = compared(taken_out(alice, mirror))

    assert service.undo_import(run=run, by=alice) == 2
    empty = compared(taken_out(alice, mirror))
    del empty["people.jsonl"], empty["team.jsonl"], empty["counts"]
    sites = empty.pop("sites.jsonl")
    assert {name: rows for name, rows in empty.items() if rows} == {}
    assert sites[0]["marks"][-1]["mark"] == ""
    mirror.refresh_from_db()
    assert (mirror.monthly_limit, mirror.allowed_tools, mirror.visible_to) == (None, None, "team")

    assert service.bring_back(run=run, by=alice) == 2
    back = compared(taken_out(alice, mirror))
    for name in ("team.jsonl", "sites.jsonl"):  # what was said is history, and is said once more
        assert len(back.pop(name)) == len(there.pop(name)) == 1
    assert "\n".join(differences(there, back)) == ""
    mirror.refresh_from_db()
    assert mirror.visible_to == "private"
    assert team_versions(team_id=mirror.pk)[0].text == "Be exact."
    assert SiteMark.objects.get(team=mirror, holds=True).mark == "trusted"


def test_what_was_used_since_stays(filled: Conversation, mirror: Team, alice: User) -> None:
    run = import_all(taken_out(alice, filled.team), by=alice, team=mirror, as_it_was=True)
    report = Report.objects.get(team=mirror)
    Report.objects.filter(pk=report.pk).update(version=3)
    service.undo_import(run=run, by=alice)
    report.refresh_from_db()
    assert report.deleted_at is None
    assert report.space is not None
    assert report.space.deleted_at is None  # there is something in it
    assert not GeneratedImage.objects.filter(team=mirror, deleted_at=None).exists()


def test_who_is_not_here_is_named_and_nobody_vouches_in_their_place(
    filled: Conversation, charlie: User, alice: User, bob: User
) -> None:
    elsewhere = Team.objects.get(memberships__user=charlie)
    run = import_all(taken_out(alice, filled.team), by=charlie, as_it_was=True)
    verified = Verification.objects.filter(conversation__team=elsewhere)
    assert {(one.by, one.by_name, one.vouched_by) for one in verified} == {
        (charlie, name, name) for name in (alice.display_name, bob.display_name)
    }
    one = verified[0]
    with pytest.raises(PermissionDenied):
        access.own_verification(charlie, one.conversation_id, one.answer_id, one.pk)
    assert note_reminders() == 0
    assert not verified.filter(Q(reminded_at__gt=F("at")) | Q(ended_at__gt=F("at"))).exists()  # nobody is told
    watch = Watch.objects.get(question__conversation__team=elsewhere)
    assert (watch.owner, watch.state, watch.next_at) == (charlie, "paused", None)
    states = GeneratedImage.objects.filter(team=elsewhere).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["pending", "rejected"]  # he reviews no images
    assert [one.by_name != "" for one in Decision.objects.filter(image__team=elsewhere)] == [True]
    assert run.found["parts"]["images"]["waiting"] == 1


def test_a_member_brings_conversations_and_nothing_that_vouches(filled: Conversation, alice: User, bob: User) -> None:
    mine = bring(taken_out(alice, filled.team), by=bob, as_it_was=True)
    assert mine.found["left_out"] == {"vouched": 4, "passage": 1, "team": 9}
    other = Team.objects.create(name="Other")
    Membership.objects.create(team=other, user=bob)
    import_all(taken_out(alice, filled.team), by=bob, team=other)
    assert not Verification.objects.filter(conversation__team=other).exists()
    assert not ImportedPart.objects.exists()
    assert set(Conversation.objects.filter(team=other).values_list("owner", "visibility")) == {(bob.pk, "private")}


def test_a_conversation_as_json_comes_back_as_it_was(filled: Conversation, alice: User, charlie: User) -> None:
    Attachment.objects.all().delete()  # one file has no others in it
    elsewhere = Team.objects.get(memberships__user=charlie)
    data = written(of(filled), member(alice, filled.team), "json", reasoning=True)
    assert json.loads(data)["conversations"][0]["title"] == "Lights"

    import_all(data, by=charlie, place=access.TEAM)

    assert said(elsewhere) == said(filled.team, title="Lights")


def said(team: Team, **which: Any) -> list[Any]:
    """What stands in the team's conversations."""
    return [
        (
            question.text,
            question.created_at,
            [
                (answer.text, answer.html.replace(str(answer.pk), ""), answer.reasoning, answer.steps, answer.cost)
                for answer in question.answers.order_by("created_at")
            ],
        )
        for question in Question.objects.filter(
            conversation__in=Conversation.objects.filter(team=team, **which)
        ).order_by("position")
    ]
