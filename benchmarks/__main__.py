"""Measures, and prints the table: `python -m benchmarks [NAME …] [--rounds N] [--json FILE] [--base COMMIT]`.

The rounds take turns: each measures everything once, so that a slow minute of the machine is nobody's alone. With a
base, the servers of both commits are measured by turns, by the same programs. `cpu`, `floor` and `peer` belong
together, because goals hold the first against the others.
"""

import argparse
import contextlib
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import (
    api,
    bench,
    browsing,
    checks,
    claims,
    documents,
    export,
    faults,
    growing,
    imaging,
    imports,
    known,
    labelled,
    ledger,
    pages,
    peer,
    phone,
    processes,
    search,
    sidebar,
    streaming,
    table,
    two_processes,
    worktree,
)
from benchmarks.bench import Bench
from benchmarks.rounds import Figures, Rounds
from benchmarks.rows import ROWS
from tests.stores import ROOT

IDLE_ENOUGH = 0.1  # of all processors
WAITS_FOR_REST = 60.0  # seconds
LONGEST = 30.0  # minutes for one commit; what would begin later is left out


@dataclass(frozen=True)
class Measure:
    """Something to measure. `once` where one round is enough; `ours` says whether it concerns Parley."""

    run: Callable[[Bench], Figures]
    once: bool = False
    ours: bool = True


MEASURES = {
    "cpu": Measure(streaming.cpu),
    "floor": Measure(streaming.floor, ours=False),
    "peer": Measure(peer.peer, once=True, ours=False),
    "agent": Measure(streaming.agent),
    "http": Measure(streaming.http),
    "api": Measure(api.api),
    "delay": Measure(streaming.delay),
    "many": Measure(streaming.many),
    "direct": Measure(streaming.direct, once=True, ours=False),
    "viewers": Measure(streaming.viewers, once=True),
    "two": Measure(two_processes.two_processes),
    "first": Measure(browsing.first),
    "thread": Measure(browsing.thread),
    "page": Measure(browsing.page, once=True),
    "phone": Measure(phone.phone, once=True),
    "long": Measure(pages.long, once=True),
    "start": Measure(pages.start, once=True),
    "growth": Measure(streaming.growth, once=True),
    "growing": Measure(growing.growing, once=True, ours=False),
    "kill": Measure(faults.kill, once=True),
    "cuts": Measure(faults.cuts, once=True),
    "search": Measure(search.search, once=True),
    "sidebar": Measure(sidebar.sidebar, once=True),
    "ledger": Measure(ledger.ledger, once=True),
    "documents": Measure(documents.documents, once=True),
    "known": Measure(known.known, once=True),
    "export": Measure(export.export, once=True),
    "labelled": Measure(labelled.labelled, once=True),
    "claims": Measure(claims.claims, once=True),
    "checks": Measure(checks.checks, once=True),
    "judging": Measure(imaging.judging, once=True),
    "gallery": Measure(imaging.gallery, once=True),
    "review": Measure(imaging.review, once=True),
    "drawing": Measure(imaging.drawing, once=True),
    "imports": Measure(imports.imports, once=True),
}


@dataclass
class Run:
    """What is measured, for how long, and what went wrong."""

    wanted: list[str]
    rounds: int
    ends_at: float  # by the monotonic clock
    failed: bool = False

    def measure(self, sides: list[tuple[Bench, Rounds]]) -> None:
        """Measure each side, the last of which is this tree's, in as many rounds."""
        for number in range(self.rounds):
            for name in self.wanted:
                if number and MEASURES[name].once:
                    continue
                for one, rounds in sides if MEASURES[name].ours else sides[-1:]:
                    self._measure(name, one, rounds, number)

    def _measure(self, name: str, one: Bench, rounds: Rounds, number: int) -> None:
        about = f"{name}, round {number + 1}, {rounds.about['commit']}"
        if time.monotonic() > self.ends_at:
            self.failed = True
            return one.say(f"{about}: left out, the run takes too long")
        rounds.about["busy"] = max(rounds.about["busy"], processes.busy_share(0.3))
        one.say(f"{about} …")
        try:
            found = MEASURES[name].run(one)
        except Exception as error:
            self.failed = True
            return one.say(f"{about}: could not be measured: {_last_line(error)}")
        rounds.add(found)
        return one.say("    " + ", ".join(f"{figure} {table.number(value)}" for figure, value in found.items()))


