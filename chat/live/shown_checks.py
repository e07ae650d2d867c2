"""What an answer shows of the check of its citations: a line below it, and a state at each mark in its text.

An answer is rendered once for all of its readers, and its HTML stays as it is stored. The states are put in when
somebody is shown the answer. Marks of documents wear theirs only for readers who may see the documents.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from html import unescape
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chat.models import Answer, CheckedMark, CitationCheck
from chat.rendering.mark_forms import document_label
from chat.sources.checks import current_checks, is_older

State = CheckedMark.State

LONGEST_PASSAGE = 240
"""Characters of a passage in the card at a mark."""
_NAMED = 3
"""Facts that are missing and named there."""
_AHEAD = 12
"""Sentences further down in which a mark is looked for, where the page has other marks than the check."""

_MARK = re.compile(r'<a class="cite(?: document)?"((?: [a-z-]+="[^"]*")*)>')
_WHOLE_MARK = re.compile(r'<a class="cite[^<>]*>[^<>]*</a>')
_LABEL = re.compile(r' (?:data-source="(\d+)"|data-document="(\d+)")')
_NAME = re.compile(r' aria-label="([^"]*)"')
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+")
_BEFORE = 400  # characters of HTML before a mark in which the words before it stand


class MarkState(NamedTuple):
    """What a mark in the text wears. `ordinal` counts the marks of the answer's HTML from 0, `position` those of the
    check from 1. `word` is empty where the next mark says the same."""

    ordinal: int
    position: int
    state: str
    label: str
    word: str
    says: str
    passage: str


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """The check that an answer wears, and whether another one is being made.

    `finished` is the newest that finished, `live` the one that is being made, `failed` the newest where that failed.
    `marks` are those of the answer's HTML. `is_older_text` and `is_older_rules` say that a new check may find
    something else.
    """

    finished: CitationCheck | None = None
    live: CitationCheck | None = None
    failed: CitationCheck | None = None
    marks: Sequence[MarkState] = ()
    is_older_text: bool = False

    @property
    def is_older_rules(self) -> bool:
        """Whether Parley has got other rules since."""
        return self.finished is not None and is_older(self.finished)

    @property
    def summary(self) -> str:
        """What was found, on a line; empty where nothing was looked for."""
        return summary_of(self.finished) if self.finished else ""

    @property
    def needs_a_look(self) -> bool:
        """Whether anything was not found, or could not be read."""
        check = self.finished
        return bool(check and (check.partly or check.missing or check.unread or check.figures_missing))

    def worn(self, html: str) -> SafeString:
        """The answer's HTML with the states at its marks."""
        if not self.marks or self.is_older_text:
            return mark_safe(html)  # noqa: S308 - came out of nh3
        by_ordinal = {mark.ordinal: mark for mark in self.marks}
        count = -1

        def dressed(found: re.Match[str]) -> str:
            nonlocal count
            count += 1
            mark = by_ordinal.get(count)
            if mark is None:
                return found[0]
            name = _NAME.search(found[1])
            said = f"{unescape(name[1])}, {mark.label}" if name else mark.label
            attributes = _NAME.sub("", found[1]) + f' aria-label="{escape(said)}"'
            word = f' data-word="{escape(mark.word)}"' if mark.word else ""
            classes = re.match(r'<a class="([^"]*)"', found[0])
            assert classes
            return (
                f'<a class="{classes[1]}"{attributes} data-check="{mark.state or "shown"}"'
                f' data-mark="{mark.position}"{word}>'
            )

        return mark_safe(_MARK.sub(dressed, html))  # noqa: S308 - came out of nh3, and what is put in is escaped


NO_CHECK = ShownCheck()


def state_label(state: str) -> str:
    """The state in a word, for a badge or a filter."""
    return str(State(state).label)


def state_word(state: str) -> str:
    """The state as it stands beside a mark in the text."""
    words = {
        State.FOUND: pgettext("beside a citation mark", "found"),
        State.PARTLY: pgettext("beside a citation mark", "partly"),
        State.MISSING: pgettext("beside a citation mark", "not found"),
        State.UNREAD: pgettext("beside a citation mark", "could not be read"),
    }
    return words.get(State(state), "")


