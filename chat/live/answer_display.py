"""What a page shows of an answer: one set of names for an answer that is being written and for one that is stored.

The page, the response to htmx and the stream's last frame all render `chat/answer/_answer.html` with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.conf import settings

from chat.live.answer_words import in_readers_words
from chat.live.shown_checks import NO_CHECK, ShownCheck
from chat.live.shown_passages import NOTHING, ShownPassages
from chat.models import Answer, Source


class ShownSource(NamedTuple):
    """A source as the renderer and the templates want it, before it has a row."""

    number: int
    title: str
    url: str
    date: str
    last_updated: str
    snippet: str
    origin: str
    kind: str
    carried: bool
    cited: bool


class Reader(NamedTuple):
    """What two people who watch the same answer have in common when they are shown the same: whether they may ask, and
    the code of the language that they read the interface in, and whether they may see the documents that went along
    with the question."""

    may_ask: bool
    language: str = settings.LANGUAGE_CODE
    sees_documents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDisplay:
    """An answer and the content of each named place of its article.

    `state` is what its log says, which may be ahead of the row. `html` is the text, cleaned and marked as safe, as far
    as its blocks are closed, and `tail` its open end. `status` is what the status line of a live answer says. `after`
    is the log's number from which the page follows the stream, 0 for all of it. `passages` are those of documents, as
    far as the reader may see them, `check` what was found of its citations.
    """

    answer: Answer
    state: str
    is_live: bool
    sources: Iterable[Source | ShownSource]
    steps: Sequence[Mapping[str, Any]]
    reasoning: str
    images: Sequence[Mapping[str, Any]]
    videos: Sequence[Mapping[str, Any]]
    related: Sequence[str]
    html: str = ""
    tail: str = ""
    status: Mapping[str, object] = field(default_factory=dict)
    after: int = 0
    passages: ShownPassages = NOTHING
    check: ShownCheck = NO_CHECK

    @property
    def cites_documents(self) -> bool:
        """Whether its text has marks of documents, whoever may see which those are."""
        return "data-document=" in self.html

    @property
    def may_be_checked(self) -> bool:
        """Whether it has marks of sources, which can be checked once it has ended."""
        return not self.is_live and 'class="cite' in self.html

    def with_check(self, check: ShownCheck) -> "AnswerDisplay":
        """The same with a state at each mark."""
        return replace(self, check=check, html=check.worn(self.html))

    def with_passages(self, passages: ShownPassages) -> "AnswerDisplay":
        """The same for somebody who is shown these."""
        return replace(self, passages=passages, html=passages.named(self.html), tail=passages.named(self.tail))


def stored_display(answer: Answer) -> AnswerDisplay:
    """An answer that has ended, from its row, with nothing of documents that went along."""
    return AnswerDisplay(
        answer=answer,
        state=answer.state,
        is_live=False,
        sources=answer.sources.all(),
        steps=answer.steps,
        reasoning=answer.reasoning,
        images=answer.media.get("images", []),
        videos=answer.media.get("videos", []),
        related=answer.related,
        html=in_readers_words(_one_break_each(answer.html)),
    )


def _one_break_each(html: str) -> str:
    """Answers stored by earlier versions have a newline after each `<br>`, which would be another break."""
    return html.replace("<br>\n", "<br>")
