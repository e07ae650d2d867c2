"""An answer that the upstream works on by itself passes from one process to the next and is told once."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Team, User
from chat.answers import finalize
from chat.answers.event_log import EventLog, Fenced, LogWriter
from chat.answers.leases import answer_leases
from chat.answers.recorder import Recorder
from chat.answers.transcript import Entry, Transcript, entries_after, fold_entries
from chat.catalog import offers
from chat.models import Answer
from chat.questions import service as questions
from core.web.jobs.leases import Sweeper
from tests import wishes
from upstream import events
from upstream.events import Event

RESEARCH = "sonar-deep-research"
RESULT: list[Event] = [
    events.Started("id", RESEARCH),
    events.StatusChanged("searching", "varn"),
    events.StepTaken("searching", "Look.", ("varn",)),
    events.StepTaken("reading", "Read."),
    events.ReasoningDelta("It is "),
    events.ReasoningDelta("clear."),
    events.SourcesFound([events.WebSource("https://varn.example/")]),
    events.TextDelta("In spring "),
    events.TextDelta("1998."),
    events.Finished("stop"),
]


@pytest.fixture
def research(harbour: Team, alice: User) -> Answer:
    """A research that waits to be begun, in the background."""
    return questions.ask_in_new_conversation(
        wishes.wish("Who keeps the light?", model=RESEARCH),
        team=harbour,
        by=alice,
    )


def overdue(answer: Answer) -> None:
    Answer.objects.filter(pk=answer.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def held_by(answer: Answer) -> uuid.UUID | None:
    answer.refresh_from_db()
    return answer.lease_holder


# --- Who holds it -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["waiting", "writing"])
def test_a_research_whose_process_is_gone_is_taken_over_and_not_ended(research: Answer, state: str) -> None:
    gone, other = uuid.uuid4(), uuid.uuid4()
    assert answer_leases.take(research.pk, holder=gone)
    Answer.objects.update(state=state)
    overdue(research)

    assert Sweeper(answer_leases).sweep() == []
    assert answer_leases.claim_answers(holder=other) == {research.pk: True}

    assert held_by(research) == other
    assert research.state == state
    assert answer_leases.renew(holder=gone, held=[research.pk]) == {research.pk}


@pytest.mark.django_db
def test_a_research_that_is_let_go_can_be_taken_at_once_and_by_one_only(research: Answer) -> None:
    first, second, third = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    answer_leases.take(research.pk, holder=first)
    Answer.objects.update(state="writing")
    answer_leases.let_go(research.pk, holder=second)
    assert held_by(research) == first

    answer_leases.let_go(research.pk, holder=first)

    assert answer_leases.claim_answers(holder=second) == {research.pk: True}
    assert answer_leases.claim_answers(holder=third) == {}
    assert not answer_leases.take(research.pk, holder=third)
    assert held_by(research) == second


@pytest.mark.django_db
def test_a_form_that_is_sent_again_does_not_begin_anew_with_what_was_let_go(research: Answer) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    assert answer_leases.take(research.pk, holder=first, new=True)
    answer_leases.let_go(research.pk, holder=first)
    assert not answer_leases.take(research.pk, holder=second, new=True)
    assert answer_leases.claim_answers(holder=second) == {research.pk: True}


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "interrupted"])
def test_a_research_that_has_ended_is_nobodys(research: Answer, state: str) -> None:
    Answer.objects.update(state=state, lease_holder=None)
    overdue(research)
    assert answer_leases.claim_answers(holder=uuid.uuid4()) == {}
    assert not answer_leases.take(research.pk, holder=uuid.uuid4())


@pytest.mark.django_db
def test_an_answer_that_is_streamed_is_still_ended_when_its_process_is_gone(research: Answer) -> None:
    answer_leases.take(research.pk, holder=uuid.uuid4())
    Answer.objects.update(state="writing", background=False)
    overdue(research)
    assert Sweeper(answer_leases).sweep() == [research.pk]
    assert answer_leases.claim_answers(holder=uuid.uuid4()) == {}


# --- What it is asked with --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "options", "expected"),
    [
        ("", {}, True),
        ("", {"delivery": "streamed"}, False),
        ("https://api.perplexity.ai", {}, True),
        ("https://perplexity.ai.evil.example", {}, False),
        ("http://127.0.0.1:8080/v1", {}, False),
        ("http://127.0.0.1:8080/v1", {"delivery": "background"}, True),
    ],
)
def test_a_research_is_done_in_the_background_where_the_service_is_known_to_do_so_or_somebody_wants_it(
    settings, base_url: str, options: dict[str, str], expected: bool
) -> None:
    settings.PERPLEXITY_BASE_URL = base_url
    assert offers.works_in_background(provider="sonar", model=RESEARCH, options=options) is expected


@pytest.mark.parametrize(
    ("provider", "model"), [("sonar", "sonar"), ("sonar", "tiny-local"), ("gateway", "research/x")]
)
def test_nothing_else_is_done_in_the_background(provider: str, model: str) -> None:
    assert not offers.works_in_background(provider=provider, model=model, options={"delivery": "background"})


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("fast", False),
        ("low", False),
        ("perplexity/sonar", False),
        ("maker/unlisted", False),
        ("medium", True),
        ("high", True),
        ("xhigh", True),
        ("wide-research", True),
        ("high@2026-10-16.0", True),
    ],
)
def test_of_the_agent_api_what_takes_long_is_done_in_the_background_and_anything_if_somebody_wants_that(
    settings, model: str, expected: bool
) -> None:
    for base_url in ("", "https://api.perplexity.ai", "https://proxy.example"):
        settings.PERPLEXITY_BASE_URL = base_url
        default = offers.works_in_background(provider="agent", model=model, options={})
        assert default is (expected and "proxy" not in base_url)
        for delivery, wanted in (("background", True), ("streamed", False)):
            assert offers.works_in_background(provider="agent", model=model, options={"delivery": delivery}) is wanted


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"web_search_options": {"search_type": "pro"}}, "concise"),
        ({"web_search_options": {"search_type": "auto"}}, "concise"),
        ({"web_search_options": {"search_type": "pro"}, "stream_mode": "full"}, "full"),
        ({"web_search_options": {"search_type": "fast"}}, None),
        ({}, None),
    ],
)
def test_a_search_in_several_steps_is_asked_to_tell_them(options: dict[str, object], expected: str | None) -> None:
    assert offers.with_stream_mode(options).get("stream_mode") == expected


# --- What is told -----------------------------------------------------------------------------------------------


async def told(*parts: Event) -> AsyncGenerator[Event, None]:
    for part in parts:
        yield part


async def write(
    answer: Answer,
    *parts: Event,
    watched: AsyncGenerator[Event, None] | None = None,
    sofar: Transcript | None = None,
) -> None:
    """Go on with the answer's log as a process does that found it so far, with these events. Raises Fenced."""
    log = EventLog(on_commit=lambda _answer, _entries: None, pause=0.005)
    log.open()
    try:
        sofar = sofar or fold_entries(await sync_to_async(entries_after)(answer.pk, 0))
        recorder = Recorder(log=log, writer=LogWriter(answer.pk, seq=sofar.seq), sofar=sofar)
        await recorder.record(watched or told(*parts))
        await recorder.settle()
    finally:
        await log.close()
        await sync_to_async(connections.close_all)()