def summary_of(check: CitationCheck) -> str:
    """The line under an answer: how many of its citations were found, and what was not."""
    judged = check.found + check.partly + check.missing + check.unread
    parts = []
    if judged:
        parts.append(
            ngettext("%(found)s of %(n)s citation found", "%(found)s of %(n)s citations found", judged)
            % {"found": check.found, "n": judged}
        )
    elif check.shown:
        parts.append(
            ngettext("Passage shown for %(n)s citation", "Passages shown for %(n)s citations", check.shown)
            % {"n": check.shown}
        )
    else:
        parts.append(_("No citation could be checked"))
    if check.figures_missing:
        parts.append(
            ngettext("%(n)s figure in no source", "%(n)s figures in no source", check.figures_missing)
            % {"n": check.figures_missing}
        )
    if check.pages_unread:
        parts.append(
            ngettext("%(n)s page could not be read", "%(n)s pages could not be read", check.pages_unread)
            % {"n": check.pages_unread}
        )
    return " · ".join(parts)


def checks_for(answers: Iterable[Answer], *, hidden: Mapping[UUID, bool]) -> dict[UUID, ShownCheck]:
    """What each of these answers wears, by its id; of those that were never checked there is nothing. `hidden` says of
    which the reader may not see the documents. Two queries, or one."""
    ended = {answer.pk: answer for answer in answers if not answer.is_live and 'class="cite' in answer.html}
    if not ended:
        return {}
    known = current_checks(ended.values())
    rows: dict[UUID, list[CheckedMark]] = defaultdict(list)
    finished = [one.finished.pk for one in known.values() if one.finished]
    if finished:
        for row in CheckedMark.objects.filter(check_of__in=finished).defer("opinion").order_by("position"):
            rows[row.check_of_id].append(row)
    return {
        pk: _shown(ended[pk], ShownCheck(one.finished, one.live, one.failed), rows, hides=hidden.get(pk, False))
        for pk, one in known.items()
    }


def with_figures_missing(conversations: Iterable[UUID]) -> set[UUID]:
    """Those of these conversations in which an answer has a figure that its newest check found in no source; one
    query."""
    checks = CitationCheck.objects.filter(
        answer__question__conversation__in=list(conversations), state=CitationCheck.State.FINISHED
    )
    newest = {
        answer: (conversation, missing)
        for answer, conversation, missing in checks.order_by("created_at", "pk").values_list(
            "answer_id", "answer__question__conversation_id", "figures_missing"
        )
    }
    return {conversation for conversation, missing in newest.values() if missing}


def _shown(answer: Answer, check: ShownCheck, rows: Mapping[UUID, Sequence[CheckedMark]], *, hides: bool) -> ShownCheck:
    if check.finished is None:
        return check
    if is_of_other_text(check.finished, answer):
        return replace(check, is_older_text=True)
    found = rows.get(check.finished.pk, ())
    return replace(check, marks=marks_in(answer.html, found, hides_documents=hides))


def is_of_other_text(check: CitationCheck, answer: Answer) -> bool:
    """Whether the answer said something else when it was checked."""
    return bool(check.text_sha256) and check.text_sha256 != sha256(answer.text.encode()).hexdigest()


def marks_in(html: str, rows: Sequence[CheckedMark], *, hides_documents: bool = False) -> list[MarkState]:
    """Which mark of the HTML wears which state: as many as are known to be the same in both."""
    labels = [_label(found[1]) for found in _MARK.finditer(html)]
    checked = [row_label(row) for row in rows]
    pairs = list(enumerate(range(len(rows)))) if labels == checked else _aligned(html, labels, rows, checked)
    worn = [(at, rows[row]) for at, row in pairs if not (hides_documents and rows[row].of_document)]
    ends = [found.end() for found in _MARK.finditer(html)]
    shown = []
    for place, (at, row) in enumerate(worn):
        following = worn[place + 1] if place + 1 < len(worn) else None
        is_run = following is not None and following[1].state == row.state and _touch(html, ends, at, following[0])
        word = "" if is_run else state_word(row.state)
        shown.append(
            MarkState(at, row.position, row.state, state_label(row.state), word, missing_words(row), _around(row))
        )
    return shown


