"""A process that reads its translations in OTHER_CATALOGS: put this folder and the repository on its PYTHONPATH."""

import os
from pathlib import Path

from config import catalogs

catalogs.LOCALE = Path(os.environ["OTHER_CATALOGS"])
