"""Deciding about images: every rule, two at once, claims, undoing, many at once, and pictures that look alike."""

import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.errors import Refused
from accounts.models import Team, User
from imaging import claiming, fingerprints, likeness, reviewing
from imaging.models import Decision, GeneratedImage
from imaging.review import figures, queue
from imaging.reviewing import MOST_AT_ONCE, UNDO_WITHIN, AlreadyDecided, Gone, OwnImage, ReasonNeeded, Seen
from tests.imaging.queueing import painted
from tests.racing import at_once

State, Verdict = GeneratedImage.State, Decision.Verdict
Draw = Callable[..., GeneratedImage]

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw(harbour: Team, bob: User) -> Draw:
    """Makes a pending image of Bob's, each a second younger than the one before."""
    numbers = count()

    def make(**fields: object) -> GeneratedImage:
        number = next(numbers)
        at = timezone.now() - timedelta(hours=1) + timedelta(seconds=number)
        known = {
            "team": harbour,
            "requested_by": bob,
            "prompt": f"Light {number}",
            "model": "turbo",
            "state": "pending",
        }
        known |= {"sha256": f"{number:064x}", "fingerprint": f"{random.Random(number).getrandbits(64):016x}"}
        return GeneratedImage.objects.create(**known | {"created_at": at, "drawn_at": at} | fields)

    return make


@pytest.fixture
def image(draw: Draw) -> GeneratedImage:
    return draw()


def see(image: GeneratedImage) -> Seen:
    return queue.seen(queue.told(GeneratedImage.objects.filter(pk=image.pk)).get())


def approve(image: GeneratedImage, by: User) -> Decision:
    return reviewing.decide(seen=see(image), by=by, verdict=Verdict.APPROVED)


def reject(image: GeneratedImage, by: User, reason: str = "Not ours.") -> Decision:
    return reviewing.decide(seen=see(image), by=by, verdict=Verdict.REJECTED, reason=reason)


def state(image: GeneratedImage) -> str:
    return str(GeneratedImage.objects.values_list("state", flat=True).get(pk=image.pk))


def verdicts(image: GeneratedImage) -> list[tuple[str, str]]:
    return [(one.by.username, one.verdict) for one in image.decisions.select_related("by").order_by("id")]


def test_an_approval_is_put_on_record_with_who_when_and_why(image: GeneratedImage, vera: User) -> None:
    reviewing.decide(seen=see(image), by=vera, verdict=Verdict.APPROVED, reason="  As  asked\nfor ")

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

    with pytest.raises(AlreadyDecided, match=r"vera was first and rejected this image just now: Too bright\.") as told:
        reviewing.decide(seen=seen, by=alice, verdict=verdict, reason="Because.")

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
        reviewing.decide(seen=seen, by=alice, verdict=Verdict.REJECTED, reason="Because.")
    assert state(image) == State.APPROVED


@pytest.mark.parametrize("fields", [{"deleted_at": timezone.now()}, {"state": "drawing"}, {"state": "failed"}])
def test_what_is_gone_is_not_decided(fields: dict[str, object], image: GeneratedImage, vera: User) -> None:
    seen = see(image)
    GeneratedImage.objects.update(**fields)
    with pytest.raises(Gone):
        reviewing.decide(seen=seen, by=vera, verdict=Verdict.APPROVED)
    with pytest.raises(Gone):
        reviewing.decide(seen=Seen(uuid.uuid4(), "pending"), by=vera, verdict=Verdict.APPROVED)


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
            reviewing.decide(seen=seen, by=(vera, alice)[number % 2], verdict=verdict, reason="Because.")
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

    outcome = reviewing.undo(by=vera)[0]

    image.refresh_from_db()
    assert (outcome.image_id, image.state, image.decided_at) == (image.pk, State.PENDING, None)
    assert verdicts(image) == [("vera", "rejected"), ("vera", "undone")]
    approve(image, vera)
    assert state(image) == State.APPROVED


def test_undoing_again_takes_back_what_was_decided_before(draw: Draw, vera: User) -> None:
    first, second = draw(), draw()
    approve(first, vera)
    approve(second, vera)

    assert [reviewing.undo(by=vera)[0].image_id for _ in range(2)] == [second.pk, first.pk]
    with pytest.raises(reviewing.NothingToUndo, match="10 minutes"):
        reviewing.undo(by=vera)


