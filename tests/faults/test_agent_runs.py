"""A run of the Agent API outlives the server that asked for it, and is paid for once whatever happens."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import psycopg
import pytest

from tests.agent_runs import AgentRuns, Run, serve_runs
from tests.conftest import MakeServer
from tests.questions import Article, Asked, ask, eventually, stored, watch, words
from tests.serving import Server
from tests.stores import FILE, Store
from tests.walks import long_walk

TEXT = "It was automated in spring 1998.[1]"
HANDED_OVER = "it may be charged twice"


@pytest.fixture(scope="module")
def agent() -> Iterator[AgentRuns]:
    """The service, which stays when a server goes."""
    with serve_runs() as service:
        yield service


@pytest.fixture
def researching(make_server: MakeServer, agent: AgentRuns) -> Server:
    """A server of the test's own."""
    return make_server(env=agent.settings)


@pytest.fixture(scope="module")
def pair(
    template: Store, tmp_path_factory: pytest.TempPathFactory, agent: AgentRuns
) -> Iterator[tuple[Server, Server]]:
    """Two servers on the same data, which outlive a test."""
    server = Server(template.copy(tmp_path_factory.mktemp("pair") / "data"), env=agent.settings).start()
    yield server, server.twin()
    server.close()


def research(server: Server, question: str, name: str = "alice") -> Asked:
    return ask(server.client(name), question, model="agent:medium", delivery="background")


def run_of(agent: AgentRuns, question: str) -> Run:
    """The one run of the question, once it is there."""
    runs = eventually(lambda: agent.runs_of(question))
    assert len(runs) == 1
    return runs[0]


def job_of(server: Server, asked: Asked) -> str:
    return str(server.rows("SELECT job FROM chat_answer WHERE id = ?", [server.store.identifier(asked.answer)])[0][0])


def begun(server: Server, agent: AgentRuns, question: str) -> tuple[Asked, Run]:
    """A question that is in work, as the server has on record."""
    asked = research(server, question)
    eventually(lambda: job_of(server, asked))
    return asked, run_of(agent, question)


def steps_of(server: Server, asked: Asked) -> int:
    answer = server.store.identifier(asked.answer)
    counted = "SELECT count(*) FROM chat_logentry WHERE answer_id = ? AND kind = 'step'"
    return int(server.rows(counted, [answer])[0][0])


def test_a_run_shows_what_it_finds_while_it_works_and_then_the_whole_answer(
    pair: tuple[Server, Server], agent: AgentRuns
) -> None:
    researching, _there = pair
    question = "When was the light automated?"
    article = Article()
    asked = research(researching, question)
    run = run_of(agent, question)
    assert (run.body["background"], run.body["store"]) == (True, True)
    run.searches("varn light", "varn keeper")
    viewer = researching.client("alice")

    watch(viewer, asked, article=article, until=lambda a: "varn keeper" in words(a.places.get("reasoning", "")))
    assert "leave this page" in article.places["status"]
    assert "Varn harbour light" in words(article.places["sources"])
    assert (article.state, article.words) == ("writing", "")
    run.finishes(TEXT)
    watch(viewer, asked, article=article)

    answer = stored(researching, asked)
    assert (answer["state"], answer["text"], answer["cost_source"]) == ("finished", TEXT, "reported")
    assert "It was automated in spring 1998." in words(article.final)
    assert agent.times_asked(question) == 1


def test_a_run_is_left_to_the_next_server_and_not_before_the_service_has_it(
    researching: Server, agent: AgentRuns
) -> None:
    in_work, slow = "Does it outlive a restart?", "Does it outlive a slow reply?"
    asked, run = begun(researching, agent, in_work)
    agent.replies.clear()
    asked_slowly = research(researching, slow)
    slow_run = run_of(agent, slow)
    threading.Timer(1.5, agent.replies.set).start()

    assert researching.stop() == 0
    jobs = {job_of(researching, one) for one in (asked, asked_slowly)}
    assert jobs == {run.id, slow_run.id}
    assert stored(researching, asked)["state"] == stored(researching, asked_slowly)["state"] == "writing"
    researching.start()
    for one in (run, slow_run):
        one.finishes(TEXT)

    for one in (asked, asked_slowly):
        assert watch(researching.client("bob"), one).state == stored(researching, one)["state"] == "finished"
    assert agent.times_asked(in_work) == agent.times_asked(slow) == 1
    assert run.cancels == slow_run.cancels == 0


def test_after_a_kill_at_any_moment_another_process_goes_on_pays_once_and_tells_nothing_twice(
    researching: Server, agent: AgentRuns
) -> None:
    there = researching.twin()
    questions = {
        stage: f"Does it outlive a kill while {stage}?"
        for stage in ("in work", "searching", "being written", "done", "taken", "sent")
    }
    asked: dict[str, Asked] = {}
    for stage in ("in work", "searching", "being written", "done"):
        asked[stage], run = begun(researching, agent, questions[stage])
        if stage == "searching":
            run.searches("first")
            run.searches("second")
    eventually(lambda: steps_of(researching, asked["searching"]) == 2)
    agent.replies.clear()
    asked["taken"] = research(researching, questions["taken"])
    run_of(agent, questions["taken"])
    agent.takes.clear()
    asked["sent"] = research(researching, questions["sent"])
    eventually(lambda: agent.times_asked(questions["sent"]))

    researching.kill()
    run_of(agent, questions["done"]).finishes(TEXT)
    half_written(researching.store, asked["being written"])
    agent.takes.set()
    agent.replies.set()
    run_of(agent, questions["searching"]).searches("third")
    for stage in ("in work", "searching", "being written"):
        run_of(agent, questions[stage]).finishes(TEXT)

    for stage, one in asked.items():
        eventually(lambda one=one: stored(there, one)["state"] not in ("waiting", "writing"))
        article = watch(there.client("alice"), one)
        answer = stored(there, one)
        assert agent.times_asked(questions[stage]) == 1, stage
        if stage in ("taken", "sent"):
            assert article.state == answer["state"] == "interrupted", stage
            assert HANDED_OVER in words(article.final), stage
            assert "Ask again" in words(article.final), stage
        else:
            assert article.state == answer["state"] == "finished", stage
            assert answer["text"] == TEXT, stage
            assert "half" not in words(article.final), stage
    assert "3 steps" in words(watch(there.client("bob"), asked["searching"]).final)
    assert not any(run.cancels for question in questions.values() for run in agent.runs_of(question))


