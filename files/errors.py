"""Why bytes are not taken, or not there."""


class FileRefused(Exception):
    """The file is not taken. `sentence` says why, and what to do about it, in the reader's language.

    `smaller_helps` tells that a smaller copy of the same picture would be taken.
    """

    def __init__(self, sentence: str, *, smaller_helps: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.smaller_helps = smaller_helps


class StorageDown(OSError):
    """Where files are kept cannot be reached, or does not do what it is asked."""


class FileMissing(Exception):
    """The store does not have these bytes, though something refers to them."""
