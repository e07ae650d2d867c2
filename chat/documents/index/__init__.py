"""The full-text index of passages, on SQLite and on PostgreSQL.

The database keeps it by itself: a passage is in it as long as it has a `found_in`, the space in which it can be found.
Each word is indexed with a mark of that space before it (`space_mark`). So the index itself leaves other spaces out,
nothing has to be looked up for them, and how often a word stands in a space does not depend on any other one. Two
spaces may share a mark: who may find a passage is decided by the rows (`chat.documents.find`).
"""

from chat.documents.index.backends import backend_for
from chat.documents.index.marks import space_mark
from chat.documents.index.upkeep import install, prepare, rebuild, repair, uninstall

__all__ = ["backend_for", "install", "prepare", "rebuild", "repair", "space_mark", "uninstall"]
