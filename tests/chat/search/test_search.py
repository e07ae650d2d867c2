"""What a search finds, for whom, in which order, and how it is shown."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Team, User
from chat.conversations import service as conversations
from chat.models import Answer, Conversation
from chat.search import search
from chat.search.backends import backend_for
from tests.chat.conversations.conftest import Make, add, as_, membership_of, plain
from tests.chat.search.finding import found, kinds, places, titles

pytestmark = pytest.mark.django_db


# --- For whom ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "count"), [("alice", 3), ("bob", 3), ("vera", 3), ("charlie", 0)])
def test_the_team_finds_what_it_shares_and_a_stranger_does_not(
    request: pytest.FixtureRequest, alice: User, converse: Make, who: str, count: int
) -> None:
    converse(("Which heliotrope?", "The blue heliotrope."), title="Heliotrope")

    assert len(kinds(request.getfixturevalue(who), "heliotrope")) == count


def test_what_is_private_is_found_by_its_owner_alone(alice: User, bob: User, converse: Make) -> None:
    converse(("Which heliotrope?", "The blue heliotrope."), title="Heliotrope", owner=bob, visibility="private")

    assert len(kinds(bob, "heliotrope")) == 3
    assert found(alice, "heliotrope") == []


def test_what_is_made_private_is_gone_at_once_and_what_is_shared_is_there(
    alice: User, bob: User, converse: Make
) -> None:
    conversation = converse(("Which heliotrope?", "The blue one."))
    assert len(kinds(bob, "heliotrope")) == 1

    conversations.unshare_conversation(conversation=conversation, by=alice)
    assert found(bob, "heliotrope") == []

    conversations.share_conversation(conversation=conversation, by=alice)
    assert len(kinds(bob, "heliotrope")) == 1


def test_what_is_deleted_is_gone_and_what_is_archived_is_found(alice: User, converse: Make) -> None:
    conversation = converse(("Which heliotrope?", "The blue one."))

    conversations.archive_conversation(conversation=conversation, by=alice)
    assert len(kinds(alice, "heliotrope")) == 1

    conversations.delete_conversation(conversation=conversation, by=alice)
    assert found(alice, "heliotrope") == []

    conversations.restore_conversation(conversation=conversation, by=alice)
    assert len(kinds(alice, "heliotrope")) == 1


def test_a_person_on_two_teams_searches_the_one_in_force(bob: User, elsewhere: Team, converse: Make) -> None:
    private_there = converse(("Which heliotrope?", "That."), owner=bob, team=elsewhere, visibility="private")
    here = Membership.objects.get(user=bob)
    there = Membership.objects.create(team=elsewhere, user=bob)

    assert search(here, words="heliotrope").conversations == []
    assert [one.conversation for one in search(there, words="heliotrope").conversations] == [private_there]


# --- What --------------------------------------------------------------------------------------------


def test_every_word_has_to_be_there(alice: User, converse: Make) -> None:
    converse(("Who keeps the lamp?", "Nobody keeps the lamp at night."))

    assert kinds(alice, "night lamp") == ["answer"]
    assert kinds(alice, "night lantern") == []


@pytest.mark.parametrize("words", ["lam", "the lam", "LAM", "lamp"])
def test_the_last_word_may_still_be_growing(alice: User, converse: Make, words: str) -> None:
    converse(("Who keeps the lamp?", ""))

    assert kinds(alice, words) == ["question"]


@pytest.mark.parametrize("words", ["lam ", "lam the", '"lam"', '"the lam"', "-lam", "l"])
def test_any_other_word_is_whole(alice: User, converse: Make, words: str) -> None:
    converse(("Who keeps the lamp?", ""))

    assert kinds(alice, words) == []


def test_words_in_quotes_stand_next_to_each_other(alice: User, converse: Make) -> None:
    converse(("The lamp keeper?", "The keeper of the lamp."))

    assert kinds(alice, '"lamp keeper"') == ["question"]
    assert kinds(alice, '"keeper of the lamp"') == ["answer"]
    assert kinds(alice, '"keeper lamp"') == []


def test_a_word_after_a_minus_must_not_be_there(alice: User, converse: Make) -> None:
    converse(("Which lamp?", "The green lamp."))

    assert kinds(alice, "lamp -green") == ["question"]
    assert kinds(alice, 'lamp -"green lamp"') == ["question"]
    assert kinds(alice, "-green") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Crème brûlée", "creme BRULEE"),
        ("creme brulee", "Crème"),
        ("Straße nach Zürich", "zurich"),
        ("Cre\u0301me", "crème"),
        ("ΑΘΗΝΑ", "αθηνα"),
        ("snake_case and kebab-case", "snake"),
        ("snake_case and kebab-case", "kebab-case"),
        ("see https://lights.example/history", "history"),
        ("lights.example", "lights.example"),
        ("version 3.11.7", "3.11"),
        ("it's don't", "don't"),
        ("日本語の灯台", "灯台"),
        ("日本語の灯台", "本語"),
        ("灯台lamp守", "lamp"),
        ("등대를 지키는", "등대"),
        ("маяк и море", "МАЯК"),
        ("emoji 🔦 lamp", "lamp 🔦"),
    ],
)
def test_words_are_found_however_they_are_written(alice: User, converse: Make, text: str, words: str) -> None:
    converse((text, ""))

    assert kinds(alice, words) == ["question"]


def test_a_word_is_not_found_in_the_name_of_the_team_or_of_a_shelf(alice: User, harbour: Team, converse: Make) -> None:
    converse(("Which lamp?", "The green one."))

    for word in (harbour.pk.hex, str(harbour.pk), "team", f"team:{harbour.pk}", "shelf:0", "team : lamp", "title"):
        assert found(alice, word) == []


def test_an_answer_is_found_when_it_has_ended(alice: User, converse: Make) -> None:
    conversation = converse()
    answer = add(conversation, 1, "Who?", "", state=Answer.State.WRITING)
    assert found(alice, "lighthouse") == []

    Answer.objects.filter(pk=answer.pk).update(text="The lighthouse keeper.", state="finished")

    assert [place.answer for place in places(alice, "lighthouse")] == [answer]


# --- In which order ----------------------------------------------------------------------------------


def test_a_title_comes_before_a_passing_mention(alice: User, converse: Make) -> None:
    filler = "The keeper goes up, winds the clock, trims the wick, looks out over the water and goes down again. " * 5
    converse(("What does one do?", f"{filler} Sometimes a heliotrope. {filler}"))
    converse(("What else?", filler), title="The heliotrope")

    assert kinds(alice, "heliotrope") == ["title", "answer"]


def test_what_says_more_of_it_comes_first(alice: User, converse: Make) -> None:
    filler = "The keeper goes up, winds the clock, trims the wick. " * 4
    converse(("One?", f"{filler} heliotrope {filler}"), title="once")
    converse(("Two?", f"heliotrope heliotrope heliotrope {filler} heliotrope"), title="often")

    assert titles(alice, "heliotrope") == ["often", "once"]


def test_of_two_that_say_the_same_the_newer_comes_first(alice: User, converse: Make) -> None:
    converse(("A heliotrope?", ""), title="old", ago=timedelta(days=300))
    converse(("A heliotrope?", ""), title="new")

    assert titles(alice, "heliotrope") == ["new", "old"]


def test_pages_miss_and_repeat_nothing_while_more_is_written(alice: User, converse: Make) -> None:
    membership = membership_of(alice)
    for number in range(11):
        converse((f"A heliotrope {'heliotrope ' * number}?", ""), title=f"{number}")
    shown: list[str] = []
    page = search(membership, words="heliotrope", limit=3)

    while page.next:
        shown += [one.conversation.title for one in page.conversations]
        converse(("heliotrope heliotrope heliotrope?", ""), title="new")
        page = search(membership, words="heliotrope", after=page.next, limit=3)
    shown += [one.conversation.title for one in page.conversations]

    assert sorted(shown, key=int) == [f"{number}" for number in range(11)]


def test_what_vanishes_between_two_pages_is_left_out(alice: User, converse: Make) -> None:
    for number in range(4):
        converse(("A heliotrope?", ""), title=f"{number}")
    first = search(membership_of(alice), words="heliotrope", limit=2)

    Conversation.objects.update(deleted_at=timezone.now())

    assert search(membership_of(alice), words="heliotrope", after=first.next, limit=2).conversations == []


def test_a_word_that_everybody_uses_is_found_where_it_is_newest(alice: User, harbour: Team, converse: Make) -> None:
    conversation = converse()
    for position in range(1, 620):
        add(conversation, position, f"The lamp, {position}", "")

    (one,) = search(membership_of(alice), words="lamp", places=1000).conversations

    assert len(one.places) == 350
    assert min(place.question.position for place in one.places) == 270


# --- How it is shown ---------------------------------------------------------------------------------


def test_a_hit_leads_to_its_place(alice: User, converse: Make) -> None:
    conversation = converse(("Which lamp?", "None."), ("Again?", "The heliotrope."))
    answer = Answer.objects.get(text="The heliotrope.")

    (place,) = places(alice, "heliotrope")

    assert place.address == f"/c/{conversation.pk}/?around=2#answer-{answer.pk}"
    assert place.snippet == "The <mark>heliotrope</mark>."


def test_words_that_take_too_long_to_find_are_answered_with_a_sentence(
    alice: User, converse: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    converse(("Which heliotrope?", "The blue one."))

    def endless(*_arguments: object, **_more: object) -> None:
        count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        connection.cursor().execute(count)

    monkeypatch.setattr(backend_for(connection), "find", endless)
    page = plain(alice).get(reverse("chat:search"), {"q": "heliotrope"}).content.decode()

    assert "takes too long. Add a rarer word" in page
    assert "No results" not in page


def test_the_page_shows_hits_and_says_so_when_there_are_none(alice: User, converse: Make) -> None:
    converse(("Which heliotrope?", "The blue one."))

    page = plain(alice).get(reverse("chat:search"), {"q": "heliotrope"}).content.decode()
    nothing = plain(alice).get(reverse("chat:search"), {"q": "zyzzyva"}).content.decode()

    assert "<mark>heliotrope</mark>" in page
    assert "No results for “zyzzyva”." in nothing


def test_typing_replaces_the_main_part_and_leaves_one_entry_in_the_browsers_history(
    alice: User, converse: Make
) -> None:
    converse(("Which heliotrope?", "The blue one."))

    first = as_(alice, on="/").get(reverse("chat:search"), {"q": "heli"})
    second = as_(alice, on="/search/?q=heli").get(reverse("chat:search"), {"q": "heliotrope"})

    assert "<html" not in first.content.decode()
    assert first["HX-Push-Url"] == "/search/?q=heli"
    assert second["HX-Replace-Url"] == "/search/?q=heliotrope"


def test_more_results_come_as_one_scrolls(alice: User, converse: Make) -> None:
    for number in range(25):
        converse(("A heliotrope?", ""), title=f"{number}")
    first = as_(alice).get(reverse("chat:search"), {"q": "heliotrope"}).content.decode()
    address = first.split('class="hits-more"')[1].split('hx-get="')[1].split('"')[0].replace("&amp;", "&")

    more = as_(alice).get(address).content.decode()

    assert (first.count('class="hit"'), more.count('class="hit"')) == (10, 10)
    assert "<h1" not in more


def test_nonsense_for_a_place_is_not_found(alice: User) -> None:
    for place in ("x", "1-2", "1-2-3-4", "-1-2-3", "9" * 20 + "-1-1"):
        assert as_(alice).get(reverse("chat:search"), {"q": "lamp", "page": place}).status_code == 404


HOSTILE = "<img src=x onerror=alert(1)> heliotrope </mark><script>alert(2)</script> & \"quotes\" 'too' &lt;b&gt;"


def test_hostile_text_is_shown_as_text(alice: User, converse: Make) -> None:
    converse((HOSTILE, HOSTILE), title=HOSTILE)

    html = plain(alice).get(reverse("chat:search"), {"q": 'heliotrope <script> "'}).content.decode()
    main = html[html.index("<main") : html.index("</main")]

    assert main.count("<mark>heliotrope</mark>") == 3
    for active in ("<img", "<script>", "</mark><"):
        assert active not in main.replace("</mark></a>", "").replace("</mark></p>", "")
