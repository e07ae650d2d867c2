"""Standing instructions: who writes them, who reads them, and that nobody overwrites anybody."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, PersonalInstructions, Team, TeamInstructions, User
from accounts.services import instructions
from tests.accounts.conftest import SignedIn, Together

TEAM, OWN = "/accounts/team/instructions/", "/accounts/me/instructions/"
PAGES = {TEAM: "/accounts/team/", OWN: "/accounts/me/"}


def save(browser: Client, text: str, *, seen: object = 0, to: str = TEAM) -> tuple[int, str]:
    response = browser.post(to, {"text": text, "seen": seen})
    return response.status_code, unescape(response.content.decode())


def page(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def written(html: str) -> str:
    """What stands in the field."""
    found = re.search(r'<textarea id="instructions-text".*?>\n(.*?)</textarea>', html, re.S)
    assert found
    return unescape(found[1])


def texts(team: Team) -> list[str]:
    return [version.text for version in instructions.team_versions(team_id=team.pk)]


def test_an_owner_writes_what_everybody_on_the_team_reads(
    signed_in: SignedIn, crew: Team, alice: User, bob: User, vera: User
) -> None:
    assert save(signed_in(alice), "  Be brief.\r\n\r\nName years.  ")[0] == 302

    version = TeamInstructions.objects.get()
    assert (version.team, version.number, version.author) == (crew, 1, alice)
    assert version.text == "Be brief.\n\nName years."
    assert (timezone.now() - version.created_at).total_seconds() < 60
    assert written(page(signed_in(alice), PAGES[TEAM])) == "Be brief.\n\nName years."
    for person in (bob, vera):
        html = page(signed_in(person), PAGES[TEAM])
        assert "Be brief.\n\nName years." in html
        assert "<textarea" not in html


@pytest.mark.parametrize("name", ["bob", "vera", "charlie"])
def test_nobody_but_an_owner_writes_them(signed_in: SignedIn, crew: Team, charlie: User, name: str) -> None:
    save(signed_in(User.objects.get(username=name)), "Obey me.")

    assert texts(crew) == []


def test_an_owner_of_another_team_does_not_read_them(
    signed_in: SignedIn, crew: Team, alice: User, charlie: User
) -> None:
    save(signed_in(alice), "Be brief.")

    assert "Be brief." not in page(signed_in(charlie), PAGES[TEAM])


def test_every_version_is_kept_with_its_author_and_date(
    signed_in: SignedIn, crew: Team, alice: User, bob: User
) -> None:
    Membership.objects.filter(user=bob).update(role=Membership.Role.OWNER)
    save(signed_in(alice), "Be brief.")
    save(signed_in(bob), "Be long.", seen=1)
    save(signed_in(alice), "", seen=2)

    found = instructions.team_versions(team_id=crew.pk)
    assert [(one.number, one.text, one.author) for one in found] == [
        (3, "", alice),
        (2, "Be long.", bob),
        (1, "Be brief.", alice),
    ]
    assert instructions.in_force(found) is None
    html = " ".join(page(signed_in(bob), PAGES[TEAM]).split())
    day = timezone.localtime(found[1].created_at).strftime("%Y-%m-%dT%H:%M")
    assert html.index("Be long.") < html.index("Be brief.")
    assert re.search(rf'Saved by bob · <time datetime="{day}[^>]*>[^<]*</time> </p> <div[^>]*>Be long.</div>', html)


def test_saving_the_same_again_makes_no_version(signed_in: SignedIn, crew: Team, alice: User) -> None:
    for seen in (0, 0, 1):
        assert save(signed_in(alice), "Be brief.", seen=seen)[0] == 302

    assert texts(crew) == ["Be brief."]


def test_saving_nothing_where_there_is_nothing_makes_no_version(signed_in: SignedIn, crew: Team, alice: User) -> None:
    assert save(signed_in(alice), " \n ")[0] == 302

    assert texts(crew) == []


@pytest.mark.parametrize("seen", ["0", "", "-1", "many", "9" * 40])
def test_who_did_not_see_the_latest_version_overwrites_nothing_and_loses_nothing(
    signed_in: SignedIn, crew: Team, alice: User, seen: str
) -> None:
    save(signed_in(alice), "Be brief.")

    status, html = save(signed_in(alice), "Be <long>.", seen=seen)

    assert status in (409, 422)
    assert texts(crew) == ["Be brief."]
    assert written(html) == "Be <long>."
    if status == 409:
        assert "Someone changed these instructions while you were editing. Your version isn’t saved yet." in html
        assert "Be brief." in html.split("<textarea")[0]
        assert "Save mine instead" in html


def test_after_seeing_the_other_version_one_may_replace_it(signed_in: SignedIn, crew: Team, alice: User) -> None:
    save(signed_in(alice), "Be brief.")
    status, html = save(signed_in(alice), "Be long.")
    seen = re.search(r'name="seen" value="(\d+)"', html)
    assert (status, seen and seen[1]) == (409, "1")

    assert save(signed_in(alice), "Be long.", seen="1")[0] == 302
    assert texts(crew) == ["Be long.", "Be brief."]


def test_a_text_that_is_refused_does_not_count_as_having_seen_what_came_meanwhile(
    signed_in: SignedIn, crew: Team, alice: User
) -> None:
    save(signed_in(alice), "Be brief.")
    _, html = save(signed_in(alice), "x" * 8001, seen=0)

    assert 'name="seen" value="0"' in html


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("to", [TEAM, OWN])
def test_of_several_who_save_at_once_one_is_first_and_the_others_are_told(
    signed_in: SignedIn, together: Together, crew: Team, alice: User, to: str
) -> None:
    browsers = [signed_in(alice) for _ in range(4)]

    answers = together(*[lambda b=b, n=n: save(b, f"Number {n}.", to=to)[0] for n, b in enumerate(browsers)])

    assert sorted(answers) == [302, 409, 409, 409]
    model = TeamInstructions if to == TEAM else PersonalInstructions
    assert model._default_manager.count() == 1


@pytest.mark.parametrize("to", [TEAM, OWN])
@pytest.mark.parametrize("length", [8_001, 100_000])
def test_what_is_too_long_is_refused_in_words_and_kept_in_the_form(
    signed_in: SignedIn, crew: Team, alice: User, to: str, length: int
) -> None:
    long = "é" * length

    status, html = save(signed_in(alice), long, to=to)

    assert status == 422
    assert (
        f"Instructions can be at most 8000 characters long; yours have {length}. Shorten them. Nothing was saved."
        in html
    )
    assert written(html) == long
    assert not TeamInstructions.objects.exists()
    assert not PersonalInstructions.objects.exists()
    assert "maxlength" not in html.partition('id="instructions-text"')[2].partition(">")[0]


def test_line_ends_count_once(signed_in: SignedIn, crew: Team, alice: User) -> None:
    assert save(signed_in(alice), "a\r\n" * 3_999 + "abc")[0] == 422
    assert save(signed_in(alice), "a\r\n" * 3_999 + "ab")[0] == 302
    assert len(TeamInstructions.objects.get().text) == 8_000


@pytest.mark.parametrize("to", [TEAM, OWN])
def test_nothing_in_them_is_markup_or_unstorable(signed_in: SignedIn, crew: Team, alice: User, to: str) -> None:
    browser = signed_in(alice)
    hostile = "</textarea><script>alert(1)</script>\x00\x1b{{ 7 }}&amp;"

    assert save(browser, hostile, to=to)[0] == 302
    assert save(browser, "Be brief.", seen=1, to=to)[0] == 302

    kept = "</textarea><script>alert(1)</script>{{ 7 }}"
    model = TeamInstructions if to == TEAM else PersonalInstructions
    assert model._default_manager.get(number=1).text.startswith(kept)
    html = page(browser, PAGES[to])
    assert "alert(1)" in html
    assert "<script>alert" not in html
    assert "</textarea><script" not in html


def test_ones_own_are_read_by_nobody_else(
    signed_in: SignedIn, crew: Team, alice: User, bob: User, root_client: Client
) -> None:
    assert save(signed_in(bob), "I am learning Korean.", to=OWN)[0] == 302

    assert written(page(signed_in(bob), PAGES[OWN])) == "I am learning Korean."
    for path in PAGES.values():
        assert "Korean" not in page(signed_in(alice), path)
    assert "Korean" not in page(root_client, reverse("admin:accounts_user_delete", args=[bob.pk]))
    assert "Team instructions" in page(root_client, reverse("admin:index"))
    assert "ersonal instructions" not in page(root_client, reverse("admin:index"))


def test_somebody_on_no_team_has_their_own(signed_in: SignedIn, db: None) -> None:
    dora = User.objects.create_user("dora")

    assert save(signed_in(dora), "Be brief.", to=OWN)[0] == 302
    assert written(page(signed_in(dora), PAGES[OWN])) == "Be brief."


def test_the_name_and_the_instructions_of_a_person_are_saved_apart(
    signed_in: SignedIn, crew: Team, alice: User
) -> None:
    browser = signed_in(alice)
    browser.post(PAGES[OWN], {"full_name": "Alice Ahoy"})
    save(browser, "Be brief.", to=OWN)
    browser.post(PAGES[OWN], {"full_name": "Alice"})

    alice.refresh_from_db()
    assert alice.full_name == "Alice"
    assert written(page(browser, PAGES[OWN])) == "Be brief."


def test_an_administrator_can_delete_a_version_and_not_change_one(
    signed_in: SignedIn, crew: Team, alice: User, root_client: Client
) -> None:
    save(signed_in(alice), "The key is opensesame.")
    version = TeamInstructions.objects.get()

    changed = root_client.post(reverse("admin:accounts_teaminstructions_change", args=[version.pk]), {"text": "x"})
    assert changed.status_code == 403
    root_client.post(reverse("admin:accounts_teaminstructions_delete", args=[version.pk]), {"post": "yes"})

    assert texts(crew) == []


def test_a_version_outlives_its_author(signed_in: SignedIn, crew: Team, bob: User) -> None:
    dora = User.objects.create_user("dora")
    TeamInstructions.objects.create(team=crew, number=1, text="Be brief.", author=dora)
    dora.delete()

    html = " ".join(page(signed_in(bob), PAGES[TEAM]).split())
    assert "Be brief." in html
    assert "Saved by a former user" in html


def test_many_versions_cost_no_more_queries(
    signed_in: SignedIn, crew: Team, alice: User, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    TeamInstructions.objects.bulk_create(
        TeamInstructions(team=crew, number=n, text=f"Text {n}.", author=alice if n % 2 else bob) for n in range(1, 60)
    )
    browser = signed_in(bob)

    with django_assert_max_num_queries(7):
        html = page(browser, PAGES[TEAM])

    assert "Text 59." in html
    assert html.count("instructions-text") == 20


@pytest.fixture
def root_client(db: None) -> Client:
    """A superuser who is on no team of the cast."""
    client = Client()
    root = User.objects.create_user("root", is_staff=True, is_superuser=True)
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    return client
