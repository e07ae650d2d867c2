"""Strangers' bytes are opened in a process of its own: it gets no secrets, keeps its bounds, and is replaced."""

import io
import os
import signal
import time
from pathlib import Path

import pytest

from files.isolation import Bounds, Ended, Outcome, Runner

ROOMY = Bounds(cpu=10, time=20, memory=100_000_000, output=1_000_000)


def ended(runner: Runner, job: str, bounds: Bounds = ROOMY) -> tuple[Ended, bytes]:
    with runner.run(f"tests.files.peaks:{job}", io.BytesIO(b"light"), bounds=bounds) as found:
        return found, found.output.read()


def test_each_piece_of_work_has_a_process_of_its_own_that_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERPLEXITY_API_KEY", "pplx-secret")
    runner = Runner()

    first, second = ended(runner, "told")[0].value, ended(runner, "told")[0].value

    assert first["pid"] != second["pid"]
    assert first["parent"] == second["parent"] != os.getpid(), "the server that forks them stays"
    assert first["read"] == "light"
    assert not [name for name in first["names"] if "KEY" in name or "DJANGO" in name or "DATABASE" in name]


def test_bounds_are_kept_and_told_apart() -> None:
    runner = Runner()
    started = time.monotonic()

    slow, written = ended(runner, "forever", Bounds(cpu=10, time=1, memory=100_000_000, output=1_000_000))
    heavy, _ = ended(runner, "hoard")
    crashed, _ = ended(runner, "die")

    assert (slow.outcome, written) == (Outcome.TOO_SLOW, b"light"), "what was written before is there"
    assert heavy.outcome is Outcome.TOO_HEAVY
    assert crashed.outcome is Outcome.TOO_HEAVY
    assert time.monotonic() - started < 20


def test_a_full_disk_is_no_fault_of_the_file() -> None:
    with pytest.raises(OSError, match="failed with code 1"):
        ended(Runner(), "full")


def test_a_server_that_was_killed_is_replaced() -> None:
    runner = Runner()
    first = ended(runner, "told")[0].value["parent"]
    os.kill(first, signal.SIGKILL)

    assert ended(runner, "told")[0].value["parent"] != first


def test_without_its_parent_nothing_is_left() -> None:
    runner = Runner()
    parent = ended(runner, "told")[0].value["parent"]
    assert Path(f"/proc/{parent}").exists()

    runner._stop()

    assert not Path(f"/proc/{parent}").exists()
