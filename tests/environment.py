"""Which environment variables belong to the operator and must not leak into tests."""

from collections.abc import MutableMapping

OPERATORS = {
    "ACCESS_LOG",
    "ALLOWED_HOSTS",
    "BIND",
    "DATA_DIR",
    "DEBUG",
    "DEFAULT_MODEL",
    "DEMO_SONAR",
    "HSTS_INCLUDE_SUBDOMAINS",
    "HSTS_PRELOAD",
    "LOG_LEVEL",
    "PICTURE_HOSTS",
    "PORT",
    "REVIEW_OWN_IMAGES",
    "SECRET_KEY",
    "SITE_URL",
    "TRUSTED_PROXIES",
    "WEB_CONCURRENCY",
}
"""All settings but DATABASE_URL: that one says on which kind of database the tests run."""


OF_THE_TESTS = {"DEMO_SONAR": "answers", "DEFAULT_MODEL": "sonar"}
"""Sonar still answers most tests, which try what all providers have in common."""


def forget_the_operator(environ: MutableMapping[str, str]) -> None:
    """Remove the operator's settings, whatever whoever runs the tests has exported."""
    for name in [*environ]:
        if name in OPERATORS or name.startswith(("BACKUP_", "GATEWAY_", "IMAGES_", "PERPLEXITY_", "S3_")):
            del environ[name]
