"""Whether a service takes files, as all processes of a machine know it, kept in a small file.

Some documentation says that it does and some does not (docs/agent.md, "Attachments"). So files are sent until they are
refused once; then their text goes instead, and after some days the service is tried again.
"""

import logging
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import orjson

from upstream.translation.payloads import parse_json

logger = logging.getLogger(__name__)

TRY_AGAIN_AFTER = 7 * 86_400.0  # seconds


class FileIntake:
    """What the service at `endpoint` did with files, kept in the file at `path`; without one, in this object alone."""

    def __init__(self, path: Path | None = None, *, endpoint: str = "") -> None:
        self._path = path
        self._endpoint = endpoint
        self._refused_at = float("-inf")
        self._stamp: tuple[int, int] | None = None

    def is_refused(self) -> bool:
        """Whether the service refused files lately. Costs a look at the file's date. Never raises."""
        self._look()
        return 0 <= time.time() - self._refused_at < TRY_AGAIN_AFTER

    def note_refusal(self) -> None:
        """Remember that it just refused one. Never raises."""
        self._refused_at = time.time()
        try:
            self._save()
        except OSError:
            logger.warning("What the answer service does with files cannot be kept in the data folder.", exc_info=True)

    def _look(self) -> None:
        if self._path is None:
            return
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp == self._stamp:
                return
            found = parse_json(self._path.read_bytes())
        except OSError:
            return
        self._stamp = stamp
        known = isinstance(found, dict) and found.get("endpoint") == self._endpoint
        said = found.get("refused_at") if known else None
        self._refused_at = float(said) if isinstance(said, int | float) else float("-inf")

    def _save(self) -> None:
        """Put it into the file, whole or not at all. Raises OSError."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".files-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(orjson.dumps({"endpoint": self._endpoint, "refused_at": self._refused_at}))
            Path(name).replace(self._path)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()
            raise
