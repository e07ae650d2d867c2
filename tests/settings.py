"""The product's settings on a data folder of the test run's own, blind to the settings of whoever runs the tests."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.environment import forget_the_operator

forget_the_operator(os.environ)
os.environ["DEFAULT_MODEL"] = "sonar"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="parley-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from config.settings import *  # noqa: E402, F403
from config.settings import DATA_DIR, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

# A file, as in the product: an in-memory database knows no other process, no write-ahead log and no lock.
_sqlite = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DATABASES["default"]["TEST"] = {
    "NAME": str(DATA_DIR / "tests.sqlite3") if _sqlite else f"test_parley_{os.getpid()}"  # several runs at once
}
Path(STATIC_ROOT).mkdir()
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
