"""gunicorn's own lines, with the same formatter as all others."""

from typing import Any

from gunicorn.glogging import Logger

from config import env
from config.logs.format import LineFormatter, redact_address
from config.logs.json_lines import JsonFormatter


class GunicornLogger(Logger):  # type: ignore[misc]
    """Errors and requests without secrets: a request's line has its path without tokens, and no query."""

    def setup(self, cfg: Any) -> None:
        """Have every handler that gunicorn makes write what our formatter leaves."""
        super().setup(cfg)
        as_json = env.choice("LOG_FORMAT", "text", "json") == "json"
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                own = handler.formatter
                lines = LineFormatter(own._fmt if own else None, own.datefmt if own else None)
                handler.setFormatter(JsonFormatter() if as_json else lines)

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """What a request's line can be made of."""
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        address = redact_address(environ.get("RAW_URI") or "")
        found["r"] = f"{environ['REQUEST_METHOD']} {address} {environ['SERVER_PROTOCOL']}"
        found["U"] = address.partition("?")[0]
        found["q"] = ""
        found["f"] = redact_address(found.get("f") or "-")
        return found
