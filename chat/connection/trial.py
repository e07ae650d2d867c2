"""Tries a key at once, by requests that cost nothing, and says in a sentence what came of it."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_variables

from core.errors import ActionRefused
from upstream.client import open_client
from upstream.errors import (
    BadKey,
    KeyRefused,
    NoAccess,
    NoCredits,
    UpstreamDown,
    UpstreamError,
    WrongKindOfKey,
)
from upstream.probe import KeyTrial

TRIED_FOR = 15.0  # seconds at most
_one_at_a_time = threading.BoundedSemaphore(1)  # each holds a thread for pages as long as it takes


class Outcome(Enum):
    """What the trial says about keeping the key."""

    ACCEPTED = auto()
    REFUSED = auto()  # it will not work, however often it is tried
    OPEN = auto()  # it may be good, or become so


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it, and the sentence that says so."""

    outcome: Outcome
    sentence: str


_ACCEPTED = gettext_noop("Perplexity accepts this key.")
_UNREACHABLE = gettext_noop(
    "Perplexity can’t be reached from this server right now, so the key couldn’t be tested. Try again, or save it "
    "without testing."
)
_NO_SERVICE = gettext_noop(
    "Something answers at the address of Perplexity, but it doesn’t accept questions, so the key couldn’t be tested. "
    "Try again later, or save it without testing."
)
_KNOWN_YET_REFUSED = gettext_noop(
    "Perplexity recognizes this key but refuses questions. Its account may have no credits left, or the key may not "
    "be allowed to ask. You can save it anyway and check the account."
)
_REFUSED = gettext_noop(
    "Perplexity rejected this key: it is wrong, no longer active, or out of credits. Check it in your Perplexity "
    "account."
)
_KINDS: Mapping[type[KeyRefused], tuple[Outcome, str]] = {
    BadKey: (
        Outcome.REFUSED,
        gettext_noop(
            "Perplexity doesn’t recognize this key: it’s incomplete, or it was revoked. Copy it again from your "
            "Perplexity account, or create a new one there."
        ),
    ),
    NoCredits: (
        Outcome.OPEN,
        gettext_noop(
            "The key is valid, but its account has no credits left. Add credits at Perplexity and try again, or save "
            "it now and add them later."
        ),
    ),
    WrongKindOfKey: (
        Outcome.REFUSED,
        gettext_noop(
            "This is an organization key, which can’t ask questions. Create a key in a project at Perplexity and "
            "enter that one."
        ),
    ),
    NoAccess: (
        Outcome.OPEN,
        gettext_noop(
            "The key is valid, but its account’s plan doesn’t include asking questions. Change the plan at Perplexity "
            "and try again, or save the key anyway."
        ),
    ),
}


@sensitive_variables("key")
def try_key(*, key: str, providers: Sequence[str]) -> Trial:
    """Try the key at Perplexity's services. Waits for the network, 15 seconds at most. Raises ActionRefused while
    somebody else has one tried."""
    if not _one_at_a_time.acquire(blocking=False):
        raise ActionRefused(_("Another key is being tested right now. Try again in a moment."))
    try:
        return _in_words(asyncio.run(_tried(key, providers)))
    finally:
        _one_at_a_time.release()


@sensitive_variables("key")
async def _tried(key: str, providers: Sequence[str]) -> KeyTrial | None:
    """What the services said; None where they took too long."""
    client = open_client(
        base_url=settings.PERPLEXITY_BASE_URL,
        chat_path=settings.PERPLEXITY_CHAT_PATH,
        agent_path=settings.PERPLEXITY_AGENT_PATH,
        api_key=key,
    )
    try:
        async with asyncio.timeout(TRIED_FOR):
            return await client.try_key(providers)
    except TimeoutError:
        return None
    finally:
        await client.aclose()


def _in_words(tried: KeyTrial | None) -> Trial:
    if tried is None:
        return Trial(Outcome.OPEN, _(_UNREACHABLE))
    if any(refusal is None for refusal in tried.refused.values()):
        return Trial(Outcome.ACCEPTED, _(_ACCEPTED))
    reasons = [reason for reason in (*tried.refused.values(), tried.models_refused) if reason]
    if refused := next((reason for reason in reasons if isinstance(reason, KeyRefused)), None):
        return _refused(refused, is_known=tried.models is not None)
    return Trial(Outcome.OPEN, _(_UNREACHABLE if _is_down(reasons) else _NO_SERVICE))


def _refused(refusal: KeyRefused, *, is_known: bool) -> Trial:
    """A key with which the list of models could be read is a good one, whatever is said about it elsewhere."""
    if is_known and (type(refusal) not in _KINDS or isinstance(refusal, BadKey)):
        return Trial(Outcome.OPEN, _(_KNOWN_YET_REFUSED))
    outcome, sentence = _KINDS.get(type(refusal), (Outcome.OPEN, _REFUSED))
    return Trial(outcome, _(sentence))


def _is_down(reasons: Sequence[UpstreamError]) -> bool:
    return any(isinstance(reason, UpstreamDown) for reason in reasons)
