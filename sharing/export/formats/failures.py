"""Why a file was not written."""


class NotWritten(Exception):
    """The export can't be written in this format. `sentence` says why, in the reader's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
