"""What is said of a key when it was tried, and whether it may be kept all the same."""

import pytest
from pytest_django import Settings

from chat.connection import trial
from chat.connection.trial import Outcome
from core.errors import ActionRefused
from upstream.errors import (
    BadKey,
    KeyRefused,
    NoAccess,
    NoCredits,
    ServiceEnded,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
    WrongKindOfKey,
)
from upstream.probe import KeyTrial

Case = tuple[KeyTrial | None, Outcome, str]


def tried(agent: UpstreamError | None, *, models: int | None = None, listing: UpstreamError | None = None) -> KeyTrial:
    """What came of asking the Agent API and Sonar, which has ended, and for the list of models."""
    return KeyTrial(models, listing, {"agent": agent, "sonar": ServiceEnded()})


CASES: dict[str, Case] = {
    "accepted": (tried(None, models=9), Outcome.ACCEPTED, "Perplexity accepts this key."),
    "accepted without a list": (tried(None, listing=Withdrawn()), Outcome.ACCEPTED, "Perplexity accepts this key."),
    "wrong or revoked": (tried(BadKey(), listing=BadKey()), Outcome.REFUSED, "doesn’t recognize this key"),
    "an organization's": (tried(WrongKindOfKey(), models=9), Outcome.REFUSED, "organization key"),
    "no credits": (tried(NoCredits(), listing=NoCredits()), Outcome.OPEN, "no credits left"),
    "the wrong plan": (tried(NoAccess(), models=9), Outcome.OPEN, "plan doesn’t include"),
    "refused without a reason": (tried(KeyRefused(), listing=KeyRefused()), Outcome.OPEN, "rejected this key"),
    "known and yet refused": (tried(BadKey(), models=9), Outcome.OPEN, "recognizes this key but refuses"),
    "away": (tried(UpstreamDown(), listing=UpstreamDown()), Outcome.OPEN, "can’t be reached from this server"),
    "silent": (None, Outcome.OPEN, "can’t be reached from this server"),
    "something else": (tried(Withdrawn(), listing=Withdrawn()), Outcome.OPEN, "doesn’t accept questions"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_outcome_has_its_sentence(case: Case) -> None:
    found, outcome, words = case

    said = trial._in_words(found)

    assert said.outcome is outcome
    assert words in said.sentence


def test_one_key_is_tried_at_a_time(settings: Settings) -> None:
    settings.PERPLEXITY_BASE_URL = "http://127.0.0.1:9"
    with trial._one_at_a_time, pytest.raises(ActionRefused, match="Another key is being tested"):
        trial.try_key(key="pplx-1", providers=["agent"])

    assert trial.try_key(key="pplx-1", providers=["agent"]).outcome is Outcome.OPEN
