"""The pages of spaces: what they show to whom, and what their forms change."""

from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Team, User
from chat.models import Conversation, Document, Space, SpaceInstructions
from chat.spaces import service
from tests.chat.conversations.conftest import Make, plain
from tests.chat.spaces.conftest import MakeSpace, roles_in

pytestmark = pytest.mark.django_db


def page(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return " ".join(unescape(response.content.decode()).split())


def of(space: Space, more: str = "") -> str:
    return f"/spaces/{space.pk}/{more}"


def test_a_member_makes_a_space_for_people_they_choose(alice: User, bob: User, vera: User, cora: User) -> None:
    places = {person.username: person.memberships.get().pk for person in (alice, vera, cora)}

    response = plain(bob).post(
        "/spaces/new/",
        {
            "name": "  Q3 \n tender ",
            "description": "Suppliers",
            "colour": "teal",
            "people": "chosen",
            f"role:{places['vera']}": "reader",
            f"role:{places['cora']}": "contributor",
            f"role:{places['alice']}": "",
        },
    )

    space = Space.objects.get()
    assert response["Location"] == of(space)
    assert (space.name, space.description, space.colour, space.owner) == ("Q3 tender", "Suppliers", "teal", bob)
    assert not space.everyone
    assert roles_in(space) == {"vera": "reader", "cora": "contributor"}
    assert "Q3 tender" in page(plain(cora), "/spaces/")
    assert "Q3 tender" not in page(plain(alice), "/spaces/")
    assert plain(alice).get(of(space)).status_code == 404


@pytest.mark.parametrize("fields", [{"name": " "}, {"name": "x" * 81}, {"name": "Q3", "colour": "mauve"}])
def test_a_space_that_cannot_be_is_not_made(fields: dict[str, str], alice: User) -> None:
    assert plain(alice).post("/spaces/new/", fields).status_code == 422
    assert not Space.objects.exists()


def test_a_viewer_reads_spaces_and_makes_none(vera: User, make_space: MakeSpace) -> None:
    make_space()
    browser = plain(vera)

    assert browser.post("/spaces/new/", {"name": "Mine"}).status_code == 403
    html = page(browser, "/spaces/")
    assert "Q3" in html
    assert "New space" not in html


def test_without_a_space_the_page_says_what_one_is(alice: User) -> None:
    html = page(plain(alice), "/spaces/")
    assert "A space keeps everything about one subject together" in html
    assert "Create your first space" in html


def test_a_card_counts_what_its_reader_may_read(
    alice: User, bob: User, cora: User, make_space: MakeSpace, converse: Make
) -> None:
    space = make_space(people={"bob": "contributor", "cora": "reader"})
    for visibility in ("space", "space", "private"):
        converse(owner=bob, space=space, visibility=visibility)
    converse(owner=bob, space=space, visibility="space", deleted_at=timezone.now())
    for removed in (None, None, timezone.now()):
        Document.objects.create(space=space, name="Tender.pdf", uploaded_by=bob, deleted_at=removed)

    assert "3 conversations" in page(plain(bob), "/spaces/")
    assert "2 conversations" in page(plain(cora), "/spaces/")
    assert "2 documents" in page(plain(cora), "/spaces/")


def test_the_page_shows_what_is_in_the_space_and_what_the_reader_may_read(
    bob: User, cora: User, make_space: MakeSpace, converse: Make
) -> None:
    space, other = make_space(), make_space(name="Other")
    converse(owner=bob, space=space, visibility="space", title="Lanterns")
    converse(owner=bob, space=space, visibility="space", title="Buoys", pinned=True)
    converse(owner=bob, space=space, visibility="private", title="Secret lamps")
    converse(owner=bob, space=other, visibility="space", title="Elsewhere at sea")
    converse(owner=bob, title="Of no space")

    html = page(plain(cora), of(space)).partition("<main")[2]

    assert html.index("Buoys") < html.index("Lanterns")
    assert "Secret lamps" not in html
    assert "Elsewhere at sea" not in html
    assert "Of no space" not in html
    assert "Secret lamps" in page(plain(bob), of(space)).partition("<main")[2]


def test_a_long_list_goes_on_from_where_it_ended(bob: User, make_space: MakeSpace, converse: Make) -> None:
    space = make_space()
    for number in range(45):
        converse(owner=bob, space=space, visibility="space", title=f"Lamp {number:02}")
    browser = plain(bob)

    first = browser.get(of(space))
    assert first.context["page"].next
    second = browser.get(of(space), {"before": str(first.context["page"].next)})

    titles = [
        row.conversation.title
        for response in (first, second)
        for group in response.context["page"].groups
        for row in group.rows
    ]
    assert titles == [f"Lamp {number:02}" for number in reversed(range(45))]
    for wrong in ({"before": "soon"}, {"filter": "nobody"}):
        assert browser.get(of(space), wrong).status_code == 404


def test_the_owner_changes_how_questions_begin(dora: User, make_space: MakeSpace) -> None:
    space = make_space()

    response = plain(dora).post(
        of(space, "settings/"),
        {
            "name": "Q4",
            "description": "Next",
            "colour": "pink",
            "own_model": "on",
            "model": "sonar-pro",
            "visible_to": "private",
            "o.search_mode": "academic",
        },
    )

    assert response.status_code == 302
    space.refresh_from_db()
    assert (space.name, space.colour, space.model, space.visible_to) == ("Q4", "pink", "sonar-pro", "private")
    assert space.options == {"search_mode": "academic"}
    html = page(plain(dora), of(space, "settings/"))
    assert 'value="sonar-pro"' in html
    assert 'name="own_model" checked' in html


def test_without_a_model_of_its_own_a_space_starts_as_everywhere(dora: User, make_space: MakeSpace) -> None:
    space = make_space(model="sonar-pro")

    plain(dora).post(of(space, "settings/"), {"name": "Q3", "model": "sonar-pro", "visible_to": "space"})

    space.refresh_from_db()
    assert space.model == ""


def test_options_of_another_model_are_left_out_and_said(dora: User, make_space: MakeSpace) -> None:
    space = make_space()
    data = {"name": "Q3", "visible_to": "space", "own_model": "on", "model": "sonar", "o.reasoning_effort": "high"}

    response = plain(dora).post(of(space, "settings/"), data, follow=True)

    space.refresh_from_db()
    assert (space.model, space.options) == ("sonar", {})
    assert "was left out" in unescape(response.content.decode())


@pytest.mark.parametrize(
    "fields",
    [{"visible_to": "team"}, {"name": ""}, {"own_model": "on", "model": "none-such"}, {"o.temperature": "hot"}],
)
def test_settings_that_cannot_be_are_not_saved(fields: dict[str, str], dora: User, make_space: MakeSpace) -> None:
    space = make_space(description="As it was")
    data = {"name": "Q4", "visible_to": "space", "own_model": "on", "model": "sonar"} | fields

    assert plain(dora).post(of(space, "settings/"), data).status_code == 422
    space.refresh_from_db()
    assert (space.name, space.description) == ("Q3", "As it was")


def test_a_team_owner_alone_sets_the_limit(alice: User, dora: User, make_space: MakeSpace) -> None:
    space = make_space(people={"alice": "reader"})

    assert plain(dora).post(of(space, "limit/"), {"limit": "5"}).status_code == 403
    html = page(plain(alice), of(space, "settings/"))
    assert "Monthly limit" in html
    assert 'name="visible_to"' not in html
    assert plain(alice).post(of(space, "limit/"), {"limit": "many"}).status_code == 422
    assert plain(alice).post(of(space, "limit/"), {"limit": "12.50"}).status_code == 302

    space.refresh_from_db()
    assert space.monthly_limit == Decimal("12.5")
    assert "up to $12.50 a month" in page(plain(dora), of(space, "settings/"))


def test_instructions_are_read_by_all_and_written_by_whoever_manages(
    dora: User, bob: User, vera: User, make_space: MakeSpace
) -> None:
    space = make_space()
    address = of(space, "instructions/")

    assert plain(bob).post(address, {"text": "Obey me.", "seen": "0"}).status_code == 403
    assert plain(dora).post(address, {"text": "In euros.", "seen": "0"}).status_code == 302
    assert plain(dora).post(address, {"text": "In pounds.", "seen": "0"}).status_code == 409
    assert plain(dora).post(address, {"text": "In pounds.", "seen": "1"}).status_code == 302

    for person in (bob, vera):
        html = page(plain(person), address)
        assert "In pounds." in html
        assert "<textarea" not in html
    found = SpaceInstructions.objects.order_by("number")
    assert [(one.number, one.text, one.author) for one in found] == [(1, "In euros.", dora), (2, "In pounds.", dora)]


def test_an_earlier_version_is_used_again_as_a_new_one(dora: User, make_space: MakeSpace) -> None:
    space = make_space()
    address = of(space, "instructions/")
    for seen, text in enumerate(("In euros.", "In pounds.", "")):
        plain(dora).post(address, {"text": text, "seen": str(seen)})
    assert "Use version 2 again" in page(plain(dora), address)

    assert plain(dora).post(address, {"text": "typed", "again": "2", "seen": "2"}).status_code == 409
    assert plain(dora).post(address, {"text": "typed", "again": "2", "seen": "3"}).status_code == 302

    assert [one.text for one in SpaceInstructions.objects.order_by("number")] == [
        "In euros.",
        "In pounds.",
        "",
        "In pounds.",
    ]


def test_an_archived_space_is_readable_and_nobody_asks_in_it(
    dora: User, bob: User, make_space: MakeSpace, converse: Make
) -> None:
    space = make_space()
    talk = converse(("Which lights?", "Both."), owner=bob, space=space, visibility="space")
    asked = {"text": "And then?", "model": "sonar", "key": "0195e9a4-6a3b-7000-8000-000000000001"}

    assert plain(dora).post(of(space, "archive/")).status_code == 302

    html = page(plain(bob), of(space))
    assert "This space is archived." in html
    assert 'id="question"' not in html
    assert talk.title in html
    assert plain(bob).get(f"/c/{talk.pk}/").status_code == 200
    assert plain(bob).post(f"/c/{talk.pk}/ask/", asked).status_code == 403
    assert "Q3" not in page(plain(bob), "/spaces/").partition("<main")[2]
    assert "Q3" in page(plain(bob), "/spaces/?filter=archived").partition("<main")[2]

    plain(dora).post(of(space, "unarchive/"))
    assert plain(bob).post(f"/c/{talk.pk}/ask/", asked).status_code == 302


def test_a_deleted_space_leaves_conversations_to_their_owners_and_comes_back_whole(
    dora: User, bob: User, cora: User, make_space: MakeSpace, converse: Make
) -> None:
    space = make_space(people={"bob": "contributor", "cora": "reader"})
    talk = converse(owner=bob, space=space, visibility="space")
    assert "Its 1 conversation stays with the person who started it, visible only to them." in page(
        plain(dora), of(space)
    )

    after = plain(dora).post(of(space, "delete/"))["Location"]

    assert after == f"/spaces/?deleted={space.pk}"
    assert "“Q3” was deleted." in page(plain(dora), after)
    assert "“Q3” was deleted." not in page(plain(bob), after)
    for person in (dora, bob, cora):
        assert plain(person).get(of(space)).status_code == 404
    seen = {person.username: plain(person).get(f"/c/{talk.pk}/").status_code for person in (bob, cora, dora)}
    assert seen == {"bob": 200, "cora": 404, "dora": 404}
    assert "Q3" not in page(plain(bob), "/trash/").partition("<main")[2]
    assert "Deleted by dora" in page(plain(dora), "/trash/").partition("<main")[2]

    assert plain(bob).post(of(space, "restore/")).status_code == 403
    assert plain(cora).post(of(space, "restore/")).status_code == 403
    assert plain(dora).post(of(space, "restore/")).status_code == 302

    for person in (dora, bob, cora):
        assert plain(person).get(f"/c/{talk.pk}/").status_code == 200


def test_what_was_deleted_long_ago_is_removed_and_its_conversations_stay(
    dora: User, bob: User, make_space: MakeSpace, converse: Make
) -> None:
    long_ago = timezone.now() - timezone.timedelta(days=400)
    gone, recent = make_space(deleted_at=long_ago), make_space(deleted_at=timezone.now())
    shared = converse(owner=bob, space=gone, visibility="space")
    private = converse(owner=bob, space=gone, visibility="private")

    assert plain(dora).post(of(gone, "restore/")).status_code == 404
    assert service.purge_spaces() == 1

    assert list(Space.objects.all()) == [recent]
    kept = {one.pk: (one.visibility, one.space) for one in Conversation.objects.all()}
    assert kept == {shared.pk: ("private", None), private.pk: ("private", None)}


def test_a_team_has_room_for_so_many_spaces(harbour: Team, alice: User) -> None:
    Space.objects.bulk_create(Space(team=harbour, owner=alice, name=str(number)) for number in range(service.MOST))

    response = plain(alice).post("/spaces/new/", {"name": "One more"})

    assert response.status_code == 422
    assert "which is the limit" in unescape(response.content.decode())


def test_the_palette_finds_spaces_by_their_names_for_those_who_may_read_them(
    bob: User, cora: User, make_space: MakeSpace
) -> None:
    space = make_space(name="Lighthouse tender", people={"bob": "reader"})

    assert of(space) in page(plain(bob), "/palette/?q=tender")
    assert of(space) not in page(plain(cora), "/palette/?q=tender")
    assert "/spaces/new/" in page(plain(cora), "/palette/?q=new+space")


def test_the_space_has_a_composer_that_asks_in_it_for_those_who_may(
    bob: User, vera: User, make_space: MakeSpace
) -> None:
    space = make_space(model="sonar-pro", visible_to="private")

    html = page(plain(bob), of(space))

    assert 'id="question"' in html
    assert 'name="model" value="sonar-pro"' in html
    assert 'id="question"' not in page(plain(vera), of(space))
    assert "Ask in this space" in page(plain(bob), of(space, "people/"))


def test_somebody_who_acts_in_another_team_is_told_to_switch(bob: User, elsewhere: Team, make_space: MakeSpace) -> None:
    space = make_space()
    Membership.objects.create(team=elsewhere, user=bob)
    browser = plain(bob)
    browser.post("/accounts/switch/", {"team": elsewhere.pk})

    html = page(browser, of(space))

    assert "To ask here, switch to the team Harbour." in html
    assert 'id="question"' not in html


def test_a_conversation_has_a_composer_for_those_who_may_ask_in_its_space(
    bob: User, cora: User, make_space: MakeSpace, converse: Make
) -> None:
    space = make_space(people={"bob": "contributor", "cora": "reader"})
    talk = converse(("Which lights?", "Both."), owner=bob, space=space, visibility="space")

    assert 'id="question"' in page(plain(bob), f"/c/{talk.pk}/")
    html = page(plain(cora), f"/c/{talk.pk}/")
    assert 'id="question"' not in html
    assert "You can read this space but can’t add to it." in html
    Space.objects.update(archived=True)
    assert "Nobody can ask in it until it’s unarchived." in page(plain(bob), f"/c/{talk.pk}/")
