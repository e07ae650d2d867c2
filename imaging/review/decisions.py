"""Deciding about generated images.

A decision is a conditional update together with its record, in one transaction: it counts only if the image still is
as the reviewer saw it. Of two reviewers who decide at once the second is told who was first; nobody overwrites
anybody unseen. Decisions are added and never changed, and taking one back is a record too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import ActionRefused
from core.web.db import database_now
from imaging.access import REVIEWABLE, reviewable_images, reviewed_by
from imaging.models import Decision, GeneratedImage

Verdict = Decision.Verdict
State = GeneratedImage.State

UNDO_WITHIN = timedelta(minutes=10)
LONGEST_REASON = 500  # characters
MOST_AT_ONCE = 500  # images


class OwnImage(ActionRefused):
    """Nobody decides about an image that they asked for themselves."""


class ImageGone(ActionRefused):
    """The image was deleted, or there is nothing to decide about it."""


class ReasonNeeded(ActionRefused):
    """Whoever rejects an image has to say why, in `LONGEST_REASON` characters at most."""


class NothingToUndo(ActionRefused):
    """The person has decided nothing lately that could be taken back."""


class AlreadyDecided(ActionRefused):
    """Somebody else was faster, or the same person in another window. `decision` is theirs."""

    def __init__(self, decision: Decision, by: User) -> None:
        super().__init__(_already_decided(decision, by))
        self.decision = decision


@dataclass(frozen=True, slots=True)
class Seen:
    """An image as a reviewer saw it: its state, and the number of its last decision, 0 for none."""

    image_id: UUID
    state: str
    last: int = 0

    def __str__(self) -> str:
        """As it travels in a form."""
        return f"{self.image_id}:{self.state}:{self.last}"

    @classmethod
    def parse(cls, text: str) -> "Seen":
        """What `str` wrote. Raises ValueError for anything else."""
        image_id, state, last = text.split(":")
        if state not in REVIEWABLE or len(last) > 18:
            raise ValueError(text)
        return cls(UUID(image_id), state, int(last))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one image among several: the new decision, or why there is none."""

    image_id: UUID
    decision: Decision | None = None
    refusal: ActionRefused | None = None


def decide(*, seen: Seen, by: User, verdict: Verdict, reason: str = "", at: datetime | None = None) -> Decision:
    """Approve or reject one image; a later change of mind is one more decision.

    Rejecting needs a reason. `at` is when, now by default. Raises ActionRefused: OwnImage, Gone, ReasonNeeded or
    AlreadyDecided, which says who was first, when and how.
    """
    assert verdict != Verdict.UNDONE
    reason = _reason(verdict, reason)
    with transaction.atomic():
        images = reviewable_images(by).filter(pk=seen.image_id, state=seen.state).exclude(state=verdict)
        if not settings.REVIEW_OWN_IMAGES:
            images = images.exclude(requested_by=by)
        at = at or database_now()
        changed = images.update(state=verdict, decided_at=at, claimed_by=None, claimed_until=None)
        # The update holds the row until the end, so from here on nobody adds a decision.
        if not changed or _last_number(seen.image_id) != seen.last:
            raise _refusal(seen.image_id, by)
        return Decision.objects.create(image_id=seen.image_id, by=by, verdict=verdict, reason=reason, at=at)


def decide_all(*, seen: Sequence[Seen], by: User, verdict: Verdict, reason: str = "") -> list[Outcome]:
    """Say the same of several images, each for itself: what is not possible for one holds up no other.

    They get the same moment, by which `undo` knows that they belong together. Raises ReasonNeeded, and ActionRefused
    for more than `MOST_AT_ONCE`.
    """
    if len(seen) > MOST_AT_ONCE:
        raise ActionRefused(_("You can decide on up to %(most)d images at once.") % {"most": MOST_AT_ONCE})
    _reason(verdict, reason)
    now, outcomes = database_now(), []
    for one in seen:
        try:
            decision = decide(seen=one, by=by, verdict=verdict, reason=reason, at=now)
            outcomes.append(Outcome(one.image_id, decision=decision))
        except ActionRefused as refusal:
            outcomes.append(Outcome(one.image_id, refusal=refusal))
    return outcomes


