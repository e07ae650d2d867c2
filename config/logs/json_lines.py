"""Log lines as JSON, an object in each, for programs that collect logs."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from config.logs.format import redact
from core.web.request_ids import current_request_id

LONGEST_TRACEBACK = 20_000  # characters; the end is what tells


class JsonFormatter(logging.Formatter):
    """Makes one JSON object of a record, without secrets: `time`, `level`, `logger`, `message`, `process`, and where
    there are such `request_id` and `error` with its `type` and `traceback`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. It holds no line break, whatever the message does."""
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
            "process": record.process,
        }
        if request_id := current_request_id():
            said["request_id"] = request_id
        if record.exc_info and record.exc_info[0]:
            traceback = redact(self.formatException(record.exc_info))
            said["error"] = {"type": record.exc_info[0].__name__, "traceback": traceback[-LONGEST_TRACEBACK:]}
        return json.dumps(said, ensure_ascii=False, default=str)