def half_written(store: Store, asked: Asked) -> None:
    """Leave the log as a process does that is killed while it writes the result."""
    write_log(store, asked, [("started", '{"upstream_id": "x"}'), ("text", '"half a sen"')])


def write_log(store: Store, asked: Asked, entries: Sequence[tuple[str, str]]) -> None:
    """Add entries of these kinds with this JSON."""
    answer = store.identifier(asked.answer)
    last = store.rows("SELECT max(seq) FROM chat_logentry WHERE answer_id = ?", [answer])[0][0]
    insert = "INSERT INTO chat_logentry (answer_id, seq, kind, data) VALUES (?, ?, ?, ?) RETURNING seq"
    for seq, (kind, data) in enumerate(entries, last + 1):
        store.rows(insert, [answer, seq, kind, data])


@long_walk
def test_a_run_that_ends_while_the_database_is_away_is_there_when_it_is_back(
    pair: tuple[Server, Server], agent: AgentRuns
) -> None:
    researching, _there = pair
    question = "Does it outlive a database that is away?"
    asked, run = begun(researching, agent, question)
    looks = run.looks

    with locked_out(researching.store):
        run.finishes(TEXT)
        eventually(lambda: run.looks > looks)
        time.sleep(6)  # longer than anybody waits for a lock

    assert watch(researching.client("alice"), asked).state == "finished"
    assert stored(researching, asked)["text"] == TEXT
    assert agent.times_asked(question) == 1


@contextmanager
def locked_out(store: Store) -> Iterator[None]:
    """Let nobody write into the database."""
    if store.is_postgresql:
        with psycopg.connect(store.database_url) as postgres:
            postgres.execute("LOCK TABLE chat_logentry IN ACCESS EXCLUSIVE MODE")
            yield
        return
    with closing(sqlite3.connect(store.folder / FILE, timeout=20, isolation_level=None)) as sqlite:
        sqlite.execute("BEGIN IMMEDIATE")
        yield
        sqlite.execute("ROLLBACK")


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "in another process"])
def test_whoever_stops_a_run_does_not_wait_and_has_the_service_stop_it(
    pair: tuple[Server, Server], agent: AgentRuns, elsewhere: bool
) -> None:
    question = f"Does it stop {'elsewhere' if elsewhere else 'here'}?"
    asked, run = begun(pair[0], agent, question)
    server = pair[elsewhere]

    began = time.monotonic()
    assert server.client("alice").post(f"{asked.path}stop/").status_code == 302
    assert time.monotonic() - began < 3

    eventually(lambda: run.cancels)
    article = watch(pair[1].client("bob"), asked)
    assert article.state == stored(server, asked)["state"] == "stopped"
    assert "The answer service may charge for the work it has already done." in words(article.final)
    assert agent.times_asked(question) == 1


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "in another process"])
def test_a_run_is_stopped_though_nobody_knows_yet_what_it_is_called(
    pair: tuple[Server, Server], agent: AgentRuns, elsewhere: bool
) -> None:
    question = f"Does it stop {'elsewhere' if elsewhere else 'here'} before it is replied to?"
    agent.replies.clear()
    asked = research(pair[0], question)
    run = run_of(agent, question)
    assert pair[elsewhere].client("alice").post(f"{asked.path}stop/").status_code == 302
    assert stored(pair[0], asked)["state"] == "stopped"

    agent.replies.set()

    eventually(lambda: run.cancels)


def test_a_run_that_was_given_up_while_it_was_handed_over_is_not_left_behind(
    pair: tuple[Server, Server], agent: AgentRuns
) -> None:
    question = "Does it stop when somebody believed its process gone?"
    agent.replies.clear()
    asked = research(pair[0], question)
    run = run_of(agent, question)
    end = "UPDATE chat_answer SET state = 'interrupted' WHERE id = ? RETURNING id"
    pair[0].rows(end, [pair[0].store.identifier(asked.answer)])
    write_log(pair[0].store, asked, [("end", '{"state": "interrupted"}')])

    agent.replies.set()

    eventually(lambda: run.cancels)


def test_a_run_that_nobody_holds_is_stopped_by_whoever_ends_it(researching: Server, agent: AgentRuns) -> None:
    there = researching.twin()
    asked, run = begun(researching, agent, "Does it stop when its process is gone?")
    researching.kill()

    assert there.client("bob").post(f"{asked.path}stop/").status_code == 302

    eventually(lambda: run.cancels)
    assert stored(there, asked)["state"] == "stopped"


def test_a_run_that_the_service_forgets_is_said_to_be_lost(pair: tuple[Server, Server], agent: AgentRuns) -> None:
    researching, _there = pair
    question = "Does it say that it is lost?"
    asked, run = begun(researching, agent, question)
    run.is_known = False

    article = watch(researching.client("alice"), asked)

    assert article.state == "failed"
    assert "no longer knows this run" in words(article.final)
    assert "Ask again" in words(article.final)
    assert agent.times_asked(question) == 1
