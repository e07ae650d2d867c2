"""What came of a run, who is told, and what the conversation shows of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, User
from chat.conversations import exchanges
from chat.models import Answer, CheckedMark, CitationCheck, Conversation, ReadMark, Watch, WatchRun
from chat.notifications import news
from chat.notifications.notice import Notice, frame
from chat.watches import asking, changes, outcomes, service
from tests.chat.watches.conftest import CHANGED, KEPT, MakeWatch, end, look, run_with

pytestmark = pytest.mark.django_db

LATELY = timedelta(minutes=1)


def told(*people: User, kind: str = "changed") -> list[list[Notice]]:
    found = news.news_since(timezone.now() - LATELY, {person.pk for person in people})
    return [[one for one in found.get(person.pk, []) if one.kind == kind] for person in people]


def test_a_watch_that_stops_by_itself_is_told_to_its_owner_who_may_read_it(
    make_watch: MakeWatch, alice: User, bob: User
) -> None:
    watch = make_watch()
    service.follow(watch=watch, by=bob)
    service.pause_watch(watch=watch, by=alice)
    assert told(alice, bob, kind="stopped") == [[], []], "who did it knows"

    asking.stop(watch, watch.Reason.FAILURES)

    [notice], nothing = told(alice, bob, kind="stopped")
    assert nothing == []
    said = frame(notice, reader_id=alice.pk, language="en").decode()
    assert "A watch of yours stopped. It failed three times in a row." in said
    assert f"/watches/{watch.pk}/" in said
    service.resume_watch(watch=watch, by=alice)
    assert told(alice, kind="stopped") == [[]], "it goes on"

    asking.stop(watch, watch.Reason.OWNER)
    Membership.objects.filter(user=alice).delete()
    assert told(alice, kind="stopped") == [[]]


def test_an_answer_that_says_the_same_is_told_to_nobody(make_watch: MakeWatch, alice: User) -> None:
    watch = make_watch()
    before = Conversation.objects.get().answered_at

    run = run_with(watch, KEPT)

    assert (run.state, watch.changes, watch.changed_at) == ("unchanged", 0, None)
    assert told(alice) == [[]]
    assert Conversation.objects.get().answered_at == before


def test_other_words_alone_are_no_change(make_watch: MakeWatch) -> None:
    run = run_with(make_watch(), "The lighthouse is looked after by 3 people. It was built in 1886.")
    assert run.state == "unchanged"


def test_a_figure_that_changed_is_told_to_followers_who_may_read_it(
    make_watch: MakeWatch, alice: User, bob: User, vera: User, charlie: User
) -> None:
    watch = make_watch()
    for person in (bob, charlie):
        service.follow(watch=watch, by=person)

    run = run_with(watch, CHANGED)

    assert (run.state, watch.changes) == ("changed", 1)
    assert ["3", "4"] in run.difference["figures"]
    assert "1 figure changed" in changes.in_words(run.difference)
    assert [[notice.subject for notice in found] for found in told(alice, bob, vera, charlie)] == [
        [run.pk],
        [run.pk],
        [],
        [],
    ]
    assert Conversation.objects.get().answered_at == watch.changed_at  # who has opened it sees that there is news
    Membership.objects.filter(user=bob).delete()
    assert told(bob) == [[]]


def test_what_changed_is_compared_to_what_was_told_last_however_slowly_it_changes(make_watch: MakeWatch) -> None:
    watch = make_watch()
    first = watch.compared_to
    run_with(watch, KEPT)
    assert watch.compared_to == first
    changed = run_with(watch, CHANGED)
    assert watch.compared_to == changed.answer
    assert run_with(watch, CHANGED).state == "unchanged"
    assert run_with(watch, KEPT).state == "changed"
    assert watch.changes == 2


def test_an_answer_that_broke_off_is_compared_to_nothing(make_watch: MakeWatch) -> None:
    watch = make_watch()
    run = run_with(watch, CHANGED, state="interrupted")
    assert (run.state, watch.changes) == ("failed", 0)


def test_the_conversation_shows_changes_and_the_newest_answer_and_leaves_out_the_others(make_watch: MakeWatch) -> None:
    watch = make_watch()
    changed = run_with(watch, CHANGED)
    silent = [run_with(watch, CHANGED) for _run in range(2)]

    shown = exchanges.latest_exchanges(watch.question.conversation).exchanges[0]

    first = Answer.objects.order_by("created_at").first()
    assert first
    assert [one.answer.pk for one in shown.answers] == [first.pk, changed.answer_id, silent[1].answer_id]
    assert shown.watch == watch
    assert Answer.objects.count() == 4  # nothing is lost


def test_what_an_answer_cites_is_checked_and_the_change_is_told_when_that_is_done(
    make_watch: MakeWatch, alice: User
) -> None:
    watch = make_watch()
    run = run_with(watch, CHANGED, source="https://light.example/keepers")

    check = CitationCheck.objects.get(answer=run.answer)
    assert run.state == "checking"
    assert told(alice) == [[]]

    CheckedMark.objects.create(
        check_of=check,
        position=1,
        sentence="The lighthouse is kept by 4 people.",
        start=0,
        end=35,
        number=1,
        state="found",
        passage="Four people keep the light.",
    )
    CitationCheck.objects.update(state="finished")
    look()

    run.refresh_from_db()
    assert run.state == "changed"
    (found,) = run.difference["passages"]
    assert (found["state"], found["passage"], found["url"]) == (
        "found",
        "Four people keep the light.",
        "https://light.example/keepers",
    )
    assert len(told(alice)[0]) == 1


def test_a_check_that_takes_too_long_keeps_nobody_waiting(make_watch: MakeWatch) -> None:
    watch = make_watch()
    run = run_with(watch, CHANGED, source="https://light.example/keepers")
    Answer.objects.filter(pk=run.answer_id).update(ended_at=timezone.now() - outcomes.CHECKED_WITHIN - LATELY)
    look()
    run.refresh_from_db()
    assert (run.state, run.difference["passages"]) == ("changed", [])


def test_a_run_that_another_process_has_taken_is_left_to_it_until_that_is_gone(make_watch: MakeWatch) -> None:
    watch = make_watch()
    asking.ask_due()
    run = watch.runs.get()
    assert run.answer
    end(run.answer, CHANGED)

    (ended,) = outcomes.take_ended()
    assert outcomes.take_ended() == []  # as long as it may be alive
    WatchRun.objects.update(taken_until=timezone.now() - LATELY)
    (again,) = outcomes.take_ended()
    for one in (ended, again):  # both come to their end
        outcomes.note_outcome(one, outcomes.compared(one))
    outcomes.tell_checked()

    watch.refresh_from_db()
    assert watch.changes == 1


def test_what_a_watch_asks_is_no_news_until_it_has_changed(make_watch: MakeWatch, alice: User) -> None:
    watch = make_watch()
    ReadMark.objects.create(person=alice, conversation=watch.question.conversation, seen_at=timezone.now())
    Answer.objects.update(ended_at=timezone.now() - 2 * LATELY)
    run_with(watch, KEPT)
    found = news.news_since(timezone.now() - LATELY, {alice.pk})
    assert [one.kind for one in found[alice.pk]] == ["seen"]


def test_a_watch_whose_earlier_answer_is_gone_begins_to_compare_anew(make_watch: MakeWatch) -> None:
    watch = make_watch()
    Watch.objects.update(compared_to=None)
    run = run_with(watch, CHANGED)
    assert (run.state, watch.compared_to) == ("unchanged", run.answer)
