"""A question becomes rows: one click is one question and one answer, however often the form is sent.

What is unique in the database is the form's key together with what was asked: the same finished article, with the same
forms in it, may stand open in two tabs, and in each of them somebody may ask something else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from chat.access import TEAM, Place, space_seen_by
from chat.answers import branches, cost, given_turns, instructions, passages, whole_documents
from chat.answers.given_turns import GivenTurn
from chat.attachments import service as attachment_service
from chat.catalog import offers, providers
from chat.models import Answer, Attachment, Conversation, Question
from chat.options import options_that_fit
from chat.sources.ledger.blocking import options_for_team
from core import graphemes
from core.errors import ActionRefused
from core.web.db import database_now
from core.web.jobs.leases import grace_until, held_until
from upstream.catalog.parameters import ParameterGroup

TITLE_LENGTH = 80
NO_SEARCH = "disable_search"  # the option


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """Which model of which provider shall answer. `key` comes with the form: one form is one answer, however often it
    is sent."""

    model: str
    provider: str
    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish(ModelChoice):
    """What somebody asks for. `options` are what was set, as docs/sonar.md names them; `attachments` are uploads of
    this person that no question has yet. `place` is where a new conversation goes. `documents` is what of the space's
    documents shall go along, None where nothing was said about that. `given` is what a program says was said before the
    first question of a conversation; `by_program` that one asks, in the name of its person."""

    text: str
    options: Mapping[str, Any] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    place: Place = TEAM
    documents: passages.Wanted | None = None
    given: Sequence[GivenTurn] = ()
    by_program: bool = False


@dataclass(slots=True)
class Handover:
    """Hands a new answer to the process that stores it, which has its lease from the first moment: `holder` is what
    that process is called in leases, None where it writes no answers.

    `answer` is what was stored just now, with its question and conversation at hand, and `attachments` what goes along
    with the question. Where the form was sent before, there is nothing to hand over.
    """

    holder: UUID | None = None
    answer: Answer | None = None
    attachments: Sequence[Attachment] = ()


def ask_in_new_conversation(wish: Wish, *, team: Team, by: User, handover: Handover | None = None) -> Answer:
    """Open a conversation with its first question, and an answer that waits to be written.

    The same form sent again gives back the answer that is there. Raises LimitReached, with nothing stored, if it might
    cost more than is left of a limit.
    """
    handover = handover or Handover()
    try:
        with transaction.atomic():
            if known := _known_answer(wish, by=by):
                return known
            conversation = _open_conversation(wish, team=team, by=by)
            answer = _ask(wish, conversation=conversation, position=1, by=by, holder=handover.holder)
    except IntegrityError:
        return _known_after_a_race(wish, by=by)
    handover.answer, handover.attachments = answer, wish.attachments
    return answer


def ask_in_conversation(
    wish: Wish,
    *,
    conversation: Conversation,
    by: User,
    seen: int = 0,
    right_after: int = 0,
    handover: Handover | None = None,
) -> Answer:
    """Add a question to the conversation, and an answer that waits. The rest as in `ask_in_new_conversation`.

    Where questions were edited, it goes on from the end of the row in which the question at the position `seen` stands.
    With the position `right_after` it follows that very question, as another version of what followed it before.
    """
    handover = handover or Handover()
    try:
        with transaction.atomic():
            _lock_conversation(conversation)
            if known := _known_answer(wish, by=by):
                transaction.set_rollback(True)
                return known
            last, position = _newest_in(conversation)
            version_of: UUID | None = None
            if right_after and last:
                last, version_of = _branch_off(conversation, right_after)
            elif conversation.branched_at:
                last = branches.tree_of(conversation.pk).branch_at(seen)[-1].id
            answer = _ask(
                wish,
                conversation=conversation,
                position=position + 1,
                follows=last,
                version_of=version_of,
                by=by,
                holder=handover.holder,
            )
    except IntegrityError:
        return _known_after_a_race(wish, by=by)
    handover.answer, handover.attachments = answer, wish.attachments
    return answer


def ask_edited(wish: Wish, *, question: Question, by: User, handover: Handover | None = None) -> Answer:
    """Ask another version of the question, with the same attachments, at the place of the first. What was answered so
    far, and what was asked after it, stays with the version that it followed. The rest as in `ask_in_new_conversation`.
    """
    handover, conversation = handover or Handover(), question.conversation
    try:
        with transaction.atomic():
            _lock_conversation(conversation)
            if known := _known_answer(wish, by=by):
                transaction.set_rollback(True)
                return known
            _last, position = _newest_in(conversation)
            place = branches.tree_of(conversation.pk).place_of(question.pk)
            _note_branch(conversation)
            _retitle(conversation, before=question, text=wish.text)
            copies = attachment_service.copies_of(question.attachments.all())
            chosen = passages.Wanted.of(question.documents) if question.documents else None
            given = given_turns.given_before(question)
            wish = replace(wish, attachments=copies, documents=wish.documents or chosen, given=given)
            answer = _ask(
                wish,
                conversation=conversation,
                position=position + 1,
                follows=place.follows,
                version_of=place.first,
                by=by,
                holder=handover.holder,
            )
    except IntegrityError:
        return _known_after_a_race(wish, by=by)
    handover.answer, handover.attachments = answer, wish.attachments
    return answer


def ask_another_model(choice: ModelChoice, *, question: Question, by: User, handover: Handover | None = None) -> Answer:
    """Add another answer to the question. The same form sent again gives back the answer that is there."""
    handover = handover or Handover()
    choice = replace(choice, key=uuid5(choice.key, f"{question.pk} {choice.model}"))
    try:
        with transaction.atomic():
            if known := Answer.objects.filter(asked_by=by, key=choice.key).first():
                return known
            answer = _answer(choice, question=question, by=by, holder=handover.holder)
    except IntegrityError:
        return Answer.objects.get(asked_by=by, key=choice.key)
    handover.answer, handover.attachments = answer, list(question.attachments.all())
    return answer


def _require_allowed(offer: offers.Offer, team: Team) -> None:
    """Raises ActionRefused for a model that the owners of the team have not chosen, whoever asks and by what way."""
    if not offers.is_allowed(offer.id, team):
        raise ActionRefused(_("%(model)s isn’t available to your team. Choose another model.") % {"model": offer.label})


def always_searches(offer: offers.Offer) -> str:
    """Why the model cannot answer from documents alone, in a sentence; empty where it can."""
    if any(parameter.name == NO_SEARCH for parameter in offer.parameters):
        return ""
    return _("%(model)s always searches the web. Choose another model, or ask with web and documents.") % {
        "model": offer.label
    }


def _without_searching(options: Mapping[str, Any], offer: offers.Offer) -> dict[str, Any]:
    """The options with none that says how to search, and with the one that says not to. Raises ActionRefused for a
    model that always does."""
    if why := always_searches(offer):
        raise ActionRefused(why)
    of_search = {
        parameter.name.partition(".")[0] for parameter in offer.parameters if parameter.group == ParameterGroup.SEARCH
    }
    return {**{name: value for name, value in options.items() if name not in of_search}, NO_SEARCH: True}


def title_from(text: str) -> str:
    """A conversation's first title: the question's first line, cut at a word."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), text.strip())
    if len(line) <= TITLE_LENGTH:
        return line
    beginning = graphemes.cut(line, TITLE_LENGTH - 1)
    head, _space, _rest = beginning.rpartition(" ")
    return (head or beginning) + "…"


