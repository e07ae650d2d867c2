"""How fast words come: many answers with many viewers, one question after another, and the upstream read directly."""

import asyncio
import statistics
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypedDict

from benchmarks import processes, prose, wire
from benchmarks.client import Asked, Person, Viewer

AT_ONCE = 8  # requests under way while people arrive
PARAGRAPHS = 8  # with which the answers begin in turn
PATIENCE = 30.0  # seconds beyond the time that an answer takes


class Spec(TypedDict, total=False):
    """What the load client is told.

    `servers` are those that share the questions and the viewers, `pids` their processes; `watchers` the people who
    watch each answer. `model` is asked, for text of that `shape`.
    """

    mode: str
    servers: list[str]
    upstream: str
    base: int
    cookies: dict[str, dict[str, str]]
    pids: list[int]
    watchers: list[str]
    model: str
    shape: str
    answers: int
    chunks: int
    rate: float
    spread: float
    runs: int


def figures(ages: Sequence[int]) -> dict[str, float]:
    """The median, the 99th percentile and the worst, in milliseconds."""
    ordered = sorted(ages) or [0]
    at = {"p50": 0.5, "p99": 0.99, "worst": 1}
    return {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1e6 for name, share in at.items()}


async def people(spec: Spec) -> dict[str, Person]:
    """Everybody of the spec, with their front page open."""
    found = {name: Person(spec["servers"][0], cookies) for name, cookies in spec["cookies"].items()}
    await found["alice"].open_front_page()
    return found


async def open_gate(spec: Spec, name: str) -> None:
    """Let the upstream go on with all answers that wait at the gate."""
    connection = wire.Connection(spec["upstream"])
    await connection.fetch(wire.request("GET", f"/open/{name}", host=spec["upstream"], cookies={}))
    connection.close()


async def ask_all(person: Person, wishes: str, count: int, spec: Spec) -> list[Asked]:
    """Ask that many questions, a few at a time, at each of the servers in turn."""
    asked: list[Asked] = []
    numbers = iter(range(count))
    servers = spec["servers"]

    async def keep_asking() -> None:
        connections = [wire.Connection(server) for server in servers]
        for number in numbers:
            connection, model = connections[number % len(servers)], spec.get("model", "sonar")
            asked.append(await person.ask(connection, wishes, paragraph=number % PARAGRAPHS, model=model))
        for connection in connections:
            connection.close()

    await asyncio.gather(*(keep_asking() for _ in range(AT_ONCE)))
    return asked


def watched_at(asked: Asked, spec: Spec) -> str:
    """The server at which the answer is watched: with two, half of the answers of either are watched at the other, as
    somebody who shares out requests without looking at them would have it."""
    servers = spec["servers"]
    return servers[(asked.paragraph // len(servers)) % len(servers)]


async def load(spec: Spec) -> dict[str, Any]:
    """Many answers written at once, each watched by everybody of `watchers`.

    The upstream begins when all viewers are there, so that all answers are really written at the same time.
    """
    everybody = await people(spec)
    chunks, spread = spec["chunks"], spec["spread"]
    wishes = f"chunks={chunks} rate={spec['rate']} gate=load{spec['runs']} spread={spread}"
    if spec.get("shape"):
        wishes += f" shape={spec['shape']}"
    before = processes.cpu_seconds(spec["pids"])
    asked = await ask_all(everybody["alice"], wishes, spec["answers"], spec)
    viewers = [[Viewer(spec["base"]) for _ in spec["watchers"]] for _ in asked]
    tasks: list[asyncio.Task[None]] = []
    doors = asyncio.Semaphore(AT_ONCE)

    async def arrive(viewer: Viewer, name: str, one: Asked) -> None:
        async with doors:
            watching = viewer.watch(everybody[name], one, wire.Connection(watched_at(one, spec)))
            tasks.append(asyncio.create_task(watching))
            await viewer.attached.wait()

    await asyncio.gather(
        *(
            arrive(viewer, name, one)
            for one, answer in zip(asked, viewers, strict=True)
            for name, viewer in zip(spec["watchers"], answer, strict=True)
        )
    )
    await asyncio.sleep(0.5)
    await open_gate(spec, f"load{spec['runs']}")
    lasts = chunks / spec["rate"]
    steady = (spread + 0.5, lasts - 0.2)
    quarter = (steady[1] - steady[0]) / 4
    marks = [await _mark_after(steady[0], spec)]
    marks += [await _mark_after(pause, spec) for pause in (quarter, 2 * quarter, quarter)]
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*tasks), lasts - steady[1] + spread + PATIENCE)
    used = processes.cpu_seconds(spec["pids"]) - before
    timed = [pair for answer in viewers for viewer in answer for pair in zip(viewer.sent, viewer.ages, strict=True)]
    since, until = marks[0].at, marks[-1].at
    complete = sum(
        all(viewer.has_all(chunks, one.paragraph) for viewer in answer)
        for one, answer in zip(asked, viewers, strict=True)
    )

    def per_chunk(begin: _Mark, end: _Mark) -> float:
        sent = sum(begin.at <= at < end.at for answer in viewers for at in answer[0].sent)
        return (end.cpu - begin.cpu) / max(sent, 1) * 1e6

    return {
        **figures([age for _, age in timed]),
        "while_all_write": figures([age for sent, age in timed if since <= sent < until]),
        "while_they_begin": figures([age for sent, age in timed if sent < since]),
        "while_they_end": figures([age for sent, age in timed if sent >= until]),
        "complete": complete,
        "steady": (since, until),
        "steady_words": sum(since <= sent < until for sent, _ in timed),
        "cpu_per_chunk": per_chunk(marks[0], marks[-1]),
        "cpu_per_chunk_at_first": per_chunk(marks[0], marks[1]),
        "cpu_per_chunk_at_last": per_chunk(marks[2], marks[3]),
        "cpu_per_chunk_of_all": used / (chunks * spec["answers"]) * 1e6,
        "cpu_share": (marks[-1].cpu - marks[0].cpu) / ((until - since) / 1e9),
    }


