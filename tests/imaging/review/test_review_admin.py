"""Review in the administration: who gets in, what they see there, and what they can do."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from imaging.models import Decision, GeneratedImage
from tests.imaging.conftest import Draw, People
from tests.imaging.review.reviewers import address, browser, page, post, seen, states

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


@pytest.fixture
def image(make: Draw) -> GeneratedImage:
    return make("A light at sea")


@pytest.mark.parametrize("role", ROLES)
def test_every_address_is_for_reviewers_alone(role: str, people: People, make: Draw) -> None:
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
def test_other_methods_are_refused(name: str, reviewer: Client, people: People, image: GeneratedImage) -> None:
    Decision.objects.create(image=image, by=people["owner"], verdict="rejected", reason="Too bright.")
    send = reviewer.get if name in WRITING else reviewer.post
    assert send(address(name, image)).status_code == 405


@pytest.mark.parametrize("name", WRITING)
def test_writing_needs_the_token_of_the_form(name: str, people: People, image: GeneratedImage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address(name, image), {"seen": seen(image)}).status_code == 403
    assert states() == ["pending"]


def test_whoever_is_not_signed_in_goes_through_the_products_own_door(people: People) -> None:
    response = Client().get(reverse("admin:imaging_review"), follow=True)

    assert response.redirect_chain[-1][0] == f"{reverse('login')}?next={reverse('admin:imaging_review')}"
    assert "Username" in response.content.decode()


@pytest.mark.parametrize(("role", "opens"), [("member", 403), ("owner", 403), ("reviewer", 200), ("staff", 200)])
def test_the_front_page_opens_for_staff_and_reviewers(role: str, opens: int, people: People) -> None:
    assert browser(people[role]).get(reverse("admin:index"), follow=True).status_code == opens
    assert browser(people[role]).get(reverse("admin:login"), follow=True).status_code == opens


def test_a_reviewer_sees_review_and_nothing_else(reviewer: Client, people: People, make: Draw) -> None:
    people["reviewer"].user_permissions.set(Permission.objects.all())
    make("A light at sea")

    front = page(reviewer, "index")

    assert "Waiting for review (1)" in front
    assert "Recent actions" not in front
    for path in (
        "accounts/user/",
        "accounts/team/",
        "auth/group/",
        "chat/answer/",
        "imaging/",
        "accounts/",
        "nowhere",
    ):
        assert f'href="/admin/{path}"' not in front
        response = reviewer.get(f"/admin/{path}", follow=True)
        assert response.status_code == 403, path
        assert "You don’t have access to this part" in response.content.decode()
    assert reviewer.post(reverse("admin:accounts_team_add"), {"name": "Mine"}).status_code == 302
    assert not Team.objects.filter(name="Mine").exists()


def test_staff_and_superusers_see_what_they_always_saw(people: People, image: GeneratedImage) -> None:
    staff, root = page(browser(people["staff"]), "index"), page(browser(people["superuser"]), "index")
    for front in (staff, root):
        assert reverse("admin:accounts_user_changelist") in front
        assert reverse("admin:chat_answer_changelist") in front
    assert "review" not in staff.lower()
    assert reverse("admin:imaging_review") in root
    assert reverse("admin:imaging_decision_changelist") in root


def test_the_front_page_counts_what_waits(reviewer: Client, make: Draw) -> None:
    assert "No images to review." in page(reviewer, "index")
    make("One")
    assert "1 image is waiting for review" in page(reviewer, "index")
    make("Two")
    make("Three", state="approved")
    assert "2 images are waiting for review" in page(reviewer, "index")


def test_a_reviewer_who_loses_the_permission_is_out_at_once(reviewer: Client, people: People) -> None:
    page(reviewer)
    people["reviewer"].user_permissions.clear()
    assert reviewer.get(reverse("admin:imaging_review")).status_code == 302


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_the_table_is_a_formula(start: str, reviewer: Client, make: Draw, bob: User) -> None:
    image = make(f"{start}HYPERLINK(1)")
    User.objects.filter(pk=bob.pk).update(full_name=f"{start}1+1")
    post(reviewer, "reject", seen=seen(image), note="=cmd()")

    response = reviewer.get(reverse("admin:imaging_review_export"))
    rows = list(csv.DictReader(io.StringIO(b"".join(response).decode())))  # type: ignore[arg-type]

    assert "attachment" in response["Content-Disposition"]
    assert rows[0]["prompt"] == f"'{start}HYPERLINK(1)"
    assert rows[0]["verdict"] == "rejected"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_nobody_changes_or_deletes_a_record_not_even_a_superuser(
    people: People, reviewer: Client, image: GeneratedImage
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
