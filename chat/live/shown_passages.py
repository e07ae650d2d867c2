"""The passages of documents that went along with a question, as one reader of its answer may see them.

An answer is rendered once for all of its readers, with marks that say nothing but a number: what stands behind `[D1]`
is for those alone who may read the space that the document is in. So names, places and texts are put in when somebody
is shown the answer, and only after it was looked up whether that person may see them now. Everybody else learns that
documents were cited, and nothing of which, or how many went along.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from chat import access
from chat.answers import passages
from chat.answers.passages import SNIPPET
from chat.models import Answer, AnswerPassage
from chat.rendering.mark_forms import document_label

_MARK = re.compile(
    r'(<a class="cite document" href="#document-[A-Za-z0-9_-]+" data-document="(\d+)" aria-label=")D\d+"'
)


class ShownPassage(NamedTuple):
    """A passage in the list beside an answer. `name` is empty where its document was deleted for good."""

    number: int
    name: str
    place: str
    label: str
    text: str
    href: str
    cited: bool
    version: int
    tokens: int

    @property
    def title(self) -> str:
        """The document and the place in it."""
        name = self.name or _("Deleted document")
        return _("%(document)s, %(place)s") % {"document": name, "place": self.place} if self.place else name


@dataclass(frozen=True, slots=True)
class ShownPassages:
    """What a reader is shown of what went along. `hidden` says that it is not for this reader."""

    passages: Sequence[ShownPassage] = ()
    documents: int = 0
    hidden: bool = False
    asked: bool = False

    @property
    def tokens(self) -> int:
        """About how many tokens they took."""
        return sum(one.tokens for one in self.passages)

    @property
    def by_document(self) -> list[tuple[str, int, list[ShownPassage]]]:
        """They, by the name and version of their document."""
        found: dict[tuple[str, int], list[ShownPassage]] = {}
        for one in self.passages:
            found.setdefault((one.name, one.version), []).append(one)
        return [(name, version, those) for (name, version), those in found.items()]

    def named(self, html: str) -> SafeString:
        """The answer's HTML with marks that say what they cite, where the reader may know."""
        if self.passages and "data-document=" in html:
            names = {str(one.number): one.title for one in self.passages}
            html = _MARK.sub(lambda mark: f'{mark[1]}{_label(mark[2], names)}"', html)
        return mark_safe(html)  # noqa: S308 - came out of nh3, and what is put in is escaped


NOTHING = ShownPassages()
HIDDEN = ShownPassages(hidden=True, asked=True)


def _label(number: str, names: Mapping[str, str]) -> str:
    name = names.get(number)
    label = document_label(int(number))
    return escape(f"{label}: {name}") if name else label


def passages_for(user_id: UUID, answers: Iterable[Answer]) -> dict[UUID, ShownPassages]:
    """What the person is shown beside each of the answers, by their ids; of those for which nothing was looked for
    there is nothing. Two queries, or none."""
    asked = {answer.pk: answer for answer in answers if passages.space_of(answer)}
    spaces = {answer_id: space for answer_id, answer in asked.items() if (space := passages.space_of(answer))}
    if not spaces:
        return {}
    read = access.spaces_read_by(user_id, set(spaces.values()))
    seen = [answer_id for answer_id, space in spaces.items() if space in read]
    rows = AnswerPassage.objects.filter(answer__in=seen).select_related("version") if seen else ()
    found: dict[UUID, list[AnswerPassage]] = {answer_id: [] for answer_id in seen}
    for row in rows:
        found[row.answer_id].append(row)
    return {
        answer_id: stored_passages(asked[answer_id], space, found[answer_id]) if space in read else HIDDEN
        for answer_id, space in spaces.items()
    }


def passages_of(answer: Answer, *, may_see: bool) -> ShownPassages:
    """The same for one answer and readers of whom it is known whether they may see it."""
    space = passages.space_of(answer)
    if space is None:
        return NOTHING
    return stored_passages(answer, space, list(answer.passages.select_related("version"))) if may_see else HIDDEN


def stored_passages(answer: Answer, space: UUID, rows: Sequence[AnswerPassage]) -> ShownPassages:
    """From their rows, for somebody who may read the space. Which are cited is known when the answer has ended."""
    shown = [
        ShownPassage(
            number=row.number,
            name=row.name if row.version else "",
            place=place_words(row.unit, row.page) if row.text else _whole(row),
            label=row.label,
            text=_beginning(row.text) if row.version else "",
            href=address_of(space, row.version.document_id, row.version.number, row.page, row.passage_id)
            if row.version
            else "",
            cited=row.cited or answer.is_live,
            version=row.version.number if row.version else 0,
            tokens=row.tokens,
        )
        for row in rows
    ]
    return ShownPassages(shown, documents=len({row.version.document_id for row in rows if row.version}), asked=True)


def logged_passages(rows: Sequence[Mapping[str, Any]], space: UUID) -> ShownPassages:
    """From the log of an answer that is being written. Which of them are cited is told when it has ended."""
    shown = [
        ShownPassage(
            number=row["number"],
            name=row["name"],
            place=place_words(row["unit"], row["page"]) if row["text"] else _("the whole file"),
            label=row["label"],
            text=_beginning(row["text"]),
            href=address_of(space, UUID(row["document"]), row["version"], row["page"], row["passage"]),
            cited=True,
            version=row["version"],
            tokens=0,
        )
        for row in rows
    ]
    return ShownPassages(shown, documents=len({row["document"] for row in rows}), asked=True)


def address_of(space: UUID, document: UUID, version: int, page: int, passage: int | None) -> str:
    """Where a version of a document opens at a page, with the passage marked."""
    wanted: dict[str, Any] = {"version": version, "page": page or None, "passage": passage}
    try:
        address = reverse("chat:space_document", args=[space, document])
    except NoReverseMatch:
        return ""
    asked = urlencode({name: value for name, value in wanted.items() if value})
    return f"{address}?{asked}#cited" if passage else f"{address}?{asked}"


def _beginning(text: str) -> str:
    """What a card shows of a passage: the beginning, on lines of its own making. The log keeps no more of it either."""
    head = " ".join(text[: SNIPPET - 1].split())
    if len(text) < SNIPPET:
        return head
    return f"{head[: max(head.rfind(' '), len(head) // 2)].rstrip()}…"


def _whole(row: AnswerPassage) -> str:
    return _("the whole file") if row.version else ""


def place_words(unit: str, page: int) -> str:
    """Where in its document a passage stands; empty where that has no numbers."""
    words = {
        "page": _("page %(number)s"),
        "slide": _("slide %(number)s"),
        "sheet": _("sheet %(number)s"),
        "part": _("part %(number)s"),
        "line": _("line %(number)s"),
    }
    return words[unit] % {"number": page} if page and unit in words else ""
