"""Work as the product does it, which tells its own peak of memory besides. It runs in the product's process for it."""

import resource
from typing import Any, BinaryIO

from files.pictures import process as pictures
from files.text import process as text


def clean(source: BinaryIO, out: BinaryIO, **arguments: Any) -> dict[str, Any]:
    """A picture cleaned; `fault` is what a library raised, `peak` in bytes."""
    return _told(pictures.clean, source, out, arguments)


def read(source: BinaryIO, out: BinaryIO, **arguments: Any) -> dict[str, Any]:
    """The same for a document that is read."""
    return _told(lambda *files, **wanted: {"problem": text.read_document(*files, **wanted)}, source, out, arguments)


def shrink(source: BinaryIO, out: BinaryIO, **arguments: Any) -> dict[str, Any]:
    """The same for copies of a picture in an answer."""
    return _told(pictures.shrink, source, out, arguments)


def _told(job: Any, source: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        found = job(source, out, **arguments)
    except Exception as fault:
        found = {"fault": type(fault).__name__}
    return {**found, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def forever(source: BinaryIO, out: BinaryIO) -> None:
    """What hangs without computing anything."""
    import time

    out.write(source.read())
    out.flush()
    time.sleep(600)


def hoard(source: BinaryIO, out: BinaryIO) -> None:
    """What takes all the memory that it can get."""
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def told(source: BinaryIO, out: BinaryIO) -> dict[str, Any]:
    """What the process has of its surroundings."""
    import os

    return {"pid": os.getpid(), "parent": os.getppid(), "names": sorted(os.environ), "read": source.read().decode()}


def die(source: BinaryIO, out: BinaryIO) -> None:
    """What crashes."""
    import os

    os.abort()


def full(source: BinaryIO, out: BinaryIO) -> None:
    """What finds the disk full."""
    import errno

    raise OSError(errno.ENOSPC, "No space left on device")
