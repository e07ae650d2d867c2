"""Chainlit under the same load, beside Parley on the same machine: a chat server in Python that stores and renders
nothing. It is installed into a folder of its own when somebody asks for it by name.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from benchmarks.streaming import size_of
from tests.serving import free_port, wait_for_port
from tests.stores import ROOT

PACKAGE = "chainlit==2.12.0"  # with what that brings along, as most people run it
CLIENT = "aiohttp"  # for the load client's sockets
FOLDER = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "parley-bench" / PACKAGE
LONGEST = 150.0  # seconds that one job takes at most


def is_installed() -> bool:
    """Whether the peer is here."""
    return (FOLDER / "bin" / "chainlit").exists()


def peer(bench: Bench) -> Figures:
    """What a chunk costs with twenty answers at once and with one alone, all included; the time to the first word; and
    how late chunks come with a hundred answers, one viewer each."""
    if not is_installed():
        _install(bench)
    found: Figures = {}
    for answers in (20, 1, 100):
        seen = _served(bench, "load", **size_of(answers))
        assert seen["complete"] == answers, f"only {seen['complete']} of {answers} answers were whole"
        found |= {f"peer.{answers}": seen["cpu_per_chunk_of_all"], f"peer.{answers}.steady": seen["cpu_per_chunk"]}
        found |= {f"peer.{answers}.p99": seen["p99"]}
    return found | {"peer.first": _served(bench, "first", runs=40)["ours"]}


def _install(bench: Bench) -> None:
    bench.say(f"    installing {PACKAGE} into {FOLDER} …")
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
    subprocess.run([str(FOLDER / "bin" / "pip"), "install", "--quiet", PACKAGE, CLIENT], check=True)


def _served(bench: Bench, mode: str, **wanted: Any) -> Mapping[str, Any]:
    """What the load client saw of a peer of its own."""
    port, folder = free_port(), bench.folder / "peer"
    folder.mkdir(exist_ok=True)
    shutil.copy(ROOT / "benchmarks" / "peer_app.py", folder / "app.py")
    log = folder / "server.log"
    with log.open("ab") as output:
        server = subprocess.Popen(
            [FOLDER / "bin" / "chainlit", "run", "app.py", "--headless", "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            env={**os.environ, "BENCH_UPSTREAM": bench.upstream},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_for_port(port, server, log)
        spec = bench.spec(mode, **wanted)
        spec |= {"servers": [f"127.0.0.1:{port}"], "pids": processes.family(server.pid)}
        done = subprocess.run(
            [str(FOLDER / "bin" / "python"), "-m", "benchmarks.peer_client"],
            cwd=ROOT,
            input=json.dumps(spec) + "\n",
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
        assert done.returncode == 0, done.stderr[-2000:] + log.read_text()[-2000:]
        return dict(json.loads(done.stdout))
    finally:
        processes.end_group(server)
