"""In which time zone a person sees days and hours."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import access, time_zones
from accounts.forms import TimeZoneForm


def form_for(request: HttpRequest) -> TimeZoneForm:
    """The form as it stands on the account page."""
    return TimeZoneForm(user=access.signed_in(request), browser=time_zones.browser_zone(request))


@require_POST
@access.sign_in_required
def choose(request: HttpRequest) -> HttpResponse:
    """See days and hours in this zone on every device, or in that of each browser again."""
    user, browser = access.signed_in(request), time_zones.browser_zone(request)
    form = TimeZoneForm(request.POST, user=user, browser=browser)
    if not form.is_valid():
        return render(request, "accounts/profile/time_zone.html", {"time_zone_form": form}, status=422)
    time_zones.choose_zone(user, form.cleaned_data["time_zone"], browser=browser)
    messages.success(request, _("Your time zone is saved."))
    return redirect(f"{reverse('accounts:me')}#time-zone")


@require_POST
@access.sign_in_required
def browser_zone(request: HttpRequest) -> HttpResponse:
    """Keep what a script says of the browser's zone. One that nobody knows is passed over."""
    time_zones.keep_browser_zone(access.signed_in(request), request.POST.get("time_zone", ""))
    return HttpResponse(status=204)
