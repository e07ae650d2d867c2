"""The rows about single pages and the process behind them: a long conversation, cold start and idle memory."""

import statistics
import subprocess
import time
import uuid

import httpx

from benchmarks import processes
from benchmarks.bench import Bench
from benchmarks.browsing import Chromium, load_times
from benchmarks.rounds import Figures
from tests.serving import free_port
from tests.stores import operator_less

QUESTIONS = 1_000
PATIENCE = 90.0  # seconds


def long(bench: Bench) -> Figures:
    """Opening a conversation of 1,000 questions."""
    with bench.serving(fill=QUESTIONS) as server, Chromium() as chromium:
        found = server.rows("SELECT id FROM chat_conversation")
        path = f"/c/{uuid.UUID(str(found[0][0]))}/"
        client, took, page = server.client("alice"), [], b""
        for _ in range(25):
            began = time.perf_counter()
            response = client.get(path)
            took.append(time.perf_counter() - began)
            assert response.status_code == 200
            page = response.content
        server_time = statistics.median(took[5:]) * 1000
        ready = statistics.median(load_times(chromium, server, path, runs=7).ready)
    return {"long.server": server_time, "long.size": len(page) / 1000, "long.ready": ready}


def start(bench: Bench) -> Figures:
    """From the command to the first page, on data that is there already, and what the idle server keeps in memory."""
    took, kept = [], []
    for _ in range(4):
        seconds, megabytes = _start_once(bench)
        took.append(seconds)
        kept.append(megabytes)
    return {"start": statistics.median(took[1:]), "memory": statistics.median(kept[1:])}


def _start_once(bench: Bench) -> tuple[float, float]:
    """Seconds until the first page is there, and megabytes once the server has rested."""
    store = bench.template.copy(bench.new_folder("start"))
    port = free_port()
    environ = {**operator_less(), **store.environment(), **bench.environment, "PORT": str(port)}
    began = time.perf_counter()
    with (bench.folder / "start.log").open("ab") as log:
        process = subprocess.Popen(
            [store.python, "-m", "config.serve"],
            cwd=store.tree,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            while True:
                assert process.poll() is None, "the server ended"
                assert time.perf_counter() - began < PATIENCE, "the server did not come up"
                try:
                    assert client.get("/accounts/login/").status_code == 200
                    break
                except httpx.TransportError:
                    time.sleep(0.01)
        took = time.perf_counter() - began
        time.sleep(4)
        return took, processes.pss_megabytes(processes.family(process.pid))
    finally:
        processes.end_group(process)
        store.drop()
