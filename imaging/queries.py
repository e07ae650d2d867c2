"""Lists of a team's images, newest first: filters, the search in prompts, and the place from which a list goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from core.web.paging import Cursor
from imaging import access
from imaging.models import GeneratedImage

PAGE = 30
MOST_WORDS = 12  # of a search


class OwnerFilter(TextChoices):
    """Whose images a list shows."""

    EVERYONE = "everyone", _("Everyone")
    MINE = "mine", _("Mine")


class StateFilter(TextChoices):
    """Which state the images of a list have. *Any* has those, too, that are being drawn or that failed."""

    ANY = "", _("All")
    PENDING = "pending", pgettext_lazy("several", "Pending")
    APPROVED = "approved", pgettext_lazy("several", "Approved")
    REJECTED = "rejected", pgettext_lazy("several", "Rejected")


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """What somebody wants to see."""

    whose: OwnerFilter = OwnerFilter.EVERYONE
    standing: StateFilter = StateFilter.ANY
    words: str = ""

    @classmethod
    def parse(cls, data: QueryDict) -> "ImageFilter":
        """From an address; what is none of the choices counts for nothing."""
        whose, standing = data.get("whose", ""), data.get("state", "")
        return cls(
            whose=OwnerFilter(whose) if whose in OwnerFilter.values else OwnerFilter.EVERYONE,
            standing=StateFilter(standing) if standing in StateFilter.values else StateFilter.ANY,
            words=" ".join(data.get("q", "").replace("\x00", "").split())[:200],
        )

    def address(self, **changes: str) -> str:
        """The query of an address that asks for this, with changes to it."""
        asked = {"whose": self.whose.value, "state": self.standing.value, "q": self.words} | changes
        asked["whose"] = "" if asked["whose"] == OwnerFilter.EVERYONE else asked["whose"]
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return self == ImageFilter()


@dataclass(frozen=True, slots=True)
class ImagePage:
    """A stretch of the list, and the place from which it goes on, if it does."""

    images: Sequence[GeneratedImage]
    next: Cursor | None


def page_of_images(user: User, team: Team, wanted: ImageFilter, *, before: Cursor | None = None) -> ImagePage:
    """The next images of the list that this person may see, from its head or after a place, in one query."""
    found = _listed(access.visible_images(user, team))
    if wanted.whose == OwnerFilter.MINE:
        found = found.filter(requested_by=user)
    if wanted.standing:
        found = found.filter(state=wanted.standing)
    for word in wanted.words.split()[:MOST_WORDS]:
        found = found.filter(_says(word))
    if before:
        found = found.filter(before.after("created_at"))
    images = list(found[: PAGE + 1])
    more = len(images) > PAGE
    images = images[:PAGE]
    return ImagePage(images, Cursor(images[-1].created_at, images[-1].pk) if more else None)


def images_by_id(user: User, ids: Sequence[UUID]) -> dict[UUID, GeneratedImage]:
    """Those of these images that this person may see now."""
    return {image.pk: image for image in _listed(access.visible_images(user)).filter(pk__in=ids)}


def images_of_same_response(user: User, image: GeneratedImage) -> list[GeneratedImage]:
    """The other pictures of the same response that this person may see, in the service's order."""
    first = image.first_id or image.pk
    together = access.visible_images(user).filter(Q(pk=first) | Q(first=first))
    return list(_listed(together.exclude(pk=image.pk)).order_by("position"))


def _listed(found: QuerySet[GeneratedImage]) -> QuerySet[GeneratedImage]:
    """What tiles show, without the service's responses, which are long."""
    return found.select_related("requested_by").defer("response").order_by("-created_at", "-id")


def _says(word: str) -> Q:
    """SQLite tells capitals from small letters outside of ASCII, so the usual spellings are asked for."""
    spellings = {word, word.lower(), word.upper(), word.capitalize()} if not word.isascii() else {word}
    return reduce(or_, (Q(prompt__icontains=spelling) for spelling in sorted(spellings)))
