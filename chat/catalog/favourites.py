"""The models that a person has marked, and those that they asked last."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership, Spending, SpendingOfDay, User
from accounts.services.budgets import month_of
from chat.catalog.offers import Offer, offer_id_of
from chat.models import FavouriteModel

MOST_RECENT = 5
_LOOKED_AT = 100  # rows, each of a day and a model
_SINCE = timedelta(days=31)


def add_favourite(*, model: str, by: User) -> None:
    """Mark the offer of that id, once, however often it is said."""
    FavouriteModel.objects.get_or_create(person=by, model=model)


def remove_favourite(*, model: str, by: User) -> None:
    """Take the mark off the offer of that id, if it has one."""
    FavouriteModel.objects.filter(person=by, model=model).delete()


def favourites_of(person: User, among: Sequence[Offer]) -> list[Offer]:
    """Those of the offers that the person has marked and can choose, the first mark first."""
    marked = FavouriteModel.objects.filter(person=person).values_list("model", flat=True)
    return _usable(marked, among)


def recent_models(membership: Membership, among: Sequence[Offer]) -> list[Offer]:
    """Those of the offers that the member asked last in this team: of the latest day first, of a day the most asked."""
    asked = (
        SpendingOfDay.objects.filter(
            team_id=membership.team_id,
            month__gte=month_of(timezone.now() - _SINCE),
            user_id=membership.user_id,
            kind=Spending.Kind.ANSWER,
        )
        .order_by("-day", "-requests", "provider", "model")
        .values_list("model", "provider")[:_LOOKED_AT]
    )
    ids = dict.fromkeys(offer_id_of(model, provider) for model, provider in asked)
    return _usable(ids, among)[:MOST_RECENT]


def _usable(ids: Iterable[str], among: Sequence[Offer]) -> list[Offer]:
    by_id = {offer.id: offer for offer in among if not offer.retired}
    return [by_id[id] for id in ids if id in by_id]
