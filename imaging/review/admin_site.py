"""The administration: Django's own, with the review of images in it.

Staff and superusers find in it what they always do. Reviewers are ordinary people whom an owner has marked, or who have
one permission: they get in, and see review and nothing else, whatever other permissions they have.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.access import signed_in
from imaging.access import may_review

APP = "imaging"
REVIEW = "imaging_review"  # how the names of review's own addresses begin
# What else reviewers get of the administration.
FOR_REVIEWERS = frozenset(
    {
        "index",
        "logout",
        "password_change",
        "jsi18n",
        "imaging_decision_changelist",
        "imaging_decision_change",
        "imaging_decision_history",
    }
)
View = Callable[..., HttpResponseBase]


class Administration(admin.AdminSite):
    """Django's site, opened to reviewers where review is."""

    site_header = gettext_lazy("Parley administration")
    site_title = gettext_lazy("Parley administration")
    site_url = reverse_lazy("chat:home")  # type: ignore[assignment]  # Django's is the host's front page
    index_template = "imaging/review/index.html"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What all pages get. Those of review have no side bar: an image is judged on all the room there is."""
        context = super().each_context(request)
        return {**context, "is_nav_sidebar_enabled": False} if _is_review(request) else context

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person may see the page that the request is for."""
        if not request.user.is_active:
            return False
        if request.user.is_staff:
            return True
        return _is_for_reviewers(request) and _reviews(request)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the product's own page to sign in: there is one door, with one lock.

        Raises PermissionDenied for somebody who is signed in and has no business here.
        """
        wanted = request.GET.get("next", "")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted or reverse("admin:index"), reverse("login"))
        index = reverse("admin:index")
        if (request.user.is_staff or _reviews(request)) and wanted in {"", index}:
            return redirect(index)
        raise PermissionDenied(_("You don’t have access to this part of the administration."))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people to the product's own page, which also ends the links that older mails may hold."""
        return redirect("password_change")

    def get_urls(self) -> list[Any]:
        """Django's addresses, and those of review before them."""
        from imaging.review.urls import urlpatterns

        found: list[URLPattern | URLResolver] = [
            path(f"{APP}/{route}", self.admin_view(_for_reviewers(view)), name=f"{REVIEW}{name}")
            for route, view, name in urlpatterns
        ]
        return [*found, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The models that the person may see. For whoever reviews, review comes first, with the queue's count."""
        apps = super().get_app_list(request, app_label)
        if not _reviews(request):
            return apps
        others = [app for app in apps if app["app_label"] != APP] if request.user.is_staff else []
        return [_review_app(apps, _queue(request)["waiting"]), *others] if app_label in {None, APP} else others

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page, which says how much waits for review."""
        return super().index(request, {**(extra_context or {}), "reviews": _reviews(request), **_queue(request)})


def _is_for_reviewers(request: HttpRequest) -> bool:
    return _is_review(request) or _name_of(request) in FOR_REVIEWERS


def _is_review(request: HttpRequest) -> bool:
    return _name_of(request).startswith(REVIEW)


def _name_of(request: HttpRequest) -> str:
    """The name of the request's address."""
    return (request.resolver_match.url_name or "") if request.resolver_match else ""


def _reviews(request: HttpRequest) -> bool:
    """Whether the person reviews anything, looked up once per request."""
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return False
    if not hasattr(request, "_may_review"):
        request._may_review = may_review(user)  # type: ignore[attr-defined]
    return request._may_review  # type: ignore[attr-defined, no-any-return]


def _for_reviewers(view: View) -> View:
    """Keep out staff who do not review. Raises PermissionDenied."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _reviews(request):
            raise PermissionDenied(_("Only reviewers can see this page. A team owner can make you a reviewer."))
        return view(request, *args, **kwargs)

    return wrapped


def _queue(request: HttpRequest) -> dict[str, Any]:
    """How much waits, looked up once per request."""
    if not _reviews(request):
        return {}
    if not hasattr(request, "_review_queue"):
        from imaging.review.queue import count_and_oldest

        waiting, oldest = count_and_oldest(signed_in(request))
        request._review_queue = {"waiting": waiting, "oldest": oldest}  # type: ignore[attr-defined]
    return request._review_queue  # type: ignore[attr-defined, no-any-return]


def _review_app(apps: list[Any], waiting: int) -> dict[str, Any]:
    """Review as a section of the administration: its pages, and the records of decisions."""
    own = next((app for app in apps if app["app_label"] == APP), None)
    queue = _("Waiting for review (%(count)d)") % {"count": waiting} if waiting else _("Waiting for review")
    pages = [
        _entry(queue, "ImageQueue", reverse(f"admin:{REVIEW}")),
        _entry(_("Bulk review"), "ImageGrid", reverse(f"admin:{REVIEW}_many")),
        _entry(_("Approved and rejected"), "ReviewedImage", reverse(f"admin:{REVIEW}_decided")),
        _entry(_("Statistics"), "ReviewFigures", reverse(f"admin:{REVIEW}_figures")),
    ]
    return {
        "name": _("Image review"),
        "app_label": APP,
        "app_url": reverse(f"admin:{REVIEW}"),
        "has_module_perms": True,
        "models": [*pages, *(own["models"] if own else [])],
    }


def _entry(name: str, object_name: str, url: str) -> dict[str, Any]:
    nothing_else = {"add": False, "change": False, "delete": False, "view": True}
    entry = {"name": name, "object_name": object_name, "admin_url": url, "add_url": None}
    return {**entry, "perms": nothing_else, "view_only": True, "model": None}
