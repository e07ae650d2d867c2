"""What the build of a wheel does first: compile the translations, which is all that an installed Parley has of them.

pdm-backend calls it (pyproject.toml, `custom-hook`).
"""

import sys
from pathlib import Path
from typing import Any


def pdm_build_initialize(context: Any) -> None:
    """Compile what is not compiled yet."""
    if context.target != "wheel":
        return
    root = Path(context.root)
    sys.path.insert(0, str(root))
    try:
        from config.catalogs import LOCALE, catalogs, is_compiled

        if failed := [str(path) for path in catalogs(LOCALE) if not is_compiled(path)]:
            sys.exit(f"Cannot compile {', '.join(failed)}.")
    finally:
        sys.path.remove(str(root))
