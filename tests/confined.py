"""Runs a command as a container or a hardened service would: nothing can be written but what is named, and no right of
root is left."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

_WHERE = """
set -e
mount --make-rprivate /
mount -t tmpfs -o mode=1777 tmpfs {temporary}
for folder in {writable}; do mount --bind "$folder" "$folder"; done
cut -d ' ' -f 2 /proc/self/mounts | while read -r point; do
  case " {temporary} {writable} " in *" $point "*) ;; *) mount -o remount,bind,ro "$point" 2>/dev/null || true ;; esac
done
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all {user} -- "$@"
"""


def confined(command: Sequence[str | Path], *, writable: Sequence[Path], temporary: Path, user: int = 0) -> list[str]:
    """The command, to be run by root, or by somebody who becomes root within a namespace of their own.

    It can write into the `writable` folders and into `temporary`, which is empty at first and gone at the end.
    """
    namespaces = ["--mount"] if os.geteuid() == 0 else ["--mount", "--user", "--map-root-user"]
    script = _WHERE.format(
        writable=" ".join(map(shlex.quote, map(str, writable))),
        temporary=shlex.quote(str(temporary)),
        user=f"--reuid={user} --regid={user} --clear-groups" if user and os.geteuid() == 0 else "",
    )
    return ["unshare", *namespaces, "--", "sh", "-c", script, "sh", *map(str, command)]