async def log_of(answer: Answer) -> Transcript:
    return fold_entries(await sync_to_async(entries_after)(answer.pk, 0))


@pytest.mark.django_db(transaction=True)
async def test_the_name_of_the_work_is_on_record_before_anything_else_happens(research: Answer) -> None:
    seen = []

    async def watched() -> AsyncGenerator[Event, None]:
        yield events.Submitted("job-7")
        await research.arefresh_from_db()
        seen.append((research.job, research.background, research.state))
        yield events.Submitted("")
        await research.arefresh_from_db()
        seen.append((research.job, research.background, research.state))

    log = EventLog(on_commit=lambda _answer, _entries: None, pause=0.005)
    log.open()
    names: list[str] = []
    await Recorder(log=log, writer=LogWriter(research.pk), submitted=names.append).record(watched())
    await log.close()

    assert seen == [("job-7", True, "writing"), ("", False, "writing")]
    assert names == ["job-7", ""]


@pytest.mark.django_db(transaction=True)
async def test_that_it_is_about_to_be_handed_over_is_on_record_before_it_is(research: Answer) -> None:
    seen = []

    async def watched() -> AsyncGenerator[Event, None]:
        yield events.Submitting()
        seen.append((await log_of(research)).handing_over)
        yield events.StatusChanged("retrying", "3")
        yield events.Submitting()
        seen.append((await log_of(research)).handing_over)
        yield events.Submitted("job-7")
        seen.append((await log_of(research)).handing_over)

    await write(research, watched=watched())

    assert seen == [True, True, False]


