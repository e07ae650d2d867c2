"""Archives of teams in which anything can stand anywhere: nothing breaks, and every page of what came can be read."""

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Spending, Team, User
from chat.models import Answer, Conversation, Preset, SiteMark, Space, Watch, WatchRun
from imaging.models import GeneratedImage
from sharing.models import ImportRun, Report
from tests.chat.conversations.conftest import converse as converse  # a fixture
from tests.sharing.export.conftest import ALL, member, written
from tests.sharing.export.conftest import told as told  # a fixture
from tests.sharing.imports import shapes
from tests.sharing.imports.bringing import import_all
from tests.sharing.whole_team import fill

pytestmark = pytest.mark.django_db

STRANGE = [
    None,
    True,
    -1,
    2**70,
    1e300,
    float("inf"),
    "",
    "\x00\ud800",
    "<script>alert(1)</script>",
    "x" * 3_000,
    [],
    [[]],
    {},
    {"id": {"values": 1}},
    "2026-13-45",
    "9999-12-31T23:59:59+00:00",
]
PARTS = ("team", "spaces", "conversations", "documents", "images", "reports", "watches", "sites", "presets", "searches")


@pytest.fixture
def archive(told: Answer, alice: User, bob: User, vera: User, harbour: Team) -> dict[str, str]:
    """The parts of an archive of a team that has one of everything, and its one picture."""
    fill(told, alice=alice, bob=bob, vera=vera)
    Membership.objects.filter(team=harbour, user=alice).update(is_reviewer=True)
    opened = zipfile.ZipFile(io.BytesIO(written(ALL, member(alice, harbour), "archive", reasoning=True)))
    return {name: opened.read(name).decode("latin-1") for name in opened.namelist()}


@pytest.fixture
def zoe() -> User:
    """Somebody who owns an empty team and reviews its images."""
    user = User.objects.create_user("zoe")
    team = Team.objects.create(name="Zoe’s")
    Membership.objects.create(team=team, user=user, role=Membership.Role.OWNER, is_reviewer=True)
    return user


def packed(archive: dict[str, str], change: Callable[[Any], Any]) -> bytes:
    """The archive with each row of its parts changed."""
    files: dict[str, str | bytes] = {}
    for name, text in archive.items():
        rows = text.encode("latin-1")
        if name.removesuffix(".jsonl") in PARTS:
            changed = [json.dumps(change(json.loads(line))) for line in rows.splitlines() if line]
            rows = "\n".join(changed).encode()
        files[name] = rows
    return shapes.zip_of(files)


def spoiled(value: Any, dice: random.Random, share: float) -> Any:
    """The value with a part of all that stands in it replaced by something strange."""
    if dice.random() < share:
        return dice.choice(STRANGE)
    if isinstance(value, dict):
        return {name: spoiled(one, dice, share) for name, one in value.items()}
    if isinstance(value, list):
        return [spoiled(one, dice, share) for one in value]
    return value


def pages(team: Team) -> Iterator[str]:
    """The addresses of all that came."""
    for name in ("presets", "watches", "sites", "own_verifications", "sources"):
        yield reverse(f"chat:{name}")
    for conversation in Conversation.objects.filter(team=team):
        yield reverse("chat:conversation", args=[conversation.pk])
        for answer in Answer.objects.filter(question__conversation=conversation):
            for name in ("answer_check", "verifications", "passport"):
                yield reverse(f"chat:{name}", args=[conversation.pk, answer.pk])
    for watch in Watch.objects.filter(question__conversation__team=team):
        yield reverse("chat:watch", args=[watch.pk])
    for run in WatchRun.objects.filter(watch__question__conversation__team=team):
        yield reverse("chat:watch_run", args=[run.watch_id, run.pk])
    for image in GeneratedImage.objects.filter(team=team):
        yield reverse("imaging:image", args=[image.pk])
    for report in Report.objects.filter(team=team):
        yield reverse("sharing:report", args=[report.pk])
    for space in Space.objects.filter(team=team):
        yield reverse("chat:space", args=[space.pk])
    for run in ImportRun.objects.filter(team=team):
        yield reverse("sharing:import", args=[run.pk])


@pytest.mark.parametrize(("seed", "share"), [(1, 0.02), (2, 0.15)])
def test_whatever_stands_in_an_archive_nothing_breaks(
    archive: dict[str, str], zoe: User, seed: int, share: float
) -> None:
    dice = random.Random(seed)
    data = packed(archive, lambda row: {name: spoiled(one, dice, share) for name, one in row.items()})
    run = import_all(data, by=zoe, as_it_was=True)
    assert run.state == ImportRun.State.FINISHED
    team = run.team
    client = Client(raise_request_exception=True)
    client.force_login(zoe)
    for address in pages(team):
        response = client.get(address)
        assert response.status_code in (200, 302, 404), address
        assert b"<script>alert(1)" not in response.content, address
    assert written(ALL, member(zoe, team), "archive")
    assert not Spending.objects.exists()
    assert not Watch.objects.filter(question__conversation__team=team).exclude(next_at=None).exists()


def test_ids_of_others_lead_nowhere(archive: dict[str, str], zoe: User, alice: User, harbour: Team) -> None:
    """What stands in the archive is there, on another team: nothing of it is touched, or named by what comes."""
    before = {
        "questions": Watch.objects.get(question__conversation__team=harbour).question_id,
        "image": GeneratedImage.objects.filter(team=harbour).first(),
    }
    without = {name: text for name, text in archive.items() if name != "conversations.jsonl"}
    without["conversations.jsonl"] = ""
    run = import_all(packed(without, lambda row: row), by=zoe, as_it_was=True)
    team = run.team
    assert run.found["parts"]["watches"]["left"] == 1  # its question has not come
    assert not Report.objects.get(team=team).origins.exists()
    assert set(GeneratedImage.objects.filter(team=team).values_list("question_id", "conversation_id")) == {(None, None)}
    assert Watch.objects.get().question_id == before["questions"]
    assert Space.objects.get(team=team).owner == zoe
    assert Report.objects.get(team=team).space == Space.objects.get(team=team)


def test_a_team_that_has_set_something_keeps_it(archive: dict[str, str], zoe: User) -> None:
    team = Team.objects.get(memberships__user=zoe)
    Team.objects.filter(pk=team.pk).update(monthly_limit=3)
    SiteMark.objects.create(team=team, site="one.example", mark="blocked", marked_by=zoe)
    Preset.objects.create(team=team, owner=zoe, name="Papers", options={"search_mode": "web"})
    import_all(packed(archive, lambda row: row), by=zoe, as_it_was=True)
    team.refresh_from_db()
    assert team.monthly_limit == 3
    assert list(SiteMark.objects.filter(team=team).values_list("mark", flat=True)) == ["blocked"]
    assert set(Preset.objects.filter(team=team).values_list("name", flat=True)) == {"", "Papers", "Papers (2)"}
