"""What the page behind a link shows, as templates want it. It reads nothing that is the team's own business.

Documents that an answer cites are told by their names alone, and only while the link's maker may read their space.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chat.live.answer_display import AnswerDisplay, stored_display
from chat.live.shown_passages import NOTHING, ShownPassages, passages_for
from chat.models import Answer, Question
from imaging import queries as images
from imaging.models import GeneratedImage
from sharing.links import contents
from sharing.models import ShareLink


@dataclass(frozen=True, slots=True)
class SharedExchange:
    """A question with its answers, oldest first, and the approved images drawn from it. `files` counts what was
    attached to it, which is not shown; `asked_by` is empty unless the link says names."""

    question: Question
    answers: Sequence[AnswerDisplay]
    drawn: Sequence[GeneratedImage]
    files: int
    asked_by: str


@dataclass(frozen=True, slots=True)
class SharedPage:
    """One page of what the link shows, counted from 1."""

    link: ShareLink
    title: str
    exchanges: Sequence[SharedExchange]
    page: int
    pages: int

    @property
    def previous(self) -> int:
        """The page before; 0 for none."""
        return self.page - 1

    @property
    def next(self) -> int:
        """The page after; 0 for none."""
        return self.page + 1 if self.page < self.pages else 0


def shared_page(link: ShareLink, *, page: int = 1) -> SharedPage:
    """The page of an open link; the nearest one that there is. A constant number of queries."""
    stretch = contents.stretch_of(link, page=page)
    answers = [answer for question in stretch.questions for answer in answers_of(question)]
    assert link.made_by is not None  # without a maker it is not open
    passages = passages_for(link.made_by.pk, answers)
    drawn = drawn_images(link, [question.pk for question in stretch.questions])
    return SharedPage(
        link=link,
        title=link.conversation.title if link.is_live else link.title,
        exchanges=[
            SharedExchange(
                question=question,
                answers=[_displayed(answer, passages.get(answer.pk, NOTHING)) for answer in answers_of(question)],
                drawn=drawn.get(question.pk, ()),
                files=len(question.attachments.all()),
                asked_by=question.author.display_name if link.shows_names else "",
            )
            for question in stretch.questions
        ],
        page=stretch.page,
        pages=stretch.pages,
    )


def answers_of(question: Question) -> Sequence[Answer]:
    """The answers that a stretch brings with its question."""
    return question.shown  # type: ignore[attr-defined, no-any-return]  # as it was fetched


def drawn_images(link: ShareLink, question_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[GeneratedImage]]:
    """The approved images drawn from these questions that the link's maker may see, by question; of a snapshot those
    that were approved when it was made. A link to a single answer shows none."""
    if link.answer_id or link.made_by is None:
        return {}
    found = images.approved_images_of(link.made_by, link.conversation_id, question_ids)
    if link.is_live:
        return found
    return {
        question: [image for image in those if image.decided_at and image.decided_at <= link.created_at]
        for question, those in found.items()
    }


def shared_image(link: ShareLink, image_id: UUID) -> GeneratedImage | None:
    """The image, if the page shows it."""
    found = GeneratedImage.objects.filter(pk=image_id, conversation_id=link.conversation_id)
    question = images.question_of(found)
    if question is None or not contents.shows_question(link, question):
        return None
    return next((one for one in drawn_images(link, [question]).get(question, ()) if one.pk == image_id), None)


def _displayed(answer: Answer, passages: ShownPassages) -> AnswerDisplay:
    """The answer with nothing but names of its documents."""
    names = [
        one._replace(place="", label="", text="", href="", version=0, tokens=0)
        for one in passages.passages
        if one.cited
    ]
    return stored_display(answer).with_passages(ShownPassages(names, len({one.name for one in names}), passages.hidden))
