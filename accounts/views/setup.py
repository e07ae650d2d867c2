"""The steps of the first sign-in that follow the account: the team's name again, and who reviews images.

The last step, connecting Perplexity, is a page of its own. Each can be left and opened again; nothing depends on it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.forms import ImageReviewForm, TeamForm
from accounts.models import Membership
from accounts.services import teams


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.owner_required
def setup_team(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The first step, for whoever goes back: what the team is called."""
    form = TeamForm(request.POST or None, initial={"name": membership.team.name})
    if request.method == "POST" and form.is_valid():
        teams.rename_team(team=membership.team, by=membership.user, name=form.cleaned_data["name"])
        return redirect("accounts:setup_review")
    return render(request, "accounts/joining/setup_team.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.owner_required
def setup_review(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The second step: whether somebody approves images before the team sees them."""
    now = ImageReviewForm.APPROVED if membership.team.images_need_approval else ImageReviewForm.AT_ONCE
    form = ImageReviewForm(request.POST if request.method == "POST" else None, initial={"images": now})
    if form.is_valid():
        needed = form.cleaned_data["images"] == ImageReviewForm.APPROVED
        teams.set_image_approval(team=membership.team, by=membership.user, needed=needed)
        return redirect(f"{reverse('chat:connect')}?setup" if membership.user.is_superuser else "chat:home")
    return render(request, "accounts/joining/setup_review.html", {"form": form}, status=422 if form.errors else 200)
