"""What is asked in a space counts for it: the sums, the page of costs, the limit, whatever becomes of the space."""

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts import spending_sums
from accounts.models import Membership, Spending, SpendingOfSpace, Team, User
from accounts.services import budgets
from chat.answers import cost
from chat.models import Answer, Conversation, Space
from tests.chat.conversations.conftest import as_, membership_of, plain
from tests.chat.in_spaces import make_space
from tests.questions import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def space(harbour: Team, alice: User, bob: User) -> Space:
    """Alice's space, with Bob in it."""
    return make_space(harbour, alice, "Quarterly", people=[bob])


def ask(person: User, **fields: Any) -> Any:
    data = {"text": "Who keeps the light?", "model": "sonar", "key": str(uuid.uuid4()), **fields}
    return as_(person).post("/ask/", data)


def spend(space: Space | None, person: User, amount: str, team: Team) -> None:
    Spending.objects.create(
        team=team,
        user=person,
        month=budgets.this_month(),
        answer_id=uuid.uuid4(),
        conversation_id=uuid.uuid4(),
        space_id=space.pk if space else None,
        provider="sonar",
        model="sonar",
        reserved=Decimal(1),
        cost=Decimal(amount),
        basis="reported",
    )


def section(html: str, name: str) -> str:
    """The rows of the table with that id."""
    found = html[html.index(f'id="{name}"') :]
    return re.sub(r"<[^>]*>", " ", found[: found.index("</table>")])


def test_a_question_counts_for_the_space_in_which_it_was_asked(space: Space, harbour: Team, bob: User) -> None:
    ask(bob, visible_to=str(space.pk))
    ask(bob, visible_to=f"{space.pk}/me", text="And alone?")
    ask(bob, visible_to="team", text="And elsewhere?")

    assert Spending.objects.filter(space_id=space.pk).count() == 2
    month, reserved = budgets.this_month(), sum(row.reserved for row in Spending.objects.filter(space_id=space.pk))
    assert budgets.spent_in_space(team_id=harbour.pk, space_id=space.pk, month=month) == reserved

    Conversation.objects.all().update(visibility="team", space=None)
    answer = Answer.objects.get(question__text="Who keeps the light?")
    answer.cost, answer.cost_source = Decimal("0.25"), "reported"
    cost.settle_answer(answer)
    other = Spending.objects.exclude(answer_id=answer.pk).get(space_id=space.pk)
    assert budgets.spent_in_space(team_id=harbour.pk, space_id=space.pk, month=month) == other.reserved + Decimal(
        "0.25"
    )

    Conversation.objects.all().delete()
    space.delete()
    assert sum(SpendingOfSpace.objects.values_list("requests", flat=True)) == 2


def test_the_kept_sums_are_those_of_the_rows(space: Space, harbour: Team, alice: User, bob: User) -> None:
    from django.db import connection

    for person, amount, there in ((alice, "1", space), (bob, "2.5", space), (bob, "4", None)):
        spend(there, person, amount, harbour)
    kept = list(SpendingOfSpace.objects.order_by("user_id").values_list("user_id", "reported"))
    assert dict(kept) == {alice.pk: 1_000_000, bob.pk: 2_500_000}

    spending_sums.rebuild(connection)

    assert list(SpendingOfSpace.objects.order_by("user_id").values_list("user_id", "reported")) == kept
    Spending.objects.filter(user=bob).delete()
    assert dict(SpendingOfSpace.objects.values_list("user_id", "reported")) == {alice.pk: 1_000_000}


def test_a_question_that_could_exceed_the_limit_of_its_space_is_refused(
    space: Space, harbour: Team, alice: User, bob: User
) -> None:
    Space.objects.update(monthly_limit=Decimal("0.001"))

    for person, way_out in ((bob, "A team owner can raise"), (alice, "raise the limit")):
        refused = ask(person, visible_to=str(space.pk))
        assert refused.status_code == 422
        assert "The monthly limit of the space Quarterly is $0.001." in words(refused.content.decode())
        assert way_out in words(refused.content.decode())
    assert not Spending.objects.exists()
    assert not Conversation.objects.exists()
    assert ask(bob, visible_to="team").status_code == 200


