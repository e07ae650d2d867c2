"""Whose days and hours pages show: from the browser, kept with the person, chosen, and never in anybody's way."""

import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import time_zones
from accounts.models import Invitation, Spending, Team, User
from core.web import formats
from tests.accounts.conftest import SignedIn
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 30, 11, 30, tzinfo=UTC)  # half past one on the next day on Kiritimati
WRONG = [
    "",
    "Europe",
    "Mars/Base",
    "../UTC",
    "localtime",
    "right/Europe/Berlin",
    "x" * 5000,
    "Europe/Berlin;",
]
CHOOSE, TELL = "/accounts/me/time-zone/", "/accounts/me/browser-time-zone/"


def joined(user: User) -> None:
    """They joined the team at AT."""
    user.memberships.update(joined_at=AT)


def joined_days(client: Client) -> str:
    return client.get("/accounts/team/").content.decode()


def zone_kept(user: User) -> tuple[str, bool]:
    user.refresh_from_db()
    return user.time_zone, user.time_zone_is_chosen


# --- The browser's ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day"),
    [("", "30 Jun 2026"), ("Pacific/Auckland", "30 Jun 2026"), ("Pacific/Kiritimati", "1 Jul 2026")],
)
def test_a_page_shows_the_days_of_the_browsers_zone(
    signed_in: SignedIn, crew: Team, alice: User, zone: str, day: str
) -> None:
    joined(alice)
    client = signed_in(alice)
    if zone:
        client.cookies[time_zones.COOKIE] = zone

    assert f">{day}</time>" in joined_days(client)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_zone_is_passed_over(signed_in: SignedIn, crew: Team, alice: User, wrong: str) -> None:
    joined(alice)
    client = signed_in(alice)
    client.cookies[time_zones.COOKIE] = wrong

    assert ">30 Jun 2026</time>" in joined_days(client)
    assert client.post(TELL, {"time_zone": wrong}).status_code == 204
    assert client.post(TELL).status_code == 204
    assert zone_kept(alice) == ("", False)


def test_the_zone_is_kept_with_the_person_and_shown_on_their_next_device(
    signed_in: SignedIn, crew: Team, alice: User
) -> None:
    joined(alice)
    assert signed_in(alice).post(TELL, {"time_zone": "Pacific/Kiritimati"}).status_code == 204

    assert zone_kept(alice) == ("Pacific/Kiritimati", False)
    assert ">1 Jul 2026</time>" in joined_days(signed_in(alice))


def test_another_browser_of_the_same_person_has_days_of_its_own(signed_in: SignedIn, crew: Team, alice: User) -> None:
    joined(alice)
    time_zones.keep_browser_zone(alice, "Pacific/Kiritimati")
    client = signed_in(alice)
    client.cookies[time_zones.COOKIE] = "America/Los_Angeles"

    assert ">30 Jun 2026</time>" in joined_days(client)
    assert zone_kept(alice) == ("Pacific/Kiritimati", False)


def test_signing_in_keeps_the_zone_that_the_browser_has_said(anyone: Client, alice: User) -> None:
    anyone.cookies[time_zones.COOKIE] = "Asia/Kathmandu"
    anyone.post("/accounts/login/", {"username": "alice", "password": PASSWORD})

    assert zone_kept(alice) == ("Asia/Kathmandu", False)


def test_a_zone_that_this_machine_no_longer_has_is_utc(signed_in: SignedIn, crew: Team, alice: User) -> None:
    joined(alice)
    User.objects.filter(pk=alice.pk).update(time_zone="Mars/Base", time_zone_is_chosen=True)

    assert ">30 Jun 2026</time>" in joined_days(signed_in(alice))


# --- The chosen one ---------------------------------------------------------------------------------


def test_a_chosen_zone_holds_whatever_the_browser_says(signed_in: SignedIn, crew: Team, alice: User) -> None:
    joined(alice)
    client = signed_in(alice)
    client.cookies[time_zones.COOKIE] = "America/Los_Angeles"

    response = client.post(CHOOSE, {"time_zone": "Pacific/Kiritimati"})
    client.post(TELL, {"time_zone": "America/Los_Angeles"})

    assert response.headers["Location"] == "/accounts/me/#time-zone"
    assert zone_kept(alice) == ("Pacific/Kiritimati", True)
    page = joined_days(client)
    assert ">1 Jul 2026</time>" in page
    assert "data-time-zone-chosen" in page
    assert "data-keep-time-zone" not in page


def test_the_browser_is_followed_again(signed_in: SignedIn, crew: Team, alice: User) -> None:
    time_zones.choose_zone(alice, "Pacific/Kiritimati", browser="")
    client = signed_in(alice)
    client.cookies[time_zones.COOKIE] = "Asia/Calcutta"
    assert "Follow my browser (Asia/Kolkata)" in client.get("/accounts/me/").content.decode()

    client.post(CHOOSE, {"time_zone": ""})

    assert zone_kept(alice) == ("Asia/Calcutta", False)


