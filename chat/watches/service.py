"""What people do with watches: begin, change, pause, go on, delete, follow."""

import logging
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from chat.catalog import offers
from chat.models import Answer, Question, Watch, WatchFollower, WatchRun
from chat.watches.schedule import schedule_of
from core.errors import ActionRefused

MOST = 100
"""Watches that one person has in one team, those that are paused among them."""
KEPT_FOR = timedelta(days=30)
"""How long a deleted watch can be restored."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When a question is to be asked, how much that may cost in a month in US dollars, and until which day."""

    every: str
    hour: int
    weekday: int
    day: int
    time_zone: str
    budget: Decimal
    until: date | None = None


def watch_of(question: Question) -> Watch | None:
    """The question's watch; None where it has none."""
    return Watch.objects.filter(question=question, deleted_at=None).select_related("owner").first()


def last_answer(question: Question) -> Answer | None:
    """The answer that came last and is whole."""
    whole = Answer.objects.filter(question=question, state=Answer.State.FINISHED).exclude(text="")
    return whole.order_by("-created_at", "-id").first()


def begin_watch(*, question: Question, by: User, plan: Plan) -> Watch:
    """Have the question asked again by the clock, by the model that answered last. Its owner follows it.

    Raises ActionRefused where nobody has answered it, where it is watched already, and for one watch too many.
    """
    last = last_answer(question)
    if last is None:
        raise ActionRefused(_("Wait for an answer first. What comes later is compared to it."))
    _require_room(by, question)
    try:
        with transaction.atomic():
            watch = Watch(
                question=question,
                owner=by,
                provider=last.provider,
                model=last.model,
                compared_to=last,
                **asdict(plan),
            )
            watch.next_at = schedule_of(watch).next_after(timezone.now())
            watch.save(force_insert=True)
            WatchFollower.objects.create(watch=watch, person=by)
    except IntegrityError:
        raise _watched_already() from None
    _note(by, "began", watch)
    return watch


def change_plan(*, watch: Watch, by: User, plan: Plan) -> None:
    """Ask at other times, or for other money. What is paused stays so, but for a budget that lasts again."""
    for name, value in asdict(plan).items():
        setattr(watch, name, value)
    fields = list(asdict(plan))
    by_itself = watch.state == Watch.State.PAUSED and watch.reason == Watch.Reason.BUDGET
    if watch.state == Watch.State.RUNNING or by_itself or _ended_and_may_go_on(watch):
        _set_going(watch)
        fields += _GOING
    watch.save(update_fields=fields)
    _note(by, "changed", watch)


def pause_watch(*, watch: Watch, by: User) -> None:
    """Ask no more until somebody has it go on."""
    watch.state, watch.reason, watch.next_at = Watch.State.PAUSED, Watch.Reason.BY_HAND, None
    watch.save(update_fields=["state", "reason", "next_at"])
    _note(by, "paused", watch)


def resume_watch(*, watch: Watch, by: User) -> None:
    """Go on with it, from the next time on. Raises ActionRefused where its last day has passed."""
    if watch.until and watch.until < timezone.localdate():
        raise ActionRefused(_("Its last day has passed. Choose a later one first."))
    _set_going(watch)
    watch.failures = 0
    watch.save(update_fields=[*_GOING, "failures"])
    _note(by, "resumed", watch)


def run_soon(*, watch: Watch, by: User) -> None:
    """Ask now, and go on as planned after that. Raises ActionRefused while it is being answered."""
    if watch.runs.filter(state__in=WatchRun.OPEN).exists():
        raise ActionRefused(_("It’s being asked right now."))
    watch.state, watch.reason, watch.next_at, watch.failures = Watch.State.RUNNING, Watch.Reason.NONE, timezone.now(), 0
    watch.save(update_fields=[*_GOING, "failures"])
    _note(by, "ran", watch)


def choose_successor(*, watch: Watch, by: User) -> offers.Offer:
    """Have the model answer that does the work of the one that ended, and go on."""
    offer = offers.offer_or_successor(
        offers.offer_id_of(watch.model, watch.provider), offers.offers(watch.question.conversation.team)
    )
    watch.model, watch.provider, watch.failures = offer.model, offer.provider, 0
    _set_going(watch)
    watch.save(update_fields=["model", "provider", "failures", *_GOING])
    _note(by, "chose another model for", watch)
    return offer


def delete_watch(*, watch: Watch, by: User) -> None:
    """End it; its answers stay. It can be restored for KEPT_FOR."""
    watch.deleted_at = timezone.now()
    watch.save(update_fields=["deleted_at"])
    _note(by, "deleted", watch)


def restore_watch(*, watch: Watch, by: User) -> None:
    """Bring a deleted watch back; what was missed meanwhile is not made up for. Raises ActionRefused where the question
    has another one by now."""
    watch.deleted_at = None
    if watch.next_at:
        watch.next_at = schedule_of(watch).next_after(timezone.now())
    try:
        with transaction.atomic():
            watch.save(update_fields=["deleted_at", "next_at"])
    except IntegrityError:
        raise _watched_already() from None
    _note(by, "restored", watch)


def follow(*, watch: Watch, by: User, by_mail: bool = True) -> None:
    """Tell the person when the answer changes."""
    WatchFollower.objects.update_or_create(watch=watch, person=by, defaults={"by_mail": by_mail})


def unfollow(*, watch: Watch, by: User) -> None:
    """Tell the person no more."""
    WatchFollower.objects.filter(watch=watch, person=by).delete()


def purge_watches() -> int:
    """Remove for good what was deleted longer than KEPT_FOR ago. Returns how many watches that were."""
    old = Watch.objects.filter(deleted_at__lt=timezone.now() - KEPT_FOR)
    count = old.count()
    old.delete()
    return count


_GOING = ["state", "reason", "next_at"]


def _set_going(watch: Watch) -> None:
    watch.state, watch.reason = Watch.State.RUNNING, Watch.Reason.NONE
    watch.next_at = schedule_of(watch).next_after(timezone.now())


def _ended_and_may_go_on(watch: Watch) -> bool:
    """Whether it ended with its last day, and has a later one now."""
    is_over = watch.state == Watch.State.ENDED and watch.reason == Watch.Reason.UNTIL
    return is_over and (watch.until is None or watch.until >= timezone.localdate())


def _require_room(by: User, question: Question) -> None:
    team = question.conversation.team_id
    if Watch.objects.filter(owner=by, question__conversation__team=team, deleted_at=None).count() >= MOST:
        raise ActionRefused(
            ngettext(
                "You watch %(most)d question, which is the limit. Delete a watch first.",
                "You watch %(most)d questions, which is the limit. Delete a watch first.",
                MOST,
            )
            % {"most": MOST}
        )


def _watched_already() -> ActionRefused:
    return ActionRefused(_("This question is watched already. You can follow that watch."))


def _note(by: User, done: str, watch: Watch) -> None:
    logger.info("%s %s watch %s.", by.get_username(), done, watch.pk)
