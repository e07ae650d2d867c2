"""The ledgers are brought up to date: in the background, a little at a time, and before somebody reads one where it may
be that a conversation in it is not theirs to read any more.

Whoever changes sums locks the row of `LedgerProgress`, so that two processes do not sum up without each other's uses.
"""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import Team
from chat.models import Answer, LedgerNews, LedgerProgress, LedgerSource, PageCopy, SourceUse
from chat.sources.ledger.page_states import UNKNOWN, page_states
from chat.sources.ledger.sums import move_uses, record_uses, sum_up
from core.web.db import AWAY, limit_lock_wait

AT_ONCE = 8  # answers or conversations in one transaction: whoever writes meanwhile waits for it
OLDER_AT_ONCE = 12  # answers that were there before the ledger was; most are short of sources
READERS_WAIT = 1.0  # seconds that a page is held up by conversations which were moved just now
_OVERLAP = timedelta(minutes=2)  # a copy bears the time before its transaction was over
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def settle_news() -> int:
    """Take note of some of what is new, else of some answers of before. Returns how much it was, 0 when all is done."""
    return _settle() or _take_in_older()


def settle_moves(team: Team) -> bool:
    """Take note of the team's conversations that others may read since. Says whether all are settled: where one is not,
    no ledger of the team may be shown."""
    moves = LedgerNews.objects.filter(team=team)
    deadline = time.monotonic() + READERS_WAIT
    while moves.exists():
        if time.monotonic() > deadline:
            return False
        try:
            _settle(of=team)
        except AWAY:  # another process holds the lock for longer than one waits
            return not moves.exists()
    return True


def forget_conversation(conversation_id: UUID) -> None:
    """Take a conversation that is about to be removed out of the sums; its uses go along with it."""
    uses = SourceUse.objects.filter(conversation=conversation_id, audience__isnull=False)
    pairs = list(uses.order_by().values_list("audience", "address_key").distinct())
    if pairs:
        _lock()
        uses.update(audience=None)
        sum_up((audience, key) for audience, key in pairs if audience)


def note_pages() -> None:
    """Note in the ledgers what copies that were made since say of their pages."""
    progress = LedgerProgress.objects.filter(pk=1).first()
    since = progress.pages_through if progress and progress.pages_through else _BEGINNING
    new = PageCopy.objects.filter(seen_at__gt=since - _OVERLAP)
    through = since
    for team in Team.objects.filter(pk__in=new.order_by().values("team").distinct()):
        keys, last = set(), since
        for key, seen_at in new.filter(team=team).values_list("address_key", "seen_at"):
            keys.add(key)
            last = max(last, seen_at)
        _note_states(team, keys)
        through = max(through, last)
    if through > since:
        with transaction.atomic():
            _lock()
            LedgerProgress.objects.filter(pk=1).update(pages_through=through)


def is_whole() -> bool:
    """Whether the answers of before the ledger are all in it."""
    return LedgerProgress.objects.filter(pk=1, is_whole=True).exists()


def _settle(*, of: Team | None = None) -> int:
    waiting = LedgerNews.objects.filter(team=of) if of else LedgerNews.objects.all()
    if not waiting.exists():
        return 0
    with transaction.atomic():
        _lock()
        news = list(waiting.order_by("pk")[:AT_ONCE])
        changed = move_uses({one.conversation_id for one in news if one.conversation_id})
        changed |= record_uses({one.answer_id for one in news if one.answer_id})
        sum_up(changed)
        LedgerNews.objects.filter(pk__in=[one.pk for one in news]).delete()
    return len(news)


def _take_in_older() -> int:
    if is_whole():
        return 0
    with transaction.atomic():
        progress = _lock()
        answers = Answer.objects.exclude(state__in=Answer.LIVE).order_by("pk")
        if progress.answers_through:
            answers = answers.filter(pk__gt=progress.answers_through)
        ids = list(answers.values_list("pk", flat=True)[:OLDER_AT_ONCE])
        sum_up(record_uses(ids))
        progress.answers_through = ids[-1] if ids else progress.answers_through
        progress.is_whole = len(ids) < OLDER_AT_ONCE
        progress.save()
    return len(ids)


def _note_states(team: Team, keys: set[str]) -> None:
    states = page_states(team, keys)
    with transaction.atomic():
        _lock()
        changed = []
        for row in LedgerSource.objects.filter(team=team, address_key__in=keys):
            state = states.get(row.address_key, UNKNOWN)
            now = (state.gone, state.moved_from(row.site), state.changed, state.newer)
            if now != (row.gone, row.moved, row.changed, row.newer):
                row.gone, row.moved, row.changed, row.newer = now
                changed.append(row)
        LedgerSource.objects.bulk_update(changed, ["gone", "moved", "changed", "newer"], batch_size=100)


def _lock() -> LedgerProgress:
    limit_lock_wait()
    LedgerProgress.objects.get_or_create(pk=1)
    return LedgerProgress.objects.select_for_update().get(pk=1)
