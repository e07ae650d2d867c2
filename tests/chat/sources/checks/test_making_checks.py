"""Checks as they are asked for and put on record, whoever makes them and whatever happens meanwhile."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Team, User
from chat.models import (
    Answer,
    AnswerPassage,
    CheckedMark,
    CheckedSource,
    CitationCheck,
    Conversation,
    PageCopy,
    Source,
)
from chat.sources.checks import NothingToCheck, current_check, current_checks, plans, records, request_check
from chat.sources.checks.judging import Judged
from chat.sources.checks.leases import check_leases
from chat.sources.checks.records import LeaseLost
from tests.chat.sources.checks.conftest import JUDGED, Cite, checked, mark, marks_of, taken

pytestmark = pytest.mark.django_db


def test_a_check_that_is_asked_for_twice_is_one(cite: Cite, alice: User, bob: User) -> None:
    answer = cite(alice)
    first = request_check(answer=answer, by=alice)
    assert request_check(answer=answer, by=bob) == first
    assert (first.state, first.requested_by) == ("waiting", alice)
    ended = checked(answer, alice)
    assert ended == first
    assert request_check(answer=answer, by=bob) != first  # once it has ended, another one can be asked for


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"state": "writing"}, "still being written"),
        ({"text": ""}, "no text"),
        ({"sources": 0}, "cites no sources"),
    ],
)
def test_what_cannot_be_checked_says_why(cite: Cite, alice: User, fields: dict[str, object], reason: str) -> None:
    with pytest.raises(NothingToCheck, match=reason):
        request_check(answer=cite(alice, **fields), by=alice)


def test_a_check_counts_what_was_found(cite: Cite, alice: User) -> None:
    check = checked(cite(alice), alice)
    assert (check.state, check.found, check.missing, check.unread) == ("finished", 1, 0, 1)
    assert (check.pages, check.pages_done, check.pages_unread) == (2, 2, 2)
    assert (check.figures, check.figures_missing) == (2, 1)
    assert [one.sentence for one in marks_of(check)] == ["Sentence 1.", "Sentence 2."]
    assert check.text_sha256 == records.hash_of(check.answer.text)


def test_nothing_found_in_an_excerpt_is_no_word_about_a_page_that_could_not_be_read(cite: Cite, alice: User) -> None:
    check = checked(cite(alice), alice, Judged([mark(1, 1, "missing"), mark(2, 2, "partly")]))
    assert [one.state for one in marks_of(check)] == ["unread", "partly"]


def test_a_check_whose_process_is_gone_goes_on_where_it_was(cite: Cite, alice: User) -> None:
    answer = cite(alice)
    check = request_check(answer=answer, by=alice)
    first = taken(check)
    plan = records.begin_check(check.pk, holder=first)
    assert plan
    records.note_page(plan, plan.to_read[0], None, problem="unreachable", holder=first)
    second = taken(check)  # the first process is gone

    with pytest.raises(LeaseLost):
        records.note_page(plan, plan.to_read[1], None, problem="unreachable", holder=first)
    with pytest.raises(LeaseLost):
        records.end_check(plan, JUDGED, plans.material(answer.pk, check.pk), holder=first)

    again = records.begin_check(check.pk, holder=second)
    assert again
    assert [page.number for page in again.to_read] == [2]
    check.refresh_from_db()
    assert (check.pages, check.pages_done, check.attempts) == (2, 1, 2)
    records.note_page(again, again.to_read[0], None, problem="", holder=second)
    for _twice in range(2):
        CitationCheck.objects.filter(pk=check.pk).update(state="reading", lease_holder=second)
        records.end_check(again, JUDGED, plans.material(answer.pk, check.pk), holder=second)
    assert CheckedMark.objects.filter(check_of=check).count() == 2
    assert CheckedSource.objects.filter(check_of=check).count() == 2


def test_a_check_that_broke_off_again_and_again_ends(cite: Cite, alice: User) -> None:
    answer = cite(alice)
    check = request_check(answer=answer, by=alice)
    for _ in range(records.MOST_ATTEMPTS):
        assert records.begin_check(check.pk, holder=taken(check))
    assert records.begin_check(check.pk, holder=taken(check)) is None
    check.refresh_from_db()
    assert check.state == "failed"
    assert current_checks([answer])[answer.pk].failed == check


def test_what_was_put_off_waits_a_while(cite: Cite, alice: User) -> None:
    check = request_check(answer=cite(alice), by=alice)
    holder = uuid.uuid4()
    assert check_leases.claim_one(holder=holder) == check.pk
    records.begin_check(check.pk, holder=holder)
    records.put_off(check.pk, holder=holder, seconds=10, counts=False)
    check.refresh_from_db()
    assert (check.attempts, check.lease_holder) == (0, None)
    assert check_leases.claim_one(holder=holder) is None
    CitationCheck.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert check_leases.claim_one(holder=holder) == check.pk


def test_teams_take_turns(cite: Cite, alice: User, elsewhere: Team) -> None:
    for _ in range(20):
        request_check(answer=cite(alice), by=alice)
    other = cite(alice)
    Conversation.objects.filter(questions__answers=other).update(team=elsewhere)
    theirs = request_check(answer=other, by=alice)
    claimed = [check_leases.claim_one(holder=uuid.uuid4()) for _ in range(19)]
    assert theirs.pk in claimed  # one in two, and not after twenty others


def test_sources_without_a_page_are_held_against_what_the_search_gave(cite: Cite, alice: User) -> None:
    answer = cite(alice, sources=4)
    Source.objects.filter(answer=answer, number=1).update(kind="finance")
    Source.objects.filter(answer=answer, number=2).update(kind="people")
    Source.objects.filter(answer=answer, number=3).update(url="")
    check = request_check(answer=answer, by=alice)
    plan = records.begin_check(check.pk, holder=taken(check))
    assert plan
    assert [page.number for page in plan.to_read] == [4]
    problems = dict(CheckedSource.objects.filter(check_of=check).values_list("number", "problem"))
    assert problems == {1: "finance", 2: "people", 3: "no_address"}
    material = plans.material(answer.pk, check.pk)
    assert material.sources[1][0].from_search


def test_a_page_is_read_page_by_page_and_outlives_its_copy_by_hash(cite: Cite, alice: User, harbour: Team) -> None:
    answer = cite(alice, sources=1)
    check = request_check(answer=answer, by=alice)
    holder = taken(check)
    plan = records.begin_check(check.pk, holder=holder)
    assert plan
    copy = PageCopy.objects.create(
        team=harbour, address="https://site1.example/page", address_key="k", text_sha256="ab"
    )
    records.note_page(plan, plan.to_read[0], copy, problem="", holder=holder)
    copy.delete()
    kept = CheckedSource.objects.get(check_of=check)
    assert (kept.copy, kept.text_sha256) == (None, "ab")


def test_nothing_of_a_documents_words_is_kept(cite: Cite, alice: User) -> None:
    answer = cite(alice, "It has 42 lamps [D1].", sources=0)
    AnswerPassage.objects.create(answer=answer, number=1, name="plan.md", text="The secret is 42.", cited=True)
    said = {"position": 1, "number": 1, "state": "found", "of_document": True, "sentence": "S.", "start": 0, "end": 2}
    check = checked(answer, alice, Judged([said]))
    kept = marks_of(check)[0]
    assert (kept.state, kept.of_document, kept.passage, kept.facts) == ("found", True, "", [])


def test_an_answer_wears_the_newest_check_that_finished(cite: Cite, alice: User) -> None:
    answer, other = cite(alice), cite(alice)
    first = checked(answer, alice)
    assert current_check(answer) == first
    live = request_check(answer=answer, by=alice)
    found = current_checks([answer, other])
    assert (found[answer.pk].finished, found[answer.pk].live) == (first, live)
    assert (found[other.pk].finished, found[other.pk].live) == (None, None)


def test_checks_of_a_page_of_answers_are_one_query(cite: Cite, alice: User, django_assert_num_queries: object) -> None:
    answers = [cite(alice) for _ in range(5)]
    for answer in answers:
        request_check(answer=answer, by=alice)
    with django_assert_num_queries(1):  # type: ignore[operator]
        current_checks(answers)


def test_a_check_goes_with_its_answer(cite: Cite, alice: User) -> None:
    answer = cite(alice)
    checked(answer, alice)
    Answer.objects.filter(pk=answer.pk).delete()
    assert not CitationCheck.objects.exists()
    assert not CheckedMark.objects.exists()
