"""What images cost, in the rows that limits and the costs page read."""

import csv
import io
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.errors import LimitReached
from accounts.models import Membership, Spending, Team, User
from accounts.services import budgets
from chat.answers import cost as answer_cost
from imaging.generation import cost, offers
from imaging.generation import service as generation
from imaging.generation.service import DrawProblem, DrawWish
from imaging.models import GeneratedImage
from imaging.storage import StoredPicture
from tests.questions import words
from upstream.drawing import ImageResponse, ResponseImage

pytestmark = pytest.mark.django_db

WISH = DrawWish("A boat", service="images", model="gpt-image-1", size="1024x1536")
KEPT = StoredPicture("a" * 64, "b" * 64, "image/png", 10, 1024, 1536, "0" * 16)


@pytest.fixture(autouse=True)
def connected(settings: Settings) -> None:
    settings.IMAGES_BASE_URL = "http://images.example"
    settings.IMAGES_MODELS = ["gpt-image-1", "other"]
    settings.IMAGES_PRICES = {"gpt-image-1": Decimal("0.04"), "gpt-image-1@1024x1536": Decimal("0.06")}


def request(team: Team, by: User, *, wish: DrawWish = WISH, count: int = 1) -> list[GeneratedImage]:
    """Images that a process holds by now, and that the service was asked for."""
    images = generation.request_images(team=team, by=by, wish=wish, key=uuid.uuid4(), count=count)
    GeneratedImage.objects.update(lease_holder=team.pk)
    for image in images:
        assert generation.note_asked(image_id=image.pk, holder=team.pk)
    return images


def response(pictures: int = 1) -> ImageResponse:
    return ImageResponse("req_1", "gpt-image-1", "A boat", [ResponseImage(data=b"x") for _ in range(pictures)])


def answer(image: GeneratedImage, pictures: int = 1) -> None:
    generation.keep_response(
        image_id=image.pk, holder=image.team_id, response=response(pictures), kept=[KEPT] * pictures
    )


def test_a_price_is_reserved_for_each_image_and_settled_by_the_answer(harbour: Team, bob: User) -> None:
    one, _other = request(harbour, bob, count=2)
    rows = Spending.objects.order_by("pk")
    assert [(row.kind, row.provider, row.reserved, row.cost) for row in rows] == [
        ("image", "images", Decimal("0.06"), None)
    ] * 2
    answer(one)
    assert [(row.cost, row.basis) for row in rows.all()] == [(Decimal("0.06"), "estimated"), (None, "")]
    assert GeneratedImage.objects.get(pk=one.pk).state == "pending"


def test_more_pictures_than_were_asked_for_cost_more(harbour: Team, bob: User) -> None:
    [image] = request(harbour, bob)
    answer(image, pictures=2)
    assert Spending.objects.get().cost == Decimal("0.12")
    assert GeneratedImage.objects.filter(price=Decimal("0.06"), state="pending").count() == 2


@pytest.mark.parametrize(("was_charged", "counted"), [(True, ("0.06", "estimated")), (False, ("0", ""))])
def test_a_failure_costs_what_may_have_been_charged(
    harbour: Team, bob: User, was_charged: bool, counted: tuple[str, str]
) -> None:
    [image] = request(harbour, bob)
    problem = DrawProblem("down", "It broke.")
    generation.fail_image(image_id=image.pk, holder=harbour.pk, problem=problem, was_charged=was_charged)
    row = Spending.objects.get()
    assert (row.cost, row.basis) == (Decimal(counted[0]), counted[1])


def test_what_was_never_asked_for_costs_nothing_however_it_failed(harbour: Team, bob: User) -> None:
    [image] = request(harbour, bob)
    GeneratedImage.objects.update(asked_at=None)
    problem = DrawProblem("ours", "Something went wrong.")
    generation.fail_image(image_id=image.pk, holder=harbour.pk, problem=problem, was_charged=True)
    assert Spending.objects.get().cost == 0


def test_a_picture_that_is_lost_after_the_answer_stays_paid_for(harbour: Team, bob: User) -> None:
    [image] = request(harbour, bob)
    elsewhere = ImageResponse("req_1", "m", "A boat", [ResponseImage(url="https://pictures.example/1.png")])
    missing = generation.keep_response(image_id=image.pk, holder=harbour.pk, response=elsewhere, kept=[None])
    assert missing == [(image.pk, "https://pictures.example/1.png")]
    generation.fail_image(image_id=image.pk, holder=harbour.pk, problem=DrawProblem("picture_lost", "Lost."))
    assert Spending.objects.get().cost == Decimal("0.06")


def test_an_image_that_is_deleted_while_it_waits_is_not_asked_for(harbour: Team, bob: User) -> None:
    [image] = generation.request_images(team=harbour, by=bob, wish=WISH, key=uuid.uuid4())
    GeneratedImage.objects.update(lease_holder=harbour.pk, deleted_at=timezone.now())
    assert not generation.note_asked(image_id=image.pk, holder=harbour.pk)


