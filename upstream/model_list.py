"""The gateway's list of models as all processes of a machine know it, kept in a file.

Pages need the list at once and must not wait for the gateway. So one process after another looks whether the file is
old, and renews it; the others read it. The last good copy stays while the gateway cannot be asked, and before there is
any, what the gateway is known to have.
"""

import logging
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import orjson

from upstream.catalog import gateway_models
from upstream.catalog.gateway_models import KNOWN, GatewayModels
from upstream.errors import UpstreamError
from upstream.gateway_client import Gateway
from upstream.translation.payloads import parse_json

logger = logging.getLogger(__name__)

FRESH_FOR = 300.0  # seconds
TRY_AGAIN_AFTER = 60.0  # seconds


class ModelList:
    """The list of the gateway at `base_url`, kept in the file at `path`. Without an address it is the demo's."""

    def __init__(self, path: Path, *, base_url: str) -> None:
        self._path = path
        self._base_url = base_url
        self._stamp: tuple[int, int] | None = None
        self._models = KNOWN
        self._tried_at = float("-inf")

    def current(self) -> GatewayModels:
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

    async def refresh(self, gateway: Gateway) -> None:
        """Ask the gateway, where nobody has for some minutes. Never raises."""
        now = time.monotonic()
        if self._is_fresh() or now - self._tried_at < TRY_AGAIN_AFTER:
            return
        self._tried_at = now
        try:
            self._save(await gateway.models())
        except UpstreamError as error:
            logger.warning("The gateway does not tell its models; the last known ones are offered: %s", error.message)
        except OSError:
            logger.warning("The gateway's models cannot be kept in the data folder.", exc_info=True)

    def _is_fresh(self) -> bool:
        try:
            age = time.time() - self._path.stat().st_mtime
        except OSError:
            return False
        return 0 <= age < FRESH_FOR and self._load() is not None

    def _load(self) -> GatewayModels | None:
        """What the file says of this gateway; None where it says nothing of it."""
        try:
            found = parse_json(self._path.read_bytes())
        except OSError:
            return None
        if not isinstance(found, dict) or found.get("base_url") != self._base_url:
            return None
        return gateway_models.models_in(found.get("models"))

    def _save(self, models: GatewayModels) -> None:
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
