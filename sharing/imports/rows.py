"""A conversation of another service as rows of ours, made before the transaction that stores them."""

import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from chat.answers import branches
from chat.answers.finalize import present_answer
from chat.attachments import service as attachments
from chat.catalog import providers
from chat.models import Answer, Attachment, Conversation, Question, Source
from chat.questions.service import title_from
from core import graphemes
from core.ids import new_id
from core.storable import storable
from core.text import one_line
from files import FileRefused
from files.limits import MOST_ATTACHMENTS
from sharing.imports import limits
from sharing.imports.answer_rows import AnswerRows, add_rows, columns_of, request_of, with_our_documents
from sharing.imports.foreign import ForeignAnswer, ForeignConversation, ForeignQuestion, LeftOut
from sharing.imports.targets import Target
from sharing.models.imports import Service

PROVIDER = "import"
"""What stands in place of a provider: nobody here was asked."""
LONGEST_TITLE = 200
_KINDS = set(Source.SourceKind.values)


@dataclass(slots=True)
class Rows:
    """What is to be stored of one conversation. `is_new` says whether it is itself one of the rows."""

    conversation: Conversation
    is_new: bool
    questions: list[Question] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    of_answers: AnswerRows = field(default_factory=AnswerRows)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be stored."""
        return not (self.questions or self.answers)


def new_rows(found: ForeignConversation, *, target: Target) -> Rows:
    """The conversation with all that belongs to it. Renders every answer."""
    owner, place = target.owner_of(found), target.place_of(found)
    title = one_line(storable(found.title)) or title_from(storable(found.questions[0].text) or "…")
    conversation = Conversation(
        id=new_id(),
        team_id=target.run.team_id,
        owner=owner,
        title=graphemes.cut(title, LONGEST_TITLE),
        visibility=place.visibility,
        space=place.space,
        pinned=found.pinned and (place.is_private or target.run.as_it_was),
        archived=found.archived,
        created_at=found.created_at or min(question.at for question in found.questions),
        last_asked_at=found.last_asked_at or max(question.at for question in found.questions),
    )
    rows = Rows(conversation, is_new=True)
    _Maker(rows, found, target).add_all()
    return rows


def further_rows(found: ForeignConversation, *, conversation: Conversation, target: Target) -> Rows:
    """What of the conversation is not here yet: questions that were asked since, and further answers."""
    rows = Rows(conversation, is_new=False)
    maker = _Maker(rows, found, target)
    maker.look_up()
    maker.add_all()
    if rows.questions:
        conversation.last_asked_at = max(conversation.last_asked_at, *(one.created_at for one in rows.questions))
    return rows


def answer_name(key: str) -> str:
    """From what the key of an answer is made, which nothing else of its conversation shares."""
    return f"answer {key}"


class _Maker:
    """Makes the rows of one conversation, each question and answer once: its key here comes from its key there."""

    def __init__(self, rows: Rows, found: ForeignConversation, target: Target) -> None:
        self._rows = rows
        self._found = found
        self._target = target
        self._label = Service(found.service).label
        self._ids: dict[UUID, UUID] = {}  # questions by their keys
        self._answered: set[UUID] = set()
        self._position = 0
        self._tree: branches.Tree | None = None

    def look_up(self) -> None:
        """What is here already."""
        there = Question.objects.filter(conversation=self._rows.conversation.pk)
        self._ids = dict(there.values_list("key", "pk"))
        self._answered = set(
            Answer.objects.filter(question__conversation=self._rows.conversation.pk).values_list("key", flat=True)
        )
        self._tree = branches.tree_of(self._rows.conversation.pk)
        newest = self._tree.newest
        self._position = newest.position if newest else 0

    def add_all(self) -> None:
        """Make what is missing."""
        for said in self._found.questions:
            key = self._key(said.key)
            id = self._ids.get(key) or self._add_question(said, key)
            for answer in said.answers or [_no_answer(said)]:
                answer_key = self._key(answer_name(answer.key))
                if answer_key not in self._answered:
                    self._answered.add(answer_key)
                    self._add_answer(answer, answer_key, question_id=id)

    def _key(self, name: str) -> UUID:
        return uuid5(self._rows.conversation.pk, name.encode("utf-8", "replace").decode())

    def _add_question(self, said: ForeignQuestion, key: UUID) -> UUID:
        conversation = self._rows.conversation
        follows = self._ids.get(self._key(said.follows)) if said.follows else None
        version_of = self._ids.get(self._key(said.version_of)) if said.version_of else None
        if self._tree and version_of:
            version_of = self._first_of(version_of)
        elif self._tree and follows and (beside := self._next_here(follows)):
            version_of = beside
        if version_of and conversation.branched_at is None:
            conversation.branched_at = said.at
        self._position += 1
        question = Question(
            id=new_id(),
            conversation=conversation,
            author=self._target.person(said.by or self._found.owner),
            position=self._position,
            follows_id=follows,
            version_of_id=version_of,
            text=self._cut(said.text, limits.LONGEST_QUESTION),
            options=said.options,
            documents=with_our_documents(said.documents, self._target) or None,
            created_at=said.at,
            key=key,
        )
        self._rows.questions.append(question)
        self._ids[key] = question.pk
        self._add_files(said, question)
        return question.pk

    def _first_of(self, question: UUID) -> UUID:
        try:
            assert self._tree
            return self._tree.place_of(question).first
        except KeyError:
            return question

    def _next_here(self, question: UUID) -> UUID | None:
        """What follows the question here already, if that was asked here: what comes now is another version of it."""
        assert self._tree
        there = self._tree.next_after(question)
        return there.first if there else None

    def _add_answer(self, said: ForeignAnswer, key: UUID, *, question_id: UUID) -> None:
        more: dict[str, Any] = dict(said.more)
        ended_at: datetime = more.get("ended_at") or said.at
        provider = more.get("provider")
        answer = Answer(
            id=new_id(),
            question_id=question_id,
            asked_by=self._target.person(said.by or self._found.owner),
            key=key,
            provider=provider if provider in providers.ALL else PROVIDER,
            model=storable(said.model)[:100],
            state=more.get("state") or Answer.State.FINISHED,
            request=request_of(more, service=self._label, target=self._target),
            text=self._cut(said.text, limits.LONGEST_ANSWER),
            reasoning=self._cut(said.reasoning, limits.LONGEST_ANSWER),
            searched=bool(more.get("searched", said.sources)),
            created_at=said.at,
            ended_at=max(ended_at, said.at),
            **columns_of(more),
        )
        sources = [
            Source(
                answer=answer,
                number=one.number,
                title=storable(one.title),
                url=storable(one.url),
                date=storable(one.date),
                last_updated=storable(one.last_updated),
                snippet=storable(one.snippet),
                origin=storable(one.origin),
                kind=one.kind if one.kind in _KINDS else "",
                carried=one.carried,
            )
            for one in {source.number: source for source in said.sources}.values()
        ]
        passages = more.get("passages") if "from_space" in answer.request else None
        citations = present_answer(answer, sources, documents=None if passages is None else len(passages))
        answer.unknown_citations = citations.unknown
        for source in sources:
            source.cited = source.number in citations.cited
        self._rows.answers.append(answer)
        self._rows.sources += sources
        add_rows(
            self._rows.of_answers,
            answer,
            more,
            conversation=self._rows.conversation,
            target=self._target,
            left_out=self._found.left_out,
        )

    def _add_files(self, said: ForeignQuestion, question: Question) -> None:
        """Judge attached files by their bytes and keep them. What is none, or too many, is counted."""
        for file in said.files:
            kept = [one for one in self._rows.attachments if one.question_id == question.pk]
            try:
                if len(kept) >= MOST_ATTACHMENTS:
                    raise FileRefused("")
                attachment = attachments.judged_attachment(
                    source=io.BytesIO(file.read()),
                    name=storable(file.name),
                    team=self._target.membership.team,
                    by=question.author,
                )
            except (FileRefused, OSError):
                self._found.left_out[LeftOut.PICTURE] += 1
                continue
            attachment.question, attachment.position = question, len(kept)
            attachment.created_at = question.created_at
            self._rows.attachments.append(attachment)

    def _cut(self, text: str, most: int) -> str:
        text = storable(text)
        if len(text) <= most:
            return text
        self._found.left_out[LeftOut.LONG] += 1
        return graphemes.cut(text, most)


def _no_answer(question: ForeignQuestion) -> ForeignAnswer:
    """What stands below a question that nobody answered there: it can be asked again."""
    return ForeignAnswer(key=f"none {question.key}", text="", at=question.at, more={"state": Answer.State.STOPPED})