def test_a_limit_that_is_used_up_lets_nobody_ask_there_and_everybody_elsewhere(
    space: Space, harbour: Team, alice: User, bob: User
) -> None:
    Space.objects.update(monthly_limit=Decimal(5))
    assert ask(bob, visible_to=str(space.pk)).status_code == 200
    spend(space, alice, "5", harbour)

    refused = ask(bob, visible_to=str(space.pk))

    assert "It has been reached and resets on" in words(refused.content.decode())
    conversation = Conversation.objects.get()
    again = {"text": "And?", "model": "sonar", "key": str(uuid.uuid4())}
    assert as_(bob).post(f"/c/{conversation.pk}/ask/", again).status_code == 422
    assert ask(bob, visible_to="team").status_code == 200


def test_owners_see_what_each_space_costs_and_no_names_of_those_they_cannot_see(
    space: Space, harbour: Team, alice: User, bob: User
) -> None:
    secret, gone = make_space(harbour, bob, "Secret"), make_space(harbour, alice, "Long gone")
    for there, amount in ((space, "3"), (secret, "2"), (gone, "1"), (None, "4")):
        spend(there, bob, amount, harbour)
    Space.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())

    html = plain(alice).get("/costs/").content.decode()

    assert " ".join(section(html, "spaces").split()).endswith(
        "Quarterly 1 $3.00 Set limit Quarterly A space you can’t see 1 $2.00 A deleted space 1 $1.00"
    )
    assert "Secret" not in html
    assert "Long gone" not in html


def test_the_page_is_narrowed_to_a_space(space: Space, harbour: Team, alice: User, bob: User) -> None:
    Space.objects.update(monthly_limit=Decimal(12))
    spend(space, bob, "3", harbour)
    spend(None, bob, "4.31", harbour)
    secret = make_space(harbour, bob, "Secret")

    html = plain(alice).get(f"/costs/?space={space.pk}").content.decode()

    assert "Only what was asked in Quarterly" in html
    assert "$3.00" in html
    assert "$4.31" not in html
    assert "25% used" in html
    month = f"{budgets.month_before(budgets.this_month()):%Y-%m}"
    assert f'href="?month={month}&amp;space={space.pk}"' in html
    rows = b"".join(plain(alice).get(f"/costs/answers.csv?space={space.pk}")).decode().strip().splitlines()
    assert len(rows) == 2
    assert rows[1].endswith(str(space.pk))
    for nowhere in (secret.pk, uuid.uuid4(), "nowhere"):
        assert plain(alice).get(f"/costs/?space={nowhere}").status_code == 404
        assert plain(alice).get(f"/costs/answers.csv?space={nowhere}").status_code == 404
    assert plain(bob).get(f"/costs/?space={space.pk}").status_code == 403


def test_everybody_sees_what_they_spent_in_each_space(space: Space, harbour: Team, alice: User, bob: User) -> None:
    spend(space, bob, "3", harbour)
    spend(space, alice, "7.31", harbour)

    html = plain(bob).get("/use/").content.decode()
    narrowed = words(plain(bob).get(f"/use/?space={space.pk}").content.decode())

    assert " ".join(section(html, "spaces").split()).endswith("Quarterly 1 $3.00")
    assert "$7.31" not in html + narrowed
    assert "Only what was asked in Quarterly" in narrowed
    space.members.all().delete()
    assert "Quarterly" not in plain(bob).get("/use/").content.decode()
    assert plain(bob).get(f"/use/?space={space.pk}").status_code == 404


def test_a_space_with_a_limit_is_listed_before_anything_was_asked_in_it(
    space: Space, harbour: Team, alice: User, bob: User
) -> None:
    assert 'id="spaces"' not in plain(alice).get("/costs/").content.decode()
    Space.objects.update(monthly_limit=Decimal(12))
    assert "Quarterly" in section(plain(alice).get("/costs/").content.decode(), "spaces")
    assert membership_of(alice).may_manage
    assert Membership.objects.filter(team=harbour).count() == 2
