"""How much one file may bring. Sizes are in bytes."""

from files.limits import MEGABYTE

MOST_FILE = 500 * MEGABYTE
"""One upload."""

MOST_UNPACKED = 4096 * MEGABYTE
"""What an archive says that it holds. Of that, only the conversations and the pictures of questions are unpacked."""

MOST_DIRECTORY = 48 * MEGABYTE
"""The list of contents of an archive, which is read whole: about 200,000 entries with Python's objects around them."""

MOST_ENTRIES = 200_000

SUSPICIOUS_RATIO = 300
"""How many times larger than packed an entry may be: text full of repetitions comes to fifty."""

SUSPICIOUS_SIZE = 16 * MEGABYTE
"""Unpacked; smaller entries may be packed as tightly as they like."""

MOST_CONVERSATIONS = 200_000
"""Of one file."""

MOST_WAITING = 3
"""Imports of one person that are being read, wait for them, or are being done."""

LONGEST_QUESTION = 100_000
"""Characters; what is beyond them is cut, and people are told."""

LONGEST_ANSWER = 1_000_000
"""Characters, the same."""

KEPT_DAYS = 7
"""For which a file is kept that nobody imported."""
