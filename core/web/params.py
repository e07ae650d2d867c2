"""What stands in addresses and forms, read without trusting it."""

from uuid import UUID


def uuid_in(text: str | None) -> UUID | None:
    """The id that is written so; None for any other text."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def whole_number_in(text: str | None, *, digits: int = 9) -> int | None:
    """The whole number that is written in at most so many ASCII digits; None for any other text."""
    return int(text) if text and len(text) <= digits and text.isascii() and text.isdigit() else None