def test_drawing_again_is_bound_to_limits_too(harbour: Team, bob: User) -> None:
    [image] = request(harbour, bob)
    GeneratedImage.objects.update(state="failed")
    Team.objects.update(monthly_limit=Decimal("0.10"))
    with pytest.raises(LimitReached):
        generation.request_image_again(image=image, by=bob, key=uuid.uuid4())
    Team.objects.update(monthly_limit=Decimal("0.12"))
    again = generation.request_image_again(image=image, by=bob, key=uuid.uuid4())
    assert (again.service, again.model, again.wished_size, again.price) == (
        "images",
        "gpt-image-1",
        "1024x1536",
        Decimal("0.06"),
    )


def test_a_process_that_lost_the_image_settles_nothing(harbour: Team, bob: User) -> None:
    [image] = request(harbour, bob)
    stranger = uuid.uuid4()
    assert not generation.fail_image(image_id=image.pk, holder=stranger, problem=DrawProblem("down", "It broke."))
    assert generation.keep_response(image_id=image.pk, holder=stranger, response=response(), kept=[KEPT]) == []
    assert Spending.objects.get().cost is None


def test_of_the_images_of_a_form_those_are_made_that_a_limit_leaves_room_for(harbour: Team, bob: User) -> None:
    Team.objects.update(monthly_limit=Decimal("0.15"))
    assert len(request(harbour, bob, count=3)) == 2
    assert (GeneratedImage.objects.count(), Spending.objects.count()) == (2, 2)
    with pytest.raises(LimitReached, match="an image of this kind costs"):
        request(harbour, bob, count=3)
    assert (GeneratedImage.objects.count(), Spending.objects.count()) == (2, 2)


def test_a_used_up_limit_stops_what_has_no_price_but_not_what_is_free(
    harbour: Team, bob: User, settings: Settings
) -> None:
    Membership.objects.filter(user=bob).update(monthly_limit=0)
    with pytest.raises(LimitReached, match="Your monthly limit"):
        request(harbour, bob, wish=DrawWish("A boat", service="images", model="other"))
    settings.IMAGES_PRICES = {"*": Decimal(0)}
    request(harbour, bob, wish=DrawWish("A boat", service="images", model="other"))
    request(harbour, bob, wish=DrawWish("A boat", service="gateway", model="sonar"))
    assert Spending.objects.count() == 0


@pytest.mark.parametrize(
    ("model", "size", "price"),
    [
        ("gpt-image-1", "1024x1536", "0.06"),
        ("gpt-image-1", "512x512", "0.04"),
        ("gpt-image-1", "", "0.04"),
        ("other", "512x512", "0.02"),
        ("other", "", "0.01"),
    ],
)
def test_the_closest_price_counts(settings: Settings, model: str, size: str, price: str) -> None:
    settings.IMAGES_PRICES |= {"*": Decimal("0.01"), "*@512x512": Decimal("0.02")}
    assert offers.price_of("images", model=model, size=size) == Decimal(price)
    settings.IMAGES_PRICES = {}
    assert offers.price_of("images", model=model, size=size) is None
    assert offers.price_of("gateway", model=model, size=size) == 0


def test_what_a_process_left_behind_counts_in_full_and_only_once_it_is_over(harbour: Team, bob: User) -> None:
    drawing, failed, removed, recent = request(harbour, bob, count=4)
    Spending.objects.exclude(answer_id=recent.pk).update(asked_at=timezone.now() - timedelta(hours=2))
    GeneratedImage.objects.filter(pk__in=[failed.pk, recent.pk]).update(state="failed")
    GeneratedImage.objects.filter(pk=removed.pk).delete()
    assert answer_cost.settle_leftovers() == 0  # they are no answers
    assert cost.settle_left_behind() == 2
    counted = {row.answer_id: row.cost for row in Spending.objects.all()}
    assert counted == {
        drawing.pk: None,
        failed.pk: Decimal("0.06"),
        removed.pk: Decimal("0.06"),
        recent.pk: None,
    }


def test_pages_tell_images_from_answers(harbour: Team, alice: User, bob: User) -> None:
    for image in request(harbour, bob, count=2):
        answer(image)
    total = budgets.own_spending(list(Membership.objects.filter(user=bob, team=harbour)), budgets.this_month())
    assert [(own.total.answers, own.total.images, own.total.cost) for own in total] == [(0, 2, Decimal("0.12"))]
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    said = words(client.get("/costs/").content.decode().split("<main", 1)[1])
    assert "$0.12 0 answers · 2 images" in said
    assert "gpt-image-1 0 2 $0.00 $0.12 $0.12" in said
    assert "Most expensive conversations" not in said
    table = b"".join(client.get("/costs/answers.csv").streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [(row["provider"], row["cost_usd"], row["conversation"]) for row in rows] == [("images", "0.06", "")] * 2
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert "$0.12 for 0 answers and 2 images" in words(client.get(reverse("accounts:me")).content.decode())
