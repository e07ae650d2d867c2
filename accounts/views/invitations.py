"""Invitations to a team: making them, sending them and revoking them, as an owner."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.forms import InvitationForm, JoinLinkForm
from accounts.models import Invitation, Membership
from accounts.services import invitations, letters
from core.errors import ActionRefused
from core.web import mail

SHOWN = 300  # those that are open first


@dataclass(frozen=True)
class MadeLink:
    """A link that was just made; `name` is what it is called on its page, and `mailto` opens an e-mail with it in the
    owner's own mail program."""

    name: str
    invitation: Invitation
    link: str
    mailto: str


def invitations_context(membership: Membership) -> dict[str, object]:
    """What `accounts/team/_invitations.html` needs."""
    is_open = Q(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now(), inviter_owns=True)
    found = Invitation.objects.filter(team=membership.team_id, parent=None).select_related("invited_by", "accepted_by")
    shown = found.order_by(Case(When(is_open, then=0), default=1), "-created_at")[:SHOWN]
    return {
        "open_invitations": [invitation for invitation in shown if invitation.is_open],
        "ended_invitations": [invitation for invitation in shown if not invitation.is_open],
        "can_mail": mail.is_set(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@access.owner_required
def invite(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make invitations, send those that have an address, and show their links this once."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            made = invitations.create_invitations(
                team=membership.team,
                by=membership.user,
                role=wanted["role"],
                guests=wanted["people"],
                days=wanted["days"],
            )
        except ActionRefused as exc:
            form.add_error(None, str(exc))
        else:
            return _show_once(request, made, send=wanted["send"])
    return _invite_page(request, form, JoinLinkForm())


@require_POST
@access.owner_required
def join_link(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make a link by which several people can join, and show it this once."""
    form = JoinLinkForm(request.POST)
    if form.is_valid():
        try:
            made = invitations.create_join_link(team=membership.team, by=membership.user, **form.cleaned_data)
        except ActionRefused as exc:
            form.add_error(None, str(exc))
        else:
            return _show_once(request, [made])
    return _invite_page(request, InvitationForm(), form)


@require_POST
@access.member_required
def new_link(request: HttpRequest, membership: Membership, invitation_id: uuid.UUID) -> HttpResponse:
    """Give an open invitation another link, send it where it has an address, and show it this once."""
    invitation = access.managed_invitation(membership, invitation_id)
    try:
        token = invitations.renew_link(invitation=invitation, by=membership.user)
    except ActionRefused as exc:
        messages.error(request, str(exc))
        return redirect("accounts:team")
    return _show_once(request, [(invitation, token)], send=True)


@require_POST
@access.member_required
def revoke(request: HttpRequest, membership: Membership, invitation_id: uuid.UUID) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = access.managed_invitation(membership, invitation_id)
    if invitations.revoke_invitation(invitation=invitation, by=membership.user):
        messages.success(request, _("The invitation has been revoked. Its link no longer works."))
    else:
        messages.error(request, _("That invitation was no longer open, so there was nothing to revoke."))
    return redirect("accounts:team")


def _invite_page(request: HttpRequest, form: InvitationForm, link_form: JoinLinkForm) -> HttpResponse:
    context = {"form": form, "link_form": link_form, "can_mail": mail.is_set()}
    status = 422 if form.errors or link_form.errors else 200
    return render(request, "accounts/team/invite.html", context, status=status)


def _show_once(request: HttpRequest, made: Sequence[tuple[Invitation, str]], *, send: bool = False) -> HttpResponse:
    """The page that shows links just made, and what became of the e-mails."""
    if send and mail.is_set():
        invitations.mail_invitations(made)
    names = ["one-time-link"] if len(made) == 1 else [f"link-{number}" for number in range(1, len(made) + 1)]
    shown = [_made_link(request, name, *one) for name, one in zip(names, made, strict=True)]
    as_list = "\n".join(f"{one.invitation.note or '—'}\t{one.link}" for one in shown)
    context = {"made": shown, "first": shown[0], "as_list": as_list}
    response = render(request, "accounts/joining/links.html", context)
    add_never_cache_headers(response)
    return response


def _made_link(request: HttpRequest, name: str, invitation: Invitation, token: str) -> MadeLink:
    link = request.build_absolute_uri(reverse("accounts:join", args=[token]))
    subject, text = letters.invitation_words(invitation=invitation, link=link)
    query = urlencode({"subject": subject, "body": text.replace("\n", "\r\n")}, quote_via=quote)
    return MadeLink(name, invitation, link, f"mailto:{quote(invitation.email, safe='@')}?{query}")