def row_label(row: CheckedMark) -> str:
    """How the mark is written in the text, without its brackets."""
    return document_label(row.number) if row.of_document else str(row.number)


def missing_words(row: CheckedMark, *, facts: Iterable[Mapping[str, Any]] | None = None) -> str:
    """What of the sentence was not found, in words that name it, or what of these facts; empty where all was."""
    if row.state not in (State.PARTLY, State.MISSING):
        return ""
    missing = [str(fact["text"]) for fact in (row.facts if facts is None else facts) if not fact.get("found")]
    texts = list(dict.fromkeys(missing))
    if not texts:
        return ""
    named = ", ".join(_("“%(text)s”") % {"text": text} for text in texts[:_NAMED])
    if (more := len(texts) - _NAMED) > 0:
        words = ngettext("Not found: %(named)s and %(n)s more", "Not found: %(named)s and %(n)s more", more)
        return words % {"named": named, "n": more}
    return _("Not found: %(named)s") % {"named": named}


def _label(attributes: str) -> str:
    found = _LABEL.search(attributes)
    if found is None:
        return ""
    return found[1] or document_label(int(found[2]))


def _aligned(
    html: str, labels: Sequence[str], rows: Sequence[CheckedMark], checked: Sequence[str]
) -> list[tuple[int, int]]:
    """Pairs of places in both, where the page has other marks than the check or has them in another order: only such
    whose sentence has the word that stands before the mark."""
    sentences: dict[int, dict[str, int]] = {}
    for place, row in enumerate(rows):
        sentences.setdefault(row.start, {}).setdefault(checked[place], place)
    groups = list(sentences.values())
    words = [set(_WORD.findall(rows[next(iter(group.values()))].sentence.casefold())) for group in groups]
    used: set[int] = set()
    pairs, current = [], 0
    for at, found in enumerate(_MARK.finditer(html)):
        before = _word_before(html, found.start())
        fitting = [
            number
            for number in range(current, min(current + _AHEAD, len(groups)))
            if labels[at] in groups[number] and before in words[number]
        ]
        if not fitting:
            continue
        current = next((number for number in fitting if groups[number][labels[at]] not in used), fitting[0])
        place = groups[current][labels[at]]
        used.add(place)
        pairs.append((at, place))
    return pairs


def _word_before(html: str, at: int) -> str:
    """The last word before this place in the HTML, marks aside; empty where there is none near."""
    before = _TAG.sub(" ", _WHOLE_MARK.sub(" ", html[max(0, at - _BEFORE) : at]))
    words = _WORD.findall(unescape(before).casefold())
    return words[-1] if words else ""


def _touch(html: str, ends: Sequence[int], one: int, next_one: int) -> bool:
    """Whether nothing but blanks stands between two marks."""
    if next_one != one + 1:
        return False
    between = html[ends[one] : ends[one] + 200].split("</a>", 1)
    if len(between) < 2:
        return False
    return re.match(r'(?:</span>|<wbr>|<span class="held">|\s)*<a class="cite', between[1]) is not None


def _around(row: CheckedMark) -> str:
    """A piece of the passage around the first thing that was found in it, for the card."""
    text = row.passage
    if len(text) <= LONGEST_PASSAGE:
        return text
    first = row.highlights[0][0] if row.highlights else 0
    start = max(0, min(first - LONGEST_PASSAGE // 3, len(text) - LONGEST_PASSAGE))
    piece = text[start : start + LONGEST_PASSAGE]
    if start:
        piece = "…" + piece[piece.find(" ") + 1 :]
    if start + LONGEST_PASSAGE < len(text):
        piece = piece[: piece.rfind(" ")] + "…"
    return piece
