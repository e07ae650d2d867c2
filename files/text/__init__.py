"""The text in documents, with the numbers of their pages, slides or sheets.

`read_text` reads a document of any kind in a process of its own, bounded in time and memory; `cut_passages` cuts what
was read into passages that can be searched and quoted (docs/documents.md). Nothing in here knows a database row or who
asks.
"""

from files.text.bounds import SPACE_BOUNDS, Bounds
from files.text.document_text import DocumentText, Excerpt, Passage, Problem
from files.text.passages import CutPassage, cut_passages
from files.text.reader import read_text
from files.text.sentences import sentence_about

__all__ = [
    "SPACE_BOUNDS",
    "Bounds",
    "CutPassage",
    "DocumentText",
    "Excerpt",
    "Passage",
    "Problem",
    "cut_passages",
    "read_text",
    "sentence_about",
]
