"""Why something that people asked for was not done. The text of each error is a sentence for them."""


class Refused(Exception):
    """What was asked for is not possible as things are; the text says why and what to do instead."""


class LinkEnded(Refused):
    """The link was used, revoked or replaced, or its time has run out."""


class UsernameTaken(Refused):
    """Somebody else took the username in the same moment."""


class LimitReached(Refused):
    """The question might cost more than is left of somebody's limit for this month."""