def test_only_ones_own_decisions_are_undone(image: GeneratedImage, vera: User, alice: User) -> None:
    approve(image, vera)
    with pytest.raises(reviewing.NothingToUndo):
        reviewing.undo(by=alice)
    assert state(image) == State.APPROVED


def test_what_somebody_else_has_decided_since_is_not_undone(image: GeneratedImage, vera: User, alice: User) -> None:
    approve(image, vera)
    reject(image, alice)

    refusal = reviewing.undo(by=vera)[0].refusal

    assert isinstance(refusal, AlreadyDecided)
    assert state(image) == State.REJECTED


def test_after_a_while_nothing_is_undone(image: GeneratedImage, vera: User) -> None:
    approve(image, vera)
    Decision.objects.update(at=timezone.now() - UNDO_WITHIN)
    with pytest.raises(reviewing.NothingToUndo):
        reviewing.undo(by=vera)


@pytest.mark.django_db(transaction=True)
def test_a_double_press_undoes_once(image: GeneratedImage, vera: User) -> None:
    approve(image, vera)

    def work() -> bool:
        try:
            return any(outcome.decision for outcome in reviewing.undo(by=vera))
        except reviewing.NothingToUndo:
            return False

    assert sorted(at_once(3, work)) == [False, False, True]
    assert verdicts(image) == [("vera", "approved"), ("vera", "undone")]


def test_many_at_once_have_a_result_each_and_are_undone_together(draw: Draw, vera: User, alice: User) -> None:
    fine, done, own, gone = draw(), draw(), draw(requested_by=vera), draw()
    also = draw()
    seen = [see(image) for image in (fine, done, own, gone, also)]
    approve(done, alice)
    GeneratedImage.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())

    outcomes = reviewing.decide_all(seen=seen, by=vera, verdict=Verdict.REJECTED, reason="All alike.")

    kinds = [type(outcome.refusal or outcome.decision) for outcome in outcomes]
    assert kinds == [Decision, AlreadyDecided, OwnImage, Gone, Decision]
    assert [outcome.image_id for outcome in reviewing.undo(by=vera)] == [also.pk, fine.pk]
    assert [state(image) for image in (fine, done, own, also)] == ["pending", "approved", "pending", "pending"]


def test_there_is_a_bound_to_how_many_at_once(image: GeneratedImage, vera: User) -> None:
    seen = [see(image)] * (MOST_AT_ONCE + 1)
    with pytest.raises(Refused, match=str(MOST_AT_ONCE)):
        reviewing.decide_all(seen=seen, by=vera, verdict=Verdict.APPROVED)
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
            return Seen.read(text)
        except ValueError:
            return None

    assert read() is None


def test_what_was_seen_survives_a_form(image: GeneratedImage, vera: User) -> None:
    approve(image, vera)
    seen = see(image)
    assert Seen.read(str(seen)) == seen
    assert (seen.state, seen.last) == ("approved", image.decisions.get().pk)


def test_two_reviewers_get_two_images(draw: Draw, vera: User, alice: User) -> None:
    first, second = draw(), draw()

    assert queue.take(queue.waiting(), vera) == first
    assert queue.take(queue.waiting(), alice) == second
    assert queue.take(queue.waiting(), vera) == first
    assert claiming.holder(queue.waiting().get(pk=first.pk), alice) == vera
    assert claiming.holder(queue.waiting().get(pk=first.pk), vera) is None


@pytest.mark.django_db(transaction=True)
def test_reviewers_who_come_in_the_same_moment_get_different_images(draw: Draw, harbour: Team) -> None:
    for _ in range(4):
        draw()
    people = iter([User.objects.create_user(f"reviewer-{number}") for number in range(4)])

    taken = at_once(4, lambda: queue.take(queue.waiting(), next(people)))

    assert len({image.pk for image in taken if image}) == 4


def test_when_all_are_looked_at_one_sees_by_whom(image: GeneratedImage, vera: User, alice: User) -> None:
    queue.take(queue.waiting(), vera)
    shown = queue.take(queue.waiting(), alice)
    assert shown == image
    assert claiming.holder(shown, alice) == vera


def test_a_claim_runs_out_and_can_be_renewed_or_given_up(image: GeneratedImage, vera: User, alice: User) -> None:
    assert claiming.claim(image=image, by=vera)
    assert not claiming.claim(image=image, by=alice)
    assert claiming.claim(image=image, by=vera)
    assert timedelta(minutes=2) == claiming.LASTS
    claiming.release(image=image, by=alice)
    assert not claiming.claim(image=image, by=alice)

    GeneratedImage.objects.update(claimed_until=timezone.now())
    assert claiming.claim(image=image, by=alice)
    claiming.release(image=image, by=alice)
    assert claiming.claim(image=image, by=vera)


