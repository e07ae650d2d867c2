"""What can go wrong upstream, told so that a person knows what to do.

Every error carries a sentence for the reader (`message`), whether asking again can help (`retryable`) and, where the
upstream named one, how long to wait (`wait`, seconds). `repeat` says whether the client may send the same question
once more by itself, as long as nobody has seen a word, and `unsent` that nothing of the request has left. Raw bodies of
the upstream never become part of a message.
"""


class UpstreamError(Exception):
    """The upstream could not answer."""

    kind = "failed"
    retryable = False
    unsent = False
    default_message = "The answer service could not answer."

    def __init__(
        self,
        message: str = "",
        *,
        wait: float | None = None,
        status: int | None = None,
        request_id: str = "",
        repeat: bool | None = None,
    ) -> None:
        self.message = message or self.default_message
        self.wait = wait
        self.status = status
        self.request_id = request_id
        self.repeat = self.retryable if repeat is None else repeat
        super().__init__(self.message)


class KeyRefused(UpstreamError):
    """401, 402 and 403 of which nobody can tell more; the vendor uses 401 for used-up credits too."""

    kind = "key_refused"
    default_message = (
        "The answer service refused our key, or its credits are used up. Whoever runs this Parley has to look at "
        "the API key and the account behind it."
    )


class BadKey(KeyRefused):
    """The service does not know the key."""

    default_message = (
        "The answer service doesn't accept our API key: it is wrong, or no longer active. Your administrator has to "
        "enter a valid one."
    )


class NoCredits(KeyRefused):
    """The account behind the key has nothing left to pay with."""

    default_message = (
        "The account behind our API key has used up its credits. Your administrator has to add credits to it."
    )


class WrongKindOfKey(KeyRefused):
    """The key is a good one, but of a kind that may not ask questions."""

    default_message = (
        "Our API key isn't allowed to ask questions: Perplexity takes the key of a project for that, not the key of an "
        "organization. Your administrator has to create a project key and enter it."
    )


class NoAccess(KeyRefused):
    """The account behind the key may not use what was asked for."""

    default_message = (
        "The plan of the account behind our API key doesn't include this. Choose another model, or ask your "
        "administrator to look at the plan."
    )


class Withdrawn(UpstreamError):
    """404, 405 or 410 on the path of the service: it is not there any more."""

    kind = "withdrawn"
    default_message = (
        "This answer service is no longer offered at its address. Whoever runs this Parley has to choose another one."
    )


class ServiceEnded(Withdrawn):
    """The service says in so many words that it has ended, whatever status it says that with."""

    default_message = "Perplexity has discontinued this service. Ask another model instead."


class InvalidRequest(UpstreamError):
    """The service understood us and refuses what was asked."""

    kind = "invalid"
    default_message = "The answer service did not accept the question as it was asked."


class TooManyRequests(UpstreamError):
    """429."""

    kind = "too_many_requests"
    retryable = True
    default_message = "The answer service is getting too many questions from us right now."


class UpstreamDown(UpstreamError):
    """5xx, no connection, no answer in time."""

    kind = "down"
    retryable = True
    default_message = "The answer service cannot be reached or is in trouble right now."


class CutOff(UpstreamError):
    """The answer began and broke off; what had come is kept."""

    kind = "cut_off"
    retryable = True  # by a person: what was read cannot be taken back
    default_message = "The answer broke off before its end."


class HandOverCut(CutOff):
    """Nothing came back when work was handed over: nobody knows whether the service has begun, or by what name."""

    kind = "hand_over_cut"
    default_message = (
        "Handing this over to the answer service was cut off, so nobody can tell whether it began. Parley did not ask "
        "a second time. You can ask again; it may then be paid for twice."
    )


class WorkFailed(UpstreamError):
    """The service gave up what it worked on by itself."""

    retryable = True
    default_message = "The answer service gave up this research."


class WorkLost(UpstreamError):
    """What the service worked on by itself has no result that could still be had, or none in time."""

    kind = "lost"
    retryable = True
    default_message = "The answer service has no result of this research."


class SessionExpired(KeyRefused):
    """The gateway's own access to the service behind it has ended: 401 or 403 from there."""

    default_message = (
        "Perplexity no longer lets the gateway in: its session has expired or was blocked. Whoever runs the gateway "
        "has to sign in again and give it new cookies."
    )


class TooLarge(InvalidRequest):
    """What goes along is larger than the service takes, whatever it says of its limits."""

    kind = "too_large"
    default_message = "This is too large for the gateway. Send a smaller copy."


class NoImageReturned(UpstreamError):
    """A picture was asked for and words came."""

    kind = "not_drawn"
    retryable = True
    default_message = "It answered in words instead of drawing. Say in the prompt that you want a picture, and of what."


class PictureLost(UpstreamError):
    """A picture was drawn, but its bytes cannot be had."""

    kind = "picture_lost"
    retryable = True
    default_message = "A picture was drawn, but it could not be fetched."


class DrawingUncertain(UpstreamDown):
    """A picture was asked for, and nobody knows whether it was drawn: it may be charged for."""

    default_message = "The service was asked for a picture, and the answer was lost. It may have drawn it all the same."
