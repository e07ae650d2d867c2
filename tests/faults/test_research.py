"""Sonar's research outlives the server that asked for it, and is paid for once whatever happens.

What is the same for every service is tried in `test_agent_runs.py`.
"""

import httpx
import pytest

from tests.conftest import MakeServer
from tests.questions import Article, Asked, ask, eventually, stored, watch, words
from tests.serving import PLAIN, Server
from tests.stores import Store
from tests.walks import long_walk

RESEARCH = "sonar-deep-research"


@pytest.fixture
def researching(make_server: MakeServer, demo_upstream: str) -> Server:
    """A server whose upstream stays when it goes."""
    return make_server(env={"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "some-key"})


def research(server: Server, text: str, name: str = "alice") -> Asked:
    return ask(server.client(name), text, model=RESEARCH, delivery="background")


def told_upstream(demo_upstream: str, question: str) -> tuple[int, int]:
    """How often the upstream was sent this question, and how many pieces of work it made of it."""
    found = httpx.get(f"{demo_upstream}/demo/calls", params={"question": question}, **PLAIN).json()
    return found["calls"], found["jobs"]


def job_of(server: Server, asked: Asked) -> str:
    return str(server.rows("SELECT job FROM chat_answer WHERE id = ?", [server.store.identifier(asked.answer)])[0][0])


def lone_answer(demo_upstream: str, question: str) -> str:
    """What the upstream says to this question, asked without Parley."""
    body = {"model": RESEARCH, "messages": [{"role": "user", "content": question}]}
    headers = {"Authorization": "Bearer some-key"}
    response = httpx.post(f"{demo_upstream}/chat/completions", json=body, headers=headers, **PLAIN, timeout=30)
    return str(response.json()["choices"][0]["message"]["content"])


def test_a_research_is_shown_while_it_is_in_work_and_then_whole(researching: Server, demo_upstream: str) -> None:
    question = "How does pickling work in the first place?"
    article = Article()
    asked = research(researching, f"{question} #demo:slow=2500")
    watch(
        researching.client("alice"),
        asked,
        article=article,
        until=lambda a: "leave this page" in a.places.get("status", ""),
    )
    assert article.state == "writing"
    assert article.words == ""

    watch(researching.client("alice"), asked, article=article)

    answer = stored(researching, asked)
    assert (answer["state"], answer["cost_source"]) == ("finished", "reported")
    assert answer["text"].strip() == lone_answer(demo_upstream, question).strip()
    assert words(answer["html"]) in words(article.final)
    assert told_upstream(demo_upstream, question)[1] == 1


def test_a_research_goes_on_when_the_server_is_told_to_leave_and_comes_back(
    researching: Server, demo_upstream: str
) -> None:
    question = "How does pickling survive a restart?"
    asked = research(researching, f"{question} #demo:slow=9000")
    eventually(lambda: job_of(researching, asked))
    job = job_of(researching, asked)

    assert researching.stop() == 0
    assert stored(researching, asked)["state"] == "writing"
    researching.start()
    article = watch(researching.client("bob"), asked)

    assert article.state == stored(researching, asked)["state"] == "finished"
    assert job_of(researching, asked) == job
    assert told_upstream(demo_upstream, question) == (1, 1)


def test_a_kill_at_any_moment_pays_once_and_tells_nothing_twice(researching: Server, demo_upstream: str) -> None:
    texts = {
        "sending": "How does pickling survive while it is sent? #demo:delay=4000",
        "sent": "How does pickling survive while it is taken? #demo:late_reply=4000",
        "in work": "How does pickling survive while it is in work? #demo:slow=12000",
        "being written": "How does pickling survive while it is written? #demo:slow=12000",
    }
    questions = {stage: text.partition(" #demo")[0] for stage, text in texts.items()}
    asked = {stage: research(researching, text) for stage, text in texts.items()}
    eventually(lambda: all(job_of(researching, asked[stage]) for stage in ("in work", "being written")))
    eventually(lambda: all(told_upstream(demo_upstream, one)[0] for one in questions.values()))

    researching.kill()
    half_written(researching.store, asked["being written"])
    assert not job_of(researching, asked["sending"])
    assert not job_of(researching, asked["sent"])
    researching.start()

    for stage, one in asked.items():
        article = watch(researching.client("alice"), one)
        answer = stored(researching, one)
        assert article.state == answer["state"] == "finished", stage
        assert answer["text"].strip() == lone_answer(demo_upstream, questions[stage]).strip(), stage
        assert words(answer["html"]) in words(article.final), stage
        assert "hatstand" not in words(article.final), stage
        assert told_upstream(demo_upstream, questions[stage])[1] == 1, stage


def half_written(store: Store, asked: Asked) -> None:
    """Leave the log as a process does that is killed while it writes the result."""
    answer = store.identifier(asked.answer)
    last = store.rows("SELECT max(seq) FROM chat_logentry WHERE answer_id = ?", [answer])[0][0]
    for seq, (kind, data) in enumerate(
        [("started", '{"upstream_id": "x"}'), ("reasoning", '"hatstand thought"'), ("text", '"hatstand sen"')], last + 1
    ):
        store.rows(
            "INSERT INTO chat_logentry (answer_id, seq, kind, data) VALUES (?, ?, ?, ?) RETURNING seq",
            [answer, seq, kind, data],
        )


def test_a_research_that_is_stopped_stays_stopped_and_says_that_it_may_cost(
    researching: Server, demo_upstream: str
) -> None:
    question = "How does pickling stop elsewhere?"
    server = researching.twin()
    asked = research(researching, f"{question} #demo:slow=60000")
    eventually(lambda: job_of(researching, asked))

    assert server.client("alice").post(f"{asked.path}stop/").status_code == 302
    article = watch(server.client("bob"), asked)

    assert article.state == stored(server, asked)["state"] == "stopped"
    assert "may continue it and charge for it" in words(article.final)
    researching.restart()
    assert stored(researching, asked)["state"] == "stopped"
    assert told_upstream(demo_upstream, question) == (1, 1)


@long_walk
def test_where_the_upstream_does_not_work_by_itself_the_research_is_streamed_and_never_asked_again(
    researching: Server, demo_upstream: str
) -> None:
    question = "How does pickling stream?"
    asked = research(researching, f"{question} #demo:no_queue #demo:slow=150")
    article = watch(researching.client("alice"), asked, until=lambda a: len(a.words) > 40)

    researching.kill()
    researching.start()
    watch(researching.client("alice"), asked, article=article)

    assert article.state == "interrupted"
    assert told_upstream(demo_upstream, question) == (2, 0)  # once to hear that it does not


def test_a_research_that_fails_says_why_and_can_be_asked_again(researching: Server) -> None:
    asked = research(researching, "#demo:fast #demo:failed #demo:echo the library is closed")
    article = watch(researching.client("alice"), asked)
    assert article.state == "failed"
    assert "gave up on this research. It says: the library is closed" in words(article.final)
    assert "Ask again" in words(article.final)