def test_a_claim_keeps_nobody_from_deciding(image: GeneratedImage, vera: User, alice: User) -> None:
    claiming.claim(image=image, by=vera)
    approve(image, alice)
    assert GeneratedImage.objects.get().claimed_by is None
    assert not claiming.claim(image=image, by=vera)


def test_the_queue_goes_on_after_what_was_skipped_and_begins_anew_at_its_end(draw: Draw, vera: User) -> None:
    first, second, third = draw(), draw(), draw()
    own = draw(requested_by=vera)

    assert queue.take(queue.waiting(), vera, beyond=second) == third
    assert queue.take(queue.waiting(), vera, beyond=third) == first
    place = queue.place(queue.waiting(), second)
    assert (place.before, place.total, place.previous, list(place.following)) == (1, 4, first, [third, own])


def test_nothing_is_taken_from_an_empty_queue_or_one_of_own_images(draw: Draw, vera: User) -> None:
    assert queue.take(queue.waiting(), vera) is None
    draw(requested_by=vera)
    assert queue.take(queue.waiting(), vera) is None


def test_versions_of_a_picture_are_alike_and_others_are_not(draw: Draw, vera: User) -> None:
    small, large, speck = painted(1), painted(1, size=(480, 360)), painted(1, speck=77)
    images = [draw(fingerprint=fingerprints.fingerprint(data)) for data in (small, painted(2), large, speck)]
    without = draw(fingerprint="")

    found = queue.alike(queue.waiting(), queue.waiting().get(pk=images[0].pk), vera)

    assert found == [images[2], images[3]]
    ids = [[image.pk for image in group] for group in ([images[0], images[2], images[3]], [images[1]], [without])]
    assert list(queue.groups(queue.waiting(), vera)) == ids


def test_groups_are_what_comparing_each_with_each_would_find() -> None:
    chance = random.Random(4)
    bases = [chance.getrandbits(64) for _ in range(40)]
    numbers = []
    for _ in range(400):
        number = chance.choice(bases)
        for _ in range(chance.randint(0, 8)):
            number ^= 1 << chance.randrange(64)
        numbers.append(f"{number:016x}")

    taken: set[int] = set()
    expected = []
    for place, one in enumerate(numbers):
        if place not in taken:
            near = [at for at, two in enumerate(numbers) if fingerprints.distance(one, two) <= fingerprints.NEAR]
            expected.append([at for at in near if at not in taken])
            taken.update(near)

    assert list(likeness.groups(numbers)) == expected


def test_ten_thousand_waiting_images_cost_a_page_few_queries(
    draw: Draw, vera: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    template = draw()
    at = timezone.now() - timedelta(days=1)
    GeneratedImage.objects.bulk_create(
        GeneratedImage(
            team=template.team,
            requested_by=template.requested_by,
            prompt="Light",
            model="turbo",
            state="pending",
            sha256=f"{number:064x}",
            fingerprint=f"{random.Random(number).getrandbits(64):016x}",
            created_at=at + timedelta(seconds=number),
        )
        for number in range(10_000)
    )

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        image = queue.take(queue.waiting(), vera)
        assert image is not None
        assert queue.place(queue.waiting(), image).total == 10_001
        queue.alike(queue.waiting(), image, vera)
    assert len(list(queue.groups(queue.waiting(), vera))) > 9_000


def test_figures_tell_what_waits_how_long_decisions_take_and_who_decides(draw: Draw, vera: User, alice: User) -> None:
    now = timezone.now()
    for minutes in (10, 20, 90):
        image = draw(drawn_at=now - timedelta(minutes=minutes))
        approve(image, vera)
    reject(image, alice)
    reviewing.undo(by=alice)
    old = draw()
    approve(old, alice)
    Decision.objects.filter(image=old).update(at=now - timedelta(days=31))
    waiting = draw()

    found = figures.gathered()

    assert (found.waiting, found.oldest, found.decided) == (2, image.created_at, 3)
    assert waiting.created_at > image.created_at
    assert found.median is not None
    assert timedelta(minutes=19) < found.median < timedelta(minutes=22)
    assert [(one.reviewer, one.approved, one.rejected, one.undone) for one in found.shares] == [
        (vera, 3, 0, 0),
        (alice, 0, 1, 1),
    ]
