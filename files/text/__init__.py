"""The text in documents, with the numbers of their pages, slides or sheets.

`read_text` reads a document of any kind in a process of its own, bounded in time and memory. Nothing in here knows a
database row or who asks.
"""

from files.text.bounds import Bounds
from files.text.document_text import DocumentText, Excerpt, Passage, Problem
from files.text.reader import read_text
from files.text.sentences import sentence_about

__all__ = ["Bounds", "DocumentText", "Excerpt", "Passage", "Problem", "read_text", "sentence_about"]
