"""What a team has besides conversations, row by row, as far as one person may read it: docs/export-format.md."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch

from accounts.models import InstructionsVersion, Membership, TeamInstructions
from chat import access
from chat.access.spaces import conversations_seen_by
from chat.models import (
    Document,
    Preset,
    SavedSearch,
    SiteMark,
    Space,
    SpaceInstructions,
    Watch,
    WatchFollower,
    WatchRun,
)
from chat.presets.service import own_defaults, visible_presets
from imaging.access import reviewable_images, visible_images
from imaging.models import Decision, GeneratedImage
from sharing.export.records import Record, day, moment, person, someone
from sharing.models import Report, ReportAnswer, ReportVersion

AT_ONCE = 100  # rows


def in_turn(rows: Any, *, at_once: int = AT_ONCE) -> Iterator[Any]:
    """Rows in the order of their ids, read some at a time."""
    last = None
    rows = rows.order_by("pk")
    while some := list((rows.filter(pk__gt=last) if last else rows)[:at_once]):
        yield from some
        last = some[-1].pk


def people(by: Membership) -> Iterator[Record]:
    """Everyone on the team."""
    for one in by.team.memberships.select_related("user").order_by("joined_at", "pk"):
        yield {**person(one.user), "role": one.role, "is_reviewer": one.is_reviewer}


def team(by: Membership) -> Iterator[Record]:
    """What holds for all of it: one row."""
    one = by.team
    settings = {
        "monthly_limit": None if one.monthly_limit is None else str(one.monthly_limit),
        "allowed_tools": one.allowed_tools,
        "visible_to": one.visible_to,
    }
    versions = TeamInstructions.objects.filter(team=one).select_related("author").order_by("number")
    yield {"settings": settings, "versions": _instructions(versions)}


def spaces(by: Membership) -> Iterator[Record]:
    """The spaces that the person may read."""
    versions = Prefetch("instructions", SpaceInstructions.objects.select_related("author").order_by("number"))
    found = access.readable_spaces(by).select_related("owner").order_by("created_at", "pk")
    for one in found.prefetch_related("members__membership__user", versions):
        yield _space(one)


def documents(by: Membership) -> Iterator[Record]:
    """The documents of those spaces, with all of their versions."""
    rows = Document.objects.filter(space__in=access.readable_spaces(by), deleted_at=None).select_related("uploaded_by")
    for one in in_turn(rows.prefetch_related("versions__uploaded_by")):
        yield {
            "id": str(one.pk),
            "space": str(one.space_id),
            "name": one.name,
            "uploaded_by": person(one.uploaded_by),
            "created_at": moment(one.created_at),
            "versions": [
                {
                    "number": version.number,
                    "sha256": version.sha256,
                    "media_type": version.media_type,
                    "size": version.size,
                    "uploaded_by": person(version.uploaded_by),
                    "created_at": moment(version.created_at),
                }
                for version in reversed(one.versions.all())
            ],
        }


def images(by: Membership) -> Iterator[Record]:
    """The generated images that the person sees, and what was decided about those of which they are told."""
    told = reviewable_images(by.user).filter(team=by.team_id)
    decisions = Prefetch("decisions", Decision.objects.select_related("by").order_by("at", "pk"))
    rows = visible_images(by.user, by.team).exclude(sha256="").select_related("requested_by")
    may_know: set[Any] = set()
    for number, one in enumerate(in_turn(rows.prefetch_related(decisions).defer("response"))):
        if number % AT_ONCE == 0:
            may_know = set(told.filter(pk__gte=one.pk).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        yield _image(one, tells=one.requested_by_id == by.user_id or one.pk in may_know)


def sites(by: Membership) -> Iterator[Record]:
    """What the team said of sites, each with its history, oldest first."""
    named = SiteMark.objects.filter(team=by.team_id).order_by("site").values_list("site", flat=True).distinct()
    for site in list(named):
        rows = SiteMark.objects.filter(team=by.team_id, site=site).select_related("marked_by")
        yield {
            "site": site,
            "marks": [
                {
                    "mark": one.mark,
                    "reason": one.reason,
                    "by": someone(one.marked_by),
                    "at": moment(one.marked_at),
                }
                for one in rows.order_by("marked_at", "pk")
            ],
        }


def reports(by: Membership) -> Iterator[Record]:
    """The reports that the person may read, with their versions, and those answers in them that they may read."""
    found = Report.objects.filter(conversations_seen_by(by), team=by.team_id, deleted_at=None)
    versions = Prefetch("versions", ReportVersion.objects.select_related("saved_by").order_by("number"))
    readable = access.readable_conversations(by).order_by().values("pk")
    origins = ReportAnswer.objects.filter(answer__question__conversation__in=readable).select_related(
        "added_by", "answer__question"
    )
    rows = found.select_related("owner", "space", "changed_by")
    for one in in_turn(
        rows.prefetch_related(versions, Prefetch("origins", origins.order_by("added_at", "pk"))), at_once=5
    ):
        yield _report(one)


def watches(by: Membership) -> Iterator[Record]:
    """The watches of questions that the person may read, with what came of them."""
    ended = WatchRun.objects.exclude(state__in=WatchRun.OPEN).order_by("due_at", "pk")
    followers = WatchFollower.objects.select_related("person").order_by("since", "pk")
    rows = access.readable_watches(by).select_related("question", "owner")
    for one in in_turn(rows.prefetch_related(Prefetch("runs", ended), Prefetch("followers", followers)), at_once=20):
        yield _watch(one)


def presets(by: Membership) -> Iterator[Record]:
    """The presets that the person may apply, their own defaults among them."""
    defaults = own_defaults(by.user, by.team)
    found = [*([defaults] if defaults else []), *visible_presets(by.user, by.team)]
    for one in sorted(found, key=_by_id):
        yield {
            "id": str(one.pk),
            "name": one.name,
            "owner": person(one.owner),
            "model": one.model,
            "options": one.options,
            "shared": one.shared,
            "created_at": moment(one.created_at),
        }


def searches(by: Membership) -> Iterator[Record]:
    """The searches that the person keeps."""
    for one in SavedSearch.objects.filter(owner=by.user_id, team=by.team_id, deleted_at=None).order_by("pk"):
        yield {
            "id": str(one.pk),
            "name": one.name,
            "owner": person(by.user),
            "query": one.query,
            "newest_first": one.newest_first,
            "created_at": moment(one.created_at),
        }


def _by_id(one: Preset) -> Any:
    return one.pk


def _instructions(versions: Iterable[InstructionsVersion]) -> list[Record]:
    return [
        {
            "number": one.number,
            "text": one.text,
            "author": someone(one.author),
            "at": moment(one.created_at),
        }
        for one in versions
    ]


def _space(one: Space) -> Record:
    versions = list(one.instructions.all())
    return {
        "id": str(one.pk),
        "name": one.name,
        "description": one.description,
        "colour": one.colour,
        "everyone": one.everyone,
        "owner": person(one.owner),
        "members": [{**person(member.membership.user), "role": member.role} for member in one.members.all()],
        "model": one.model,
        "options": one.options,
        "visible_to": one.visible_to,
        "check_citations": one.check_citations,
        "monthly_limit": None if one.monthly_limit is None else str(one.monthly_limit),
        "archived": one.archived,
        "created_at": moment(one.created_at),
        "instructions": versions[-1].text if versions else "",
        "versions": _instructions(versions),
    }


def _image(one: GeneratedImage, *, tells: bool) -> Record:
    return {
        "id": str(one.pk),
        "prompt": one.prompt,
        "requested_by": person(one.requested_by),
        "state": one.state,
        "sha256": one.sha256,
        "media_type": one.media_type,
        "size": one.size,
        "width": one.width,
        "height": one.height,
        "service": one.service,
        "model": one.model,
        "resolved_model": one.resolved_model,
        "generation_model": one.generation_model,
        "router": one.router,
        "upstream_id": one.upstream_id,
        "description": one.description,
        "wished_size": one.wished_size,
        "language": one.language,
        "incognito": one.incognito,
        "price": None if one.price is None else str(one.price),
        "first": str(one.first_id) if one.first_id else None,
        "variant_of": str(one.variant_of_id) if one.variant_of_id else None,
        "position": one.position,
        "created_at": moment(one.created_at),
        "asked_at": moment(one.asked_at),
        "drawn_at": moment(one.drawn_at),
        "conversation": str(one.conversation_id) if one.conversation_id else None,
        "question": str(one.question_id) if one.question_id else None,
        "decisions": [
            {
                "by": someone(said.by, otherwise=said.by_name),
                "verdict": said.verdict,
                "reason": said.reason,
                "at": moment(said.at),
            }
            for said in one.decisions.all()
        ]
        if tells
        else [],
    }


def _report(one: Report) -> Record:
    return {
        "id": str(one.pk),
        "title": one.title,
        "owner": person(one.owner),
        "visibility": one.visibility,
        "space": {"id": str(one.space_id)} if one.space and one.space.deleted_at is None else None,
        "created_at": moment(one.created_at),
        "changed_at": moment(one.changed_at),
        "changed_by": someone(one.changed_by),
        "versions": [
            {
                "number": version.number,
                "title": version.title,
                "text": version.text,
                "sources": version.sources,
                "change": version.change,
                "note": version.note,
                "saved_by": someone(version.saved_by),
                "saved_at": moment(version.saved_at),
            }
            for version in one.versions.all()
        ],
        "answers": [
            {
                "conversation": str(origin.answer.question.conversation_id),
                "answer": str(origin.answer_id),
                "added_by": someone(origin.added_by),
                "added_at": moment(origin.added_at),
            }
            for origin in one.origins.all()
        ],
    }


def _watch(one: Watch) -> Record:
    return {
        "id": str(one.pk),
        "conversation": str(one.question.conversation_id),
        "question": str(one.question_id),
        "owner": person(one.owner),
        "provider": one.provider,
        "model": one.model,
        "every": one.every,
        "hour": one.hour,
        "weekday": one.weekday,
        "day": one.day,
        "time_zone": one.time_zone,
        "budget": str(one.budget),
        "until": day(one.until),
        "state": one.state,
        "reason": one.reason,
        "failures": one.failures,
        "changes": one.changes,
        "changed_at": moment(one.changed_at),
        "compared_to": str(one.compared_to_id) if one.compared_to_id else None,
        "created_at": moment(one.created_at),
        "followers": [
            {"person": person(follower.person), "by_mail": follower.by_mail, "since": moment(follower.since)}
            for follower in one.followers.all()
        ],
        "runs": [
            {
                "answer": str(run.answer_id) if run.answer_id else None,
                "compared_to": str(run.compared_to_id) if run.compared_to_id else None,
                "due_at": moment(run.due_at),
                "state": run.state,
                "problem": run.problem,
                "difference": run.difference,
                "folded": run.folded,
                "created_at": moment(run.created_at),
                "ended_at": moment(run.ended_at),
            }
            for run in one.runs.all()
        ],
    }
