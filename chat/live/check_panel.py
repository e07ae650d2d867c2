"""The panel of a check: each citation with its sentence and its source's passage, and where every figure stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chat.live.shown_checks import missing_words, row_label, state_label
from chat.live.shown_passages import ShownPassages, place_words
from chat.models import Answer, CheckedMark, CheckedSource, CitationCheck, PageCopy, Source
from chat.rendering.links import safe_url, site_of
from chat.sources.checks import why_unread
from core.web import money

PER_PAGE = 50
"""Citations that are shown at a time."""
_LONGEST_QUOTATION = 300  # characters of a passage in an address
State = CheckedMark.State
SHOWN = "shown"
"""The state of sentences that have nothing to look up, as an address says it."""
FILTERS = (State.FOUND, State.PARTLY, State.MISSING, State.UNREAD, State.SHOWN)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model said of a citation. `verdict` is in words."""

    verdict: str
    reason: str
    model: str
    cost: str


@dataclass(frozen=True, slots=True)
class PanelMark:
    """One citation: what the answer says, what the source says, and what is known of the two.

    `sentence` and `passage` are safe HTML with what was looked for marked. `notes` are sentences about what is missing
    or stands elsewhere, `problem` says why nothing could be read.
    """

    position: int
    label: str
    state: str
    state_label: str
    sentence: SafeString
    passage: SafeString
    place: str
    title: str
    site: str
    address: str
    kept_copy: str
    from_search: bool
    of_document: bool
    notes: Sequence[str]
    problem: str
    opinion: Opinion | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, date, name or quotation of the answer, and where it stands. `is_missing`: in no source that could be
    read."""

    text: str
    kind: str
    stands: str
    is_missing: bool


@dataclass(frozen=True, slots=True)
class StateFilter:
    """A choice of citations by their state, with how many there are; `value` is what an address says."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CheckPanel:
    """What the panel shows of a check. `before` and `after` are positions at which there are more citations."""

    check: CitationCheck
    filters: Sequence[StateFilter]
    marks: Sequence[PanelMark]
    figures: Sequence[Figure]
    state: str
    before: int
    after: int


def panel_of(
    check: CitationCheck, answer: Answer, *, passages: ShownPassages, state: str = "", around: int = 1
) -> CheckPanel:
    """The panel of a finished check, with the citations of one state or of all, those around a position. `passages`
    are what the reader may see of documents."""
    hides = passages.hidden
    rows = list(CheckedMark.objects.filter(check_of=check).order_by("position"))
    if hides:
        rows = [row for row in rows if not row.of_document]
    chosen = next((one for one in FILTERS if state and _value(one) == state), None)
    wanted = [row for row in rows if chosen is None or row.state == chosen]
    first = next((number for number, row in enumerate(wanted) if row.position >= around), 0) // PER_PAGE * PER_PAGE
    shown = wanted[first : first + PER_PAGE]
    return CheckPanel(
        check=check,
        filters=_filters(rows, chosen),
        marks=_marks(shown, check, answer, passages),
        figures=figures_of(check.facts, hides_documents=hides),
        state=_value(chosen) if chosen is not None else "",
        before=wanted[first - PER_PAGE].position if first else 0,
        after=wanted[first + PER_PAGE].position if len(wanted) > first + PER_PAGE else 0,
    )


def _value(state: str) -> str:
    return str(state) or SHOWN


def _filters(rows: Sequence[CheckedMark], chosen: str | None) -> list[StateFilter]:
    counts = {state: sum(row.state == state for row in rows) for state in FILTERS}
    filters = [
        StateFilter(_value(state), state_label(state), count, state == chosen)
        for state, count in counts.items()
        if count or state == chosen
    ]
    return [StateFilter("", pgettext("citations", "All"), len(rows), chosen is None), *filters]


def _marks(
    rows: Sequence[CheckedMark], check: CitationCheck, answer: Answer, passages: ShownPassages
) -> list[PanelMark]:
    sources = {source.number: source for source in Source.objects.filter(answer=answer)}
    read = {one.number: one for one in CheckedSource.objects.filter(check_of=check).select_related("copy")}
    documents = {one.number: one for one in passages.passages}
    shown = []
    for row in rows:
        source, reading = sources.get(row.number), read.get(row.number)
        document = documents.get(row.number) if row.of_document else None
        copy = None if row.of_document or reading is None else reading.copy
        passage = document.text if document else row.passage
        shown.append(
            PanelMark(
                position=row.position,
                label=row_label(row),
                state=row.state or SHOWN,
                state_label=state_label(row.state),
                sentence=_marked(row.sentence, _spans_in_sentence(row)),
                passage=_marked(passage, [] if document else [(start, end, "") for start, end in row.highlights]),
                place=document.place if document else place_words(_unit(copy), row.page),
                title=document.title if document else _title(source, row),
                site="" if row.of_document or source is None else site_of(source.url),
                address=document.href if document else safe_url(source.url if source else ""),
                kept_copy=_copy_address(copy.pk, row) if copy and copy.text_sha256 else "",
                from_search=row.from_search,
                of_document=row.of_document,
                notes=_notes(row),
                problem="" if row.of_document or reading is None else str(why_unread(reading.problem)),
                opinion=_opinion(row.opinion),
            )
        )
    return shown


