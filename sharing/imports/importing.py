"""Storing the conversations of a file: some at a time, each time with what became of them and how far it has come, in
one transaction. So a process that is killed leaves nothing half, and another one goes on behind the last of them."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from chat.conversations import service, tags
from chat.conversations.forms import folded_name
from chat.models import Answer, Attachment, Conversation, LedgerNews, Question, Source, Tag
from core import graphemes
from core.errors import ActionRefused
from core.sentences import nsentence, sentence
from core.storable import storable
from core.text import one_line
from core.web.db import limit_lock_wait
from core.web.wording import stored_text
from sharing.imports.foreign import ForeignConversation, Found, ImportRefused, LeftOut, Unreadable
from sharing.imports.known import Known, conversations_called, foreign_id_of, known_of
from sharing.imports.parts.bringing import AFTER, BEFORE, Parts, counted_anew
from sharing.imports.rows import Rows, further_rows, new_rows
from sharing.imports.steps import Steps
from sharing.imports.surveying import NO_QUESTIONS
from sharing.imports.targets import Target, allowed_place, owners_in, target_of
from sharing.models import ImportedConversation, ImportLine, ImportRun

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 50  # conversations in one transaction
MOST_ANSWERS = 100  # in one transaction, where one conversation does not have more
ANSWERS_PER_FILE = 10
SECONDS = 0.3  # of preparing, after which what there is is stored
_NOT_STORED = sentence("This conversation couldn’t be stored.")
_FINISHED = {
    ImportLine.Outcome.BROUGHT: "brought",
    ImportLine.Outcome.GROWN: "grown",
    ImportLine.Outcome.KNOWN: "known",
    ImportLine.Outcome.FAILED: "failed",
}


@dataclass(slots=True)
class _Outcome:
    """What becomes of one conversation of the file, with the rows that make it so."""

    number: int
    title: str
    outcome: ImportLine.Outcome
    problem: str = ""
    found: ForeignConversation | None = None
    known: Known | None = None
    rows: Rows | None = None


class Importing(Steps):
    """Stores what is in a file."""

    state = ImportRun.State.IMPORTING
    _target: Target | None = None
    _waiting: Sequence[Found] = ()
    _handled = 0
    _before: Parts | None = None
    _after: Parts | None = None

    def step(self) -> bool:
        """Store some conversations."""
        try:
            if self._target is None:
                self._begin()
            return self._bring_some()
        except (ImportRefused, ActionRefused) as refusal:
            self._target = None
            self.refuse(refusal if isinstance(refusal, ImportRefused) else str(refusal))
            return False

    def _begin(self) -> None:
        run = ImportRun.objects.get(pk=self.run_id)
        target = target_of(run)
        upload = self._opened(run)
        if run.as_it_was and upload.is_team:
            self._before, self._after = Parts(BEFORE, upload, target), Parts(AFTER, upload, target)
            with transaction.atomic():
                held = self._held()
                held.found["parts"] = counted_anew(held)
                held.save(update_fields=["found"])
        self._handled = run.handled
        for _one in islice((one for one in self._found if not _is_end(one)), run.handled):
            pass
        self._target = target

    def _bring_some(self) -> bool:
        assert self._target
        allowed_place(self._target.run)  # it may have changed since the last step
        if self._before and self._before.step(self._held):
            return True
        if not self._waiting:
            self._waiting = self._next_ones()
        if not self._waiting:
            return bool(self._after and self._after.step(self._held)) or self._finish()
        outcomes = self._prepared(self._waiting)
        try:
            self._store(outcomes)
        except (IntegrityError, DataError):
            logger.warning("Some conversations of import %s are stored one by one.", self.run_id, exc_info=True)
            for one in self._waiting:
                self._store_alone(one)
        self._waiting = ()
        return True

    def _next_ones(self) -> list[Found]:
        """The next conversations, as many as are stored together."""
        some: list[Found] = []
        answers, until = 0, time.monotonic() + SECONDS
        while len(some) < MOST_AT_ONCE and answers < MOST_ANSWERS and time.monotonic() < until:
            one = next(self._found, None)
            if one is None:
                break
            if not _is_end(one):
                some.append(one)
                answers += _weight(one)
        return some

    def _prepared(self, some: Sequence[Found]) -> list[_Outcome]:
        """What becomes of each, with its rows. Slow work, such as rendering, happens here, before the transaction."""
        assert self._target
        there = [one for one in some if isinstance(one, ForeignConversation) and one.questions]
        known = known_of(there, membership=self._target.membership, owners=owners_in(self._target, there))
        place, prepared = 0, []
        seen: set[tuple[str, str]] = set()
        for number, one in enumerate(some, start=self._handled + 1):
            if isinstance(one, Unreadable) or not one.questions:
                why = one.why if isinstance(one, Unreadable) else NO_QUESTIONS
                prepared.append(_Outcome(number, one.title, ImportLine.Outcome.FAILED, stored_text(why)))
                continue
            twice = (one.service, foreign_id_of(one))
            if twice in seen:  # the same file may hold it once more
                prepared.append(_Outcome(number, one.title, ImportLine.Outcome.KNOWN))
            else:
                prepared.append(self._outcome(number, one, known.get(place)))
            seen.add(twice)
            place += 1
        return prepared

    def _outcome(self, number: int, found: ForeignConversation, known: Known | None) -> _Outcome:
        assert self._target
        title = found.title or found.questions[0].text
        if known is None:
            rows = new_rows(found, target=self._target)
            return _Outcome(number, title, ImportLine.Outcome.BROUGHT, _lacking(found), found, None, rows)
        outcome = ImportLine.Outcome.BROUGHT if known.is_in_trash else ImportLine.Outcome.KNOWN
        made = _Outcome(number, title, outcome, found=found, known=known)
        own = known.imported is not None and known.imported.owner_id == self._target.owner_of(found).pk
        if own and known.imported and known.imported.digest != found.digest:
            made.rows = further_rows(found, conversation=known.conversation, target=self._target)
            if not made.rows.is_empty and not known.is_in_trash:
                made.outcome = ImportLine.Outcome.GROWN
        return made

    def _store_alone(self, one: Found) -> None:
        try:
            self._store(self._prepared([one]))
        except (IntegrityError, DataError):
            logger.exception("A conversation of import %s cannot be stored.", self.run_id)
            why = stored_text(_NOT_STORED)
            self._store([_Outcome(self._handled + 1, one.title, ImportLine.Outcome.FAILED, why)])

    @transaction.atomic
    def _store(self, outcomes: Sequence[_Outcome]) -> None:
        """Store all of them with their lines, and how far it has come. Raises LeaseLost with nothing stored."""
        assert self._target
        limit_lock_wait()
        run = self._held()
        several = [one.rows for one in outcomes if one.rows]
        self._note_forks(outcomes)
        Conversation.objects.bulk_create([rows.conversation for rows in several if rows.is_new])
        Question.objects.bulk_create([row for rows in several for row in rows.questions])
        Attachment.objects.bulk_create([row for rows in several for row in rows.attachments])
        Answer.objects.bulk_create([row for rows in several for row in rows.answers])
        sources = [row for rows in several for row in rows.sources]
        Source.objects.bulk_create(sources)
        LedgerNews.of_answers({source.answer_id for source in sources})
        for rows in several:
            rows.of_answers.store()
        for one in outcomes:
            self._note_origin(one)
        ImportLine.objects.bulk_create([_line(run, one) for one in outcomes])
        for one in outcomes:
            name = _FINISHED[one.outcome]
            setattr(run, name, getattr(run, name) + 1)
        run.handled += len(outcomes)
        run.save(update_fields=["handled", *_FINISHED.values()])
        self._handled = run.handled

    def _note_forks(self, outcomes: Sequence[_Outcome]) -> None:
        """From which conversation others were made, where that one is here."""
        assert self._target
        new = [one for one in outcomes if one.found and one.found.forked_from and one.rows and one.rows.is_new]
        if not new:
            return
        here = conversations_called({one.found.forked_from for one in new if one.found}, target=self._target)
        here |= {foreign_id_of(one.found): one.rows.conversation.pk for one in outcomes if one.found and one.rows}
        for one in new:
            assert one.found
            assert one.rows
            origin = here.get(one.found.forked_from)
            one.rows.conversation.forked_from_id = origin if origin != one.rows.conversation.pk else None

    def _note_origin(self, one: _Outcome) -> None:
        """Where the conversation came from; and what else belongs to it besides what was asked."""
        assert self._target
        if one.found is None:
            return
        if one.known is None and one.rows:
            conversation = one.rows.conversation
            ImportedConversation.objects.create(
                conversation=conversation,
                team_id=conversation.team_id,
                owner_id=conversation.owner_id,
                service=one.found.service,
                foreign_id=foreign_id_of(one.found),
                digest=one.found.digest,
                author=storable(self._target.author_of(one.found)),
            )
            self._tag(conversation, one.found)
            return
        if one.known is None:
            return
        conversation = one.known.conversation
        if one.known.is_in_trash:
            service.restore_conversation(conversation=conversation, by=self._target.membership.user)
        if one.rows and one.known.imported:
            ImportedConversation.objects.filter(pk=one.known.imported.pk).update(digest=one.found.digest)
            conversation.save(update_fields=["last_asked_at", "branched_at"])

    def _tag(self, conversation: Conversation, found: ForeignConversation) -> None:
        assert self._target
        for name in dict.fromkeys(one_line(storable(name))[: Tag.LONGEST] for name in found.tags[: tags.MOST_ON_ONE]):
            if folded_name(name):
                try:
                    with transaction.atomic():
                        tags.add_tag(conversation=conversation, name=name, by=self._target.membership.user)
                except ActionRefused:
                    return

    def _finish(self) -> bool:
        with transaction.atomic():
            run = self._held()
            run.state, run.ended_at, run.sha256, run.lease_holder = ImportRun.State.FINISHED, timezone.now(), "", None
            run.save()
        logger.info("Import %s is finished: %s brought, %s failed.", run.pk, run.brought, run.failed)
        return False


def _weight(one: Found) -> int:
    """How much there is to do, in answers that are rendered. To judge a picture takes as long as some of them."""
    if isinstance(one, Unreadable):
        return 0
    return one.answer_count + ANSWERS_PER_FILE * sum(len(question.files) for question in one.questions)


def _is_end(one: Found) -> bool:
    """Whether this only says that the file is broken from here on; it is no conversation."""
    return isinstance(one, Unreadable) and one.is_end


def _lacking(found: ForeignConversation) -> str:
    """What was not taken because it could not be stored as it was."""
    files = found.left_out[LeftOut.PICTURE] + found.left_out[LeftOut.FILE]
    if not files:
        return ""
    return stored_text(nsentence("Without %(count)s attached file.", "Without %(count)s attached files.", files))


def _line(run: ImportRun, one: _Outcome) -> ImportLine:
    conversation = one.rows.conversation if one.rows else one.known.conversation if one.known else None
    title = conversation.title if one.rows and conversation else one.title
    return ImportLine(
        run=run,
        number=one.number,
        title=graphemes.cut(one_line(storable(title)), 200),
        outcome=one.outcome,
        problem=one.problem,
        conversation=conversation,
    )
