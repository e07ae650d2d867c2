"""Why something that people asked for was not done. The text of each error is a sentence for them."""

from core.errors import ActionRefused


class LinkEnded(ActionRefused):
    """The link was used, revoked or replaced, or its time has run out."""


class UsernameTaken(ActionRefused):
    """Somebody else took the username in the same moment."""


class LimitReached(ActionRefused):
    """The question might cost more than is left of somebody's limit for this month."""
