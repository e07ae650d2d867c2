"""Adding answers to a report: which, and to which report; from an answer, or from conversations that were selected."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import current_membership, signed_in
from accounts.models import Membership
from chat import access as chat_access
from chat.models import Answer
from chat.views.history.listing import chosen_conversations
from chat.views.sidebar import sidebar
from core.errors import ActionRefused
from core.web.params import uuid_in
from sharing.models import Report
from sharing.reports import access, choosing, listing, service
from sharing.reports.choosing import Choice
from sharing.reports.forms import ReportTitleForm

_NEW = "new"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Which of the answers are added to which report; and, sent with a report, adds them.

    The answers are those at `answer`; without any, those of the conversations at `id` can be chosen from.
    """
    data = request.POST if request.method == "POST" else request.GET
    ids = [found for text in data.getlist("answer")[: choosing.MOST_AT_ONCE + 1] if (found := uuid_in(text))]
    if "to_report" in request.POST and not ids:
        messages.error(request, _("Choose at least one answer. Nothing was added."))
        return redirect("sharing:reports")
    if ids:
        answers, membership = choosing.chosen_answers(signed_in(request), ids)
        choice = Choice(answers)
    else:
        choice, membership = _of_conversations(request)
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s reports but can’t change them."))
    if "to_report" not in request.POST:
        return _choose(request, membership, choice)
    if len(ids) > choosing.MOST_AT_ONCE:
        return _choose(request, membership, choice, problem=_too_many())
    return _add(request, membership, choice)


def _add(request: HttpRequest, membership: Membership, choice: Choice) -> HttpResponse:
    is_new = request.POST["to_report"] == _NEW
    form = ReportTitleForm(request.POST, use_required_attribute=False) if is_new else None
    if form is not None and not form.is_valid():
        return _choose(request, membership, choice, form=form)
    if not choice.answers:
        return _choose(request, membership, choice, problem=_("These answers have no text that could be added."))
    try:
        report = _new(request, membership, form) if form else _existing(request, membership)
        if report is None:
            return _choose(request, membership, choice, problem=_("Choose a report."))
        service.add_answers(report=report, answers=choice.answers, by=signed_in(request))
    except ActionRefused as refusal:
        return _choose(request, membership, choice, form=form, problem=str(refusal))
    count = len(choice.answers)
    said = ngettext("%(count)d answer was added.", "%(count)d answers were added.", count) % {"count": count}
    messages.success(request, said)
    return redirect("sharing:report", report.pk)


def _new(request: HttpRequest, membership: Membership, form: ReportTitleForm) -> Report | None:
    place = chat_access.usable_place(membership, request.POST.get("to", ""))
    if place is None:
        return None
    return service.begin_report(
        team=membership.team, by=signed_in(request), title=form.cleaned_data["title"], place=place
    )


def _existing(request: HttpRequest, membership: Membership) -> Report | None:
    report_id: UUID | None = uuid_in(request.POST["to_report"])
    if report_id is None:
        return None
    report, _theirs = access.editable_report(signed_in(request), report_id)
    if report.team_id != membership.team_id:
        raise Http404
    return report


def _of_conversations(request: HttpRequest) -> tuple[Choice, Membership]:
    """The answers of the conversations that were selected in the history, or of all that it lists."""
    membership = current_membership(request)
    if membership is None:
        raise PermissionDenied(_("You’re not on a team yet. Ask a team owner to invite you."))
    if request.POST.get("all"):
        found = chosen_conversations(request, membership)[: choosing.MOST_CONVERSATIONS + 1]
        return choosing.answers_of([one.pk for one in found], membership), membership
    texts = request.POST.getlist("id")[: choosing.MOST_CONVERSATIONS + 1]
    return choosing.answers_of([one for text in texts if (one := uuid_in(text))], membership), membership


def _choose(
    request: HttpRequest,
    membership: Membership,
    choice: Choice,
    *,
    form: ReportTitleForm | None = None,
    problem: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "choice": choice,
        "narrowest": _narrowest(choice.answers),
        "reports": listing.reports_to_add_to(membership),
        "chosen": request.POST.get("to_report", ""),
        "form": form or ReportTitleForm(initial={"title": _suggested_title(choice)}, use_required_attribute=False),
        "places": chat_access.offered_places(membership),
        "place": chat_access.ALONE,
        "problem": problem,
        "most": choosing.MOST_AT_ONCE,
        "membership": membership,
    }
    status = 422 if problem or (form and form.errors) else 200
    return render(request, "sharing/reports/add.html", context | sidebar(request, membership), status=status)


def _narrowest(answers: Sequence[Answer]) -> bool:
    """Whether some of the answers are not for everybody on the team."""
    return any(one.question.conversation.visibility != "team" for one in answers)


def _suggested_title(choice: Choice) -> str:
    return choice.answers[0].question.conversation.title if choice.answers else ""


def _too_many() -> str:
    most = choosing.MOST_AT_ONCE
    return ngettext(
        "%(most)d answer can be added at once. Choose fewer.",
        "%(most)d answers can be added at once. Choose fewer.",
        most,
    ) % {"most": most}
