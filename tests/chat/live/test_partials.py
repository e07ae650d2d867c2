"""A viewer is known by one number, and whoever renders, from whichever commits, serves it the same."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.answers.transcript import Entry
from chat.live.answer_display import Reader
from chat.live.partials import Partials
from chat.models import Answer, Conversation, Question
from tests import sse, walks
from tests.questions import Article

PIECES = [
    "The light ",
    "was **automated** ",
    "in 1998.[1]",
    "[2] ",
    "\n\n",
    "## After that\n\n",
    "- one\n- two\n",
    "```python\nprint(1)\n",
    "```\n\n",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
    "$x^2$ ",
    "> quoted\n",
    "<b>raw</b> ",
]
SOURCES = [
    [{"title": "Varn", "url": "https://harbour.example/varn"}],
    [{"title": "Varn", "url": "https://harbour.example/varn"}, {"title": "List", "url": "https://lights.example/"}],
]

MEDIA = [
    {"images": [{"image_url": "https://harbour.example/varn.png"}], "videos": []},
    {"images": [], "videos": [{"url": "https://harbour.example/varn.mp4"}]},
    {"images": [], "videos": []},
]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("text"), st.sampled_from(PIECES)),
        st.tuples(st.just("sources"), st.sampled_from(SOURCES)),
        st.tuples(st.just("text_replaced"), st.sampled_from(["", "Anew. ", "Anew.\n\nAnd on "])),
        st.tuples(st.just("reasoning"), st.just("hm ")),
        st.tuples(st.just("media"), st.sampled_from(MEDIA)),
        st.tuples(st.just("related"), st.just(["Who?"])),
        st.tuples(st.just("status"), st.just({"doing": "searching"})),
    ),
    min_size=1,
    max_size=25,
)


def an_answer() -> Answer:
    conversation = Conversation(title="Light")
    return Answer(question=Question(conversation=conversation, text="Who?"), model="sonar", state="writing")


def entries(log: list[tuple[str, Any]]) -> list[Entry]:
    return [Entry(seq, kind, data) for seq, (kind, data) in enumerate(log, start=1)]


def show(article: Article, partials: Partials) -> None:
    html = partials.frame(after=article.last_id, reader=Reader(may_ask=True))
    article.take(sse.Message(str(partials.seq), "update", html))


def shown(article: Article, place: str) -> str:
    """The place's HTML without the key that every form gets afresh."""
    return re.sub(r'name="key"\s+value="[^"]*"', "", article.places.get(place, ""))


@given(log=steps, data=st.data())
@settings(max_examples=walks.examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_way_of_coming_and_going_shows_the_same(log: list[tuple[str, Any]], data: st.DataObject) -> None:
    answer = an_answer()
    all_at_once = Partials(answer)
    all_at_once.apply(entries(log))
    late = Article()
    show(late, all_at_once)

    one, other = Partials(answer), Partials(answer)
    steady, wandering = Article(), Article()
    for entry in entries(log):
        one.apply([entry])
        show(steady, one)
        if data.draw(st.booleans()):
            other.apply(step for step in entries(log) if other.seq < step.seq <= entry.seq)
            show(wandering, data.draw(st.sampled_from([one, other])))
    show(wandering, all_at_once)

    assert steady.body == wandering.body == late.body
    for place in ("sources", "reasoning", "media", "related"):
        assert shown(steady, place) == shown(wandering, place) == shown(late, place)


@pytest.mark.parametrize("after", [0, 999])
def test_a_new_viewer_and_one_ahead_of_the_log_get_everything(after: int) -> None:
    partials = Partials(an_answer())
    partials.apply(entries([("text", "One.\n\n"), ("text", "Two")]))
    html = partials.frame(after=after, reader=Reader(may_ask=True))
    assert '<template data-place="blocks" data-how="replace">' in html
    assert "One." in html
    assert "Two" in html


def test_closed_blocks_are_sent_once() -> None:
    partials = Partials(an_answer())
    partials.apply(entries([("text", "One.\n\n"), ("text", "Two.\n\nThr")]))
    first_seen = partials.frame(after=0, reader=Reader(may_ask=True))
    partials.apply([Entry(3, "text", "ee")])
    then = partials.frame(after=2, reader=Reader(may_ask=True))
    assert "One." in first_seen
    assert "One." not in then
    assert "Two." not in then
    assert then == '<template data-place="tail" data-how="text" data-at="1 1 3">ee</template>'


def test_only_those_who_may_ask_are_offered_to_stop() -> None:
    partials = Partials(an_answer())
    partials.apply(entries([("status", {"doing": "searching"})]))
    assert "Stop" in partials.frame(after=0, reader=Reader(may_ask=True))
    assert "Stop" not in partials.frame(after=0, reader=Reader(may_ask=False))


def test_the_page_tells_the_state_that_the_log_has_reached_though_the_row_lags_behind() -> None:
    answer = an_answer()
    answer.state = Answer.State.WAITING
    partials = Partials(answer)
    assert partials.display().state == "waiting"
    partials.apply(entries([("text", "One.")]))
    assert partials.display().state == "writing"