class _Mark(NamedTuple):
    """A moment, in nanoseconds since the start of the run, and the CPU seconds that the servers had used by then."""

    at: int
    cpu: float


async def _mark_after(seconds: float, spec: Spec) -> _Mark:
    await asyncio.sleep(seconds)
    return _Mark(processes.now(spec["base"]), processes.cpu_seconds(spec["pids"]))


async def direct(spec: Spec) -> dict[str, Any]:
    """As many streams as there are answers, read from the upstream itself."""
    wishes = f"chunks={spec['chunks']} rate={spec['rate']} gate=direct{spec['runs']} spread={spec['spread']}"
    ages: list[int] = []

    def take(event: wire.Event, now: int) -> None:
        found = prose.STAMP.search(event.data.rpartition(b'"delta"')[2])
        if found:
            ages.append(prose.age_of(found[0], now, spec["base"]))

    connections = [wire.Connection(spec["upstream"]) for _ in range(spec["answers"])]
    question = wire.question(spec["upstream"], wishes)
    reading = [asyncio.create_task(one.follow(question, wire.Events(take).feed)) for one in connections]
    await asyncio.sleep(0.5)
    await open_gate(spec, f"direct{spec['runs']}")
    await asyncio.gather(*reading)
    for one in connections:
        one.close()
    return figures(ages)


async def first(spec: Spec) -> dict[str, Any]:
    """One question after another, by turns in a new conversation and in that one: milliseconds from its POST to the
    first words, by turns ours and the upstream's; and the bytes that come back to whoever asks in a conversation."""
    person = (await people(spec))["alice"]
    wishes = "chunks=5 rate=50"
    ours, theirs, sizes = list[int](), list[int](), list[int]()
    conversation = "/"
    for run in range(spec["runs"] + 3):
        asked_at, came_at = processes.now(spec["base"]), list[int]()
        connection = wire.Connection(spec["servers"][0])
        asked = await person.ask(connection, wishes, conversation=conversation if run % 2 else "/")
        conversation = asked.conversation
        viewer = Viewer(spec["base"], on_word=came_at.append)
        await viewer.watch(person, asked, connection)
        assert viewer.has_all(5)
        began_at, read_at = processes.now(spec["base"]), list[int]()
        upstream = wire.Connection(spec["upstream"])

        def note(_data: bytes, now: int, to: list[int] = read_at) -> None:
            to.append(now)

        await upstream.follow(wire.question(spec["upstream"], wishes), note)
        upstream.close()
        if run >= 3:  # the first ones warm everything up
            ours.append(came_at[0] - spec["base"] - asked_at)
            theirs.append(read_at[0] - spec["base"] - began_at)
        if run % 2:
            sizes.append(asked.size)
    return {
        "ours": statistics.median(ours) / 1e6,
        "direct": statistics.median(theirs) / 1e6,
        "size": statistics.median(sizes),
    }
