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
    default_message = "The answer service couldn’t answer."

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
        "The answer service rejected the API key, or its credits are used up. Ask your administrator to check the "
        "key and its account."
    )


class BadKey(KeyRefused):
    """The service does not know the key."""

    default_message = (
        "The answer service rejected the API key: it is wrong or no longer active. Ask your administrator to "
        "enter a valid one."
    )


class UnreadableKey(KeyRefused):
    """The key that was saved here was encrypted with another secret of the server; nothing was sent."""

    default_message = (
        "The saved key for Perplexity can’t be read any more because the server’s SECRET_KEY has changed. Ask your "
        "administrator to enter the key again."
    )


class NoCredits(KeyRefused):
    """The account behind the key has nothing left to pay with."""

    default_message = "The account behind the API key has no credits left. Ask your administrator to add credits."


class WrongKindOfKey(KeyRefused):
    """The key is a good one, but of a kind that may not ask questions."""

    default_message = (
        "The API key isn’t allowed to ask questions: Perplexity needs a project key for that, not an organization "
        "key. Ask your administrator to create a project key and enter it."
    )


class NoAccess(KeyRefused):
    """The account behind the key may not use what was asked for."""

    default_message = (
        "The plan behind the API key doesn’t include this. Choose another model, or ask your administrator to "
        "check the plan."
    )


class Withdrawn(UpstreamError):
    """404, 405 or 410 on the path of the service: it is not there any more."""

    kind = "withdrawn"
    default_message = (
        "This answer service is no longer available at its address. Ask your administrator to choose another one."
    )


class ServiceEnded(Withdrawn):
    """The service says in so many words that it has ended, whatever status it says that with."""

    default_message = "Perplexity has discontinued this service. Ask another model instead."


class InvalidRequest(UpstreamError):
    """The service understood us and refuses what was asked."""

    kind = "invalid"
    default_message = "The answer service didn’t accept the question as it was asked."


class TooManyRequests(UpstreamError):
    """429."""

    kind = "too_many_requests"
    retryable = True
    default_message = "The answer service is getting too many questions from Parley right now."


class UpstreamDown(UpstreamError):
    """5xx, no connection, no answer in time."""

    kind = "down"
    retryable = True
    default_message = "The answer service can’t be reached or is having problems right now."


class CutOff(UpstreamError):
    """The answer began and broke off; what had come is kept."""

    kind = "cut_off"
    retryable = True  # by a person: what was read cannot be taken back
    default_message = "The answer was cut off."


class HandOverCut(CutOff):
    """Nothing came back when work was handed over: nobody knows whether the service has begun, or by what name."""

    kind = "hand_over_cut"
    default_message = (
        "The connection to the answer service was lost, so nobody can tell whether it began. Parley didn’t ask a "
        "second time. You can ask again, but it may be charged twice."
    )


class WorkFailed(UpstreamError):
    """The service gave up what it worked on by itself."""

    retryable = True
    default_message = "The answer service gave up on this research."


class WorkLost(UpstreamError):
    """What the service worked on by itself has no result that could still be had, or none in time."""

    kind = "lost"
    retryable = True
    default_message = "The answer service has no result for this research."


class SessionExpired(KeyRefused):
    """The gateway's own access to the service behind it has ended: 401 or 403 from there."""

    default_message = (
        "Perplexity no longer lets the gateway in: its session has expired or was blocked. Ask your administrator "
        "to sign in there again and give the gateway new cookies."
    )


class TooLarge(InvalidRequest):
    """What goes along is larger than the service takes, whatever it says of its limits."""

    kind = "too_large"
    default_message = "This is too large for the gateway. Send a smaller copy."


class NoImageReturned(UpstreamError):
    """A picture was asked for and words came."""

    kind = "not_drawn"
    retryable = True
    default_message = "It answered in words instead of drawing. Say in the prompt that you want an image, and of what."


class PictureLost(UpstreamError):
    """A picture was drawn, but its bytes cannot be had."""

    kind = "picture_lost"
    retryable = True
    default_message = "An image was drawn, but it couldn’t be fetched."


class DrawingUncertain(UpstreamDown):
    """A picture was asked for, and nobody knows whether it was drawn: it may be charged for."""

    default_message = "The service was asked for an image, but its reply was lost. It may have drawn the image anyway."
