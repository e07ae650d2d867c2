"""The pages of review: the queue, many at once, what was decided, figures."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, User
from imaging.models import GeneratedImage
from tests.imaging.conftest import Draw, People
from tests.imaging.review.reviewers import address, browser, page, post, seen, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(make: Draw) -> GeneratedImage:
    return make("A light at sea")


def test_the_queue_shows_the_oldest_image_with_all_that_is_known(reviewer: Client, make: Draw) -> None:
    first, second = make("<b>The oldest</b>", description="A glow."), make("A younger one")

    shown = page(reviewer)

    for text in (
        "&lt;b&gt;The oldest&lt;/b&gt;",
        "A glow.",
        "bob",
        "Harbour",
        "turbo",
        "painter-1",
        "240 × 180",
        "1 of 2",
    ):
        assert text in shown
    assert reverse("imaging:picture", args=[first.pk]) in shown
    assert reverse("imaging:thumbnail", args=[second.pk]) in shown
    assert reviewer.get(reverse("imaging:picture", args=[first.pk])).status_code == 200


def test_images_of_all_teams_are_reviewed_and_can_be_filtered(reviewer: Client, make: Draw, charlie: User) -> None:
    make("From Harbour")
    make("From elsewhere", by="charlie")
    team = Membership.objects.get(user=charlie).team

    filtered = reviewer.get(reverse("admin:imaging_review"), {"team": str(team.pk)}).content.decode()
    assert "From elsewhere" in filtered
    assert "From Harbour" not in filtered
    assert f"?team={team.pk}" in filtered
    assert "No images match" in reviewer.get(reverse("admin:imaging_review"), {"age": "24"}).content.decode()
    assert "From Harbour" in reviewer.get(reverse("admin:imaging_review"), {"team": "x", "age": "y"}).content.decode()


def test_after_a_decision_comes_the_next_image(reviewer: Client, make: Draw) -> None:
    first, second = make("First"), make("Second")

    after = post(reviewer, "approve", seen=seen(first))

    assert "Image approved." in after
    assert reverse("imaging:picture", args=[second.pk]) in after
    last = post(reviewer, "reject", seen=seen(second), why="violence", note="A sword.")
    assert "No images to review." in last
    assert second.decisions.get().reason == "Violence or cruelty: A sword."
    assert states() == ["approved", "rejected"]


def test_rejecting_without_a_reason_shows_the_image_again(reviewer: Client, image: GeneratedImage) -> None:
    response = reviewer.post(reverse("admin:imaging_review_reject"), {"seen": seen(image)})

    assert response.status_code == 422
    assert "Enter a reason for rejecting." in response.content.decode()
    assert states() == ["pending"]


def test_a_note_that_is_too_long_is_not_lost(reviewer: Client, image: GeneratedImage) -> None:
    response = reviewer.post(reverse("admin:imaging_review_reject"), {"seen": seen(image), "note": "word " * 200})
    assert response.status_code == 422
    assert "word word" in response.content.decode()


def test_a_chosen_reason_is_not_kept_with_an_approval(reviewer: Client, image: GeneratedImage) -> None:
    post(reviewer, "approve", seen=seen(image), why="violence", note="Fine after all.")
    assert image.decisions.get().reason == "Fine after all."


def test_the_second_reviewer_is_told_and_sees_the_image_with_its_decision(
    reviewer: Client, people: People, image: GeneratedImage
) -> None:
    before = seen(image)
    post(browser(people["superuser"]), "reject", seen=before, note="Too bright.")

    told = post(reviewer, "approve", seen=before)

    assert "already rejected this image just now: Too bright." in told
    assert "Too bright." in told
    assert states() == ["rejected"]
    post(reviewer, "approve", seen=seen(image))
    assert states() == ["approved"]


def test_one_is_told_who_is_looking_and_gets_the_next(reviewer: Client, people: People, make: Draw) -> None:
    first, second = make("First"), make("Second")
    root = browser(people["superuser"])
    page(reviewer)

    assert reverse("imaging:picture", args=[second.pk]) in page(root)
    assert "root is reviewing this" in page(reviewer)  # among those that follow
    assert "vera is reviewing this" in page(root, "imaging_review_image", first.pk)
    assert root.post(address("imaging_review_claim", first)).json() == {"state": "pending", "held_by": "vera"}
    reviewer.post(address("imaging_review_release", first))
    assert root.post(address("imaging_review_claim", first)).json() == {"state": "pending", "held_by": ""}


def test_ones_own_image_is_skipped_and_has_no_buttons(reviewer: Client, make: Draw, settings: Settings) -> None:
    own = make("My own", by="vera")
    assert "1 image of yours is waiting for another reviewer" in page(reviewer)
    shown = page(reviewer, "imaging_review_image", own.pk)
    assert "This is your own image" in shown
    assert "review-approve" not in shown
    assert "This is your own image" in post(reviewer, "approve", seen=seen(own))
    assert states() == ["pending"]

    settings.REVIEW_OWN_IMAGES = True
    post(reviewer, "approve", seen=seen(own))
    assert states() == ["approved"]


def test_undo_brings_the_image_back(reviewer: Client, image: GeneratedImage) -> None:
    assert "There’s nothing to undo" in post(reviewer, "undo")
    post(reviewer, "approve", seen=seen(image))

    after = post(reviewer, "undo")

    assert "Decision undone. The image is back in the queue." in after
    assert reverse("imaging:picture", args=[image.pk]) in after
    assert states() == ["pending"]


def test_images_that_look_alike_are_decided_together(reviewer: Client, make: Draw) -> None:
    like = [make(f"Like {number}", like=7) for number in range(5)]
    make("Another")

    assert "4 similar images" in page(reviewer)
    assert "5 similar images, decided together" in page(reviewer, "imaging_review_many")
    after = post(reviewer, "approve", seen=[seen(image) for image in like[:4]])

    assert "4 images approved." in after
    assert states() == ["approved"] * 4 + ["pending", "pending"]


def test_many_at_once_have_a_result_each(reviewer: Client, people: People, make: Draw) -> None:
    fine, taken, own = make("Fine"), make("Taken"), make("Own", by="vera")
    ticked = [f"{seen(fine)} {seen(taken)}", seen(own)]
    post(browser(people["superuser"]), "approve", seen=seen(taken))

    results = post(reviewer, "many_reject", seen=ticked, why="wrong")

    assert "1 image rejected." in results
    assert "2 images not decided." in results
    assert "already approved this image just now." in results
    assert "This is your own image." in results
    assert states() == ["rejected", "approved", "pending"]


def test_what_is_ticked_stays_ticked_when_the_reason_is_missing(reviewer: Client, make: Draw) -> None:
    one, _two = make("One"), make("Two")
    response = reviewer.post(reverse("admin:imaging_review_many_reject"), {"seen": seen(one)})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Enter a reason for rejecting." in shown
    assert shown.count("checked") == 1
    assert "Select at least one image." in post(reviewer, "many_approve")


def test_the_grid_has_pages(reviewer: Client, make: Draw) -> None:
    for number in range(38):
        make(f"Light {number:02}")
    first = page(reviewer, "imaging_review_many")
    second = reviewer.get(reverse("admin:imaging_review_many"), {"page": "2"}).content.decode()
    assert "Light 00" in first
    assert "Light 37" not in first
    assert "Light 37" in second
    assert 'href="?page=2"' in first
    assert 'href="?page=1"' in second
    assert 'href="?page=3"' not in second
    for beyond in ("9", "0", "x", "99999999", "²"):
        assert reviewer.get(reverse("admin:imaging_review_many"), {"page": beyond}).status_code == 200


@pytest.mark.parametrize("name", ["approve", "reject"])
@pytest.mark.parametrize("sent", [{}, {"seen": "x"}, {"seen": "a:b:c"}])
def test_a_form_that_names_no_image_is_a_bad_request(name: str, sent: dict[str, str], reviewer: Client) -> None:
    assert reviewer.post(reverse(f"admin:imaging_review_{name}"), sent).status_code == 400


def test_a_deleted_image_is_gone(reviewer: Client, image: GeneratedImage) -> None:
    before = seen(image)
    GeneratedImage.objects.update(deleted_at=timezone.now())
    assert reviewer.get(address("imaging_review_image", image)).status_code == 404
    assert reviewer.post(reverse("admin:imaging_review_approve"), {"seen": before}).status_code == 404
    assert "This image was deleted" in post(reviewer, "many_approve", seen=before)


def test_decided_images_are_found_again(reviewer: Client, make: Draw) -> None:
    one, two, waiting = make("A lighthouse"), make("A harbour"), make("Waiting")
    post(reviewer, "approve", seen=seen(one))
    post(reviewer, "reject", seen=seen(two), note="Too bright.")

    def found(**query: str) -> list[bool]:
        shown = reviewer.get(reverse("admin:imaging_review_decided"), query).content.decode()
        return [address("imaging_review_image", image) in shown for image in (one, two, waiting)]

    assert found() == [True, True, False]
    assert found(state="approved") == [True, False, False]
    assert found(state="pending") == [True, True, False]
    assert found(q="lighthouse") == [True, False, False]
    assert found(q="bright") == [False, True, False]
    assert found(q="100%_") == [False, False, False]


def test_figures_name_the_reviewers(reviewer: Client, image: GeneratedImage) -> None:
    assert "No decisions yet." in page(reviewer, "imaging_review_figures")
    post(reviewer, "approve", seen=seen(image))
    shown = page(reviewer, "imaging_review_figures")
    assert "(you)" in shown
    assert "Median time to decision (last 30 days)" in shown
