"""What images cost: reserved before the service is asked, settled when it has answered (`accounts.services.budgets`).

The operator's settings say what a picture costs, for services do not. What is known to cost nothing is not counted, and
no limit stands in its way. What an image costs whose fate nobody knows is counted in full: limits that believe in too
little are none.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Spending
from accounts.services import budgets
from imaging.models import GeneratedImage

LEFT_BEHIND_AFTER = timedelta(hours=1)

Basis = Spending.Basis


def reserve_image(image: GeneratedImage) -> None:
    """Set aside what a new image will cost, in the caller's transaction, as its last deed.

    Raises LimitReached if that does not fit into a limit.
    """
    if image.price == 0:
        return
    budgets.reserve_spending(
        team=image.team,
        user=image.requested_by,
        answer_id=image.pk,
        conversation_id=None,
        provider=image.service,
        model=image.model,
        amount=image.price or budgets.NOTHING,
        kind=Spending.Kind.IMAGE,
    )


def settle_drawn(image: GeneratedImage, *, pictures: int) -> None:
    """The service has drawn so many pictures for the image; to be called in the transaction that keeps its response."""
    cost = (image.price or budgets.NOTHING) * pictures
    budgets.settle_spending(answer_id=image.pk, cost=cost, basis=Basis.NONE if image.price is None else Basis.ESTIMATED)


def settle_failed(image: GeneratedImage, *, was_charged: bool) -> None:
    """There is no picture, though with `was_charged` one may have been drawn; to be called in the transaction that says
    so. What was settled before stays."""
    price = image.price if was_charged and image.asked_at else None
    basis = Basis.NONE if price is None else Basis.ESTIMATED
    budgets.settle_spending(answer_id=image.pk, cost=price or budgets.NOTHING, basis=basis)


def settle_left_behind() -> int:
    """Settle what is still reserved for images that are not being drawn any more, because their process is gone or
    they were removed; returns how many those were."""
    rows = budgets.reserved_before(timezone.now() - LEFT_BEHIND_AFTER, kind=Spending.Kind.IMAGE)
    ids = [row.answer_id for row in rows]
    drawing = GeneratedImage.objects.filter(pk__in=ids, state=GeneratedImage.State.DRAWING)
    alive = set(drawing.values_list("pk", flat=True))
    return sum(
        budgets.settle_spending(
            answer_id=row.answer_id, cost=row.reserved, basis=Basis.ESTIMATED if row.reserved else Basis.NONE
        )
        for row in rows
        if row.answer_id not in alive
    )
