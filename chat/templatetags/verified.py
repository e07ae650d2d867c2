"""What an answer wears of people who vouch for it."""

from collections.abc import Sequence

from django import template

from chat.models import Answer, Verification
from chat.sources.verified import standing

register = template.Library()


@register.simple_tag
def verifications_of(answer: Answer) -> Sequence[Verification]:
    """The verifications that nobody withdrew, oldest first."""
    return standing.standing_of(answer)


@register.filter
def verified_words(verification: Verification) -> str:
    """Who verified, when, and until when."""
    return standing.in_words(verification)
