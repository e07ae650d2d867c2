"""Waits for work and has each piece done by a child: `python -m files.isolation.fork_server <module> …`.

Standard input is a socket. An order is one JSON line, with two open files beside it: what is worked on, and where what
comes out of it is written. The reply is one JSON line, `{"status", "told"}`: how the child ended, and what it said of
its work, `[outcome, value]`, or null. The modules named are imported at the start, so that no child has to.

When the other end of the socket closes, the child in work is ended, and then this process ends too.
"""

import errno
import gc
import importlib
import os
import re
import resource
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from files.isolation.outcomes import Outcome

LONGEST_ORDER = 65_536  # bytes; a reply fits into a pipe, so that no child waits for somebody to read it
_GRACE = 1  # seconds for ending by itself


def main() -> None:
    """Serve until the socket is closed."""
    os.nice(10)  # answers that are being written come first
    for stop in (signal.SIGINT, signal.SIGTERM):  # meant for the server, which lets what it has begun come to its end
        signal.signal(stop, signal.SIG_IGN)
    for module in sys.argv[1:]:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # a child that looks through what is older than itself would copy it all
    with socket.socket(fileno=0) as door:
        while True:
            line, handles, _flags, _sender = socket.recv_fds(door, LONGEST_ORDER, 2)
            if not line or not (reply := _reply(orjson.loads(line), handles, door)):
                return
            for handle in handles:
                os.close(handle)
            door.sendall(orjson.dumps(reply) + b"\n")


def _reply(order: dict[str, Any], handles: list[int], door: socket.socket) -> dict[str, Any]:
    """Have a child do the work; empty when nobody waits for it any more."""
    mouth, ear = os.pipe()
    child = os.fork()
    if not child:
        door.close()
        os.close(mouth)
        _work(order, handles, ear)
    os.close(ear)
    with os.fdopen(mouth, "rb", buffering=0) as told:
        ready, _, _ = select.select([mouth, door.fileno()], [], [])  # the pipe speaks, or closes with the child
        waited_for = mouth in ready
        if not waited_for:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        said = told.read(LONGEST_ORDER)
    if not waited_for:
        return {}
    return {"status": os.waitstatus_to_exitcode(status), "told": orjson.loads(said) if said else None}


def _work(order: dict[str, Any], handles: list[int], ear: int) -> None:
    """What the child does, and all of its life."""
    value: object = None
    try:
        module, _, name = order["job"].partition(":")
        job = getattr(importlib.import_module(module), name)
        most = _limit(**order["bounds"])
        source, out = os.fdopen(handles[0], "rb"), os.fdopen(handles[1], "wb")
        outcome, value = _done(job, source, out, order["arguments"], most)
        os.write(ear, orjson.dumps([outcome, value]))
        os._exit(0)
    finally:
        os._exit(1)


def _done(job: Any, source: BinaryIO, out: BinaryIO, arguments: dict[str, Any], most: int) -> tuple[Outcome, object]:
    try:
        value = job(source, out, **arguments)
        out.flush()
    except MemoryError:
        return Outcome.TOO_HEAVY, None
    except Exception as fault:  # libraries say in a hundred ways what is wrong, and some not that it was memory
        if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # it is not the file that is at fault
        return (Outcome.TOO_HEAVY if _address_space("VmPeak") > most else Outcome.FAILED), None
    return Outcome.FINISHED, value


def _limit(*, cpu: int, time: int, memory: int, output: int) -> int:
    """Set the bounds; returns beyond which bytes of address space a fault is likely to be one of memory."""
    own = _address_space("VmSize")
    cpu += _GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))  # first a signal that tells why, then the end
    resource.setrlimit(resource.RLIMIT_AS, (own + memory, own + memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(time + _GRACE)  # nothing handles it: the system ends the process, whatever it is doing
    return own + memory // 2


def _address_space(which: str) -> int:
    """Bytes of address space of this process, now (`VmSize`) or at its worst (`VmPeak`); 0 where nobody tells."""
    try:
        told = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    found = re.search(rf"^{which}:\s+(\d+) kB$", told, re.M)
    return int(found[1]) * 1024 if found else 0


if __name__ == "__main__":
    main()
