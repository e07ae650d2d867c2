"""Which tests are for one kind of database alone."""

import os

_ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
_OF_POSTGRESQL = ["test_event_log_postgres.py", "test_listener_postgres.py"]
collect_ignore = ["test_event_log_sqlite.py"] if _ON_POSTGRESQL else _OF_POSTGRESQL
