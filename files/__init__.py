"""Bytes that come from outside: what they are, what is kept of them, and where.

`judge` says what an upload is by decoding it, `Store` keeps the result under the hash of its bytes. Nothing in
here knows a database row, so that pictures from any source go through the same door.
"""

from files.errors import FileMissing, FileRefused
from files.inspect import JudgedFile, judge
from files.store import Store

__all__ = ["FileMissing", "FileRefused", "JudgedFile", "Store", "judge"]
