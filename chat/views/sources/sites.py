"""Sites, and what the team says of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.models import Membership
from chat.models import SiteMark
from chat.sources.ledger import marking
from chat.sources.ledger.forms import SiteMarkForm
from chat.sources.ledger.uses import reliance_on
from chat.sources.marks import marks_in_force
from chat.views.sidebar import sidebar
from core.errors import ActionRefused


@require_safe
@never_cache
@member_required
def sites(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All sites of which the team says something. With `?site=` the way leads to that site's page."""
    said = request.GET.get("site", "")
    if found := marking.site_named(said):
        return redirect("chat:site", found)
    marks = marks_in_force(membership.team_id).by_site.values()
    context = {
        "groups": [
            (label, [one for one in marks if one.mark == mark]) for mark, label in SiteMark.Mark.choices if mark
        ],
        "said": said[: marking.LONGEST_SITE],
    }
    return render(request, "chat/sources/ledger/sites.html", context | sidebar(request, membership))


@require_safe
@never_cache
@member_required
def site(request: HttpRequest, membership: Membership, site: str) -> HttpResponse:
    """A site: what the team says of it and said before, and which answers rely on it. Raises Http404 for no site."""
    return _page(request, membership, _known(site))


@require_POST
@member_required
def mark_site(request: HttpRequest, membership: Membership, site: str) -> HttpResponse:
    """Say that the site is trusted, doubtful or blocked, or none of it. Raises PermissionDenied for a viewer."""
    _known(site)
    _require_member(membership)
    form = SiteMarkForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, site, refused=form)
    reason = form.cleaned_data["reason"]
    try:
        marking.mark_site(team=membership.team, site=site, mark=form.said, reason=reason, by=membership.user)
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, membership, site, refused=form)
    messages.success(request, _done(site, form.said))
    return redirect("chat:site", site)


@require_POST
@member_required
def undo_mark(request: HttpRequest, membership: Membership, site: str) -> HttpResponse:
    """Bring back what was said of the site before. Raises PermissionDenied for a viewer."""
    _known(site)
    _require_member(membership)
    if marking.undo_mark(team=membership.team, site=site, by=membership.user):
        messages.success(request, _("The mark of %(site)s is as it was before.") % {"site": site})
    return redirect("chat:site", site)


def _page(
    request: HttpRequest, membership: Membership, site: str, *, refused: SiteMarkForm | None = None
) -> HttpResponse:
    marks = marks_in_force(membership.team_id)
    own = marks.by_site.get(site)
    context = {
        "site": site,
        "mark": own,
        "inherited": None if own else marks.of(site),
        "said_before": marking.history_of(membership.team, site),
        "reliance": reliance_on(membership, site),
        "choices": SiteMark.Mark.choices,
        "chosen": refused.data.get("mark", "") if refused else own.mark if own else "",
        "reason": refused.data.get("reason", "") if refused else own.reason if own else "",
        "form": refused,
    }
    return render(
        request,
        "chat/sources/ledger/site.html",
        context | sidebar(request, membership),
        status=422 if refused else 200,
    )


def _known(site: str) -> str:
    """The site in the address. Raises Http404 for what is none, or not its usual name."""
    if not site or marking.site_named(site) != site:
        raise Http404
    return site


def _require_member(membership: Membership) -> None:
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can see what the team says about sites but can’t change it."))


def _done(site: str, mark: str) -> str:
    said = {
        SiteMark.Mark.TRUSTED: _("%(site)s is marked as trusted."),
        SiteMark.Mark.DOUBTFUL: _("%(site)s is marked as doubtful."),
        SiteMark.Mark.BLOCKED: _("%(site)s is blocked. New questions leave it out of their search."),
    }
    return said.get(SiteMark.Mark(mark), _("%(site)s has no mark any more.")) % {"site": site}
