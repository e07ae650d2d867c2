"""Tags on conversations: who puts them there, who sees them, and what owners do to them."""

import re
import uuid

import pytest
from django.urls import reverse

from accounts.models import Team, User
from chat import access, search
from chat.conversations import tags
from chat.models import Conversation, Tag
from chat.search import SearchFilters
from core.errors import ActionRefused
from tests.chat.conversations.conftest import Make, as_, membership_of, plain

pytestmark = pytest.mark.django_db


def names(person: User) -> list[str]:
    """The tags that the person sees."""
    return [tag.name for tag in access.visible_tags(membership_of(person))]


def on(conversation: Conversation) -> list[str]:
    return [tag.name for tag in tags.tags_of(conversation)]


def put(conversation: Conversation, name: str, by: User) -> Tag:
    return tags.add_tag(conversation=conversation, name=name, by=by)


def test_a_member_tags_a_teammates_conversation_without_javascript(alice: User, bob: User, converse: Make) -> None:
    conversation = converse(("Which lamp?", "Green."))
    page = plain(bob).post(reverse("chat:add_tag", args=[conversation.pk]), {"name": " Third   quarter "}, follow=True)
    assert "Third quarter" in page.content.decode()
    assert on(conversation) == ["Third quarter"]
    tag = Tag.objects.get()
    plain(alice).post(reverse("chat:remove_tag", args=[conversation.pk, tag.pk]))
    assert on(conversation) == []
    assert not Tag.objects.exists()


def test_one_name_is_one_tag_however_it_is_spelled(alice: User, converse: Make) -> None:
    one, other = converse(("A?", "B."), title="One"), converse(("A?", "B."), title="Other")
    assert put(one, "Überblick", alice) == put(other, "uberblick", alice) == put(one, "ÜBERBLICK", alice)
    assert names(alice) == ["Überblick"]


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 41])
def test_a_name_that_is_none_is_refused_in_words(bob: User, converse: Make, name: str) -> None:
    conversation = converse(("Which lamp?", "Green."))
    response = as_(bob).post(reverse("chat:add_tag", args=[conversation.pk]), {"name": name})
    assert response.status_code == 422
    assert "A tag must have 1 to 40 characters." in response.content.decode()


def test_a_conversation_has_so_many_tags_at_most(bob: User, converse: Make) -> None:
    conversation = converse(("Which lamp?", "Green."))
    for number in range(tags.MOST_ON_ONE):
        put(conversation, f"Tag {number}", bob)
    put(conversation, "tag 3", bob)  # which it has
    with pytest.raises(ActionRefused):
        put(conversation, "One more", bob)
    response = as_(bob).post(reverse("chat:add_tag", args=[conversation.pk]), {"name": "One more"})
    assert "up to 20 tags" in response.content.decode()


def test_a_tag_of_a_private_conversation_is_its_owners_alone(alice: User, bob: User, converse: Make) -> None:
    secret = converse(("Which lamp?", "Green."), title="Secret", visibility="private")
    put(secret, "Takeover", alice)
    assert names(alice) == ["Takeover"]
    assert names(bob) == []
    tag = Tag.objects.get()
    assert "Takeover" not in plain(bob).get("/tags/").content.decode()
    assert "Takeover" not in plain(bob).get("/history/").content.decode()
    assert "Takeover" not in plain(bob).get(f"/history/?tag={tag.pk}").content.decode()

    put(converse(("B?", "C."), title="Shared"), "takeover", bob)
    assert [tag.uses for tag in access.counted_tags(membership_of(bob))] == [1]
    assert [tag.uses for tag in access.counted_tags(membership_of(alice))] == [2]


def test_an_owner_has_no_say_in_a_tag_that_they_do_not_see(alice: User, bob: User, converse: Make) -> None:
    tag = put(converse(("A?", "B."), owner=bob, visibility="private"), "Mine", bob)
    for action in ("rename_tag", "merge_tag", "delete_tag"):
        assert plain(alice).post(reverse(f"chat:{action}", args=[tag.pk]), {"name": "Ours"}).status_code == 404


def test_the_trash_has_no_tags(alice: User, converse: Make) -> None:
    from chat.conversations import service

    conversation = converse(("A?", "B."))
    put(conversation, "Lamps", alice)
    service.delete_conversation(conversation=conversation, by=alice)
    assert names(alice) == []
    service.restore_conversation(conversation=conversation, by=alice)
    assert names(alice) == ["Lamps"]


def test_another_team_has_its_own(alice: User, charlie: User, converse: Make, elsewhere: Team) -> None:
    put(converse(("A?", "B.")), "Lamps", alice)
    put(converse(("A?", "B."), team=elsewhere, owner=charlie), "lamps", charlie)
    assert names(alice) == ["Lamps"]
    assert names(charlie) == ["lamps"]


