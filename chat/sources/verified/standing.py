"""The verifications that an answer wears, in order, and the marks at its sentences."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chat.models import Answer, Verification
from chat.sources.verified.sentences import Stretch, with_marks
from core.web import formats

_KEPT_AS = "worn_verifications"


def with_standing() -> "Prefetch[Any]":
    """Has the verifications that an answer wears read with a query for answers: one query more."""
    standing = Verification.objects.standing().select_related("by")
    return Prefetch("verifications", queryset=standing, to_attr=_KEPT_AS)


def standing_of(answer: Answer) -> Sequence[Verification]:
    """The verifications that nobody withdrew, oldest first, with who made them; those that have ended among them."""
    found: Sequence[Verification] | None = getattr(answer, _KEPT_AS, None)
    if found is None:
        found = list(Verification.objects.standing().filter(answer=answer).select_related("by"))
        setattr(answer, _KEPT_AS, found)
    return found


def in_words(verification: Verification) -> str:
    """Who verified, when, and until when, in one sentence without a stop."""
    said = {
        "name": verification.vouched_by,
        "day": formats.day(verification.at),
        "until": formats.day(verification.until) if verification.until else "",
    }
    if verification.until is None:
        return _("Verified by %(name)s on %(day)s") % said
    if verification.is_over:
        return _("Was verified by %(name)s on %(day)s, until %(until)s") % said
    return _("Verified by %(name)s on %(day)s, until %(until)s") % said


def marked_sentences(answer: Answer, html: str) -> SafeString | str:
    """The answer's HTML with a mark behind each sentence that somebody verified."""
    marks = [
        (Stretch(one.start, one.end, one.text), _mark(one))
        for one in standing_of(answer)
        if one.start is not None and one.end is not None
    ]
    return with_marks(html, marks) if marks else html


def _mark(one: Verification) -> str:
    kind = "verified-mark over" if one.is_over else "verified-mark"
    return format_html('<a class="{}" href="#verified-{}" aria-label="{}"></a>', kind, one.pk, in_words(one))
