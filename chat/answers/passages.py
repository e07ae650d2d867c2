"""Which passages of a space's documents go along with a question: found, chosen and kept before it is sent.

What whoever asks may not read is not looked at: the one space in which passages are found is the conversation's, and
they have to be able to read it at that moment. What was sent stays with the answer (`AnswerPassage`), whatever becomes
of the document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction

from chat import access
from chat.answers import branches, whole_documents
from chat.answers.document_blocks import MOST_TEXT
from chat.documents import choosing
from chat.documents.find import FoundPassage, find_passages
from chat.documents.terms import query_terms
from chat.models import Answer, AnswerPassage, Conversation, Document, DocumentsChoice, Question, Space

BOTH, ONLY, WEB = "both", "only", "web"
MODES = (BOTH, ONLY, WEB)
COUNTS = (4, 8, 16, 32)  # passages at most that one can choose
USUAL_COUNT = choosing.MOST_PASSAGES
TOKENS_EACH = choosing.MOST_TOKENS // choosing.MOST_PASSAGES
CHARACTERS_EACH = 4 * TOKENS_EACH
FEW_TERMS = 3  # a question with no more leans on the one before it
SNIPPET = 400  # characters of a passage that its card shows


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody chose: one of the MODES, how many passages at most, and which documents go whole."""

    mode: str = BOTH
    passages: int = USUAL_COUNT
    whole: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Wanted":
        """What is kept with a question; what is usual where that says nothing, or nothing that can be."""
        kept = kept or {}
        mode, passages = kept.get("mode"), kept.get("passages")
        whole = whole_documents.ids_in(kept.get("whole") or ())
        return cls(mode if mode in MODES else BOTH, passages if passages in COUNTS else USUAL_COUNT, tuple(whole))

    def as_json(self) -> dict[str, Any]:
        """What is kept."""
        kept: dict[str, Any] = {"mode": self.mode, "passages": self.passages}
        return {**kept, "whole": [str(one) for one in self.whole]} if self.whole else kept

    @property
    def tokens(self) -> int:
        """About how many they take at most."""
        return self.passages * TOKENS_EACH


def chosen_last(*, space_id: UUID, user_id: UUID) -> Wanted:
    """What the person chose when they last asked in the space; what is usual for somebody who has not yet."""
    kept = DocumentsChoice.objects.filter(space=space_id, user=user_id)
    return Wanted.of(kept.values_list("chosen", flat=True).first())


def remember(wanted: Wanted, *, space_id: UUID, user_id: UUID) -> None:
    """Keep what the person chose for their next question in the space."""
    wanted = replace(wanted, whole=())  # those are chosen for one question
    if chosen_last(space_id=space_id, user_id=user_id) != wanted:
        DocumentsChoice.objects.update_or_create(
            space_id=space_id, user_id=user_id, defaults={"chosen": wanted.as_json()}
        )


def has_documents(space_id: UUID) -> bool:
    """Whether anything can be found in the space."""
    return Document.objects.filter(space=space_id, deleted_at=None, current__isnull=False).exists()


def to_ask(question: Question, *, space: Space | None) -> dict[str, Any] | None:
    """What is kept in `Answer.request["from_space"]`, so that passages go along; None where none do.

    `space` is the conversation's, if whoever asks may read that. Nothing of it goes with a question that all of the
    team sees.
    """
    conversation, wanted = question.conversation, Wanted.of(question.documents)
    if space is None or conversation.visibility == Conversation.Visibility.TEAM or wanted.mode == WEB:
        return None
    return {**wanted.as_json(), "space": str(space.pk)} if has_documents(space.pk) else None


def is_alone(answer: Answer) -> bool:
    """Whether the answer is to come from documents and from nowhere else."""
    return bool((answer.request.get("from_space") or {}).get("mode") == ONLY)


def space_of(answer: Answer) -> UUID | None:
    """The space whose documents the answer's question was asked with; None for a question without."""
    asked = answer.request.get("from_space")
    return UUID(asked["space"]) if asked else None


