"""What a question may cost and what its answer did cost, in US dollars; `accounts.services.budgets` keeps both.

What an answer that broke off was charged with, only the upstream knows. We count what it must have cost by then: the
fee of the search, the tokens of the question and of the words that came. That is the careful guess, for limits that
believe in too little are none.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.services import budgets
from chat.answers import branches, given_turns, instructions, passages
from chat.answers.prompt import HISTORY_STATES, MOST_HISTORY
from chat.answers.prompt_attachments import PIXELS_PER_TOKEN, text_characters
from chat.answers.transcript import Transcript
from chat.catalog import agent
from chat.models import Answer, Attachment, Question, Space
from upstream.catalog import prices
from upstream.catalog.agent_names import is_preset

LEFT_BEHIND_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Charge:
    """What an answer cost. None is nothing that we know of; `price_date` is that of the price list of an estimate."""

    cost: Decimal | None = None
    source: Answer.CostSource = Answer.CostSource.NONE
    price_date: date | None = None


def reserve_answer(answer: Answer, *, space: Space | None = None) -> None:
    """Set aside what the new answer will cost at most, in the caller's transaction, as its last deed. What is asked in
    a space counts for it, wherever the conversation is moved.

    Raises LimitReached if it does not fit into a limit.
    """
    amount = prices.amount_to_reserve(
        model=answer.model,
        options=answer.request.get("options", {}),
        characters=_characters(answer),
        provider=answer.provider,
        listed=agent.listed_models(),
        usual=budgets.usual_cost(provider=answer.provider, model=answer.model),
    )
    budgets.reserve_spending(
        team=answer.question.conversation.team,
        user=answer.asked_by,
        answer_id=answer.pk,
        conversation_id=answer.question.conversation_id,
        provider=answer.provider,
        model=answer.model,
        amount=amount,
        space=budgets.SpaceBudget(space.pk, space.name, space.monthly_limit) if space else None,
    )


def charge_for(answer: Answer, transcript: Transcript) -> Charge:
    """What the answer, whose end is decided, has cost: as reported, else estimated.

    An answer that the upstream refused cost nothing, and neither did one that was never sent. One that was stopped or
    interrupted after it was sent counts, though the upstream had said nothing yet.
    """
    if transcript.reported_cost is not None:
        return Charge(transcript.reported_cost, Answer.CostSource.REPORTED)
    estimate = prices.estimate(
        model=answer.model,
        usage=transcript.usage,
        options=answer.request.get("options", {}),
        provider=answer.provider,
        served=_served(transcript),
        listed=agent.listed_models(),
    )
    if estimate is None and _was_charged(answer, transcript):
        estimate = _estimate_from_words(answer, transcript)
    return Charge(estimate.cost, Answer.CostSource.ESTIMATED, estimate.as_of) if estimate else Charge()


def settle_answer(answer: Answer) -> bool:
    """Put what the answer cost in place of what was reserved for it; to be called in the transaction that ends it.

    False when that was done before.
    """
    return budgets.settle_spending(answer_id=answer.pk, cost=answer.cost or budgets.NOTHING, basis=answer.cost_source)


def settle_leftovers() -> int:
    """Settle what is still reserved for answers that are not being written any more; returns how many those were.

    There are none unless answers were removed by hand, or ended by a Parley from before there was a record. What is
    known of the answer counts; where it is gone, what was reserved.
    """
    settled = 0
    for row in budgets.reserved_before(timezone.now() - LEFT_BEHIND_AFTER):
        answer = Answer.objects.filter(pk=row.answer_id).only("state", "cost", "cost_source").first()
        if answer is None:
            estimated = Answer.CostSource.ESTIMATED
            settled += budgets.settle_spending(answer_id=row.answer_id, cost=row.reserved, basis=estimated)
        elif not answer.is_live:
            settled += settle_answer(answer)
    return settled


def _was_charged(answer: Answer, transcript: Transcript) -> bool:
    """Whether the upstream began with it, or may have begun when we broke off."""
    if transcript.started or transcript.job or transcript.text or transcript.reasoning:
        return True
    broke_off = answer.state in {Answer.State.STOPPED, Answer.State.INTERRUPTED}
    return broke_off and answer.sent_at is not None


def _estimate_from_words(answer: Answer, transcript: Transcript) -> prices.Estimate | None:
    """An estimate where no tokens were reported, from the length of what was sent and what came."""
    options, asked, listed = answer.request.get("options", {}), _characters(answer), agent.listed_models()
    expected = prices.forecast(
        model=answer.model, options=options, characters=asked, provider=answer.provider, listed=listed
    )
    if expected and expected.typical is not None:
        # Research costs by its searches, which nobody saw. What works on its own is not stopped by our going away.
        whole = transcript.job or transcript.handing_over or answer.state == Answer.State.FINISHED
        return prices.Estimate(cost=expected.typical if whole else expected.low, as_of=expected.as_of)
    usage = {
        "prompt_tokens": _tokens(asked),
        "completion_tokens": _tokens(len(transcript.text) + len(transcript.reasoning)),
        "tool_calls_details": _tools_seen(transcript, searches=not options.get("disable_search")),
    }
    counted = prices.estimate(
        model=answer.model,
        usage=usage,
        options=options,
        provider=answer.provider,
        served=_served(transcript),
        listed=listed,
    )
    if counted and expected and is_preset(answer.model) and answer.provider == agent.PROVIDER:
        return replace(counted, cost=max(counted.cost, expected.low))  # what it read between its steps nobody saw
    return counted


def _served(transcript: Transcript) -> str:
    """The model that the service named last; a preset is called by its own name until the answer is complete."""
    return str(transcript.started.get("model") or "")


def _tools_seen(transcript: Transcript, *, searches: bool) -> dict[str, dict[str, int]]:
    """The searches and pages that the steps tell of; a question that is searched for was so once at least."""
    kinds = Counter(str(step.get("kind")) for step in transcript.steps)
    return {
        "search_web": {"invocation": max(kinds["searching"], int(searches))},
        "fetch_url": {"invocation": kinds["reading"]},
        "finance_search": {"invocation": kinds["finance"]},
        "sandbox": {"invocation": int("calculating" in kinds)},
    }


def _characters(answer: Answer) -> int:
    """The length of the question, of the instructions and the conversation that go with it and of what is inlined of
    documents; pictures count as the text they cost."""
    question, standing = answer.question, instructions.length_of(instructions.system_turns(answer))
    attached = Attachment.objects.filter(
        question__conversation=question.conversation_id, question__position__lte=question.position
    ).order_by()
    led_here = branches.ids_before(question)
    if led_here is not None:
        attached = attached.filter(question__in=[*led_here, question.pk])
    found = list(attached.only("kind", "width", "height", "media_type", "characters"))
    pixels = sum(one.width * one.height for one in found)
    documents = text_characters((one for one in found if one.kind == Attachment.Kind.FILE), provider=answer.provider)
    earlier = _earlier_characters(question, led_here) + given_turns.characters_before(answer)
    history = min(standing + earlier, MOST_HISTORY)
    quoted = passages.most_characters(answer)
    return len(question.text) + history + documents + quoted + pixels // PIXELS_PER_TOKEN * prices.CHARACTERS_PER_TOKEN


def _earlier_characters(question: Question, led_here: list[UUID] | None) -> int:
    """The length of the questions before this one, or of those that led to it where these are named, and of the last
    answer to each that has text. By hand: the ORM takes
    longer to put this query together than the database to answer it, and whoever asks waits for both."""
    if question.position == 1:
        return 0
    states = ", ".join(["%s"] * len(HISTORY_STATES))
    told = (
        f"SELECT LENGTH(a.text) FROM {Answer._meta.db_table} a"  # noqa: S608
        f" WHERE a.question_id = q.id AND a.text <> '' AND a.state IN ({states})"
        " ORDER BY a.created_at DESC, a.id DESC LIMIT 1"
    )
    sql = (
        f"SELECT SUM(LENGTH(q.text) + COALESCE(({told}), 0)) FROM {Question._meta.db_table} q"  # noqa: S608
        " WHERE q.conversation_id = %s AND q.position < %s"
    )
    conversation_id = Question._meta.get_field("conversation").get_db_prep_value(question.conversation_id, connection)
    values: list[Any] = [*HISTORY_STATES, conversation_id, question.position]
    if led_here is not None:
        sql += f" AND q.id IN ({', '.join(['%s'] * len(led_here)) or 'NULL'})"
        values += [Question._meta.pk.get_db_prep_value(one, connection) for one in led_here]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0] or 0)


def _tokens(characters: int) -> int:
    return -(-characters // prices.CHARACTERS_PER_TOKEN)
