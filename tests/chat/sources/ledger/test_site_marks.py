"""Members say what they think of sites; others see it at sources, and questions leave blocked sites out."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from chat.models import Answer, LedgerSource, SiteMark
from chat.questions import service as questions
from chat.sources.ledger.blocking import Blocking, without_blocked
from chat.sources.ledger.marking import mark_site, site_named, undo_mark
from chat.sources.marks import is_blocked, marks_in_force
from core.errors import ActionRefused
from tests import wishes
from tests.chat.sources.ledger.conftest import LIGHT, TIDES, Used
from upstream.catalog.rules import parameters_of

pytestmark = pytest.mark.django_db

Mark = SiteMark.Mark
SONAR = parameters_of("sonar")


def say(team: Team, by: User, site: str, mark: str, reason: str = "") -> None:
    mark_site(team=team, site=site, mark=Mark(mark), reason=reason, by=by)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(person: User, site: str) -> str:
    return browser(person).get(reverse("chat:site", args=[site])).content.decode()


def test_a_mark_counts_below_its_site_unless_there_is_another_one(harbour: Team, bob: User) -> None:
    say(harbour, bob, "tides.example", "blocked")
    say(harbour, bob, "docs.tides.example", "trusted")
    marks = marks_in_force(harbour.pk)
    sites = (
        "tides.example",
        "a.tides.example",
        "docs.tides.example",
        "x.docs.tides.example",
        "ides.example",
        "example",
    )
    assert [marks.word_for(site) for site in sites] == ["blocked", "blocked", "trusted", "trusted", "", ""]
    assert [is_blocked(harbour.pk, site) for site in sites] == [True, True, False, False, False, False]


def test_everything_that_was_said_is_kept_and_the_last_of_it_can_be_undone(
    used: Used, harbour: Team, alice: User, bob: User, vera: User
) -> None:
    used(LIGHT)
    where = reverse("chat:mark_site", args=["light.example"])
    assert browser(bob).post(where, {"mark": "trusted", "reason": "Theirs  is \n the lamp."}).status_code == 302
    assert browser(alice).post(where, {"mark": "blocked", "reason": "It burns."}).status_code == 302
    assert browser(vera).post(where, {"mark": ""}).status_code == 403
    assert browser(bob).post(where, {"mark": "lovely"}).status_code == 422
    assert LedgerSource.objects.get().mark == "blocked"

    text = page_of(vera, "light.example")
    for said in ("Theirs is the lamp.", "It burns.", "1 answer that you can read cites this site."):
        assert said in text
    assert "Save mark" not in text

    undo = reverse("chat:undo_site_mark", args=["light.example"])
    assert browser(vera).post(undo).status_code == 403
    browser(bob).post(undo)
    assert marks_in_force(harbour.pk).word_for("light.example") == LedgerSource.objects.get().mark == "trusted"
    assert list(SiteMark.objects.values_list("mark", "marked_by__username", "holds")) == [
        ("trusted", "bob", True),
        ("blocked", "alice", False),
        ("trusted", "bob", False),
    ]


def test_the_first_mark_undone_leaves_none(harbour: Team, bob: User) -> None:
    assert not undo_mark(team=harbour, site="light.example", by=bob)
    say(harbour, bob, "light.example", "blocked")
    assert undo_mark(team=harbour, site="light.example", by=bob)
    assert marks_in_force(harbour.pk).by_site == {}


def test_another_team_knows_nothing_of_it(used: Used, harbour: Team, bob: User, charlie: User) -> None:
    used(LIGHT)
    say(harbour, bob, "light.example", "blocked", "It burns.")
    text = page_of(charlie, "light.example")
    assert "It burns." not in text
    assert "Nobody has marked this site." in text
    assert "No answer that you can read cites this site." in text


def test_what_a_team_says_stays_when_the_person_goes(harbour: Team, bob: User, alice: User) -> None:
    say(harbour, bob, "light.example", "blocked", "It burns.")
    SiteMark.objects.update(marked_by=None)
    assert "It burns." in page_of(alice, "light.example")


def test_the_ledger_is_narrowed_by_marks_and_the_list_of_them_leads_to_sites(
    used: Used, harbour: Team, bob: User
) -> None:
    used(LIGHT, TIDES)
    say(harbour, bob, "tides.example", "doubtful", "Old tables.")
    listed = browser(bob).get(reverse("chat:sources"), {"show": "doubtful"}).content.decode()
    assert (f"About {TIDES}<" in listed, f"About {LIGHT}<" in listed, "Old tables." in listed) == (True, False, True)

    sites = browser(bob).get(reverse("chat:sites")).content.decode()
    assert reverse("chat:site", args=["tides.example"]) in sites
    found = browser(bob).get(reverse("chat:sites"), {"site": "https://www.Light.example/keepers?x"})
    assert found["Location"] == reverse("chat:site", args=["light.example"])
    assert "isn’t the name" in browser(bob).get(reverse("chat:sites"), {"site": "no site"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        ("example.org", "example.org"),
        (" HTTPS://www.Example.org:8443/a?b ", "example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("localhost", ""),
        ("[::1]", ""),
        ("a b.example", ""),
        ("<b>.example", ""),
        ("..", ""),
        ("", ""),
        ("a" * 300 + ".example", ""),
        ("\0.example", ""),
    ],
)
def test_a_site_is_known_by_its_name_or_any_address(typed: str, site: str) -> None:
    assert site_named(typed) == site


def many(count: int) -> list[str]:
    return [f"s{number}.example" for number in range(count)]


@pytest.mark.parametrize(
    ("own", "blocked", "sent", "left_in"),
    [
        ([], ["a.example"], ["-a.example"], []),
        (["-b.example"], ["a.example"], ["-b.example", "-a.example"], []),
        (["-example"], ["a.example"], ["-example", "-a.example"], []),
        (["-a.example"], ["docs.a.example"], ["-a.example"], []),
        (["a.example", "b.example"], ["a.example"], ["b.example"], []),
        (["docs.a.example", "b.example"], ["a.example"], ["b.example"], []),
        (["a.example/news", "b.example"], ["a.example"], ["b.example"], []),
        (["a.example"], ["docs.a.example"], ["a.example"], ["docs.a.example"]),
        (["a.example"], ["b.example"], ["a.example"], []),
        ([], many(25), [f"-{site}" for site in many(20)], many(25)[20:]),
        ([f"-o{n}.example" for n in range(20)], ["a.example"], [f"-o{n}.example" for n in range(20)], ["a.example"]),
    ],
)
def test_blocked_sites_join_what_somebody_set_within_the_limit(
    own: Sequence[str], blocked: list[str], sent: list[str], left_in: list[str]
) -> None:
    options = {"search_domain_filter": list(own)} if own else {}
    found = without_blocked(options, SONAR, blocked)
    assert (found.options["search_domain_filter"], found.left_in) == (sent, left_in)
    assert sorted([*found.kept_out, *found.left_in]) == sorted(blocked)


def test_where_nothing_is_searched_or_nothing_can_be_said_the_options_stay() -> None:
    assert without_blocked({"disable_search": True}, SONAR, ["a.example"]) == Blocking({"disable_search": True})
    assert without_blocked({"x": 1}, SONAR, []) == Blocking({"x": 1})
    assert without_blocked({"x": 1}, [], ["a.example"]) == Blocking({"x": 1}, left_in=["a.example"])
    with pytest.raises(ActionRefused):
        without_blocked({"search_domain_filter": ["docs.a.example"]}, SONAR, ["a.example"])


def ask(team: Team, by: User, **options: Any) -> Answer:
    return questions.ask_in_new_conversation(wishes.wish("Who keeps the light?", options=options), team=team, by=by)


def test_a_new_question_leaves_blocked_sites_out_and_says_so(harbour: Team, alice: User, bob: User) -> None:
    assert "blocked_sites" not in ask(harbour, bob).request
    say(harbour, alice, "light.example", "blocked")
    say(harbour, alice, "tides.example", "doubtful")

    answer = ask(harbour, bob, search_domain_filter=["-own.example"])
    assert answer.request["options"]["search_domain_filter"] == ["-own.example", "-light.example"]
    assert answer.question.options == {"search_domain_filter": ["-own.example"]}
    Answer.objects.filter(pk=answer.pk).update(state="finished", text="Nobody.")
    conversation = answer.question.conversation_id
    text = browser(bob).get(reverse("chat:conversation", args=[conversation])).content.decode()
    assert "Blocked sites left out" in text
    assert "1 site is blocked for this team" in text
    with pytest.raises(ActionRefused):
        ask(harbour, bob, search_domain_filter=["light.example"])


def test_cards_of_sources_show_what_is_said_of_them(used: Used, harbour: Team, alice: User, bob: User) -> None:
    conversation = used(LIGHT, TIDES)
    say(harbour, bob, "tides.example", "doubtful")
    LedgerSource.objects.filter(site="light.example").update(newer="withdrawn")
    text = browser(alice).get(reverse("chat:conversation", args=[conversation.pk])).content.decode()
    cards = text.split('class="source ')[1:]
    assert ("Retracted" in cards[0], "Doubtful" in cards[0]) == (True, False)
    assert ("Retracted" in cards[1], "Doubtful" in cards[1]) == (False, True)
