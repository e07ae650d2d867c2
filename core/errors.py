"""Why something that people asked for was not done. The text of each error is a sentence for them."""


class ActionRefused(Exception):
    """What was asked for is not possible as things are; the text says why and what to do instead."""
