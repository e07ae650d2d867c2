"""The queue of review: who looks at which image, what looks alike, and the figures."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, Team, User
from imaging import fingerprints
from imaging.models import Decision, GeneratedImage
from imaging.review import claims, decisions, queue, similarity, stats
from tests.imaging.conftest import Draw
from tests.imaging.review.pending_images import painted
from tests.imaging.review.reviewers import approve, reject
from tests.imaging.stored_images import fingerprint_of
from tests.racing import at_once

State, Verdict = GeneratedImage.State, Decision.Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reviewers(harbour: Team, alice: User, bob: User, vera: User) -> None:
    """Everybody in these tests reviews the Harbour's images."""
    Membership.objects.filter(team=harbour).update(is_reviewer=True)


@pytest.fixture
def image(draw: Draw) -> GeneratedImage:
    return draw()


def test_two_reviewers_get_two_images(draw: Draw, vera: User, alice: User) -> None:
    first, second = draw(), draw()

    assert queue.claim_next(queue.pending_images(vera), vera) == first
    assert queue.claim_next(queue.pending_images(alice), alice) == second
    assert queue.claim_next(queue.pending_images(vera), vera) == first
    assert claims.claim_holder(queue.pending_images(vera).get(pk=first.pk), alice) == vera
    assert claims.claim_holder(queue.pending_images(vera).get(pk=first.pk), vera) is None


@pytest.mark.django_db(transaction=True)
def test_reviewers_who_come_in_the_same_moment_get_different_images(draw: Draw, harbour: Team) -> None:
    for _ in range(4):
        draw()
    reviewers = [User.objects.create_user(f"reviewer-{number}") for number in range(4)]
    for reviewer in reviewers:
        Membership.objects.create(team=harbour, user=reviewer, is_reviewer=True)
    people = iter(reviewers)

    def claim() -> GeneratedImage | None:
        person = next(people)
        return queue.claim_next(queue.pending_images(person), person)

    taken = at_once(4, claim)

    assert len({image.pk for image in taken if image}) == 4


def test_when_all_are_looked_at_one_sees_by_whom(image: GeneratedImage, vera: User, alice: User) -> None:
    queue.claim_next(queue.pending_images(vera), vera)
    shown = queue.claim_next(queue.pending_images(alice), alice)
    assert shown == image
    assert claims.claim_holder(shown, alice) == vera


def test_a_claim_runs_out_and_can_be_renewed_or_given_up(image: GeneratedImage, vera: User, alice: User) -> None:
    assert claims.claim_image(image=image, by=vera)
    assert not claims.claim_image(image=image, by=alice)
    assert claims.claim_image(image=image, by=vera)
    assert timedelta(minutes=2) == claims.LASTS
    claims.release_image(image=image, by=alice)
    assert not claims.claim_image(image=image, by=alice)

    GeneratedImage.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert claims.claim_image(image=image, by=alice)
    claims.release_image(image=image, by=alice)
    assert claims.claim_image(image=image, by=vera)


def test_a_claim_keeps_nobody_from_deciding(image: GeneratedImage, vera: User, alice: User) -> None:
    claims.claim_image(image=image, by=vera)
    approve(image, alice)
    assert GeneratedImage.objects.get().claimed_by is None
    assert not claims.claim_image(image=image, by=vera)


def test_the_queue_goes_on_after_what_was_skipped_and_begins_anew_at_its_end(draw: Draw, vera: User) -> None:
    first, second, third = draw(), draw(), draw()
    own = draw(requested_by=vera)

    assert queue.claim_next(queue.pending_images(vera), vera, beyond=second) == third
    assert queue.claim_next(queue.pending_images(vera), vera, beyond=third) == first
    place = queue.queue_position(queue.pending_images(vera), second)
    assert (place.before, place.total, place.previous, list(place.following)) == (1, 4, first, [third, own])


def test_nothing_is_taken_from_an_empty_queue_or_one_of_own_images(draw: Draw, vera: User) -> None:
    assert queue.claim_next(queue.pending_images(vera), vera) is None
    draw(requested_by=vera)
    assert queue.claim_next(queue.pending_images(vera), vera) is None


def test_versions_of_a_picture_are_alike_and_others_are_not(draw: Draw, vera: User) -> None:
    small, large, speck = painted(1), painted(1, size=(480, 360)), painted(1, speck=77)
    images = [draw(fingerprint=fingerprint_of(data)) for data in (small, painted(2), large, speck)]
    without = draw(fingerprint="")

    found = queue.similar_images(queue.pending_images(vera), queue.pending_images(vera).get(pk=images[0].pk), vera)

    assert found == [images[2], images[3]]
    ids = [[image.pk for image in group] for group in ([images[0], images[2], images[3]], [images[1]], [without])]
    assert list(queue.similar_groups(queue.pending_images(vera), vera)) == ids


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
            near = [
                at for at, two in enumerate(numbers) if (int(one, 16) ^ int(two, 16)).bit_count() <= fingerprints.NEAR
            ]
            expected.append([at for at in near if at not in taken])
            taken.update(near)

    assert list(similarity.group_fingerprints(numbers)) == expected


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
        image = queue.claim_next(queue.pending_images(vera), vera)
        assert image is not None
        assert queue.queue_position(queue.pending_images(vera), image).total == 10_001
        queue.similar_images(queue.pending_images(vera), image, vera)
    assert len(list(queue.similar_groups(queue.pending_images(vera), vera))) > 9_000


def test_figures_tell_what_waits_how_long_decisions_take_and_who_decides(draw: Draw, vera: User, alice: User) -> None:
    now = timezone.now()
    for minutes in (10, 20, 90):
        image = draw(drawn_at=now - timedelta(minutes=minutes))
        approve(image, vera)
    reject(image, alice)
    decisions.undo(by=alice)
    old = draw()
    approve(old, alice)
    Decision.objects.filter(image=old).update(at=now - timedelta(days=31))
    waiting = draw()

    found = stats.review_figures(vera)

    assert (found.waiting, found.oldest, found.decided) == (2, image.created_at, 3)
    assert waiting.created_at > image.created_at
    assert found.median is not None
    assert timedelta(minutes=19) < found.median < timedelta(minutes=22)
    assert [(one.reviewer, one.approved, one.rejected, one.undone) for one in found.shares] == [
        (vera, 3, 0, 0),
        (alice, 0, 1, 1),
    ]
