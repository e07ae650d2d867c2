"""The whole description."""

from functools import cache
from typing import Any

from django.conf import settings

from api.reading.description.paths import OPERATIONS
from api.reading.description.schemas import SCHEMAS
from core.version import parley_version


@cache
def openapi_document() -> dict[str, Any]:
    """The description of the API for reading, for OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = operation.described()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parley",
            "version": parley_version(),
            "description": "Read what a team has asked and been answered, and review its images.",
        },
        "servers": [{"url": f"{settings.SITE_ORIGIN}{settings.SITE_PATH.rstrip('/')}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "An access token from your account page."}
            },
        },
    }
