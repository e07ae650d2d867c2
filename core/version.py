"""Which Parley this is."""

import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path


@cache
def parley_version() -> str:
    """The version of this Parley: of the tree it runs from, or of what was installed."""
    project = Path(__file__).resolve().parent.parent / "pyproject.toml"
    if project.is_file():
        return str(tomllib.loads(project.read_text())["project"]["version"])
    return metadata.version("parley")
