"""Watches of an archive. Each comes paused: nothing is asked before somebody says so."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.time_zones import zone_named
from chat.models import Question, Watch, WatchFollower, WatchRun
from chat.watches.service import MOST
from core.errors import ActionRefused
from sharing.imports.foreign import dict_of, list_of, text_of
from sharing.imports.parts.kinds import Deletable, Made, NotTaken
from sharing.imports.parts.places import answers_called, question_called
from sharing.imports.values import (
    choice_in,
    day_in,
    money_in,
    rows_in,
    stored_text_in,
    text_in,
    texts_in,
    time_in,
    whole_in,
)
from sharing.models import ImportedPart

MOST_RUNS = 5_000
MOST_FOLLOWERS = 1_000
MOST_BUDGET = Decimal(100_000)  # US dollars
_MOST_TOLD = 20  # of each kind of change that a run tells
_ENDS = (WatchRun.State.CHANGED, WatchRun.State.UNCHANGED, WatchRun.State.FAILED)
_RUNNING_AGAIN = (Watch.Reason.NONE, Watch.Reason.BUDGET)
"""Reasons of watches that go on by themselves."""


class Watches(Deletable):
    """They, with what came of them so far and who follows them."""

    kind = ImportedPart.Kind.WATCH
    file, counted = "watches.jsonl", "watches"
    model = Watch
    weight = 5

    @classmethod
    def of_team(cls, team: UUID) -> "QuerySet[Watch]":
        """The watches of all conversations of a team."""
        return Watch.objects.filter(question__conversation__team=team)

    def prepared(self, row: Mapping[str, Any]) -> Any:
        """The row, if it says when and what is asked."""
        if not text_of(row.get("question")) or choice_in(row.get("every"), Watch.Every.values) == "":
            raise NotTaken
        return row

    def store(self, prepared: Any) -> Made:
        """The watch of a question that is here."""
        row: Mapping[str, Any] = prepared
        place = text_of(row.get("conversation"))
        question = question_called(place, text_of(row.get("question")), target=self.target)
        if question is None:
            raise NotTaken
        owner = self.target.somebody(dict_of(row.get("owner"))) or self.target.membership.user
        self._require_room(owner)
        runs = rows_in(row.get("runs"), MOST_RUNS)
        named = [text_of(one.get(name)) for one in (row, *runs) for name in ("answer", "compared_to")]
        answers = answers_called(place, [id for id in dict.fromkeys(named) if id], target=self.target)
        state, reason = _standing(row)
        zone = text_in(row.get("time_zone"), 64)
        watch = Watch(
            question=question,
            owner=owner,
            provider=text_in(row.get("provider"), 20),
            model=text_in(row.get("model"), 100),
            every=row["every"],
            hour=whole_in(row.get("hour"), 23),
            weekday=whole_in(row.get("weekday"), 6),
            day=whole_in(row.get("day"), 31) or 1,
            time_zone=zone if zone_named(zone) else "UTC",
            budget=money_in(row.get("budget"), MOST_BUDGET) or Decimal(0),
            until=day_in(row.get("until")),
            state=state,
            reason=reason,
            failures=whole_in(row.get("failures"), 1_000),
            changes=whole_in(row.get("changes")),
            changed_at=time_in(row.get("changed_at")),
            compared_to_id=answers.get(text_of(row.get("compared_to"))),
        )
        watch.created_at = time_in(row.get("created_at")) or watch.created_at
        watch.save(force_insert=True)
        WatchRun.objects.bulk_create(_runs(watch, question, runs, answers))
        WatchFollower.objects.bulk_create(self._followers(row, watch))
        return Made(str(watch.pk), self.like(watch))

    @classmethod
    def like(cls, row: Any) -> dict[str, Any]:
        """Whether it is still at rest."""
        return {"state": row.state}

    def _require_room(self, owner: User) -> None:
        there = Watch.objects.filter(owner=owner, question__conversation__team=self.target.run.team_id, deleted_at=None)
        if there.count() >= MOST:
            raise ActionRefused("")

    def _followers(self, row: Mapping[str, Any], watch: Watch) -> list[WatchFollower]:
        found = {}
        for one in rows_in(row.get("followers"), MOST_FOLLOWERS):
            if person := self.target.somebody(dict_of(one.get("person"))):
                since = time_in(one.get("since"))
                found[person.pk] = WatchFollower(
                    watch=watch,
                    person=person,
                    by_mail=one.get("by_mail") is True,
                    **({"since": since} if since else {}),
                )
        return list(found.values())


def _standing(row: Mapping[str, Any]) -> tuple[str, str]:
    reason = choice_in(row.get("reason"), Watch.Reason.values)
    if row.get("state") == Watch.State.ENDED:
        return Watch.State.ENDED, reason
    return Watch.State.PAUSED, Watch.Reason.BY_HAND if reason in _RUNNING_AGAIN else reason


def _runs(watch: Watch, question: Question, said: list[dict[str, Any]], answers: Mapping[str, UUID]) -> list[WatchRun]:
    """What came of it, each answer and each time once. Nobody is told of any of it."""
    taken = set(WatchRun.objects.filter(answer__question=question.pk).values_list("answer_id", flat=True))
    made: dict[Any, WatchRun] = {}
    now = timezone.now()
    for one in said:
        due_at, state = time_in(one.get("due_at")), choice_in(one.get("state"), _ENDS)
        answer = answers.get(text_of(one.get("answer")))
        if due_at is None or not state or due_at in made or (answer and answer in taken):
            continue
        if answer:
            taken.add(answer)
        created_at, ended_at = time_in(one.get("created_at")) or due_at, time_in(one.get("ended_at")) or due_at
        run = WatchRun(
            watch=watch,
            answer_id=answer,
            compared_to_id=answers.get(text_of(one.get("compared_to"))),
            due_at=due_at,
            state=state,
            problem=stored_text_in(one.get("problem"), 10_000),
            difference=_told(dict_of(one.get("difference"))),
            folded=one.get("folded") is True,
            taken_until=now,
            ended_at=ended_at,
            mailed_at=now,
        )
        run.created_at = created_at
        made[due_at] = run
    return list(made.values())


def _told(said: Mapping[str, Any]) -> dict[str, Any]:
    """What changed, in the shape of `chat.watches.changes.Told`."""
    if not said:
        return {}
    pairs = {
        name: [
            [text_in(side, 4_000) for side in pair] for pair in list_of(said.get(name))[:_MOST_TOLD] if _is_pair(pair)
        ]
        for name in ("figures", "changed")
    }
    texts = {name: texts_in(said.get(name), most=_MOST_TOLD, longest=4_000) for name in ("added", "gone")}
    sources = {
        name: [
            {"title": text_in(one.get("title"), 4_000), "url": text_in(one.get("url"), 10_000)}
            for one in rows_in(said.get(name), _MOST_TOLD)
        ]
        for name in ("sources_added", "sources_gone")
    }
    counts = {text_in(name, 40): whole_in(count) for name, count in list(dict_of(said.get("counts")).items())[:20]}
    found: dict[str, Any] = {**pairs, **texts, **sources, "counts": counts}
    if "passages" in said:
        found["passages"] = [
            {
                **{name: text_in(one.get(name), 10_000) for name in ("sentence", "state", "passage", "title", "url")},
                "number": whole_in(one.get("number")),
            }
            for one in rows_in(said.get("passages"), _MOST_TOLD)
        ]
    return found


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2