def _unit(copy: PageCopy | None) -> str:
    return (copy.unit if copy else "") or "page"


def _title(source: Source | None, row: CheckedMark) -> str:
    if row.of_document or source is None:
        return _("Document") if row.of_document else ""
    return source.title or source.url


def _copy_address(copy: UUID, row: CheckedMark) -> str:
    """Where the kept copy opens at the passage."""
    address = reverse("chat:page_copy", args=[copy])
    wanted: dict[str, str | int] = {"q": "" if row.from_search else row.passage[:_LONGEST_QUOTATION], "page": row.page}
    asked = urlencode({name: value for name, value in wanted.items() if value})
    return f"{address}?{asked}#cited-page" if asked else address


def _spans_in_sentence(row: CheckedMark) -> list[tuple[int, int, str]]:
    """Where the sentence's facts stand in it; those that were not found as *missing*."""
    spans = []
    for fact in row.facts:
        start, end = int(fact["start"]), int(fact["end"])
        if row.sentence[start:end] == fact["text"]:
            spans.append((start, end, "" if fact.get("found") else "missing"))
    return spans if row.state in (State.FOUND, State.PARTLY, State.MISSING) else []


def _marked(text: str, spans: Iterable[tuple[int, int, str]]) -> SafeString:
    """The text, escaped, with these pieces of it marked."""
    html, at = "", 0
    for start, end, kind in sorted(spans):
        if not at <= start < end <= len(text):
            continue
        opening = f'<mark class="{kind}">' if kind else "<mark>"
        html += f"{escape(text[at:start])}{opening}{escape(text[start:end])}</mark>"
        at = end
    return mark_safe(html + escape(text[at:]))  # noqa: S308 (escaped)


def _notes(row: CheckedMark) -> list[str]:
    """What is to be said of facts that do not stand in the passage: each is named once."""
    notes, plain = [], []
    for fact in row.facts:
        text, near = fact["text"], fact.get("near")
        if near:
            notes.append(_("The answer says “%(text)s”; the source says “%(near)s”.") % {"text": text, "near": near})
        elif fact.get("elsewhere") and not fact.get("found"):
            notes.append(_("“%(text)s” stands elsewhere in the source, beside other words.") % {"text": text})
        else:
            plain.append(fact)
    missing = missing_words(row, facts=plain)
    return [missing, *notes] if missing else notes


def _opinion(said: Mapping[str, Any]) -> Opinion | None:
    verdict = {
        "supports": _("The passage supports the sentence"),
        "contradicts": _("The passage contradicts the sentence"),
        "does_not_say": _("The passage doesn’t say"),
    }.get(str(said.get("verdict", "")))
    if verdict is None and "problem" in said:
        verdict = _("The model gave no answer that could be used")
    if verdict is None:
        return None
    return Opinion(verdict, str(said.get("reason", "")), str(said.get("model", "")), _dollars(said.get("cost")))


def _dollars(cost: object) -> str:
    try:
        return money.exact_dollars(Decimal(str(cost)))
    except InvalidOperation:
        return ""


def figures_of(facts: Sequence[Mapping[str, Any]], *, hides_documents: bool = False) -> list[Figure]:
    """Every figure and date of the answer once, in its order, with where it stands."""
    kinds = {
        "figure": pgettext("kind of fact", "Figure"),
        "date": pgettext("kind of fact", "Date"),
        "name": pgettext("kind of fact", "Name"),
        "quotation": pgettext("kind of fact", "Quotation"),
    }
    figures: dict[tuple[str, str], Figure] = {}
    for fact in facts:
        kind, text = str(fact["kind"]), str(fact["text"])
        cited, others, apart = (_numbers(fact, name, hides_documents) for name in ("cited", "others", "apart"))
        if cited:
            stands = _("In %(numbers)s, which its sentence cites") % {"numbers": cited}
        elif others:
            stands = _("Not in what its sentence cites, but in %(numbers)s") % {"numbers": others}
        elif apart:
            stands = _("In %(numbers)s, but beside other words") % {"numbers": apart}
        else:
            stands = _("In no source that could be read")
        if fact.get("near") and not cited:
            stands = _("%(where)s. A source says “%(near)s”") % {"where": stands, "near": fact["near"]}
        is_missing = not (cited or others or apart)
        figures.setdefault((kind, text), Figure(text, kinds.get(kind, kind), stands, is_missing))
    return list(figures.values())


def _numbers(fact: Mapping[str, Any], name: str, hides_documents: bool) -> str:
    labels = dict.fromkeys(str(number) for number in fact.get(name, []))
    return " ".join(f"[{label}]" for label in labels if not (hides_documents and label.startswith("D")))
