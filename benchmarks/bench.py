"""What a run needs: a folder of its own, the upstream, servers, the load client. Everything ends with the run."""

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx

from benchmarks import processes
from benchmarks.load import Spec
from tests.serving import Server, free_port, wait_for_port
from tests.stores import ROOT, Store, operator_less


class Bench:
    """One run. `base` is its start in nanoseconds of the monotonic clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = time.monotonic_ns()
        self._exit = contextlib.ExitStack()
        self._jobs = 0
        self.upstream = self._start_upstream()
        self.template = Store.template(folder / "template")
        self._exit.callback(self.template.drop)

    @property
    def seconds(self) -> float:
        """Seconds since the start of the run."""
        return processes.now(self.base) / 1e9

    def say(self, words: str) -> None:
        """Tell whoever waits how far the run is."""
        print(f"{self.seconds:6.1f} s  {words}", file=sys.stderr, flush=True)

    def _start_upstream(self) -> str:
        port, log = free_port(), self.folder / "upstream.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.upstream", str(port), str(self.base)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self._exit.callback(_end, process)
        wait_for_port(port, process, log)
        return f"127.0.0.1:{port}"

    @contextlib.contextmanager
    def serving(self, *, fill: int = 0, env: Mapping[str, str] = MappingProxyType({})) -> Iterator[Server]:
        """A server that asks the benchmark's upstream; with `fill`, a conversation of so many questions is in it.

        `env` has further settings.
        """
        self._jobs += 1
        store = self.template.copy(self.folder / f"data-{self._jobs}")
        if fill:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.filling", str(fill)],
                cwd=ROOT,
                env={**operator_less(), **store.environment()},
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
        server = Server(store, env={**self.environment, **env})
        try:
            yield server.start()
        finally:
            server.close()

    @property
    def environment(self) -> dict[str, str]:
        """The settings that point Parley at the benchmark's upstream."""
        return {"PERPLEXITY_BASE_URL": f"http://{self.upstream}", "PERPLEXITY_API_KEY": "bench"}

    def spec(self, mode: str, server: Server | None = None, **wanted: Any) -> Spec:
        """What the load client has to know for a job in this mode."""
        self._jobs += 1
        spec = Spec(mode=mode, upstream=self.upstream, base=self.base, runs=self._jobs)
        if server:
            spec["server"] = server.url.removeprefix("http://")
            spec["cookies"] = {name: server.cookies(name) for name in ("alice", "bob", "vera")}
            spec["pids"] = processes.family(server.pid)
        spec.update(wanted)  # type: ignore[typeddict-item]
        return spec

    def watch(self, spec: Spec, *, on_line: Callable[[str], None] | None = None) -> Any:
        """Have the load client do the job; returns what it saw. `on_line` hears what it says meanwhile."""
        with (self.folder / "viewers.log").open("ab") as log:
            client = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.viewers"],
                cwd=ROOT,
                env=operator_less(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert client.stdin is not None
        assert client.stdout is not None
        try:
            client.stdin.write(json.dumps(spec) + "\n")
            client.stdin.close()
            result = ""
            for line in client.stdout:
                if line.startswith("{"):
                    result = line
                elif on_line:
                    on_line(line.strip())
            if client.wait() != 0:
                raise AssertionError(f"the load client failed\n{(self.folder / 'viewers.log').read_text()[-3000:]}")
            return json.loads(result)
        finally:
            _end(client)

    def upstream_figures(self) -> dict[str, float]:
        """What the upstream has sent since the last time, and how late (seconds, 99th percentile)."""
        return dict(httpx.get(f"http://{self.upstream}/figures", trust_env=False).json())

    def close(self) -> None:
        """End what still runs and remove the folder."""
        self._exit.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _end(process: "subprocess.Popen[Any]") -> None:
    if process.poll() is None:
        process.kill()
    process.wait()


def begin() -> Bench:
    """A run in a new folder."""
    return Bench(Path(tempfile.mkdtemp(prefix="parley-bench-")))
