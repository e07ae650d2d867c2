"""The command `parley` of an installed Parley: `parley serve`, `parley doctor`, `parley manage <anything>`."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence

from core.version import parley_version

USAGE = """\
Usage: parley COMMAND

  serve           bring the database up to date and serve (PORT, DATA_DIR and other settings come from the environment)
  serve reload    have the running server go on with this version
  doctor          check the database, the files, the key and the services
  backup [FILE]   write everything into one file while Parley runs
  restore FILE    bring everything back from such a file
  manage …        everything else: parley manage help lists it
  --version       the version of this Parley
  --help          this list\
"""


def main() -> None:
    """Do what the command line says, or say what it may say."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    name, *rest = sys.argv[1:] or ["--help"]
    if name in {"--help", "-h", "help"}:
        print(USAGE)
    elif name in {"--version", "-V", "version"}:
        print(f"Parley {parley_version()}")
    elif name in _COMMANDS:
        _COMMANDS[name](rest)
    else:
        sys.exit(f"There is no command {name}.\n\n{USAGE}")


def _serve(arguments: Sequence[str]) -> None:
    from config import serve

    sys.argv = ["parley serve", *arguments]
    serve.main()


def _manage(arguments: Sequence[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["parley manage", *arguments])


_COMMANDS: Mapping[str, Callable[[Sequence[str]], None]] = {
    "serve": _serve,
    "manage": _manage,
    "doctor": lambda arguments: _manage(["doctor", *arguments]),
    "backup": lambda arguments: _manage(["backup", *arguments]),
    "restore": lambda arguments: _manage(["restore", *arguments]),
}

if __name__ == "__main__":
    main()