def test_history_and_search_are_narrowed_to_a_tag(alice: User, bob: User, converse: Make) -> None:
    tagged, _other = converse(("Which lamp?", "Green."), title="Tagged"), converse(("A lamp?", "B."), title="Other")
    tag = put(tagged, "Lamps", alice)
    page = plain(bob).get(f"/history/?tag={tag.pk}").content.decode()
    main = page[page.index("<main") :]
    assert "Tagged" in main
    assert ">Other<" not in main
    found = search.search(membership_of(bob), words="lamp", filters=SearchFilters(tags=(tag.pk,)))
    assert [one.conversation.title for one in found.conversations] == ["Tagged"]
    both = SearchFilters(tags=(tag.pk, uuid.uuid4()))
    assert search.search(membership_of(bob), words="lamp", filters=both).conversations == []


def test_an_owner_renames_merges_and_deletes(alice: User, converse: Make) -> None:
    one, other = converse(("A?", "B."), title="One"), converse(("A?", "B."), title="Other")
    lamps, lights = put(one, "Lamps", alice), put(other, "Lights", alice)
    put(one, "Lights", alice)

    plain(alice).post(reverse("chat:rename_tag", args=[lamps.pk]), {"name": "Lanterns"})
    assert on(one) == ["Lanterns", "Lights"]
    page = plain(alice).post(reverse("chat:merge_tag", args=[lamps.pk]), {"name": "lights"}, follow=True)
    assert "“Lanterns” is now “Lights”." in page.content.decode()
    assert on(one) == on(other) == ["Lights"]
    page = plain(alice).post(reverse("chat:merge_tag", args=[lights.pk]), {"name": "Lights"}, follow=True)
    assert "no other tag of that name" in page.content.decode()
    plain(alice).post(reverse("chat:delete_tag", args=[lights.pk]))
    assert names(alice) == []


def test_a_tag_that_gets_anothers_name_becomes_it(alice: User, converse: Make) -> None:
    one, other = converse(("A?", "B."), title="One"), converse(("A?", "B."), title="Other")
    lamps = put(one, "Lamps", alice)
    put(other, "Lights", alice)
    plain(alice).post(reverse("chat:rename_tag", args=[lamps.pk]), {"name": "LIGHTS"})
    assert on(one) == on(other) == ["Lights"]
    assert Tag.objects.count() == 1


def test_many_are_tagged_at_once_and_all_of_it_is_undone(bob: User, converse: Make) -> None:
    chosen = [converse(("A?", "B."), title=f"Number {number}") for number in range(3)]
    ids = [str(one.pk) for one in chosen]
    client = plain(bob)
    page = client.post("/history/selected/tag/", {"id": ids, "tag": "Lamps"}, follow=True).content.decode()
    assert "Tag added to 3 conversations." in page
    assert [on(one) for one in chosen] == [["Lamps"]] * 3
    undo = dict(re.findall(r'name="(ids|undoing|tag)" value="([^"]+)"', page[page.index('class="notice"') :]))
    client.post("/history/selected/untag/", undo)
    assert [on(one) for one in chosen] == [[]] * 3
    page = client.post("/history/selected/tag/", {"id": ids, "tag": " "}, follow=True).content.decode()
    assert "A tag must have 1 to 40 characters." in page


def test_a_conversation_that_is_full_is_named_when_many_are_tagged(bob: User, converse: Make) -> None:
    full, other = converse(("A?", "B."), title="Full one"), converse(("A?", "B."), title="Other")
    for number in range(tags.MOST_ON_ONE):
        put(full, f"Tag {number}", bob)
    answer = plain(bob).post("/history/selected/tag/", {"id": [str(full.pk), str(other.pk)], "tag": "New"}, follow=True)
    page = answer.content.decode()
    assert "Tag added to 1 conversation." in page
    assert "because they have as many tags as a conversation can have" in page


def test_a_viewer_sees_tags_and_changes_none(vera: User, alice: User, converse: Make) -> None:
    conversation = converse(("A?", "B."))
    put(conversation, "Lamps", alice)
    page = plain(vera).get(reverse("chat:conversation_tags", args=[conversation.pk])).content.decode()
    assert "Lamps" in page
    assert "Add tag" not in page
    assert "Lamps" in plain(vera).get(f"/c/{conversation.pk}/").content.decode()


def test_the_editor_comes_into_the_page_and_goes_again(bob: User, converse: Make) -> None:
    conversation = converse(("A?", "B."))
    where = reverse("chat:conversation_tags", args=[conversation.pk])
    assert "Add tag" in as_(bob).get(where).content.decode()
    added = as_(bob).post(reverse("chat:add_tag", args=[conversation.pk]), {"name": "Lamps"}).content.decode()
    assert "Remove tag “Lamps”" in added
    shown = as_(bob).get(f"{where}?shown=yes").content.decode()
    assert "Add tag" not in shown
    assert "Lamps" in shown