def _key_of(wish: Wish) -> UUID:
    return attachment_service.question_key(wish.key, wish.text)


def _known_answer(wish: Wish, *, by: User) -> Answer | None:
    question = Question.objects.filter(author=by, key=_key_of(wish)).values_list("pk", flat=True).first()
    return Answer.objects.filter(question=question).order_by("created_at").first() if question else None


def _known_after_a_race(wish: Wish, *, by: User) -> Answer:
    answer = _known_answer(wish, by=by)
    if answer is None:
        raise LookupError("The question was neither stored nor found.")
    return answer


def _open_conversation(wish: Wish, *, team: Team, by: User) -> Conversation:
    return Conversation.objects.create(
        team=team,
        owner=by,
        title=title_from(wish.text),
        visibility=wish.place.visibility,
        space=wish.place.space,
    )


def _lock_conversation(conversation: Conversation) -> None:
    """Have others wait who ask in it at the same time, and say that it was asked in now. Raises
    Conversation.DoesNotExist."""
    now = timezone.now()
    if not Conversation.objects.filter(pk=conversation.pk).update(last_asked_at=now, archived=False):
        raise Conversation.DoesNotExist
    conversation.last_asked_at, conversation.archived = now, False


def _newest_in(conversation: Conversation) -> tuple[UUID | None, int]:
    """The question that was asked last and its position; and the conversation knows from now on whether one of its
    questions was edited."""
    newest = Question.objects.filter(conversation=conversation).order_by("-position")
    row = newest.values_list("pk", "position", "conversation__branched_at").first()
    if row is None:
        return None, 0
    question_id, position, conversation.branched_at = row
    return question_id, position


