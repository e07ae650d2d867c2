"""Review in the administration: who gets in, what they see there, and what they can do."""

import csv
import io
from collections.abc import Callable, Mapping

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, Team, User
from imaging.models import Decision, GeneratedImage
from tests.imaging import queueing

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "member", "owner", "staff", "reviewer", "superuser")
MAY = {"reviewer", "superuser"}
READING = {
    "imaging_review": 200,
    "imaging_review_image": 200,
    "imaging_review_many": 200,
    "imaging_review_decided": 200,
    "imaging_review_figures": 200,
    "imaging_review_export": 200,
    "imaging_decision_changelist": 200,
    "imaging_decision_change": 200,
}
WRITING = {
    "imaging_review_approve": 302,
    "imaging_review_reject": 302,
    "imaging_review_undo": 302,
    "imaging_review_claim": 200,
    "imaging_review_release": 204,
    "imaging_review_many_approve": 200,
    "imaging_review_many_reject": 200,
}
Make = Callable[..., GeneratedImage]


@pytest.fixture
def people(harbour: Team, alice: User, bob: User, vera: User) -> Mapping[str, User]:
    staff = User.objects.create_user("stella", is_staff=True)
    staff.user_permissions.set(Permission.objects.exclude(codename="review_images"))
    vera.user_permissions.add(Permission.objects.get(codename="review_images"))
    root = User.objects.create_superuser("root")
    return {"member": bob, "owner": alice, "staff": staff, "reviewer": vera, "superuser": root}


@pytest.fixture
def make(people: Mapping[str, User]) -> Make:
    """`make("A light", by="bob")` puts a pending image with its bytes into the queue."""
    numbers = iter(range(1_000))

    def pending(prompt: str, by: str = "bob", **fields: object) -> GeneratedImage:
        like = fields.pop("like", None)
        waiting: queueing.Waiting = {"prompt": prompt, "by": by, "fields": fields}
        if isinstance(like, int):
            waiting["like"] = like
        made: GeneratedImage = queueing.make(waiting, next(numbers))
        return made

    return pending


@pytest.fixture
def image(make: Make) -> GeneratedImage:
    return make("A light at sea")


def browser(person: User | None) -> Client:
    client = Client()
    if person:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def reviewer(people: Mapping[str, User]) -> Client:
    return browser(people["reviewer"])


def seen(image: GeneratedImage) -> str:
    last = image.decisions.order_by("-id").values_list("pk", flat=True).first() or 0
    return f"{image.pk}:{GeneratedImage.objects.get(pk=image.pk).state}:{last}"


def post(client: Client, name: str, **data: object) -> str:
    """The page that follows."""
    return client.post(reverse(f"admin:imaging_review_{name}"), data, follow=True).content.decode()


