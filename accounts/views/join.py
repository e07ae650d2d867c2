"""The pages behind an invitation and behind the first sign-in."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.errors import LinkEnded, UsernameTaken
from accounts.forms import AccountForm, FirstAccountForm, OwnLinkForm
from accounts.models import Invitation, Membership, User
from accounts.services import invitations, setup
from accounts.views import links
from core.errors import ActionRefused
from core.web import mail


@require_http_methods(["GET", "HEAD", "POST"])
@links.secret_link
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites to what. Signed-in people join by a click; others sign in, or make an account right here."""
    invitation = _invitation_or_404(token)
    if not _is_open(invitation):
        return _invitation_ended_page(request, invitation)
    if _needs_own_link(request, invitation):
        return _own_link_page(request, invitation, token)
    if request.user.is_authenticated:
        on_team = any(mine.team_id == invitation.team_id for mine in access.own_memberships(request))
        context = {"invitation": invitation, "on_team": on_team, "token": token}
        return render(request, "accounts/joining/join.html", context)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        newcomer = form.unsaved_user()
        try:
            membership = invitations.accept_with_new_account(invitation=invitation, newcomer=newcomer)
        except UsernameTaken as exc:
            form.add_error("username", str(exc))
        except LinkEnded:
            return _invitation_ended_page(request, _invitation_or_404(token))
        else:
            links.sign_in_by_link(request, newcomer)
            return _redirect_to_team(request, membership)
    status = 422 if form.errors else 200
    return render(request, "accounts/joining/join.html", {"invitation": invitation, "form": form}, status=status)


@require_POST
@links.secret_link
def by_email(request: HttpRequest, token: str) -> HttpResponse:
    """Send somebody at the domain of a join link a link of their own."""
    invitation = _invitation_or_404(token)
    if not invitation.email_domain or not mail.is_set():
        raise Http404
    form = OwnLinkForm(request.POST)
    if form.is_valid():
        address = form.cleaned_data["address"]
        try:
            invitations.mail_own_link(invitation=invitation, address=address)
        except LinkEnded:
            return _invitation_ended_page(request, _invitation_or_404(token))
        except ActionRefused as exc:
            form.add_error("address", str(exc))
        else:
            return _own_link_page(request, invitation, token, sent_to=address)
    return _own_link_page(request, invitation, token, form=form)


@require_POST
@links.secret_link
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Put a signed-in person on the team."""
    invitation = _invitation_or_404(token)
    if not request.user.is_authenticated:
        return redirect("accounts:join", token)
    try:
        membership = invitations.accept_invitation(invitation=invitation, by=access.signed_in(request))
    except LinkEnded:
        return _invitation_ended_page(request, _invitation_or_404(token))
    return _redirect_to_team(request, membership)


@require_http_methods(["GET", "HEAD", "POST"])
@links.secret_link
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first account and the team, the first of three steps. Whoever comes back goes on with the second."""
    link = setup.first_link_by_token(token=token)
    if link is None:
        raise Http404
    reason = _("The first account already exists. Sign in with it, or ask its owner for an invitation.")
    if setup.has_accounts():
        if request.user.is_authenticated and access.signed_in(request).is_superuser:
            return redirect("accounts:setup_review")
        return links.link_ended_page(request, reason, then=reverse("accounts:setup_review") if link.used_at else "")
    if not link.is_open:
        return links.link_ended_page(request, _("This link has expired. Run the command first_sign_in for a new one."))
    form = FirstAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        owner = form.unsaved_user()
        try:
            setup.create_first_account(link=link, owner=owner, team_name=form.cleaned_data["team_name"])
        except (LinkEnded, UsernameTaken):
            return links.link_ended_page(request, reason)
        links.sign_in_by_link(request, owner)
        return redirect("accounts:setup_review")
    return render(request, "accounts/joining/welcome.html", {"form": form}, status=422 if form.errors else 200)


def _is_open(invitation: Invitation) -> bool:
    """Whether somebody may join by it: where it takes up a place of a join link, that one has to be open, too."""
    return invitation.is_open and (invitation.parent is None or invitation.parent.is_open)


def _needs_own_link(request: HttpRequest, invitation: Invitation) -> bool:
    """Whether the person has to show first that they read mail at the join link's domain."""
    address = request.user.verified_email if isinstance(request.user, User) else ""
    return not invitations.is_at_domain(invitation, address)


def _own_link_page(
    request: HttpRequest, invitation: Invitation, token: str, *, form: OwnLinkForm | None = None, sent_to: str = ""
) -> HttpResponse:
    context = {"invitation": invitation, "token": token, "form": form or OwnLinkForm(), "sent_to": sent_to}
    status = 422 if form is not None and form.errors else 200
    return render(request, "accounts/joining/own_link.html", context, status=status)


def _invitation_or_404(token: str) -> Invitation:
    invitation = invitations.invitation_by_token(token=token)
    if invitation is None:
        raise Http404
    return invitation


def _redirect_to_team(request: HttpRequest, membership: Membership) -> HttpResponse:
    access.choose_team(request, membership.team)
    messages.success(request, _("You’ve joined the team %(team)s.") % {"team": membership.team.name})
    return redirect(settings.LOGIN_REDIRECT_URL)


def _invitation_ended_page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if invitation.is_open and invitation.parent is not None:
        invitation = invitation.parent
    if invitation.state == Invitation.State.ACCEPTED and invitation.is_for_several:
        reason = _("As many people as this link was for have joined. Ask a team owner for a new one.")
    elif invitation.state == Invitation.State.ACCEPTED:
        reason = _("This invitation has already been used. It works only once.")
    elif invitation.state == Invitation.State.REVOKED:
        reason = _("This invitation was revoked. Ask a team owner for a new one.")
    else:
        reason = _("This invitation has expired. Ask a team owner for a new one.")
    return links.link_ended_page(request, reason)