@pytest.mark.django_db(transaction=True)
async def test_after_a_refusal_nothing_is_being_handed_over(research: Answer) -> None:
    await write(research, events.Submitting(), events.StatusChanged("retrying", "3"))
    assert not (await log_of(research)).handing_over


@pytest.mark.django_db(transaction=True)
async def test_how_long_it_has_been_in_work_is_known_to_whoever_takes_over(research: Answer) -> None:
    before = timezone.now().timestamp()
    await write(research, events.Submitted("job-7"))
    await write(research, events.StatusChanged("researching"))
    assert before <= (await log_of(research)).submitted_at <= timezone.now().timestamp()


@pytest.mark.django_db(transaction=True)
async def test_what_somebody_stopped_is_not_handed_over_any_more(research: Answer) -> None:
    handed_over = []

    async def watched() -> AsyncGenerator[Event, None]:
        yield events.Submitting()
        handed_over.append(True)

    await sync_to_async(finalize.end_answer)(answer_id=research.pk, state=Answer.State.STOPPED)
    with pytest.raises(Fenced):
        await write(research, watched=watched(), sofar=Transcript())

    assert not handed_over


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cut", range(len(RESULT)))
async def test_a_result_that_was_half_told_is_told_whole_and_once(research: Answer, cut: int) -> None:
    await write(research, events.Submitted("job-7"), *RESULT[:cut])
    await write(research, *RESULT)

    log = await log_of(research)
    assert (log.text, log.reasoning, log.finish) == ("In spring 1998.", "It is clear.", "stop")
    assert [step["thought"] for step in log.steps] == ["Look.", "Read."]
    assert len(log.sources) == 1
    assert log.job == "job-7"


def after(parts: Sequence[Event], sofar: Transcript) -> Transcript:
    """The transcript after a process went on from it, without a database."""
    entries: list[Entry] = []

    class Paper(EventLog):
        def __init__(self) -> None:
            pass

        def add(self, writer: LogWriter, kind: str, data: object) -> None:
            entries.append(Entry(sofar.seq + len(entries) + 1, kind, data))

        async def settled(self, writer: LogWriter) -> None:
            pass

        async def room_for(self, writer: LogWriter) -> None:
            pass

    recorder = Recorder(log=Paper(), writer=LogWriter(uuid.uuid4()), sofar=sofar)
    asyncio.run(recorder.record(told(*parts)))
    asyncio.run(recorder.settle())
    for entry in entries:
        sofar.apply(entry)
    return sofar


pieces = st.lists(
    st.one_of(
        st.text("ab ", min_size=1, max_size=4).map(events.TextDelta),
        st.text("ab ", min_size=1, max_size=4).map(events.ReasoningDelta),
        st.text("ab ", max_size=4).map(events.TextReplaced),
        st.sampled_from("xyz").map(lambda thought: events.StepTaken("thinking", thought)),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(result=pieces, cuts=st.lists(st.integers(0, 8), max_size=3))
def test_however_often_it_passes_on_the_end_is_exactly_the_result(result: list[Event], cuts: list[int]) -> None:
    alone = after([*result, events.Finished()], Transcript())
    log = Transcript()
    for cut in cuts:
        log = after(result[:cut], log)
    log = after([*result, events.Finished()], log)
    assert (log.text, log.reasoning) == (alone.text, alone.reasoning)
    assert [step["thought"] for step in log.steps] == [step["thought"] for step in alone.steps]
