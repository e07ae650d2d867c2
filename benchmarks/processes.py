"""What the system says about processes: CPU and memory."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path


def now(base: int) -> int:
    """Nanoseconds since the start of the run."""
    return time.monotonic_ns() - base


def busy_share(seconds: float = 1.0) -> float:
    """How much of the machine's processors is used by whatever runs, looked at for a while."""

    def times() -> tuple[int, int]:
        fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return sum(fields) - fields[3] - fields[4], sum(fields)

    busy, total = times()
    time.sleep(seconds)
    busy_then, total_then = times()
    return (busy_then - busy) / max(total_then - total, 1)


def family(pid: int) -> list[int]:
    """The process and its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time that the processes have used, each by its CPU clock (clock_getcpuclockid(3) on Linux)."""
    return sum(time.clock_gettime_ns((~pid << 3) | 2) for pid in pids) / 1e9


def pss_megabytes(pids: Iterable[int]) -> float:
    """Memory of the processes, what they share counted once."""
    total = 0
    for pid in pids:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """End a process that was started in a session of its own, with all its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
