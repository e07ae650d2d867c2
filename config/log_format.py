"""Log lines that hold no secret: the tokens of one-time links are blotted out."""

import logging
import re

_TOKEN = re.compile(r"((?:/|%2F)(?:join|welcome|new-password)(?:/|%2F))[\w-]{16,}", re.IGNORECASE)


class LineFormatter(logging.Formatter):
    """Formats a record as usual, then takes the tokens out of everything that became of it, tracebacks included.

    Django logs the path of every refused request, and the paths of invitations are keys.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line without tokens."""
        return _TOKEN.sub(r"\1…", super().format(record))
