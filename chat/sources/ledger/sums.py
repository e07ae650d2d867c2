"""Uses of pages, as answers have them, and the sums of them that the ledgers show."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, Sum

from accounts.models import Team
from chat.models import Answer, CheckedMark, CitationCheck, Conversation, LedgerSource, Source, SourceUse
from chat.sources import copies
from chat.sources.ledger.audiences import audience_of
from chat.sources.ledger.page_states import UNKNOWN, page_states
from chat.sources.marks import marks_in_force

Pair = tuple[UUID, str]
"""An audience and a page: one sum."""

LONGEST_FOLDED = 600  # characters that the search in the ledger looks through: PostgreSQL indexes 2,700 bytes at most
_AT_ONCE = 400  # pairs in one statement
_COUNTED = {"found": CheckedMark.State.FOUND, "partly": CheckedMark.State.PARTLY, "missing": CheckedMark.State.MISSING}
_SUMMED = (
    "team",
    "site",
    "address",
    "title",
    "folded",
    "answers",
    "cited",
    "found",
    "partly",
    "missing",
    "first_at",
    "last_at",
    "gone",
    "moved",
    "changed",
    "newer",
    "mark",
)


@dataclass(slots=True)
class _Owner:
    """What of an answer its uses carry."""

    answer_id: UUID
    used_at: datetime
    conversation_id: UUID
    team_id: UUID
    audience: UUID | None
    counts: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))


def record_uses(answer_ids: Collection[UUID]) -> set[Pair]:
    """Put down which pages the answers have as sources and what their newest checks found in these, once more where
    that is down already. Returns the sums that this changes; it belongs into a transaction with `sum_up`."""
    owners = _owners(answer_ids)
    before = list(SourceUse.objects.filter(answer__in=owners).values_list("pk", "answer_id", "address_key", "audience"))
    uses = _uses_of(owners)
    there = {(use.answer_id, use.address_key) for use in uses}
    SourceUse.objects.filter(pk__in=[pk for pk, answer, key, _of in before if (answer, key) not in there]).delete()
    SourceUse.objects.bulk_create(
        uses,
        update_conflicts=True,
        unique_fields=["answer", "address_key"],
        update_fields=["audience", "site", "number", "cited", *_COUNTED],
    )
    changed = {(audience, key) for _pk, _answer, key, audience in before if audience}
    return changed | {(use.audience, use.address_key) for use in uses if use.audience}


def move_uses(conversation_ids: Collection[UUID]) -> set[Pair]:
    """Have the uses of the conversations count for those who may read them now. Returns the sums that this changes."""
    changed: set[Pair] = set()
    for conversation_id, audience in _audiences_of(conversation_ids).items():
        uses = SourceUse.objects.filter(conversation=conversation_id)
        elsewhere = uses.filter(Q(audience=None) | ~Q(audience=audience)) if audience else uses.exclude(audience=None)
        pairs = list(elsewhere.order_by().values_list("audience", "address_key").distinct())
        if pairs:
            elsewhere.update(audience=audience)
        for was, key in pairs:
            changed |= {(one, key) for one in (was, audience) if one}
    return changed


def sum_up(pairs: Iterable[Pair]) -> None:
    """Make these sums anew from the uses, and remove those of which nothing is left."""
    listed = sorted(set(pairs), key=str)
    for start in range(0, len(listed), _AT_ONCE):
        _sum_up(set(listed[start : start + _AT_ONCE]))


def _sum_up(pairs: set[Pair]) -> None:
    found = [row for row in _aggregated(pairs) if (row["audience"], row["address_key"]) in pairs]
    gone = pairs - {(row["audience"], row["address_key"]) for row in found}
    for audience in {one for one, _key in gone}:
        keys = [key for one, key in gone if one == audience]
        LedgerSource.objects.filter(audience=audience, address_key__in=keys).delete()
    newest = SourceUse.objects.in_bulk([row["newest"] for row in found])
    of_answers = {use.answer_id for use in newest.values()}
    sources = {
        (answer_id, number): (title, url)
        for answer_id, number, title, url in Source.objects.filter(answer__in=of_answers)
        .order_by()
        .values_list("answer_id", "number", "title", "url")
    }
    rows: list[LedgerSource] = []
    for team in Team.objects.filter(pk__in={row["team_id"] for row in found}):
        own = [row for row in found if row["team_id"] == team.pk]
        states, marks = page_states(team, {row["address_key"] for row in own}), marks_in_force(team.pk)
        for row in own:
            use, state = newest[row["newest"]], states.get(row["address_key"], UNKNOWN)
            title, address = sources.get((use.answer_id, use.number), ("", ""))
            rows.append(
                LedgerSource(
                    team=team,
                    audience=row["audience"],
                    address_key=row["address_key"],
                    site=use.site,
                    address=address,
                    title=title,
                    folded=folded(f"{title[: LONGEST_FOLDED // 2]} {address}")[:LONGEST_FOLDED],
                    answers=row["n"],
                    cited=row["n_cited"],
                    found=row["n_found"],
                    partly=row["n_partly"],
                    missing=row["n_missing"],
                    first_at=row["first"],
                    last_at=row["last"],
                    gone=state.gone,
                    moved=state.moved_from(use.site),
                    changed=state.changed,
                    newer=state.newer,
                    mark=marks.word_for(use.site),
                )
            )
    LedgerSource.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["address_key", "audience"], update_fields=list(_SUMMED)
    )


def folded(text: str) -> str:
    """The text as it is searched: whatever its letters' size."""
    return text.casefold()


