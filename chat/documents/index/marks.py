"""What stands before each word in the index, so that it is a word of its space alone."""

from uuid import UUID

LENGTH = 8
"""Characters of a mark: the end of an id, which is random."""


def space_mark(space: UUID) -> str:
    """The mark of a space: small letters and digits."""
    return space.hex[-LENGTH:]


def marked(words: str, space: str) -> str:
    """Words between blanks, each with the mark of the space, whose id is written as the database has it."""
    mark = space.replace("-", "")[-LENGTH:]
    return f"{mark}{words.replace(' ', f' {mark}')}" if words else ""
