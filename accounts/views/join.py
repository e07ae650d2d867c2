"""The pages behind an invitation and behind the first sign-in."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.errors import LinkEnded, UsernameTaken
from accounts.forms import AccountForm, FirstAccountForm
from accounts.models import Invitation, Membership
from accounts.services import invitations, setup
from accounts.views import links


@require_http_methods(["GET", "HEAD", "POST"])
@links.secret_link
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites to what. Signed-in people join by a click; others sign in, or make an account right here."""
    invitation = _invitation_or_404(token)
    if not invitation.is_open:
        return _invitation_ended_page(request, invitation)
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
    """Make the first account and the team."""
    link = setup.first_link_by_token(token=token)
    if link is None:
        raise Http404
    reason = _("The first account already exists. Sign in with it, or ask its owner for an invitation.")
    if setup.has_accounts():
        return links.link_ended_page(request, reason)
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
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/joining/welcome.html", {"form": form}, status=422 if form.errors else 200)


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
    if invitation.state == Invitation.State.ACCEPTED:
        reason = _("This invitation has already been used. It works only once.")
    elif invitation.state == Invitation.State.REVOKED:
        reason = _("This invitation was revoked. Ask a team owner for a new one.")
    else:
        reason = _("This invitation has expired. Ask a team owner for a new one.")
    return links.link_ended_page(request, reason)
