"""How a team's owners are told that a webhook was paused: on whatever page they have open, and by e-mail."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, User
from accounts.services.letters import link_to, signed
from api.models import Webhook
from core.notices import PersonalNews
from core.web import mail
from core.web.mail import Letter

MOST = 50


def paused_webhooks(moment: datetime, people: Collection[UUID]) -> list[PersonalNews]:
    """What those of the people who own a team are told of webhooks that were paused after the moment."""
    paused = Webhook.objects.filter(paused=Webhook.Pause.FAILED, paused_at__gt=moment)
    owners = Q(team__memberships__role=Membership.Role.OWNER, team__memberships__user__in=people)
    rows = paused.filter(owners).values_list("pk", "name", "paused_at", "team__memberships__user")
    return [
        PersonalNews(
            person,
            at,
            f"webhook {pk} {at.timestamp()}",
            gettext_lazy("A webhook was paused"),
            name,
            reverse("api:webhook", args=[pk]),
        )
        for pk, name, at, person in rows.order_by("-paused_at")[:MOST]
        if at
    ]


def tell_owners(webhook: Webhook) -> int:
    """Write to every owner whose address is confirmed; returns how many letters that were."""
    if not mail.is_set():
        return 0
    owners = Membership.objects.filter(team=webhook.team_id, role=Membership.Role.OWNER, user__is_active=True)
    written = 0
    for owner in owners.exclude(user__verified_email="").select_related("user"):
        mail.send_later(partial(_letter, webhook, owner.user))
        written += 1
    return written


def _letter(webhook: Webhook, person: User) -> Letter:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        paragraphs = [
            _("Hello %(name)s,") % {"name": person.display_name},
            _("the webhook “%(webhook)s” has accepted nothing for three days, so Parley paused it.")
            % {"webhook": webhook.name},
            _("See what went wrong, and resume it:"),
            link_to("api:webhook", str(webhook.pk)),
        ]
        subject = _("A webhook was paused: %(webhook)s") % {"webhook": webhook.name}
        return Letter(to=person.verified_email, subject=subject, text=signed("\n\n".join(paragraphs)))
