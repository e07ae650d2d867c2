"""Exports in the background: who gets them, what stops them, and what becomes of those whose process is gone."""

import json
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.http import Http404
from django.utils import timezone

from accounts.models import Team, User
from chat.models import Answer, Conversation
from core.errors import ActionRefused
from core.web.jobs.leases import Sweeper
from sharing.export.content import Along
from sharing.export.jobs import records, service, writing
from sharing.export.jobs.leases import export_leases
from sharing.export.jobs.records import LeaseLost
from sharing.export.jobs.writing import Interrupted, write_planned
from sharing.export.scope import Scope
from sharing.models import ExportJob
from tests.sharing.export.conftest import ALL, member, of

pytestmark = pytest.mark.django_db


def asked(user: User, team: Team, wanted: Scope = ALL, name: str = "json") -> ExportJob:
    return service.request_export(wanted=wanted, along=Along(), format_name=name, by=member(user, team))


def work(stop: threading.Event | None = None) -> ExportJob:
    """Does what a worker does with the export that has waited longest, at once."""
    holder = uuid.uuid4()
    job_id = export_leases.claim_one(holder=holder)
    assert job_id
    if plan := records.begin_writing(job_id, holder=holder):
        write_planned(plan, holder=holder, stop=stop or threading.Event())
    return ExportJob.objects.get(pk=job_id)


def test_an_export_is_kept_for_who_asked_for_it(told: Answer, harbour: Team, alice: User, bob: User) -> None:
    asked(bob, harbour)

    job = work()

    assert job.state == "ready"
    assert job.done == job.questions == 1
    made = json.loads(records.store.read(service.export_with_file(bob, job.pk).sha256))
    assert made["conversations"][0]["title"] == "Lights"
    with pytest.raises(Http404):
        service.export_with_file(alice, job.pk)


def test_nobody_has_more_than_three_in_the_works(told: Answer, harbour: Team, alice: User) -> None:
    for _ in range(3):
        asked(alice, harbour)

    with pytest.raises(ActionRefused):
        asked(alice, harbour)
    service.stop_export(job=service.own_exports(alice)[0], by=alice)
    assert asked(alice, harbour)


def test_what_was_closed_to_somebody_since_they_get_no_more(
    told: Answer, harbour: Team, alice: User, bob: User
) -> None:
    asked(bob, harbour, of(told.question.conversation))
    job = work()
    assert service.export_with_file(bob, job.pk)

    Conversation.objects.update(visibility="private")

    with pytest.raises(Http404):
        service.export_with_file(bob, job.pk)


def test_who_has_left_the_team_gets_nothing(told: Answer, harbour: Team, bob: User) -> None:
    asked(bob, harbour)
    harbour.memberships.filter(user=bob).delete()

    job = work()

    assert job.state == "failed"
    assert job.problem == "You’re no longer on this team."
    assert not service.own_exports(bob).exists()


def test_a_stop_is_heard_of_while_it_is_written(
    converse: Callable[..., Conversation], harbour: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    converse(*((f"Question {number}?", "Yes.") for number in range(5)))
    job = asked(alice, harbour)
    holder = uuid.uuid4()
    export_leases.claim_one(holder=holder)
    plan = records.begin_writing(job.pk, holder=holder)
    assert plan

    assert service.stop_export(job=job, by=alice)

    with pytest.raises(LeaseLost):
        write_planned(plan, holder=holder, stop=threading.Event())
    job.refresh_from_db()
    assert job.state == "stopped"
    assert not job.sha256


def test_a_database_that_is_locked_for_a_moment_costs_no_file(
    told: Answer, harbour: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(alice, harbour)
    end, locked = records.end_writing, OperationalError("database is locked")
    refusals = [locked, locked]

    def away(*_args: object, **_more: object) -> None:
        raise locked

    def away_at_first(*args: Any, **more: Any) -> None:
        if refusals:
            raise refusals.pop()
        end(*args, **more)

    monkeypatch.setattr(records, "note_progress", away)
    monkeypatch.setattr(records, "end_writing", away_at_first)
    monkeypatch.setattr(writing, "PAUSES", (0, 0, 0))

    assert work().state == "ready"


def test_a_process_that_stops_or_is_killed_leaves_it_to_the_next_one(told: Answer, harbour: Team, alice: User) -> None:
    job = asked(alice, harbour)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        work(stop)
    ExportJob.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=60))  # the process was killed

    Sweeper(export_leases).sweep()

    job.refresh_from_db()
    assert job.state == "waiting"
    assert work().state == "ready"


def test_one_that_breaks_off_again_and_again_is_given_up(told: Answer, harbour: Team, alice: User) -> None:
    asked(alice, harbour)
    ExportJob.objects.update(attempts=records.MOST_ATTEMPTS)

    assert work().state == "failed"


def test_old_exports_go_with_their_files(told: Answer, harbour: Team, alice: User) -> None:
    asked(alice, harbour)
    job = work()
    assert service.exports_in_use([job.sha256, "0" * 64]) == {job.sha256}

    ExportJob.objects.update(ended_at=timezone.now() - timedelta(days=8))
    service.tidy_exports()

    assert not ExportJob.objects.exists()
    assert not service.exports_in_use([job.sha256])
