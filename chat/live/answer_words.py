"""The few words of ours within the HTML of an answer, in the language of whoever reads it.

An answer is rendered once, for all of its readers, and kept with English words in it: the labels of tables and boxes,
and what stands around a JSON value. They are looked up when it is shown. What the model wrote stays as it is.
"""

import html
import re

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

SOURCE = "en"
# What `chat.rendering` writes, which knows no gettext; `chat.structured` marks its own.
LABELS = (gettext_noop("Table"), gettext_noop("Done"), gettext_noop("Not done"))
_COUNTED = (("%(count)d part", "%(count)d parts"), ("%(count)d entry", "%(count)d entries"))
_LEFT_OUT = gettext_noop("The first %(most)s of %(count)s. The raw JSON has all of them.")

# Places into which only we write: a model's text reaches none of these classes, labels are ours, and what a model folds
# away has a line's end before its summary.
_PLACE = re.compile(
    r'( aria-label="|<span class="empty">|<p class="note">|<details(?: class="raw-json"[^>]*)?><summary>)'
    r'([^<"]+)(?=["<])'
)
_A_COUNT = re.compile(r"(\d+) (\w+)")
_A_PART = re.compile(re.escape(_LEFT_OUT).replace(r"%\(most\)s", r"([\d,]+)").replace(r"%\(count\)s", r"([\d,]+)"))


def in_readers_words(answer: str) -> SafeString:
    """The HTML of an answer, or of a part of it, in the language that is spoken right now."""
    if get_language() != SOURCE:
        answer = _PLACE.sub(lambda found: found[1] + html.escape(_said(html.unescape(found[2]))), answer)
    return mark_safe(answer)  # noqa: S308 - came out of nh3, and what is put in is escaped


def _said(words: str) -> str:
    if counted := _A_COUNT.fullmatch(words):
        count = int(counted[1])
        for one, many in _COUNTED:
            if words in (one % {"count": count}, many % {"count": count}):
                return ngettext(one, many, count) % {"count": count}
    if part := _A_PART.fullmatch(words):
        return gettext(_LEFT_OUT) % {"most": part[1], "count": part[2]}
    return gettext(words)