def test_the_account_page_offers_places_and_says_what_time_it_is_there(signed_in: SignedIn, alice: User) -> None:
    time_zones.choose_zone(alice, "America/Argentina/Buenos_Aires", browser="")

    page = signed_in(alice).get("/accounts/me/").content.decode()

    assert '<optgroup label="Asia">' in page
    assert '<option value="America/Argentina/Buenos_Aires" selected>Buenos Aires (Argentina)</option>' in page
    with timezone.override(ZoneInfo("America/Argentina/Buenos_Aires")):
        assert formats.clock(timezone.now())[:3] in page


def test_an_older_name_of_a_zone_stays_chosen(signed_in: SignedIn, alice: User) -> None:
    time_zones.choose_zone(alice, "Asia/Calcutta", browser="")

    assert '<option value="Asia/Calcutta" selected>' in signed_in(alice).get("/accounts/me/").content.decode()


@pytest.mark.parametrize("wrong", [one for one in WRONG if one])
def test_what_is_not_in_the_list_cannot_be_chosen(signed_in: SignedIn, alice: User, wrong: str) -> None:
    response = signed_in(alice).post(CHOOSE, {"time_zone": wrong})

    assert response.status_code == 422
    assert "id_time_zone_error" in response.content.decode()
    assert zone_kept(alice) == ("", False)


def test_every_zone_in_the_list_can_be_chosen() -> None:
    names = [name for zones in time_zones.places().values() for name, _label in zones]

    assert len(names) > 300
    assert [name for name in names if time_zones.zone_named(name) is None] == []


# --- The middleware ---------------------------------------------------------------------------------


def request_of(user: User | AnonymousUser, cookie: str = "") -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    request.COOKIES[time_zones.COOKIE] = cookie
    return request


def test_the_zone_is_in_force_for_the_request_alone(alice: User) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(timezone.get_current_timezone_name())

    middleware = time_zones.activate_readers_zone(view)  # type: ignore[arg-type]

    assert middleware(request_of(alice, "Asia/Kathmandu")).content == b"Asia/Kathmandu"  # type: ignore[attr-defined]
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_zone_is_not_in_force_after_a_view_that_fails(alice: User) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the view's own
        time_zones.activate_readers_zone(view)(request_of(alice, "Asia/Kathmandu"))
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_zone_that_nobody_looks_at_asks_the_database_for_nobody(
    signed_in: SignedIn, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(alice)
    client.get("/healthz")  # the first one takes long enough to be counted for somebody
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_a_page_asks_the_database_no_more_often_for_somebody_with_a_zone(
    signed_in: SignedIn, crew: Team, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(alice)
    client.get("/accounts/team/")
    with django_assert_num_queries(9) as asked:
        client.get("/accounts/team/")
    assert sum("accounts_user" in one["sql"] and "session" not in one["sql"] for one in asked.captured_queries) >= 1


def test_a_local_time_that_is_typed_in_is_of_the_readers_zone(alice: User) -> None:
    zone = time_zones.ReadersZone(request_of(alice, "America/Los_Angeles"))
    with timezone.override(zone):
        assert timezone.make_aware(datetime(2026, 7, 1, 1, 0)).astimezone(UTC) == datetime(2026, 7, 1, 8, tzinfo=UTC)  # noqa: DTZ001
        assert timezone.localtime(AT).utcoffset() == timezone.localtime(AT, ZoneInfo("America/Los_Angeles")).utcoffset()
        assert timezone.localtime(AT).dst()


# --- The administration, and links ------------------------------------------------------------------


def test_the_administration_shows_the_same_clock(signed_in: SignedIn, crew: Team) -> None:
    root = User.objects.create_superuser("root")
    root.last_login = AT
    root.save()
    time_zones.choose_zone(root, "Pacific/Auckland", browser="")
    invitation = Invitation.objects.create(team=crew, token_hash="x", invited_by=root, created_at=AT, expires_at=AT)

    page = signed_in(root).get(f"/admin/accounts/invitation/{invitation.pk}/change/").content.decode()

    assert "23:30" in page
    assert "p.m." not in page


def test_the_administrations_lists_go_by_the_readers_days(signed_in: SignedIn, crew: Team, alice: User) -> None:
    root = User.objects.create_superuser("root")
    time_zones.choose_zone(root, "Pacific/Kiritimati", browser="")
    Spending.objects.create(
        team=crew, user=alice, month=AT.date(), answer_id=uuid.uuid4(), provider="sonar", reserved=0, asked_at=AT
    )
    client = signed_in(root)

    page = client.get("/admin/accounts/spending/").content.decode()

    assert "asked_at__day=1&amp;asked_at__month=7" in page
    assert "1 Jul 2026, 01:30" in page
    assert (
        "1 Jul 2026" in client.get("/admin/accounts/spending/?asked_at__month=7&asked_at__year=2026").content.decode()
    )