def _aggregated(pairs: set[Pair]) -> Iterable[Mapping[str, Any]]:
    uses = SourceUse.objects.filter(
        address_key__in={key for _audience, key in pairs}, audience__in={audience for audience, _key in pairs}
    )
    return (
        uses.order_by()
        .values("team_id", "audience", "address_key")
        .annotate(
            n=Count("pk"),
            n_cited=Count("pk", filter=Q(cited=True)),
            n_found=Sum("found"),
            n_partly=Sum("partly"),
            n_missing=Sum("missing"),
            first=Min("used_at"),
            last=Max("used_at"),
            newest=Max("pk"),
        )
    )


def _owners(answer_ids: Collection[UUID]) -> dict[UUID, _Owner]:
    of = "question__conversation__"
    where = [f"{of}{name}" for name in ("pk", "team", "visibility", "space", "owner", "deleted_at")]
    columns = ("pk", "ended_at", "created_at", *where)
    owners = {
        pk: _Owner(
            pk,
            ended_at or created_at,
            conversation_id,
            team_id,
            audience_of(
                visibility=visibility, team_id=team_id, space_id=space_id, owner_id=owner_id, deleted_at=deleted_at
            ),
        )
        for pk, ended_at, created_at, conversation_id, team_id, visibility, space_id, owner_id, deleted_at in (
            Answer.objects.filter(pk__in=answer_ids).order_by().values_list(*columns)
        )
    }
    finished = CitationCheck.objects.filter(answer__in=owners, state=CitationCheck.State.FINISHED)
    newest = dict(finished.order_by("created_at", "id").values_list("answer_id", "pk"))
    marks = CheckedMark.objects.filter(check_of__in=newest.values(), of_document=False).order_by()
    for answer_id, number, state, n in marks.values_list("check_of__answer", "number", "state").annotate(n=Count("pk")):
        owners[answer_id].counts[number][state] = n
    return owners


def _uses_of(owners: dict[UUID, _Owner]) -> list[SourceUse]:
    columns = ("answer_id", "number", "url", "cited", "carried")
    rows = Source.objects.filter(answer__in=owners).order_by("answer_id", "number").values_list(*columns)
    named = [
        (owners[answer_id], number, copies.site_of(url), copies.address_key(url), cited)
        for answer_id, number, url, cited, carried in rows
        if cited or not carried  # what was found for an earlier answer, and not cited, is that one's
    ]
    pages: dict[tuple[UUID, str], str] = {}
    for team in Team.objects.filter(pk__in={owner.team_id for owner, *_rest in named}):
        keys = {key for owner, _number, _site, key, _cited in named if owner.team_id == team.pk}
        pages |= {(team.pk, key): page for key, page in copies.page_keys(team, keys).items()}
    uses: dict[tuple[UUID, str], SourceUse] = {}
    for owner, number, site, key, cited in named:
        if not site:
            continue  # nothing on the web
        page = pages[(owner.team_id, key)]
        use = uses.setdefault(
            (owner.answer_id, page),
            SourceUse(
                team_id=owner.team_id,
                audience=owner.audience,
                address_key=page,
                site=site,
                conversation_id=owner.conversation_id,
                answer_id=owner.answer_id,
                number=number,
                used_at=owner.used_at,
            ),
        )
        use.cited = use.cited or cited
        for name, state in _COUNTED.items():
            setattr(use, name, getattr(use, name) + owner.counts[number].get(state, 0))
    return list(uses.values())


def _audiences_of(conversation_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    columns = ("pk", "visibility", "team_id", "space_id", "owner_id", "deleted_at")
    rows = Conversation.objects.filter(pk__in=conversation_ids).order_by().values_list(*columns)
    return {
        pk: audience_of(
            visibility=visibility, team_id=team_id, space_id=space_id, owner_id=owner_id, deleted_at=deleted_at
        )
        for pk, visibility, team_id, space_id, owner_id, deleted_at in rows
    }
