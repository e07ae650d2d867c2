"""Which environment variables belong to the operator and must not leak into tests."""

from collections.abc import MutableMapping

OPERATORS = {
    "ACCESS_LOG",
    "ALLOWED_HOSTS",
    "API",
    "BIND",
    "DATA_DIR",
    "DEBUG",
    "DEFAULT_MODEL",
    "DEMO_SONAR",
    "HSTS_INCLUDE_SUBDOMAINS",
    "HSTS_PRELOAD",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "METRICS_ADDRESSES",
    "METRICS_TOKEN",
    "OPINION_MODEL",
    "PAGE_COPIES_KEPT_DAYS",
    "PAGE_COPIES_QUOTA_MB",
    "PAGE_HOSTS",
    "PICTURE_HOSTS",
    "PORT",
    "READ_PAGES",
    "REVIEW_OWN_IMAGES",
    "SECRET_KEY",
    "SHARING",
    "SITE_URL",
    "SPACE_DOCUMENTS_MB",
    "TEAM_DOCUMENTS_MB",
    "TRASH_DAYS",
    "TRUSTED_PROXIES",
    "WEBHOOK_HOSTS",
    "WEB_CONCURRENCY",
}
"""All settings but DATABASE_URL: that one says on which kind of database the tests run."""


OF_THE_TESTS = {"DEMO_SONAR": "answers", "DEFAULT_MODEL": "sonar"}
"""Sonar still answers most tests, which try what all providers have in common."""


def forget_the_operator(environ: MutableMapping[str, str]) -> None:
    """Remove the operator's settings, whatever whoever runs the tests has exported."""
    for name in [*environ]:
        if name in OPERATORS or name.startswith(("BACKUP_", "EMAIL_", "GATEWAY_", "IMAGES_", "PERPLEXITY_", "S3_")):
            del environ[name]