def _branch_off(conversation: Conversation, position: int) -> tuple[UUID, UUID | None]:
    """The question at this position, or the last one of its row where there is none; and the first version of what
    follows it, of which the new question is another one."""
    tree = branches.tree_of(conversation.pk)
    place = tree.place_at(position) or tree.branch_at()[-1]
    following = tree.next_after(place.id)
    if following:
        _note_branch(conversation)
    return place.id, following.first if following else None


def _note_branch(conversation: Conversation) -> None:
    """That one of its questions has another version from now on."""
    if conversation.branched_at is None:
        conversation.branched_at = timezone.now()
        conversation.save(update_fields=["branched_at"])


def _retitle(conversation: Conversation, *, before: Question, text: str) -> None:
    """Let a title that was made of the first question go along when that is edited."""
    made, title = title_from(before.text), title_from(text)
    if before.position == 1 and Conversation.objects.filter(pk=conversation.pk, title=made).update(title=title):
        conversation.title = title


def _ask(
    wish: Wish,
    *,
    conversation: Conversation,
    position: int,
    by: User,
    holder: UUID | None,
    follows: UUID | None = None,
    version_of: UUID | None = None,
) -> Answer:
    question = Question.objects.create(
        conversation=conversation,
        author=by,
        position=position,
        follows_id=follows,
        version_of_id=version_of,
        text=wish.text,
        key=_key_of(wish),
        options=wish.options,
        documents=wish.documents.as_json() if wish.documents else None,
    )
    if wish.documents and conversation.space_id:
        passages.remember(wish.documents, space_id=conversation.space_id, user_id=by.pk)
    attachment_service.attach_uploads(question=question, attachments=wish.attachments)
    return _answer(replace(wish, key=question.key), question=question, by=by, holder=holder)


def _answer(choice: ModelChoice, *, question: Question, by: User, holder: UUID | None) -> Answer:
    """The answer that waits, with what of the question's options its model takes, and the standing instructions of now.

    Whoever asks brings their own, also to another person's question, and those of the space as far as they may read it.
    The process `holder` has it; without one, whoever takes it first.
    """
    model, provider, team = choice.model, choice.provider, question.conversation.team
    space = space_seen_by(by, question.conversation)
    offer = offers.offer_of(model, provider, team)
    _require_allowed(offer, team)
    standing = offers.standing_options(model, provider)
    barred = offers.barred_options(offer)
    fitting = {**standing, **options_that_fit(question.options, offer), **barred}
    searched = options_for_team(fitting, offer.parameters, team_id=team.pk)
    options = offers.with_stream_mode(searched.options)
    asked: dict[str, Any] = {"options": options}
    if blocked := searched.as_json():
        asked["blocked_sites"] = blocked
    if providers.is_demo():
        asked["demo"] = True  # it stays the demo's answer when a service is connected later
    else:
        asked["host"] = providers.service_host(provider)  # and this one's, when another is
    asked_as = offers.asked_as(model, provider)
    if asked_as != model:
        asked["asked_as"] = asked_as
    if isinstance(choice, Wish) and choice.by_program:
        asked["by_program"] = True  # whose end is told less eagerly (chat/notifications/news.py)
    given = choice.given if isinstance(choice, Wish) else given_turns.given_before(question)
    if given:
        asked[given_turns.KEPT_AS] = [list(turn) for turn in given]
    if documents := passages.to_ask(question, space=space):
        asked["from_space"] = documents
        whole = whole_documents.documents_to_send(space.pk, passages.Wanted.of(documents).whole) if space else []
        if why := whole_documents.reason_against(whole, offer):
            raise ActionRefused(why)
        if documents["mode"] == passages.ONLY:
            asked["options"] = options = _without_searching(options, offer)
            asked.pop("blocked_sites", None)
    if versions := instructions.versions_to_send(team_id=team.pk, by=by, space=space):
        asked["instructions"] = versions
    now = database_now()  # the order in the queue is that of one clock, whatever the hosts' say
    answer = Answer.objects.create(
        question=question,
        asked_by=by,
        key=choice.key,
        provider=provider,
        model=model,
        request=asked,
        background=offers.works_in_background(provider=provider, model=model, options=options),
        created_at=now,
        lease_holder=holder,
        lease_expires_at=held_until(now) if holder else grace_until(now),
    )
    cost.reserve_answer(answer, space=space)
    return answer
