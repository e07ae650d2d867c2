"""Asking a model for a second opinion on what a check found: which model, at what price, for which marks.

An opinion is paid for like an answer, and counts for the limits of whoever asks for it. What the rules found stays as
it is, whatever the model says.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Spending, Team, User
from accounts.services import budgets
from chat.catalog import agent
from chat.catalog.offers import Offer, offers
from chat.models import CheckedMark, CitationCheck, OpinionRequest
from chat.sources.checks import opinion_prompt
from core.errors import ActionRefused
from upstream.catalog import prices
from upstream.catalog.rules import refusals

MOST_MARKS = 50  # of one request
_TYPICAL = 2_000  # characters by which models are compared


@dataclass(frozen=True, slots=True)
class OpinionOffer:
    """Who would be asked about which marks (their positions), and what that may cost at most, in US dollars."""

    model: str
    provider: str
    label: str
    marks: tuple[int, ...]
    most: Decimal


class NoOpinion(ActionRefused):
    """Nobody can be asked, or about nothing; the text says which."""


def opinion_offer(*, check: CitationCheck, positions: Collection[int] = ()) -> OpinionOffer | None:
    """What a second opinion on the check would be, or on the marks at these positions alone; None where no model here
    can give one, or no mark is left for which there is a passage and no opinion."""
    marks = _marks(check, positions)
    offer = _who(check.answer.question.conversation.team)
    if not marks or offer is None:
        return None
    most = sum((price_of(mark, model=offer.model, provider=offer.provider) for mark in marks), budgets.NOTHING)
    return OpinionOffer(offer.model, offer.provider, offer.label, tuple(mark.position for mark in marks), most)


def request_opinion(*, check: CitationCheck, by: User, positions: Collection[int] = ()) -> OpinionRequest:
    """Have a model say what it makes of the check's marks, or of those at these positions alone, in the background.

    While one is being asked, that request is returned. Raises NoOpinion, and accounts.errors.LimitReached where the
    price does not fit into a limit.
    """
    if live := _live(check):
        return live
    if check.state != CitationCheck.State.FINISHED:
        raise NoOpinion(_("The check isn’t finished yet."))
    offer = opinion_offer(check=check, positions=positions)
    if offer is None:
        raise NoOpinion(_("There’s nothing here that a model could be asked about."))
    conversation = check.answer.question.conversation
    space = conversation.space
    try:
        with transaction.atomic():
            request = OpinionRequest.objects.create(
                check_of=check, asked_by=by, provider=offer.provider, model=offer.model, marks=list(offer.marks)
            )
            budgets.reserve_spending(
                team=conversation.team,
                user=by,
                answer_id=request.pk,
                conversation_id=conversation.pk,
                provider=offer.provider,
                model=offer.model,
                amount=offer.most,
                kind=Spending.Kind.OPINION,
                space=budgets.SpaceBudget(space.pk, space.name, space.monthly_limit) if space else None,
            )
            return request
    except IntegrityError:
        if live := _live(check):  # somebody else asked in the same moment
            return live
        raise


def live_opinion(check: CitationCheck) -> OpinionRequest | None:
    """The request that a model is being asked for right now."""
    return _live(check)


def price_of(mark: CheckedMark, *, model: str, provider: str) -> Decimal:
    """What an opinion on the mark may cost at most, in US dollars."""
    told = len(opinion_prompt.TASK) + len(opinion_prompt.quoted(mark.sentence, mark.passage))
    return _price(model, provider, characters=told)


def _price(model: str, provider: str, *, characters: int) -> Decimal:
    return prices.amount_to_reserve(
        model=model,
        options=opinion_prompt.OPTIONS,
        characters=characters,
        provider=provider,
        listed=agent.listed_models(),
    )


def _marks(check: CitationCheck, positions: Collection[int]) -> list[CheckedMark]:
    marks: Iterable[CheckedMark] = CheckedMark.objects.filter(check_of=check, of_document=False, opinion={})
    wanted = [mark for mark in marks if mark.passage and (not positions or mark.position in positions)]
    return wanted[:MOST_MARKS]


def _who(team: Team) -> Offer | None:
    """The model that the operator named for opinions, else the cheapest that can answer like that without a search."""
    able = [offer for offer in offers(team) if not offer.retired and _can(offer)]
    named = next((offer for offer in able if offer.id == settings.OPINION_MODEL), None)
    return named or min(able, key=_usual_price, default=None)


def _can(offer: Offer) -> bool:
    return not refusals(offer.model, opinion_prompt.OPTIONS, provider=offer.provider)


def _usual_price(offer: Offer) -> Decimal:
    listed = agent.listed_models()
    expected = prices.forecast(
        model=offer.model,
        options=opinion_prompt.OPTIONS,
        characters=_TYPICAL,
        provider=offer.provider,
        listed=listed,
    )
    return expected.high if expected else Decimal(1)  # of whom nobody knows what it costs comes last


def _live(check: CitationCheck) -> OpinionRequest | None:
    return OpinionRequest.objects.filter(check_of=check, state__in=OpinionRequest.LIVE).first()
