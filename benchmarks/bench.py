"""What a run needs: a folder of its own, the upstream, servers, the load client. Everything ends with the run.

The servers may be those of another tree, such as an older commit's: what measures them is always this tree's.
"""

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

BEGAN = time.monotonic()


class Bench:
    """One run against the servers of one tree. `base` is its start in nanoseconds of the monotonic clock."""

    def __init__(self, folder: Path, *, tree: Path = ROOT) -> None:
        self.folder = folder
        self.tree = tree
        self.base = time.monotonic_ns()
        self._exit = contextlib.ExitStack()
        self._jobs = 0
        try:
            self.upstream = self.start_program("upstream", str(self.base))
            self.template = Store.template(folder / "template", tree=tree)
        except BaseException:
            self.close()
            raise
        self._exit.callback(self.template.drop)

    def new_folder(self, name: str) -> Path:
        """A folder in that of the run which is not there yet."""
        self._jobs += 1
        return self.folder / f"{name}-{self._jobs}"

    def say(self, words: str) -> None:
        """Tell whoever waits how far the run is."""
        print(f"{time.monotonic() - BEGAN:6.1f} s  {words}", file=sys.stderr, flush=True)

    def start_program(self, name: str, *arguments: str) -> str:
        """Start a module of the benchmarks that serves at the port it is told, for the whole run; returns the host."""
        return self._exit.enter_context(self.program(name, *arguments))[0]

    @contextlib.contextmanager
    def program(self, name: str, *arguments: str) -> Iterator[tuple[str, int]]:
        """The same for a while; the host (`127.0.0.1:port`) and the process's id."""
        port, log = free_port(), self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", f"benchmarks.{name}", str(port), *arguments],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            wait_for_port(port, process, log)
            yield f"127.0.0.1:{port}", process.pid
        finally:
            _end(process)

    @contextlib.contextmanager
    def serving(self, *, fill: int = 0, env: Mapping[str, str] = MappingProxyType({})) -> Iterator[Server]:
        """A server that asks the benchmark's upstream; with `fill`, a conversation of so many questions is in it.

        `env` has further settings.
        """
        store = self.template.copy(self.new_folder("data"))
        if fill:
            done = subprocess.run(
                [store.python, "-m", "benchmarks.filling", str(fill)],  # the tree's own, which knows its models
                cwd=self.tree,
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
            spec["servers"] = [server.url.removeprefix("http://")]
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


def begin(*, tree: Path = ROOT) -> Bench:
    """A run in a new folder."""
    return Bench(Path(tempfile.mkdtemp(prefix="parley-bench-")), tree=tree)
