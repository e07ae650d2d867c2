"""What the command palette offers about images."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import current_membership, signed_in
from core.web.palette import PaletteEntry, PaletteSection
from imaging.access import may_review
from imaging.generation import offers


def entries(request: HttpRequest, typed: str) -> list[PaletteEntry]:
    """The team's images, and a prompt for a new one where something draws."""
    membership = current_membership(request)
    if membership is None:
        return []
    images = reverse("imaging:images")
    found = [PaletteEntry(PaletteSection.PAGES, _("Images"), "picture", address=images, order=20)]
    if membership.may_ask and offers.can_draw():
        found.append(
            PaletteEntry(PaletteSection.ACTIONS, _("Draw an image"), "picture", address=f"{images}#prompt", order=20)
        )
    if may_review(signed_in(request)):
        review = reverse("admin:imaging_review")
        found.append(PaletteEntry(PaletteSection.PAGES, _("Review images"), "check", address=review, order=21))
    return found
