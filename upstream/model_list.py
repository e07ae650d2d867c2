"""A service's list of models as all processes of a machine know it, kept in a file.

Pages need the list at once and must not wait for the service. So one process after another looks whether the file is
old, and renews it; the others read it. The last good copy stays while the service cannot be asked, and before there is
any, what the service is known to have.
"""

import logging
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import orjson

from upstream.errors import UpstreamError
from upstream.translation.payloads import parse_json

logger = logging.getLogger(__name__)

TRY_AGAIN_AFTER = 60.0  # seconds, and twice as many after each further failure until the list would be old anyway


class Listed(Protocol):
    """A list that can be kept."""

    def as_json(self) -> dict[str, Any]:
        """The list in the service's own form."""
        ...


Models = TypeVar("Models", bound=Listed)


class ModelList(Generic[Models]):
    """The list of the service at `base_url`, kept in the file at `path`; `known` is what it has before it was heard.

    `parse` makes the list of what is in the file again, None where that is none. `service` is its name in the log. A
    list counts as fresh for `fresh_for` seconds.
    """

    def __init__(
        self,
        path: Path,
        *,
        base_url: str,
        known: Models,
        parse: Callable[[Any], Models | None],
        service: str,
        fresh_for: float = 300.0,
    ) -> None:
        self._path = path
        self._base_url = base_url
        self._parse = parse
        self._service = service
        self._fresh_for = fresh_for
        self._stamp: tuple[int, int] | None = None
        self._models = known
        self._try_at = float("-inf")
        self._failures = 0

    def current(self) -> Models:
        """The list as it was last heard. Costs a look at the file's date. Never raises."""
        try:
            status = self._path.stat()
        except OSError:
            return self._models
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp != self._stamp:
            self._models = self._load() or self._models
            self._stamp = stamp
        return self._models

    async def refresh(self, fetch: Callable[[], Awaitable[Models]]) -> None:
        """Ask the service by `fetch`, which raises UpstreamError, where nobody has for some minutes. Never raises."""
        if self._is_fresh() or time.monotonic() < self._try_at:
            return
        self._try_at = time.monotonic() + min(TRY_AGAIN_AFTER * 2.0**self._failures, self._fresh_for)
        self._failures = min(self._failures + 1, 10)
        try:
            self._save(await fetch())
            self._failures = 0
        except UpstreamError as error:
            logger.warning(
                "%s does not list its models; the last known ones are offered: %s", self._service, error.message
            )
        except OSError:
            logger.warning("The model list of %s cannot be saved in the data folder.", self._service, exc_info=True)

    def _is_fresh(self) -> bool:
        try:
            age = time.time() - self._path.stat().st_mtime
        except OSError:
            return False
        return 0 <= age < self._fresh_for and self._load() is not None

    def _load(self) -> Models | None:
        """What the file says of this service; None where it says nothing of it."""
        try:
            found = parse_json(self._path.read_bytes())
        except OSError:
            return None
        if not isinstance(found, dict) or found.get("base_url") != self._base_url:
            return None
        return self._parse(found.get("models"))

    def _save(self, models: Models) -> None:
        """Put the list into the file, whole or not at all. Raises OSError."""
        self._models = models
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".models-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(orjson.dumps({"base_url": self._base_url, "models": models.as_json()}))
            Path(name).replace(self._path)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()
            raise
