"""Why something could not be fetched, each with a sentence for logs and operators.

What a stranger's server or network said is never part of a sentence.
"""


class FetchError(Exception):
    """It could not be fetched."""

    sentence = "It could not be fetched."

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)


class FetchRefused(FetchError):
    """The address is none that we go to; the next attempt would end the same way."""

    sentence = "Parley doesn’t fetch from this address."


class Unreachable(FetchError):
    """No such name, no connection, or one that broke."""

    sentence = "The address can’t be reached."


class FetchTooSlow(FetchError):
    """It took longer than the limit."""

    sentence = "It took too long."


class FetchTooLarge(FetchError):
    """It is larger than the limit."""

    sentence = "It is too large."


class Unusable(FetchError):
    """The server answered, but not with what was asked for."""

    sentence = "The response is not what was asked for."