def undo(*, by: User) -> list[Outcome]:
    """Take back what the person decided last, one image or all that were decided with it: they are pending again.

    An image about which somebody else has decided since stays as it is. Raises NothingToUndo.
    """
    decisions = last_act(by)
    if not decisions:
        raise NothingToUndo(
            _("There’s nothing to undo. Decisions can be undone for %(minutes)d minutes.")
            % {"minutes": UNDO_WITHIN // timedelta(minutes=1)}
        )
    now, outcomes = database_now(), []
    for decision in decisions:
        try:
            outcomes.append(Outcome(decision.image_id, decision=_take_back(decision, by, now)))
        except ActionRefused as refusal:
            outcomes.append(Outcome(decision.image_id, refusal=refusal))
    return outcomes


def last_act(by: User) -> list[Decision]:
    """The decisions that `undo` would take back: the person's last ones that are younger than `UNDO_WITHIN`, all made
    in the same moment and not taken back yet. Empty if there are none."""
    within_reach = reviewed_by(by, "image__team")
    lately = Decision.objects.filter(within_reach, by=by, by_name="", at__gt=Now() - UNDO_WITHIN).select_related(
        "image"
    )
    taken_back: set[UUID] = set()
    act: list[Decision] = []
    for decision in lately.order_by("-at", "-id"):
        if decision.verdict == Verdict.UNDONE:
            taken_back.add(decision.image_id)
        elif decision.image_id in taken_back:
            taken_back.discard(decision.image_id)
        elif not act or decision.at == act[0].at:
            act.append(decision)
        else:
            break
    return act


def may_decide(by: User, image: GeneratedImage) -> bool:
    """Whether the image is somebody else's, or people may decide about their own here."""
    return image.requested_by_id != by.pk or settings.REVIEW_OWN_IMAGES


def _take_back(decision: Decision, by: User, at: datetime) -> Decision:
    with transaction.atomic():
        changed = (
            reviewable_images(by)
            .filter(pk=decision.image_id, state=decision.verdict)
            .update(state=State.PENDING, decided_at=None, claimed_by=None, claimed_until=None)
        )
        if not changed or _last_number(decision.image_id) != decision.pk:
            raise _refusal(decision.image_id, by)
        return Decision.objects.create(image_id=decision.image_id, by=by, verdict=Verdict.UNDONE, at=at)


def _reason(verdict: str, reason: str) -> str:
    """The reason in one line. Raises ReasonNeeded."""
    reason = " ".join(reason.replace("\0", "").split())
    if verdict == Verdict.REJECTED and not reason:
        raise ReasonNeeded(_("Enter a reason for rejecting."))
    if len(reason) > LONGEST_REASON:
        raise ReasonNeeded(_("Use at most %(most)d characters.") % {"most": LONGEST_REASON})
    return reason


def _decisions(image_id: UUID) -> QuerySet[Decision]:
    """What was decided about the image, the last first."""
    return Decision.objects.filter(image=image_id).order_by("-id")


def _last_number(image_id: UUID) -> int:
    return _decisions(image_id).values_list("pk", flat=True).first() or 0


def _refusal(image_id: UUID, by: User) -> ActionRefused:
    """Why nothing was decided about this image."""
    image = reviewable_images(by).filter(pk=image_id).first()
    if image is None:
        return ImageGone(_("This image was deleted, or you no longer review it."))
    if not may_decide(by, image):
        return OwnImage(_("This is your own image. Another reviewer has to decide on it."))
    last = _decisions(image_id).select_related("by").first()
    if last is None:
        return ImageGone(_("This image has changed since you opened it. Check it again."))
    return AlreadyDecided(last, by)


def _already_decided(decision: Decision, by: User) -> str:
    """Who was first, when and how."""
    said = {
        (Verdict.APPROVED, True): _("You already approved this image %(ago)s."),
        (Verdict.REJECTED, True): _("You already rejected this image %(ago)s."),
        (Verdict.UNDONE, True): _("You undid your decision %(ago)s. Check the image again."),
        (Verdict.APPROVED, False): _("%(name)s already approved this image %(ago)s."),
        (Verdict.REJECTED, False): _("%(name)s already rejected this image %(ago)s: %(reason)s"),
        (Verdict.UNDONE, False): _("%(name)s undid a decision %(ago)s. Check the image again."),
    }[Verdict(decision.verdict), decision.by_id == by.pk and not decision.by_name]
    ago = naturaltime(decision.at) if database_now() - decision.at > timedelta(minutes=1) else _("just now")
    return said % {"name": decision.decided_by, "ago": ago, "reason": decision.reason}


def refusals_in(outcomes: Iterable[Outcome]) -> list[ActionRefused]:
    """The refusals among the outcomes."""
    return [one.refusal for one in outcomes if one.refusal]