def page(client: Client, name: str = "imaging_review", *args: object) -> str:
    response = client.get(reverse(f"admin:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def states() -> list[str]:
    return list(GeneratedImage.objects.order_by("created_at", "id").values_list("state", flat=True))


def address(name: str, image: GeneratedImage) -> str:
    if name in {"imaging_review_image", "imaging_review_claim", "imaging_review_release"}:
        return reverse(f"admin:{name}", args=[image.pk])
    if name == "imaging_decision_change":
        return reverse(f"admin:{name}", args=[image.decisions.get().pk])
    return reverse(f"admin:{name}")


@pytest.mark.parametrize("role", ROLES)
def test_every_address_is_for_reviewers_alone(role: str, people: Mapping[str, User], make: Make) -> None:
    decided = make("A decided one", state="rejected")
    Decision.objects.create(image=decided, by=people["owner"], verdict="rejected", reason="Too bright.")
    for name, status in READING.items():
        response = browser(people.get(role)).get(address(name, decided))
        expected = {status} if role in MAY else {302, 403}
        assert response.status_code in expected, name
        assert response.status_code != 403 or role == "staff", name
    for name, status in WRITING.items():
        waiting = make("A waiting one")
        response = browser(people.get(role)).post(address(name, waiting), {"seen": seen(waiting), "why": "wrong"})
        waiting.refresh_from_db()
        assert response.status_code == (status if role in MAY else 403 if role == "staff" else 302), name
        if role not in MAY:
            assert (waiting.state, waiting.claimed_by) == ("pending", None), name
            assert "Too bright" not in response.content.decode()


@pytest.mark.parametrize("name", [name for name in (*READING, *WRITING) if "review" in name])
def test_other_methods_are_refused(
    name: str, reviewer: Client, people: Mapping[str, User], image: GeneratedImage
) -> None:
    Decision.objects.create(image=image, by=people["owner"], verdict="rejected", reason="Too bright.")
    send = reviewer.get if name in WRITING else reviewer.post
    assert send(address(name, image)).status_code == 405


@pytest.mark.parametrize("name", WRITING)
def test_writing_needs_the_token_of_the_form(name: str, people: Mapping[str, User], image: GeneratedImage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address(name, image), {"seen": seen(image)}).status_code == 403
    assert states() == ["pending"]


def test_whoever_is_not_signed_in_goes_through_the_products_own_door(people: Mapping[str, User]) -> None:
    response = Client().get(reverse("admin:imaging_review"), follow=True)

    assert response.redirect_chain[-1][0] == f"{reverse('login')}?next={reverse('admin:imaging_review')}"
    assert "Username" in response.content.decode()


@pytest.mark.parametrize(("role", "opens"), [("member", 403), ("owner", 403), ("reviewer", 200), ("staff", 200)])
def test_the_front_page_opens_for_staff_and_reviewers(role: str, opens: int, people: Mapping[str, User]) -> None:
    assert browser(people[role]).get(reverse("admin:index"), follow=True).status_code == opens
    assert browser(people[role]).get(reverse("admin:login"), follow=True).status_code == opens


def test_a_reviewer_sees_review_and_nothing_else(reviewer: Client, people: Mapping[str, User], make: Make) -> None:
    people["reviewer"].user_permissions.set(Permission.objects.all())
    make("A light at sea")

    front = page(reviewer, "index")

    assert "Waiting for review (1)" in front
    assert "Recent actions" not in front
    for address in (
        "accounts/user/",
        "accounts/team/",
        "auth/group/",
        "chat/answer/",
        "imaging/",
        "accounts/",
        "nowhere",
    ):
        assert f'href="/admin/{address}"' not in front
        response = reviewer.get(f"/admin/{address}", follow=True)
        assert response.status_code == 403, address
        assert "not open to you" in response.content.decode()
    assert reviewer.post(reverse("admin:accounts_team_add"), {"name": "Mine"}).status_code == 302
    assert not Team.objects.filter(name="Mine").exists()


def test_staff_and_superusers_see_what_they_always_saw(people: Mapping[str, User], image: GeneratedImage) -> None:
    staff, root = page(browser(people["staff"]), "index"), page(browser(people["superuser"]), "index")
    for front in (staff, root):
        assert reverse("admin:accounts_user_changelist") in front
        assert reverse("admin:chat_answer_changelist") in front
    assert "review" not in staff.lower()
    assert reverse("admin:imaging_review") in root
    assert reverse("admin:imaging_decision_changelist") in root


def test_the_front_page_counts_what_waits(reviewer: Client, make: Make) -> None:
    assert "No image waits for review." in page(reviewer, "index")
    make("One")
    assert "<strong>1 image</strong> waits for review" in page(reviewer, "index")
    make("Two")
    make("Three", state="approved")
    assert "<strong>2 images</strong> wait for review" in page(reviewer, "index")


def test_a_reviewer_who_loses_the_permission_is_out_at_once(reviewer: Client, people: Mapping[str, User]) -> None:
    page(reviewer)
    people["reviewer"].user_permissions.clear()
    assert reviewer.get(reverse("admin:imaging_review")).status_code == 302


def test_the_queue_shows_the_oldest_image_with_all_that_is_known(reviewer: Client, make: Make) -> None:
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


def test_images_of_all_teams_are_reviewed_and_can_be_filtered(reviewer: Client, make: Make, charlie: User) -> None:
    make("From Harbour")
    make("From elsewhere", by="charlie")
    team = Membership.objects.get(user=charlie).team

    filtered = reviewer.get(reverse("admin:imaging_review"), {"team": str(team.pk)}).content.decode()
    assert "From elsewhere" in filtered
    assert "From Harbour" not in filtered
    assert f"?team={team.pk}" in filtered
    assert "No image in this part" in reviewer.get(reverse("admin:imaging_review"), {"age": "24"}).content.decode()
    assert "From Harbour" in reviewer.get(reverse("admin:imaging_review"), {"team": "x", "age": "y"}).content.decode()


def test_after_a_decision_comes_the_next_image(reviewer: Client, make: Make) -> None:
    first, second = make("First"), make("Second")

    after = post(reviewer, "approve", seen=seen(first))

    assert "Approved." in after
    assert reverse("imaging:picture", args=[second.pk]) in after
    last = post(reviewer, "reject", seen=seen(second), why="violence", note="A sword.")
    assert "No image waits for you." in last
    assert second.decisions.get().reason == "Violence or cruelty: A sword."
    assert states() == ["approved", "rejected"]


def test_rejecting_without_a_reason_shows_the_image_again(reviewer: Client, image: GeneratedImage) -> None:
    response = reviewer.post(reverse("admin:imaging_review_reject"), {"seen": seen(image)})

    assert response.status_code == 422
    assert "Say why you reject it." in response.content.decode()
    assert states() == ["pending"]


def test_a_note_that_is_too_long_is_not_lost(reviewer: Client, image: GeneratedImage) -> None:
    response = reviewer.post(reverse("admin:imaging_review_reject"), {"seen": seen(image), "note": "word " * 200})
    assert response.status_code == 422
    assert "word word" in response.content.decode()


def test_a_chosen_reason_is_not_kept_with_an_approval(reviewer: Client, image: GeneratedImage) -> None:
    post(reviewer, "approve", seen=seen(image), why="violence", note="Fine after all.")
    assert image.decisions.get().reason == "Fine after all."


def test_the_second_reviewer_is_told_and_sees_the_image_with_its_decision(
    reviewer: Client, people: Mapping[str, User], image: GeneratedImage
) -> None:
    before = seen(image)
    post(browser(people["superuser"]), "reject", seen=before, note="Too bright.")

    told = post(reviewer, "approve", seen=before)

    assert "was first and rejected this image just now: Too bright." in told
    assert "Too bright." in told
    assert states() == ["rejected"]
    post(reviewer, "approve", seen=seen(image))
    assert states() == ["approved"]


def test_one_is_told_who_is_looking_and_gets_the_next(reviewer: Client, people: Mapping[str, User], make: Make) -> None:
    first, second = make("First"), make("Second")
    root = browser(people["superuser"])
    page(reviewer)

    assert reverse("imaging:picture", args=[second.pk]) in page(root)
    assert "root is looking at this" in page(reviewer)  # among those that follow
    assert "vera is looking at this." in page(root, "imaging_review_image", first.pk)
    assert root.post(address("imaging_review_claim", first)).json() == {"state": "pending", "held_by": "vera"}
    reviewer.post(address("imaging_review_release", first))
    assert root.post(address("imaging_review_claim", first)).json() == {"state": "pending", "held_by": ""}


def test_ones_own_image_is_skipped_and_has_no_buttons(reviewer: Client, make: Make, settings: Settings) -> None:
    own = make("My own", by="vera")
    assert "One image of your own waits for somebody else" in page(reviewer)
    shown = page(reviewer, "imaging_review_image", own.pk)
    assert "This is your own image" in shown
    assert "review-approve" not in shown
    assert "This is your own image" in post(reviewer, "approve", seen=seen(own))
    assert states() == ["pending"]

    settings.REVIEW_OWN_IMAGES = True
    post(reviewer, "approve", seen=seen(own))
    assert states() == ["approved"]


def test_undo_brings_the_image_back(reviewer: Client, image: GeneratedImage) -> None:
    assert "There is nothing to undo" in post(reviewer, "undo")
    post(reviewer, "approve", seen=seen(image))

    after = post(reviewer, "undo")

    assert "Undone: the image waits again." in after
    assert reverse("imaging:picture", args=[image.pk]) in after
    assert states() == ["pending"]


def test_images_that_look_alike_are_decided_together(reviewer: Client, make: Make) -> None:
    like = [make(f"Like {number}", like=7) for number in range(5)]
    make("Another")

    assert "4 more look like this one" in page(reviewer)
    assert "5 alike, decided together" in page(reviewer, "imaging_review_many")
    after = post(reviewer, "approve", seen=[seen(image) for image in like[:4]])

    assert "Approved: 4 images." in after
    assert states() == ["approved"] * 4 + ["pending", "pending"]


def test_many_at_once_have_a_result_each(reviewer: Client, people: Mapping[str, User], make: Make) -> None:
    fine, taken, own = make("Fine"), make("Taken"), make("Own", by="vera")
    ticked = [f"{seen(fine)} {seen(taken)}", seen(own)]
    post(browser(people["superuser"]), "approve", seen=seen(taken))

    results = post(reviewer, "many_reject", seen=ticked, why="wrong")

    assert "1 image rejected." in results
    assert "Not decided: 2." in results
    assert "was first and approved this image just now." in results
    assert "This is your own image." in results
    assert states() == ["rejected", "approved", "pending"]


def test_what_is_ticked_stays_ticked_when_the_reason_is_missing(reviewer: Client, make: Make) -> None:
    one, _two = make("One"), make("Two")
    response = reviewer.post(reverse("admin:imaging_review_many_reject"), {"seen": seen(one)})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Say why you reject it." in shown
    assert shown.count("checked") == 1
    assert "Select at least one image." in post(reviewer, "many_approve")


def test_the_grid_has_pages(reviewer: Client, make: Make) -> None:
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
    assert "This image is gone" in post(reviewer, "many_approve", seen=before)


def test_decided_images_are_found_again(reviewer: Client, make: Make) -> None:
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
    assert "Nobody has decided anything yet." in page(reviewer, "imaging_review_figures")
    post(reviewer, "approve", seen=seen(image))
    shown = page(reviewer, "imaging_review_figures")
    assert "(you)" in shown
    assert "Median time to a decision, 30 days" in shown


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_the_table_is_a_formula(start: str, reviewer: Client, make: Make, bob: User) -> None:
    image = make(f"{start}HYPERLINK(1)")
    User.objects.filter(pk=bob.pk).update(full_name=f"{start}1+1")
    post(reviewer, "reject", seen=seen(image), note="=cmd()")

    response = reviewer.get(reverse("admin:imaging_review_export"))
    rows = list(csv.DictReader(io.StringIO(b"".join(response).decode())))  # type: ignore[arg-type]

    assert "attachment" in response["Content-Disposition"]
    assert rows[0]["prompt"] == f"'{start}HYPERLINK(1)"
    assert rows[0]["verdict"] == "rejected"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_nobody_changes_or_deletes_a_record_not_even_a_superuser(
    people: Mapping[str, User], reviewer: Client, image: GeneratedImage
) -> None:
    post(reviewer, "approve", seen=seen(image))
    decision, root = image.decisions.get(), browser(people["superuser"])
    for client in (reviewer, root):
        changed = {"verdict": "rejected", "reason": "Else.", "by": str(people["superuser"].pk)}
        assert client.post(reverse("admin:imaging_decision_change", args=[decision.pk]), changed).status_code == 403
    assert root.post(reverse("admin:imaging_decision_delete", args=[decision.pk]), {"post": "yes"}).status_code == 403
    assert root.post(reverse("admin:imaging_decision_add"), {}).status_code == 403
    listed = reverse("admin:imaging_decision_changelist")
    root.post(listed, {"action": "delete_selected", "_selected_action": [decision.pk], "post": "yes"})
    team = reverse("admin:accounts_team_delete", args=[image.team_id])
    assert root.post(team, {"post": "yes"}).status_code == 403

    assert Team.objects.filter(pk=image.team_id).exists()
    assert list(Decision.objects.values_list("verdict", "reason", "by__username")) == [("approved", "", "vera")]


def test_no_page_of_review_holds_code_or_style(reviewer: Client, image: GeneratedImage) -> None:
    for name in ("imaging_review", "imaging_review_many", "imaging_review_decided", "imaging_review_figures", "index"):
        shown = page(reviewer, name)
        assert "<style" not in shown
        assert " style=" not in shown
        assert "<script>" not in shown
