"""Images among the results of a search, by their prompts and descriptions."""

from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from chat.search import snippets
from chat.search.query import parse_query
from core.web.search_providers import MOST_HITS, OtherHit, OtherHits, SearchWish
from imaging import access
from imaging.models import GeneratedImage
from imaging.queries import MOST_WORDS

_NEWEST = 3_000
"""Images of a team that are looked through, the newest: there is no index of prompts."""


def image_hits(wish: SearchWish) -> OtherHits | None:
    """The newest images with these words that the person may see; None where images are not asked for."""
    words = wish.words.split()[:MOST_WORDS]
    member = wish.membership
    if not (words and wish.asks_for("image") and not wish.spaces and isinstance(member, Membership)):
        return None
    seen = access.visible_images(member.user, member.team).order_by("-created_at", "-id")
    found = GeneratedImage.objects.filter(pk__in=seen.values("pk")[:_NEWEST])
    if wish.people:
        found = found.filter(requested_by__in=list(wish.people))
    if wish.since:
        found = found.filter(created_at__gte=wish.since)
    if wish.until:
        found = found.filter(created_at__lt=wish.until)
    for word in words:
        bare = word.strip('"').removeprefix("-").strip('"')
        found = found.exclude(_says(bare)) if word.startswith("-") and bare else found.filter(_says(bare))
    newest = found.select_related("requested_by").defer("response").order_by("-created_at", "-id")
    images = list(newest[: MOST_HITS + 1])
    query = parse_query(wish.words)
    return OtherHits(
        kind="image",
        label=_("Images"),
        icon="picture",
        hits=[
            OtherHit(
                title=snippets.mark_hits(str(image), query),
                address=reverse("imaging:image", args=[image.pk]),
                by=image.requested_by.display_name,
                at=image.created_at,
                picture=reverse("imaging:thumbnail", args=[image.pk]) if image.has_picture else "",
                note="" if image.state == GeneratedImage.State.APPROVED else image.get_state_display(),
            )
            for image in images[:MOST_HITS]
        ],
        more=f"{reverse('imaging:images')}?{urlencode({'q': wish.words.strip()})}" if len(images) > MOST_HITS else "",
    )


def _says(word: str) -> Q:
    """SQLite tells capitals from small letters outside of ASCII, so the usual spellings are asked for."""
    spellings = {word, word.lower(), word.upper(), word.capitalize()} if not word.isascii() else {word}
    return reduce(or_, (Q(prompt__icontains=one) | Q(description__icontains=one) for one in sorted(spellings)))
