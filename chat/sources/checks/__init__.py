"""Checks of what answers cite: asked for, made in the background by whoever holds the lease, kept, given an opinion."""

from chat.sources.checks.opinions import OpinionOffer, opinion_offer, request_opinion
from chat.sources.checks.service import NothingToCheck, request_check, why_not
from chat.sources.checks.states import (
    CheckStatus,
    checks_of,
    current_check,
    current_checks,
    failed_sentence,
    is_older,
    why_unread,
)

__all__ = [
    "CheckStatus",
    "NothingToCheck",
    "OpinionOffer",
    "checks_of",
    "current_check",
    "current_checks",
    "failed_sentence",
    "is_older",
    "opinion_offer",
    "request_check",
    "request_opinion",
    "why_not",
    "why_unread",
]