def _last_line(error: Exception) -> str:
    return (str(error).strip() or repr(error)).splitlines()[-1]


def main(arguments: list[str]) -> int:
    """Measure and print. 1 when something could not be measured."""
    told = _parser().parse_args(arguments)
    if unknown := [name for name in told.names if name not in MEASURES]:
        sys.exit(f"There is nothing called {' '.join(unknown)} to measure, only: {' '.join(MEASURES)}")
    minutes = told.minutes or (2 * LONGEST if told.base else LONGEST)
    run = Run(told.names or _usual(), told.rounds, time.monotonic() + minutes * 60)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    busy = _wait_for_rest(strict=told.strict)
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        trees = [(ROOT, _name_of_this_tree())]
        if told.base:
            trees.insert(0, (stack.enter_context(worktree.tree_of(told.base)), worktree.name_of(told.base)))
        sides = []
        for tree, commit in trees:
            one = bench.begin(tree=tree)
            stack.callback(one.close)
            sides.append((one, Rounds(about=_circumstances(commit, told.rounds, busy))))
        run.measure(sides)
    now = sides[-1][1]
    if told.json:
        now.save(told.json)
    if told.base:
        base = sides[0][1]
        if told.json:
            base.save(told.json.with_suffix(f".base{told.json.suffix}"))
        print(table.comparison(ROWS, base, now))
    else:
        print(table.table(ROWS, now))
    print("\n" + _footer(now, minutes=(time.monotonic() - began) / 60))
    return int(run.failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {' '.join(MEASURES)}")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="store every value of every round there")
    parser.add_argument("--base", metavar="COMMIT", help="measure that commit's servers too, and compare")
    parser.add_argument("--minutes", type=float, help=f"begin nothing later ({LONGEST:.0f}, with a base twice that)")
    parser.add_argument("--strict", action="store_true", help="measure nothing while the machine has other work")
    return parser


def _usual() -> list[str]:
    """Everything that can be measured with what is here."""
    return [name for name in MEASURES if name != "peer" or peer.is_installed()]


def _wait_for_rest(*, strict: bool) -> float:
    """Wait a while for the machine to have nothing else to do; returns how much of it is busy."""
    deadline = time.monotonic() + WAITS_FOR_REST
    while (busy := processes.busy_share()) > IDLE_ENOUGH and time.monotonic() < deadline:
        print(f"The machine is {busy:.0%} busy with other work; waiting …", file=sys.stderr, flush=True)
        time.sleep(5)
    if busy > IDLE_ENOUGH and strict:
        sys.exit(f"Nothing was measured: the machine is {busy:.0%} busy with other work.")
    return busy


def _name_of_this_tree() -> str:
    return worktree.name_of("HEAD") + ("+" if worktree.is_changed() else "")


def _circumstances(commit: str, rounds: int, busy: float) -> dict[str, object]:
    return {
        "commit": commit,
        "rounds": rounds,
        "busy": busy,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "database": "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite",
        "at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
    }


def _footer(rounds: Rounds, *, minutes: float) -> str:
    about = rounds.about
    told = (
        f"{about['commit']}, {about['at']} UTC, {about['cores']} cores, Python {about['python']}, {about['database']}: "
        f"medians of up to {about['rounds']} rounds (least–greatest), {minutes:.0f} minutes; "
        f"at most {about['busy']:.0%} of the machine was busy with other work."
    )
    if about["busy"] > IDLE_ENOUGH:
        told += "\nThat is too much: every figure of time is worse than on a machine that has nothing else to do."
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
