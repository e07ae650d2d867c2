"""What an upstream says beside the text is kept within bounds; what ordinary answers bring is kept as it is."""

from chat.answers import event_limits
from chat.answers.event_limits import EventLimits
from upstream import events
from upstream.events import WebSource

LONG = "x" * 1_000_000


def test_what_an_ordinary_answer_brings_is_kept_as_it_is() -> None:
    source = WebSource(url="https://a.example/", title="A", snippet="About it.", number=3)
    for event in (
        events.SourcesFound((source,)),
        events.RelatedFound(("And then?",)),
        events.MediaFound(({"image_url": "https://a.example/a.png", "width": 300},)),
        events.StepTaken("searching", "Why?", ("one", "two"), (source,), "| a |\n|---|\n"),
        events.StatusChanged("searching", "one, two"),
        events.TextDelta(LONG),
    ):
        assert EventLimits().bounded(event) == event


def test_ten_thousand_sources_are_cut_and_one_without_a_usable_address_keeps_its_number() -> None:
    url = f"https://a.example/{LONG}"
    sources = [WebSource(url=url, title=LONG, snippet=LONG, number=n) for n in range(1, 10_001)]
    found = EventLimits().bounded(events.SourcesFound(sources))
    assert isinstance(found, events.SourcesFound)
    assert len(found.sources) == event_limits.MOST_SOURCES
    first = found.sources[0]
    assert (first.url, len(first.title), len(first.snippet), first.number) == ("", 500, 5_000, 1)


def test_steps_lists_and_pictures_have_an_end() -> None:
    limits = EventLimits()
    steps = [limits.bounded(events.StepTaken("finance", LONG, (LONG,) * 60, content=LONG)) for _ in range(400)]
    kept = [step for step in steps if isinstance(step, events.StepTaken)]
    assert len(kept) == event_limits.MOST_STEPS
    assert sum(len(step.content) for step in kept) == event_limits.MOST_CONTENT
    assert {len(step.terms) for step in kept} == {event_limits.MOST_TERMS}

    lists = [limits.bounded(events.SourcesFound((WebSource(url="https://a.example/"),))) for _ in range(300)]
    assert sum(one is not None for one in lists) == event_limits.MOST_LISTS

    found = limits.bounded(events.MediaFound([{"url": LONG}, {"url": "https://a.example/", "more": [LONG]}] * 500))
    assert found == events.MediaFound(({"url": "https://a.example/"},) * (event_limits.MOST_MEDIA // 2))
