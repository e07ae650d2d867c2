"""Deciding about images: every rule, two at once, claims, undoing, many at once, and pictures that look alike."""

import uuid
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, Team, User
from core.errors import ActionRefused
from imaging.models import Decision, GeneratedImage
from imaging.review import decisions
from imaging.review.decisions import (
    MOST_AT_ONCE,
    UNDO_WITHIN,
    AlreadyDecided,
    ImageGone,
    OwnImage,
    ReasonNeeded,
    Seen,
)
from tests.imaging.conftest import Draw
from tests.imaging.review.reviewers import approve, reject, see, state, verdicts
from tests.racing import at_once

State, Verdict = GeneratedImage.State, Decision.Verdict
MOMENT = timedelta(milliseconds=2)  # SQLite's clock has whole milliseconds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reviewers(harbour: Team, alice: User, bob: User, vera: User) -> None:
    """Everybody in these tests reviews the Harbour's images."""
    Membership.objects.filter(team=harbour).update(is_reviewer=True)


@pytest.fixture
def image(draw: Draw) -> GeneratedImage:
    return draw()


def test_an_approval_is_put_on_record_with_who_when_and_why(image: GeneratedImage, vera: User) -> None:
    decisions.decide(seen=see(image), by=vera, verdict=Verdict.APPROVED, reason="  As  asked\nfor ")

    image.refresh_from_db()
    decision = image.decisions.get()
    assert (image.state, image.decided_at) == (State.APPROVED, decision.at)
    assert (decision.by, decision.verdict, decision.reason) == (vera, Verdict.APPROVED, "As asked for")


def test_a_rejection_needs_a_reason(image: GeneratedImage, vera: User) -> None:
    for nothing in ("", "  \n", "\0"):
        with pytest.raises(ReasonNeeded):
            reject(image, vera, nothing)
    with pytest.raises(ReasonNeeded, match="500"):
        reject(image, vera, "x" * 501)
    assert (state(image), verdicts(image)) == (State.PENDING, [])

    reject(image, vera, "x" * 500)
    assert state(image) == State.REJECTED


def test_nobody_decides_about_their_own_image_not_even_a_superuser(image: GeneratedImage, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_superuser=True)
    with pytest.raises(OwnImage):
        approve(image, User.objects.get(pk=bob.pk))
    assert (state(image), verdicts(image)) == (State.PENDING, [])


def test_a_team_of_one_may_decide_about_its_own(image: GeneratedImage, bob: User, settings: Settings) -> None:
    settings.REVIEW_OWN_IMAGES = True
    approve(image, bob)
    assert state(image) == State.APPROVED


def test_a_later_change_of_mind_is_one_more_record(image: GeneratedImage, vera: User, alice: User) -> None:
    approve(image, vera)
    reject(image, alice)
    approve(image, alice)

    assert state(image) == State.APPROVED
    assert verdicts(image) == [("vera", "approved"), ("alice", "rejected"), ("alice", "approved")]


@pytest.mark.parametrize("verdict", [Verdict.APPROVED, Verdict.REJECTED])
def test_the_second_is_told_who_was_first_when_and_how(
    verdict: Verdict, image: GeneratedImage, vera: User, alice: User
) -> None:
    seen = see(image)
    reject(image, vera, "Too bright.")

    with pytest.raises(AlreadyDecided, match=r"vera already rejected this image just now: Too bright\.") as told:
        decisions.decide(seen=seen, by=alice, verdict=verdict, reason="Because.")

    assert told.value.decision.by == vera
    assert verdicts(image) == [("vera", "rejected")]


def test_who_looked_at_an_approved_image_does_not_overwrite_what_came_since(
    image: GeneratedImage, vera: User, alice: User
) -> None:
    approve(image, vera)
    seen = see(image)
    reject(image, vera)
    approve(image, vera)

    with pytest.raises(AlreadyDecided):
        decisions.decide(seen=seen, by=alice, verdict=Verdict.REJECTED, reason="Because.")
    assert state(image) == State.APPROVED


@pytest.mark.parametrize("fields", [{"deleted_at": timezone.now()}, {"state": "drawing"}, {"state": "failed"}])
def test_what_is_gone_is_not_decided(fields: dict[str, object], image: GeneratedImage, vera: User) -> None:
    seen = see(image)
    GeneratedImage.objects.update(**fields)
    with pytest.raises(ImageGone):
        decisions.decide(seen=seen, by=vera, verdict=Verdict.APPROVED)
    with pytest.raises(ImageGone):
        decisions.decide(seen=Seen(uuid.uuid4(), "pending"), by=vera, verdict=Verdict.APPROVED)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [2, 6])
