"""Runs the rows that were asked for, or all, and prints the table: `python -m benchmarks [ROW …]`."""

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable

from benchmarks import bench, browsing, faults, growing, imaging, pages, processes, streaming
from benchmarks.bench import Bench
from benchmarks.table import Row, judged, printed

IDLE_ENOUGH = 0.1  # of all processors
LONGEST = 390.0  # seconds; rows that would begin later are left out, and the table says so


def search(run: Bench) -> list[Row]:
    """The rows about the search in the history."""
    found = importlib.import_module("benchmarks.search").rows()
    return [Row(what=what, figure=figure, goal=goal, kept=judged(figure, goal)) for what, figure, goal in found]


ROWS: dict[str, Callable[[Bench], list[Row]]] = {
    "first": browsing.first,
    "http": streaming.http,
    "page": browsing.page,
    "long": pages.long,
    "start": pages.start,
    "kill": faults.kill,
    "cuts": faults.cuts,
    "delay": streaming.delay,
    "cpu": streaming.cpu,
    "thread": browsing.thread,
    "many": streaming.many,
    "growing": growing.growing,
    "search": search,
    "thumbnails": imaging.thumbnails,
    "gallery": imaging.gallery,
    "review": imaging.review,
    "drawing": imaging.drawing,
}


def main(wanted: list[str]) -> int:
    """Measure and print. 1 when something could not be measured."""
    unknown = [name for name in wanted if name not in ROWS]
    if unknown:
        sys.exit(f"There is no row {' '.join(unknown)}. Rows: {' '.join(ROWS)}")
    busy = processes.busy_share()
    run = bench.begin()
    rows, failed = list[Row](), False
    try:
        for name in wanted or ROWS:
            if run.seconds > LONGEST:
                failed = True
                rows.append(Row(what=name, figure="left out: the run took too long", goal="", kept=None))
                continue
            run.say(f"{name} …")
            try:
                found = ROWS[name](run)
            except Exception as error:
                failed = True
                run.say(f"{name} could not be measured: {error!r}")
                found = [Row(what=name, figure="could not be measured", goal="", kept=None)]
            rows += found
            for row in found:
                run.say(f"    {row.what}: {row.figure}")
    finally:
        run.close()
    print(printed(rows))
    print(f"\n{os.cpu_count()} cores, {busy:.0%} busy with other work before the run of {run.seconds:.0f} s.")
    if busy > IDLE_ENOUGH:
        print("Other work was going on: every figure of time is worse than on a machine that has nothing else to do.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
