"""Words on their way: how late they come, how many at once, and what they cost."""

import tempfile
from typing import Any

from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from tests.serving import Server

RATE = 20  # chunks per second and answer
TURNOVER = 25  # answers that begin, and later end, per second
AGENT = {"PERPLEXITY_PROVIDER": "agent"}
VIEWERS = 50
COLD = 200  # chunks of one answer alone


def http(bench: Bench) -> Figures:
    """From the POST of a question to the first frame with text."""
    with bench.serving() as server:
        seen = bench.watch(bench.spec("first", server, runs=40))
    return {"http": seen["ours"], "http.direct": seen["direct"], "asked.bytes": seen["size"] / 1000}


def delay(bench: Bench) -> Figures:
    """How late each chunk comes with 100 answers and three viewers on each."""
    seen = _load(bench, answers=100, watchers=["alice", "bob", "vera"])
    return {
        "delay.p50": seen["p50"],
        "delay.p99": seen["p99"],
        "delay.whole": seen["complete"],
        "delay.core": seen["cpu_share"] * 100,
    }


def many(bench: Bench) -> Figures:
    """How many answers one process writes at once."""
    seen = _load(bench, answers=300, watchers=["alice"])
    return {
        "many.whole": seen["complete"],
        "many.p50": seen["p50"],
        "many.p99": seen["p99"],
        "many.core": seen["cpu_share"] * 100,
    }


def direct(bench: Bench) -> Figures:
    """How late chunks come to whoever reads the upstream itself: 100 streams, and 300."""
    found: Figures = {}
    for answers in (100, 300):
        seen = bench.watch(bench.spec("direct", answers=answers, rate=RATE, chunks=100, spread=1.0))
        found |= {f"direct.{answers}.p50": seen["p50"], f"direct.{answers}.p99": seen["p99"]}
    return found


def cpu(bench: Bench) -> Figures:
    """What one chunk costs the server while one person watches, with twenty answers at once and with one alone."""
    return _costs(bench, "cpu")


def agent(bench: Bench) -> Figures:
    """The same, asked of the Agent API, whose chunks do not repeat what was said."""
    return _costs(bench, "agent", env=AGENT, model="agent:fast")


def floor(bench: Bench) -> Figures:
    """The same for a program that does nothing else (`benchmarks.floor`)."""
    found: Figures = {}
    for answers in (20, 1):
        with (
            tempfile.TemporaryDirectory(dir=bench.folder) as folder,
            bench.program("floor", bench.upstream, folder) as (host, pid),
        ):
            spec = bench.spec("load", watchers=["alice"], **size_of(answers))
            spec |= {"servers": [host], "cookies": {"alice": {}}, "pids": [pid]}
            found[f"floor.{answers}"] = bench.watch(spec)["cpu_per_chunk"]
    return found


def viewers(bench: Bench) -> Figures:
    """What each further viewer of an answer costs for each of its chunks."""
    names = ["alice", "bob", "vera"]
    costs = [_load(bench, answers=1, watchers=(names * VIEWERS)[:count])["cpu_per_chunk"] for count in (1, VIEWERS + 1)]
    return {"viewer": (costs[1] - costs[0]) / VIEWERS}


def growth(bench: Bench) -> Figures:
    """What a chunk costs while the one list or table that an answer consists of grows to 16 kB: at first, at last."""
    found: Figures = {}
    for shape in ("list", "table"):
        seen = _load(bench, answers=1, watchers=["alice"], shape=shape)
        found |= {f"{shape}.first": seen["cpu_per_chunk_at_first"], f"{shape}.last": seen["cpu_per_chunk_at_last"]}
    return found


def _costs(bench: Bench, name: str, *, env: dict[str, str] | None = None, **wanted: Any) -> Figures:
    found: Figures = {}
    for answers in (20, 1):
        seen = _load(bench, answers=answers, watchers=["alice"], env=env, **wanted)
        steady, of_all = seen["cpu_per_chunk"], seen["cpu_per_chunk_of_all"]
        found |= {f"{name}.{answers}": steady, f"{name}.{answers}.all": of_all}
        if answers > 1:
            found[f"{name}.ask"] = (of_all - steady) * size_of(answers)["chunks"] / 1000
    return found


def size_of(answers: int) -> dict[str, Any]:
    """So many answers that begin one after another; the first one ends three seconds after the last one has begun."""
    spread = answers / TURNOVER
    return {"answers": answers, "rate": RATE, "spread": spread, "chunks": max(COLD, int((spread + 3) * RATE))}


def _load(
    bench: Bench, *, answers: int, watchers: list[str], env: dict[str, str] | None = None, **wanted: Any
) -> dict[str, Any]:
    """What the load client saw of a server with as many answers at once."""
    with bench.serving(env=env or {}) as server:
        return watched(bench, server, watchers=watchers, **size_of(answers), **wanted)


def watched(bench: Bench, server: Server, **wanted: Any) -> dict[str, Any]:
    """What the load client saw of the server, and a word about the upstream if that could not keep up."""
    bench.upstream_figures()
    seen: dict[str, Any] = bench.watch(bench.spec("load", server, **wanted))
    for phase in ("while_they_begin", "while_all_write", "while_they_end"):
        bench.say(f"    {phase.replace('_', ' ')}: p50 {seen[phase]['p50']:.0f} ms, p99 {seen[phase]['p99']:.0f} ms")
    late = bench.upstream_figures()["late_p99"]
    if late > 0.02:
        bench.say(f"    the upstream itself was late by {late * 1000:.0f} ms (p99): this machine is busy")
    return seen
