"""What /metrics tells, and to whom."""

import json
import os
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from accounts.models import Spending, Team, User
from chat.models import Answer, Conversation, Question
from config.checks.metrics import check_metrics
from config.operations import shared_counts
from config.operations.figures import KeptFigures, kept_figures
from core import measures
from core.web.outages import tell_outage
from imaging.models import GeneratedImage
from tests.stores import ROOT

TOKEN = "a-token-for-the-one-who-watches"
DASHBOARD = ROOT / "docs/grafana/parley.json"
PAGE = ROOT / "docs/operating.md"


@pytest.fixture(autouse=True)
def _figures_are_looked_up_anew() -> Iterator[None]:
    kept_figures._kept = None
    yield
    kept_figures._kept = None


def told(client: Client, settings: Settings) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """Every figure by its name and its labels."""
    settings.METRICS_TOKEN = TOKEN
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(response.content.decode()):
        found.setdefault(family.name, {})
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def answer(team: Team, by: User, **fields: Any) -> Answer:
    conversation = Conversation.objects.create(team=team, owner=by, title="Lights")
    question = Question.objects.create(
        conversation=conversation, author=by, text="Which?", position=1, key=uuid.uuid4()
    )
    return Answer.objects.create(
        question=question, asked_by=by, key=uuid.uuid4(), provider="agent", model="agent:low", **fields
    )


