"""Files on this machine's disk, written so that a name never stands for half a file."""

import os
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class AtomicFileStorage(FileSystemStorage):
    """Django's storage on disk, whose files appear whole or not at all, and take the place of what was there.

    That fits names that are made from the content: the same name always stands for the same bytes.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: what has it already is replaced."""
        return name

    def url(self, name: str | None) -> str:
        """Raises ValueError: whoever may see a file gets it from a view that looked."""
        raise ValueError("This file is not accessible via a URL.")

    def check(self) -> None:
        """Look whether the storage does its work: it is a part of the data folder, which is looked at anyway."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        path = Path(self.path(name))
        path.parent.mkdir(mode=self.directory_permissions_mode or 0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as draft:
            try:
                for piece in content.chunks():
                    draft.write(piece)
                draft.flush()
                os.fsync(draft.fileno())
                os.chmod(draft.name, self.file_permissions_mode or 0o600)  # noqa: PTH101 - as the rest of this function
                os.replace(draft.name, path)  # noqa: PTH105
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise
        return name
