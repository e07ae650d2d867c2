"""What operators tell a person: nothing of what they may not read, found, counted, suggested or denied."""

import pytest
from django.urls import reverse

from accounts.models import Membership, Team, User
from chat.models import Answer, Space, SpaceMember, Tag, Tagging
from chat.search.suggestions import suggestions
from tests.chat.conversations.conftest import Make, membership_of, plain
from tests.chat.search.test_operators import found, meaning
from tests.chat.search.test_search_filters import cite

pytestmark = pytest.mark.django_db


def test_operators_find_nothing_of_what_one_may_not_read(
    harbour: Team, alice: User, bob: User, charlie: User, converse: Make
) -> None:
    hidden = converse(("A heliotrope?", "Yes."), title="Hidden", visibility="private")
    Answer.objects.filter(question__conversation=hidden).update(html="<table>")
    cite(Answer.objects.get(question__conversation=hidden), "https://arxiv.org/")

    for typed in (
        "has:table",
        "site:arxiv.org",
        "from:alice",
        "heliotrope",
        "-is:archived",
        "type:source arxiv",
        "is:private",
    ):
        assert found(bob, typed) == found(charlie, typed) == []
    assert found(alice, "has:table") == ["Hidden"]


def test_a_person_of_another_team_is_as_unknown_as_nobody(alice: User, charlie: User) -> None:
    for name in ("charlie", "nobody-at-all"):
        assert meaning(f"from:{name}", alice).problems == (f"Nobody on this team is called “{name}”.",)
    assert [one.text for one in suggestions("from:c", membership_of(alice))] == []


def test_spaces(harbour: Team, alice: User, bob: User, vera: User, converse: Make) -> None:
    plan = Space.objects.create(team=harbour, owner=bob, name="Harbour plan", everyone=False)
    SpaceMember.objects.create(space=plan, membership=Membership.objects.get(user=vera))
    converse(("A heliotrope?", "Yes."), title="In it", owner=bob, space=plan, visibility="space")
    converse(("A heliotrope?", "Yes."), title="Outside", owner=bob)

    for typed in ('heliotrope in:"harbour plan"', "in:harb", f"in:{plan.pk}"):
        assert found(bob, typed) == found(vera, typed) == ["In it"]
    assert found(bob, 'heliotrope -in:"Harbour plan"') == ["Outside"]
    unknown, hidden = meaning("in:zzz", alice), meaning('in:"Harbour plan"', alice)
    assert (unknown.problems, hidden.problems) == (
        ("There’s no space called “zzz”.",),
        ("There’s no space called “Harbour plan”.",),
    )
    assert found(alice, "heliotrope in:harb") == ["Outside"]  # what cannot be known narrows nothing
    assert [one.text for one in suggestions("in:", membership_of(vera))] == ['in:"Harbour plan"']
    assert suggestions("in:", membership_of(alice)) == []
    assert "Harbour plan" not in plain(alice).get(reverse("chat:search")).content.decode()


def test_tags(harbour: Team, alice: User, bob: User, converse: Make) -> None:
    tags = {name: Tag.objects.create(team=harbour, name=name, folded=name.lower()) for name in ("Boats", "Secrets")}
    shared = converse(("A heliotrope?", "Yes."), title="Shared", owner=bob)
    private = converse(("A heliotrope?", "Yes."), title="Private", owner=bob, visibility="private")
    Tagging.objects.create(conversation=shared, tag=tags["Boats"])
    Tagging.objects.create(conversation=private, tag=tags["Secrets"])

    assert found(alice, "heliotrope tag:boats") == found(alice, "tag:#boa") == ["Shared"]
    assert found(bob, "tag:secrets") == ["Private"]
    assert meaning("tag:secrets", alice).problems == ("There’s no tag called “secrets”.",)
    assert [one.text for one in suggestions("tag:", membership_of(alice))] == ["tag:Boats"]
    assert "Secrets" not in plain(alice).get(reverse("chat:search"), {"q": "tag:x"}).content.decode()