def test_of_several_at_once_one_decides_and_the_others_are_told(
    times: int, image: GeneratedImage, vera: User, alice: User
) -> None:
    seen, said = see(image), count()

    def work() -> str:
        number = next(said)
        verdict = (Verdict.APPROVED, Verdict.REJECTED)[number % 2]
        try:
            decisions.decide(seen=seen, by=(vera, alice)[number % 2], verdict=verdict, reason="Because.")
        except AlreadyDecided as refusal:
            return f"told of {refusal.decision.verdict}"
        return str(verdict)

    results = at_once(times, work)

    decided = [result for result in results if not result.startswith("told")]
    assert len(decided) == 1
    assert results.count(f"told of {decided[0]}") == times - 1
    assert [verdict for _by, verdict in verdicts(image)] == decided
    assert state(image) == decided[0]


def test_undoing_is_a_record_and_the_image_waits_again(image: GeneratedImage, vera: User) -> None:
    reject(image, vera)

    outcome = decisions.undo(by=vera)[0]

    image.refresh_from_db()
    assert (outcome.image_id, image.state, image.decided_at) == (image.pk, State.PENDING, None)
    assert verdicts(image) == [("vera", "rejected"), ("vera", "undone")]
    approve(image, vera)
    assert state(image) == State.APPROVED


def test_undoing_again_takes_back_what_was_decided_before(draw: Draw, vera: User) -> None:
    first, second = draw(), draw()
    approve(first, vera)
    approve(second, vera)

    assert [decisions.undo(by=vera)[0].image_id for _ in range(2)] == [second.pk, first.pk]
    with pytest.raises(decisions.NothingToUndo, match="10 minutes"):
        decisions.undo(by=vera)


def test_only_ones_own_decisions_are_undone(image: GeneratedImage, vera: User, alice: User) -> None:
    approve(image, vera)
    with pytest.raises(decisions.NothingToUndo):
        decisions.undo(by=alice)
    assert state(image) == State.APPROVED


def test_what_somebody_else_has_decided_since_is_not_undone(image: GeneratedImage, vera: User, alice: User) -> None:
    approve(image, vera)
    reject(image, alice)

    refusal = decisions.undo(by=vera)[0].refusal

    assert isinstance(refusal, AlreadyDecided)
    assert state(image) == State.REJECTED


def test_after_a_while_nothing_is_undone(image: GeneratedImage, vera: User) -> None:
    approve(image, vera)
    Decision.objects.update(at=timezone.now() - UNDO_WITHIN - MOMENT)
    with pytest.raises(decisions.NothingToUndo):
        decisions.undo(by=vera)


@pytest.mark.django_db(transaction=True)
def test_a_double_press_undoes_once(image: GeneratedImage, vera: User) -> None:
    approve(image, vera)

    def work() -> bool:
        try:
            return any(outcome.decision for outcome in decisions.undo(by=vera))
        except decisions.NothingToUndo:
            return False

    assert sorted(at_once(3, work)) == [False, False, True]
    assert verdicts(image) == [("vera", "approved"), ("vera", "undone")]


def test_many_at_once_have_a_result_each_and_are_undone_together(draw: Draw, vera: User, alice: User) -> None:
    fine, done, own, gone = draw(), draw(), draw(requested_by=vera), draw()
    also = draw()
    seen = [see(image) for image in (fine, done, own, gone, also)]
    approve(done, alice)
    GeneratedImage.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())

    outcomes = decisions.decide_all(seen=seen, by=vera, verdict=Verdict.REJECTED, reason="All alike.")

    kinds = [type(outcome.refusal or outcome.decision) for outcome in outcomes]
    assert kinds == [Decision, AlreadyDecided, OwnImage, ImageGone, Decision]
    assert [outcome.image_id for outcome in decisions.undo(by=vera)] == [also.pk, fine.pk]
    assert [state(image) for image in (fine, done, own, also)] == ["pending", "approved", "pending", "pending"]


def test_there_is_a_bound_to_how_many_at_once(image: GeneratedImage, vera: User) -> None:
    seen = [see(image)] * (MOST_AT_ONCE + 1)
    with pytest.raises(ActionRefused, match=str(MOST_AT_ONCE)):
        decisions.decide_all(seen=seen, by=vera, verdict=Verdict.APPROVED)
    assert state(image) == State.PENDING


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "a:b:c",
        "00000000-0000-4000-8000-000000000001:drawing:0",
        "00000000-0000-4000-8000-000000000001:pending:9999999999999999999",
    ],
)
def test_what_a_form_could_not_have_said_is_not_read(text: str) -> None:
    def read() -> Seen | None:
        try:
            return Seen.parse(text)
        except ValueError:
            return None

    assert read() is None


def test_what_was_seen_survives_a_form(image: GeneratedImage, vera: User) -> None:
    approve(image, vera)
    seen = see(image)
    assert Seen.parse(str(seen)) == seen
    assert (seen.state, seen.last) == ("approved", image.decisions.get().pk)
