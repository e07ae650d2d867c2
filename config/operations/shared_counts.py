"""What the processes of one server tell each other of what they counted, so that each can answer for all of them.

Each writes what it counted (`core.measures`) into a small file of its own every few seconds. Whoever is asked writes
its own first and then adds up all files: so whichever process is asked next tells no less, and nobody who watches takes
a smaller figure for a restart. What a process counted that has ended meanwhile still counts, but not what was open in
it. A server with a single process needs none of this.
"""

import contextlib
import json
import os
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from prometheus_client.metrics_core import Metric

from core import measures
from core.web.outages import tell_outage

WRITTEN_EVERY = 5.0  # seconds
MOST_READ = 1_000_000  # characters of one file
_writing = threading.Lock()  # so that what was counted earlier does not replace what was counted later
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def own_folder() -> Path:
    """The folder of the server to which this process belongs: that of the process that started it."""
    return Path(settings.METRICS_DIR) / str(os.getppid())


def are_shared() -> bool:
    """Whether there are other processes to tell."""
    return bool(settings.WEB_CONCURRENCY > 1)


def write_counts() -> None:
    """Tell the others what this process counted. On a full disk they go on with what they heard last."""
    folder = own_folder()
    draft = folder / f".{os.getpid()}"
    with _writing:
        said = [[name, labels, value] for (name, labels), value in _samples(measures.REGISTRY.collect()).items()]
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_text(json.dumps(said))
            draft.replace(folder / f"{os.getpid()}.json")
        except OSError as fault:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            tell_outage(fault, during="What this process counted cannot be told to the others")


def forget_ended_servers() -> None:
    """Remove what servers left behind that are not there any more."""
    with contextlib.suppress(OSError):
        for folder in Path(settings.METRICS_DIR).iterdir():
            if folder.name.isdecimal() and not _is_alive(int(folder.name)):
                shutil.rmtree(folder, ignore_errors=True)


def counted_by_all() -> list[Metric]:
    """What all processes of this server counted, each sum with its name, its help and its type."""
    own = list(measures.REGISTRY.collect())
    if not are_shared():
        return own
    write_counts()
    sums = dict.fromkeys(_samples(own), 0.0)
    gauges = {metric.name for metric in own if metric.type == "gauge"}
    for pid, said in _said_by_all():
        for key, value in said.items():
            if key[0] not in gauges or _is_alive(pid):
                sums[key] = sums.get(key, 0.0) + value
    for metric in own:
        metric.samples = []
    families = {name: metric for metric in own for name in _sample_names(metric)}
    for (name, labels), value in sums.items():
        if name in families:  # another version of the program may count something else
            families[name].add_sample(name, dict(labels), value)
    return own


def _said_by_all() -> Iterable[tuple[int, Samples]]:
    """What each process said last, with its id. A file that cannot be read is left out."""
    for file in sorted(own_folder().glob("[0-9]*.json")):
        with contextlib.suppress(OSError, ValueError, TypeError):
            with file.open() as text:
                rows = json.loads(text.read(MOST_READ))
            yield int(file.stem), {(name, tuple(map(tuple, labels))): float(value) for name, labels, value in rows}


def _samples(metrics: Iterable[Metric]) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for metric in metrics
        for sample in metric.samples
    }


def _sample_names(metric: Metric) -> list[str]:
    return [f"{metric.name}{ending}" for ending in ("", "_total", "_bucket", "_count", "_sum")]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
