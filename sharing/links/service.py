"""Making links and ending them, and switching them on and off for a team."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.services.link_tokens import hash_token
from accounts.services.teams import lock_team
from chat.models import Answer, Conversation
from chat.questions.service import title_from
from core.errors import ActionRefused
from sharing.links import contents
from sharing.models import ShareLink

LONGEST = timedelta(days=366)
"""How long a link works at most."""
USUAL_DAYS = 7
MOST_OPEN = 50
"""How many links of one conversation work at the same time."""
SHORTEST_PASSWORD = 8  # characters
LONGEST_PASSWORD = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What link somebody wants; without an answer it is one to the whole conversation. An empty password is none."""

    expires_at: datetime
    answer: Answer | None = None
    kind: ShareLink.Kind = ShareLink.Kind.SNAPSHOT
    password: str = ""
    shows_names: bool = False


def is_on(team: Team) -> bool:
    """Whether links of the team work, and can be made."""
    return bool(settings.SHARING) and team.shares_by_link


def make_link(wish: Wish, *, conversation: Conversation, by: User) -> tuple[ShareLink, str]:
    """Make a link to a conversation that the person manages. Returns it with its token, which is known only now.

    Raises ActionRefused, with nothing stored, where sharing is off, nothing is answered yet, or it would be too much.
    """
    password = make_password(wish.password) if wish.password else ""  # takes long, so not while the team is locked
    token = secrets.token_urlsafe(16)
    with transaction.atomic():
        # Whoever switches sharing off ends this link, too, or this one waits and finds it off.
        team = Team.objects.select_for_update(no_key=True).get(pk=conversation.team_id)
        rows = _rows(wish, conversation)
        _require(team, conversation, wish, rows)
        link = ShareLink.objects.create(
            team=team,
            conversation=conversation,
            answer=wish.answer,
            made_by=by,
            token_hash=hash_token(token),
            kind=wish.kind,
            title=title_from(wish.answer.question.text) if wish.answer else conversation.title,
            contents=[] if wish.kind == ShareLink.Kind.LIVE else rows,
            password=password,
            shows_names=wish.shows_names,
            expires_at=wish.expires_at,
        )
    return link, token


def end_link(*, link: ShareLink, by: User) -> bool:
    """Let the link show nothing from now on. False if it was over before."""
    now = timezone.now()
    working = ShareLink.objects.filter(pk=link.pk, ended_at=None, expires_at__gt=now)
    return working.update(ended_at=now, ended_by=by) > 0


@transaction.atomic
def switch_sharing(*, team: Team, by: User, on: bool) -> int:
    """Let the team make links, or no longer; then all of its links end for good. Returns how many did.

    Raises PermissionDenied for somebody who doesn't own the team, ActionRefused where the server allows no links.
    """
    lock_team(team=team, by=by)
    if on and not settings.SHARING:
        raise ActionRefused(_("Your administrator has turned sharing by link off for this server."))
    Team.objects.filter(pk=team.pk).update(shares_by_link=on)
    team.shares_by_link = on
    if on:
        return 0
    now = timezone.now()
    working = ShareLink.objects.filter(team=team, ended_at=None, expires_at__gt=now)
    return working.update(ended_at=now, ended_by=by)


def _rows(wish: Wish, conversation: Conversation) -> list[list[str]]:
    if wish.answer is None:
        return contents.contents_now(conversation)
    return contents.contents_of(wish.answer) if contents.shown_answers().filter(pk=wish.answer.pk).exists() else []


def _require(team: Team, conversation: Conversation, wish: Wish, rows: list[list[str]]) -> None:
    if not is_on(team):
        raise ActionRefused(_("Sharing by link is off for this team."))
    if not rows:
        raise ActionRefused(_("There is no finished answer to share yet."))
    if wish.kind == ShareLink.Kind.SNAPSHOT and len(rows) > contents.MOST_QUESTIONS:
        raise ActionRefused(
            _("This conversation is too long to share as it is now. Share one answer, or also what is asked later.")
        )
    now = timezone.now()
    if not now < wish.expires_at <= now + LONGEST:
        raise ActionRefused(_("Choose a day within the next year."))
    if ShareLink.objects.filter(conversation=conversation, ended_at=None, expires_at__gt=now).count() >= MOST_OPEN:
        raise ActionRefused(
            _("This conversation has %(most)d links that work. End some of them first.") % {"most": MOST_OPEN}
        )
