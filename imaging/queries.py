"""Lists of a team's images, newest first: filters, the search in prompts, and the place from which a list goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from chat.models import Question
from core.web.paging import Cursor
from imaging import access
from imaging.models import GeneratedImage

PAGE = 30
MOST_WORDS = 12  # of a search
MOST_NEW = 100  # images that a page is told to lack
MOST_CHOSEN = 100  # images with which something is done at once
MOST_COMPARED = 6  # images side by side
MOST_BELOW = 24  # images below a question
MOST_VARIANTS = 24  # of one image that are listed with it


class OwnerFilter(TextChoices):
    """Whose images a list shows."""

    EVERYONE = "everyone", _("Everyone")
    MINE = "mine", _("Mine")


class StateFilter(TextChoices):
    """Which state the images of a list have."""

    ANY = "", _("All")
    DRAWING = "drawing", pgettext_lazy("several", "Drawing")
    PENDING = "pending", pgettext_lazy("several", "Pending")
    APPROVED = "approved", pgettext_lazy("several", "Approved")
    REJECTED = "rejected", pgettext_lazy("several", "Rejected")
    FAILED = "failed", pgettext_lazy("several", "Failed")


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
    found = _listed(_wanted_images(user, team, wanted))
    if before:
        found = found.filter(before.after("created_at"))
    images = list(found[: PAGE + 1])
    more = len(images) > PAGE
    images = images[:PAGE]
    return ImagePage(images, Cursor(images[-1].created_at, images[-1].pk) if more else None)


def count_new_images(user: User, team: Team, wanted: ImageFilter, *, shown: Sequence[UUID]) -> int:
    """How many images of the list a page lacks that shows these, at its head or between them; MOST_NEW at most."""
    found = _wanted_images(user, team, wanted).exclude(pk__in=shown)
    oldest = access.visible_images(user, team).filter(pk__in=shown).order_by("created_at", "id").first()
    if oldest:
        found = found.filter(Cursor(oldest.created_at, oldest.pk).through("created_at"))
    return found[:MOST_NEW].count()


def images_by_id(user: User, ids: Sequence[UUID]) -> dict[UUID, GeneratedImage]:
    """Those of these images that this person may see now."""
    return {image.pk: image for image in _listed(access.visible_images(user)).filter(pk__in=ids)}


def images_of_same_response(user: User, image: GeneratedImage) -> list[GeneratedImage]:
    """The other pictures of the same response that this person may see, in the service's order."""
    first = image.first_id or image.pk
    together = access.visible_images(user).filter(Q(pk=first) | Q(first=first))
    return list(_listed(together.exclude(pk=image.pk)).order_by("position"))


def variants_of(user: User, image: GeneratedImage) -> list[GeneratedImage]:
    """The other images that were drawn from the same idea and that this person may see, the oldest first."""
    root = image.variant_of_id or image.first_id or image.pk
    together = Q(pk=root) | Q(variant_of=root) | Q(first=root)
    found = _listed(access.visible_images(user, image.team)).filter(together).exclude(pk=image.pk)
    return list(found.order_by("created_at", "id")[:MOST_VARIANTS])


def questions_with_images(user: User, conversation_id: UUID) -> set[UUID]:
    """The questions of the conversation from which images were drawn that this person may see."""
    of_conversation = GeneratedImage.objects.filter(conversation_id=conversation_id)
    if not of_conversation.exists():  # as in most; who may see what is a query that takes long to put together
        return set()
    found = access.visible_images(user).filter(conversation_id=conversation_id).annotate(asked_in=_asked_in())
    return {question_id for question_id in found.order_by().values_list("asked_in", flat=True) if question_id}


def images_of_question(user: User, conversation_id: UUID, question_id: UUID) -> list[GeneratedImage]:
    """The images that were drawn from the question and that this person may see, the oldest first."""
    found = access.visible_images(user).filter(conversation_id=conversation_id).annotate(asked_in=_asked_in())
    return list(_listed(found.filter(asked_in=question_id)).order_by("created_at", "id")[:MOST_BELOW])


def approved_images_of(
    user: User, conversation_id: UUID, question_ids: Sequence[UUID]
) -> dict[UUID, list[GeneratedImage]]:
    """The approved images that were drawn from these questions and that this person may see, by question, the oldest
    first. One query; MOST_BELOW for each question at most."""
    found = access.visible_images(user).filter(conversation_id=conversation_id, state=GeneratedImage.State.APPROVED)
    drawn: dict[UUID, list[GeneratedImage]] = {}
    rows = _listed(found.annotate(asked_in=_asked_in()).filter(asked_in__in=question_ids))
    for image in rows.order_by("created_at", "id"):
        below = drawn.setdefault(image.asked_in, [])  # type: ignore[attr-defined]  # as it was annotated
        if len(below) < MOST_BELOW:
            below.append(image)
    return drawn


def question_of(images: QuerySet[GeneratedImage]) -> UUID | None:
    """The question that led to the first of these images."""
    return images.annotate(asked_in=_asked_in()).values_list("asked_in", flat=True).first()


def _asked_in() -> Coalesce:
    """The question that led to an image: for those of earlier versions, which remember their conversation alone, the
    last one that was asked in it before them."""
    before = Question.objects.filter(conversation=OuterRef("conversation_id"), created_at__lte=OuterRef("created_at"))
    return Coalesce("question_id", Subquery(before.order_by("-created_at").values("pk")[:1]))


def _wanted_images(user: User, team: Team, wanted: ImageFilter) -> QuerySet[GeneratedImage]:
    """The images of the team that the filters leave in, in no order."""
    found = access.visible_images(user, team)
    if wanted.whose == OwnerFilter.MINE:
        found = found.filter(requested_by=user)
    if wanted.standing:
        found = found.filter(state=wanted.standing)
    for word in wanted.words.split()[:MOST_WORDS]:
        found = found.filter(_says(word))
    return found


def _listed(found: QuerySet[GeneratedImage]) -> QuerySet[GeneratedImage]:
    """What tiles show, without the service's responses, which are long."""
    return found.select_related("requested_by").defer("response").order_by("-created_at", "-id")


def _says(word: str) -> Q:
    """SQLite tells capitals from small letters outside of ASCII, so the usual spellings are asked for."""
    spellings = {word, word.lower(), word.upper(), word.capitalize()} if not word.isascii() else {word}
    return reduce(or_, (Q(prompt__icontains=spelling) for spelling in sorted(spellings)))
