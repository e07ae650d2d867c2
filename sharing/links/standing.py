"""Whether links show anything right now, for visitors and for the lists of those who made them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, TextChoices
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, User
from accounts.services.link_tokens import hash_token
from chat import access
from chat.models import Conversation
from core.web.paging import Cursor
from sharing.links import contents, service
from sharing.models import ShareLink

PAGE = 50  # links in a list


class Standing(TextChoices):
    """How it stands with a link. One that rests shows nothing until its maker can read the conversation again."""

    WORKS = "works", pgettext_lazy("a link", "Works")
    RESTS = "rests", pgettext_lazy("a link", "Rests")
    EXPIRED = "expired", pgettext_lazy("a link", "Expired")
    ENDED = "ended", pgettext_lazy("a link", "Ended")


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link in a list. `title` is empty where the reader of the list can't read the conversation."""

    link: ShareLink
    standing: Standing
    title: str

    @property
    def is_over(self) -> bool:
        """Whether it never works again."""
        return self.standing in {Standing.EXPIRED, Standing.ENDED}


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A stretch of the list of links, newest first, and the place from which it goes on, if it does."""

    links: Sequence[ListedLink]
    next: Cursor | None = None


def link_with(token: str) -> ShareLink | None:
    """The link of this token, in whatever state; None if there is none."""
    known = ShareLink.objects.select_related("team", "conversation", "made_by")
    return known.filter(token_hash=hash_token(token)).first()


def is_open(link: ShareLink) -> bool:
    """Whether the link shows something now: it is not over, links are on, its maker can read the conversation, and of
    what it showed nothing is gone."""
    if link.is_over or not service.is_on(link.team):
        return False
    return _is_readable_by_maker(link) and contents.is_complete(link)


def links_of_team(membership: Membership, *, before: Cursor | None = None) -> LinkPage:
    """All links of the team for an owner of it, those that are over too. A constant number of queries."""
    found = ShareLink.objects.filter(team=membership.team_id)
    if before:
        found = found.filter(before.after("created_at"))
    rows = list(_with_people(found)[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    next_ = Cursor(rows[-1].created_at, rows[-1].pk) if more else None
    return LinkPage(_listed(rows, membership.user), next_)


def links_of(conversation: Conversation, reader: User) -> list[ListedLink]:
    """The newest links of a conversation that the person may read."""
    return _listed(list(_with_people(conversation.share_links.all())[:PAGE]), reader)


def _with_people(found: QuerySet[ShareLink]) -> QuerySet[ShareLink]:
    return found.select_related("team", "conversation", "made_by", "ended_by").defer("contents")


def _listed(links: Sequence[ShareLink], reader: User) -> list[ListedLink]:
    """How it stands with each, by one query for all of their makers and the reader."""
    conversations = {link.conversation_id for link in links}
    people = {reader.pk, *(link.made_by_id for link in links if link.made_by_id)}
    readers = access.readers_of(conversations, people) if links else set()
    return [
        ListedLink(
            link,
            _standing(link, readers),
            link.title if (reader.pk, link.conversation_id) in readers else "",
        )
        for link in links
    ]


def _standing(link: ShareLink, readers: Collection[tuple[UUID, UUID]]) -> Standing:
    if link.ended_at is not None:
        return Standing.ENDED
    if link.is_over:
        return Standing.EXPIRED
    works = service.is_on(link.team) and _is_by_reader(link, readers)
    return Standing.WORKS if works else Standing.RESTS


def _is_readable_by_maker(link: ShareLink) -> bool:
    return link.made_by_id is not None and _is_by_reader(
        link, access.readers_of({link.conversation_id}, {link.made_by_id})
    )


def _is_by_reader(link: ShareLink, readers: Collection[tuple[UUID, UUID]]) -> bool:
    """Whether the link's maker is among the people who may read which conversations, and may sign in."""
    maker = link.made_by
    return maker is not None and maker.is_active and (maker.pk, link.conversation_id) in readers