def test_nobody_learns_that_there_are_metrics_unless_the_operator_says_who(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("said", ["", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer é"])
def test_another_token_is_none(client: Client, db: None, settings: Settings, said: str) -> None:
    settings.METRICS_TOKEN = TOKEN

    assert client.get("/metrics", headers={"Authorization": said}).status_code == 404


def test_a_network_of_the_operator_may_ask(client: Client, db: None, settings: Settings) -> None:
    settings.METRICS_ADDRESSES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]

    statuses = [
        client.get("/metrics", REMOTE_ADDR=address).status_code for address in ("10.1.2.3", "fd00::1", "11.0.0.1", "")
    ]
    assert statuses == [200, 200, 404, 404]


def test_metrics_are_only_read(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN

    assert client.post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


def test_figures_tell_what_waits_what_runs_and_what_was_spent(
    client: Client, settings: Settings, harbour: Team, alice: User
) -> None:
    now = timezone.now()
    answer(harbour, alice, state="writing", lease_holder=uuid.uuid4(), lease_expires_at=now)
    answer(harbour, alice, state="waiting", lane="agent:low", created_at=now - timedelta(seconds=40))
    answer(harbour, alice, state="finished")
    for cost, basis in (("0.25", "reported"), ("0.5", "reported"), ("0.125", "estimated")):
        Spending.objects.create(
            team=harbour,
            user=alice,
            month=now.date().replace(day=1),
            answer_id=uuid.uuid4(),
            provider="agent",
            model="agent:low",
            reserved=1,
            cost=cost,
            basis=basis,
        )
    GeneratedImage.objects.create(
        team=harbour, requested_by=alice, state="pending", prompt="A pier", created_at=now - timedelta(hours=1)
    )

    found = told(client, settings)

    agent = ("provider", "agent")
    assert found["parley_answers_running"] == {(agent, ("state", "writing")): 1, (agent, ("state", "waiting")): 1}
    assert found["parley_queue_length"][()] == 1
    assert 40 <= found["parley_queue_oldest_seconds"][()] < 60
    assert found["parley_jobs"][("kind", "answer"), ("state", "running")] == 1
    assert found["parley_jobs"][("kind", "answer"), ("state", "waiting")] == 1
    assert found["parley_spending_usd"] == {
        (("basis", "reported"), ("kind", "answer"), agent): 0.75,
        (("basis", "estimated"), ("kind", "answer"), agent): 0.125,
    }
    assert found["parley_requests_month"] == {(("kind", "answer"), agent): 3}
    assert found["parley_images"][(("state", "pending"),)] == 1
    assert 3600 <= found["parley_review_oldest_seconds"][()] < 3700
    assert found["parley_database_bytes"][()] > 10_000
    assert found["parley_database_up"][()] == 1


def test_what_happens_is_counted(client: Client, settings: Settings, db: None) -> None:
    before = told(client, settings)
    now = timezone.now()
    measures.answer_ended(
        provider="elsewhere",
        state="failed",
        asked_at=now - timedelta(seconds=9),
        sent_at=now - timedelta(seconds=8),
        first_word_at=now - timedelta(seconds=5),
        ended_at=now,
        error="down",
    )
    tell_outage(OSError(28, "No space left on device"), during="A test cannot be written")

    found = told(client, settings)

    provider = ("provider", "elsewhere")
    assert found["parley_answers_total"][provider, ("state", "failed")] == 1
    assert found["parley_errors_total"][("kind", "down"), provider] == 1
    assert found["parley_answer_duration_seconds_sum"][(provider,)] == pytest.approx(9)
    assert found["parley_answer_first_word_seconds_sum"][(provider,)] == pytest.approx(4)
    assert found["parley_answer_queue_seconds_sum"][(provider,)] == pytest.approx(1)
    assert found["parley_outages_total"][(("kind", "disk"),)] >= 1
    ok = (("status", "2xx"),)
    assert found["parley_responses_total"][ok] > before["parley_responses_total"].get(ok, 0)


def test_figures_name_no_person_no_team_and_no_words(
    client: Client, settings: Settings, harbour: Team, alice: User
) -> None:
    answer(harbour, alice, state="writing", text="Sodium lamps")
    settings.METRICS_TOKEN = TOKEN

    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()

    assert not re.search("alice|harbour|lights|lamps|a-token", text, re.IGNORECASE)
    assert str(alice.pk) not in text


def test_whoever_asks_again_at_once_costs_the_database_nothing(db: None) -> None:
    kept = KeptFigures(fresh_for=60)
    first = kept.current()

    with CaptureQueriesContext(connection) as queries:
        assert kept.current() is first
    assert not queries.captured_queries


@pytest.fixture
def processes(settings: Settings, tmp_path: Path) -> Path:
    """The folder in which the processes of one server tell each other what they counted."""
    settings.METRICS_DIR = tmp_path
    settings.WEB_CONCURRENCY = 2
    folder = tmp_path / str(os.getppid())
    folder.mkdir()
    return folder


def another_process(folder: Path, pid: int, **values: float) -> None:
    rows = [
        ["parley_answers_total", [["provider", "shared"], ["state", "finished"]], values["answers"]],
        ["parley_open_streams", [["kind", "shared"]], values["streams"]],
        ["parley_of_another_version", [], 7],
    ]
    (folder / f"{pid}.json").write_text(json.dumps(rows))


def test_each_process_answers_for_all(client: Client, settings: Settings, db: None, processes: Path) -> None:
    measures.ANSWERS.labels("shared", "finished").inc(2)
    another_process(processes, os.getppid(), answers=3, streams=5)
    another_process(processes, 4_194_305, answers=10, streams=8)  # no process has this number
    (processes / "77.json").write_text("{half a fi")

    found = told(client, settings)

    assert found["parley_answers_total"][("provider", "shared"), ("state", "finished")] == 15
    assert found["parley_open_streams"][(("kind", "shared"),)] == 5, "what was open in a process that is gone"
    assert "parley_of_another_version" not in found
    assert (processes / f"{os.getpid()}.json").stat().st_mode & 0o077 == 0


def test_what_ended_servers_left_is_removed(processes: Path) -> None:
    (processes.parent / "4194305").mkdir()
    (processes.parent / "notes").mkdir()

    shared_counts.forget_ended_servers()

    assert {path.name for path in processes.parent.iterdir()} == {processes.name, "notes"}


def test_the_dashboard_and_its_page_name_metrics_that_there_are(
    client: Client, settings: Settings, harbour: Team, alice: User
) -> None:
    found = told(client, settings) | {"parley_backup_timestamp_seconds": {}}
    dashboard = json.loads(DASHBOARD.read_text())
    asked = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    described = set(re.findall(r"`(parley_\w+)`", PAGE.read_text()))
    histograms = {f"{name}_bucket" for name in found}

    named = set(re.findall(r"parley_\w+", asked))
    assert len(named) > 15
    assert named - set(found) - histograms - {f"{name}_total" for name in found} == set()
    assert described - set(found) - {f"{name}_total" for name in found} == set()
    families = {name for name in found if not name.endswith(("_bucket", "_sum", "_count"))}
    assert {name for name in families if f"{name}_total" not in described} <= described, "the page leaves one out"
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


@pytest.mark.parametrize(("token", "warned"), [("", False), ("guess-me", True), (TOKEN, False)])
def test_a_token_that_can_be_guessed_is_warned_of(settings: Settings, token: str, warned: bool) -> None:
    settings.METRICS_TOKEN = token

    assert bool(check_metrics(None)) is warned