def most_characters(answer: Answer) -> int:
    """How long the passages may be that go along with the answer's question."""
    asked = answer.request.get("from_space")
    if not asked:
        return 0
    wanted = Wanted.of(asked)
    whole = whole_documents.documents_to_send(UUID(asked["space"]), wanted.whole) if wanted.whole else ()
    characters = sum(one.current.characters for one in whole if one.current)
    return wanted.passages * CHARACTERS_EACH + min(characters, MOST_TEXT)


def choose_passages(answer: Answer) -> Sequence[AnswerPassage]:
    """What goes along with the answer's question, kept from now on. What was kept before stays as it is: another
    process may have begun with the answer."""
    space_id = space_of(answer)
    if space_id is None:
        return ()
    if kept := list(answer.passages.select_related("version")):
        return kept
    if answer.job or not _may_still(answer, space_id):
        return ()
    wanted = Wanted.of(answer.request["from_space"])
    chosen = _chosen(answer.question, space_id, wanted)
    rows = [_row(answer, number, space_id, one) for number, one in enumerate(chosen, start=1)]
    rows += whole_documents.rows_for(answer, space_id=space_id, ids=wanted.whole, first=len(rows) + 1)
    with transaction.atomic():
        AnswerPassage.objects.bulk_create(rows, ignore_conflicts=True)
    return list(answer.passages.select_related("version")) if rows else ()


def logged(passages: Sequence[AnswerPassage]) -> list[dict[str, Any]]:
    """What the answer's log tells of them, for pages that are open."""
    return [
        {
            "number": one.number,
            "name": one.name,
            "unit": one.unit,
            "page": one.page,
            "label": one.label,
            "text": one.text[:SNIPPET],
            "document": str(one.version.document_id) if one.version else "",
            "version": one.version.number if one.version else 0,
            "passage": one.passage_id,
        }
        for one in passages
    ]


def note_cited(answer_id: UUID, labels: Sequence[int | str]) -> None:
    """Put on record which of the passages the answer cites, in the caller's transaction."""
    numbers = [int(label[1:]) for label in labels if isinstance(label, str)]
    if numbers:
        AnswerPassage.objects.filter(answer=answer_id, number__in=numbers).update(cited=True)


def _may_still(answer: Answer, space_id: UUID) -> bool:
    """Whether the conversation is still in the space, and whoever asks may read that."""
    is_there = Conversation.objects.filter(pk=answer.question.conversation_id, space=space_id)
    is_there = is_there.exclude(visibility=Conversation.Visibility.TEAM)
    return bool(access.spaces_read_by(answer.asked_by_id, [space_id])) and is_there.exists()


def _chosen(question: Question, space_id: UUID, wanted: Wanted) -> list[FoundPassage]:
    text = _with_the_one_before(question)
    found = find_passages(space_id, query_terms(text))
    return choosing.choose(found, question=text, most=wanted.passages, tokens=wanted.tokens)


def _with_the_one_before(question: Question) -> str:
    """What is looked for: the question; after it the one before, where it says little by itself."""
    if question.position == 1 or len(query_terms(question.text)) > FEW_TERMS:
        return question.text
    earlier = Question.objects.filter(conversation=question.conversation_id, position__lt=question.position)
    if (led_here := branches.ids_before(question)) is not None:
        earlier = earlier.filter(pk__in=led_here)
    before = earlier.order_by("-position").values_list("text", flat=True).first()
    return f"{question.text}\n{before}" if before else question.text


def _row(answer: Answer, number: int, space_id: UUID, one: FoundPassage) -> AnswerPassage:
    return AnswerPassage(
        answer=answer,
        number=number,
        space_id=space_id,
        version_id=one.version,
        passage_id=one.id,
        name=one.name,
        unit=one.unit,
        page=one.page,
        label=one.label,
        text=one.text,
        tokens=choosing.tokens_of(one.text),
    )
