"""What differs between two answers, in words."""

from django import template
from django.utils.translation import pgettext_lazy

from chat.sources.comparison.difference import Difference, Reason

register = template.Library()

_WORDS = {
    Reason.FIGURES: pgettext_lazy("what differs between two answers", "figures"),
    Reason.DATES: pgettext_lazy("what differs between two answers", "dates"),
    Reason.NAMES: pgettext_lazy("what differs between two answers", "names"),
    Reason.QUOTATIONS: pgettext_lazy("what differs between two answers", "quotations"),
    Reason.STATEMENTS: pgettext_lazy("what differs between two answers", "statements"),
    Reason.SOURCES: pgettext_lazy("what differs between two answers", "sources"),
}


@register.filter
def reason_words(difference: Difference) -> str:
    """What differs besides the wording: *figures · sources*."""
    return " · ".join(str(word) for reason, word in _WORDS.items() if reason in difference.reasons)
