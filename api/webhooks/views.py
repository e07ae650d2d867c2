"""The pages on which owners look after their team's webhooks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import owner_required
from accounts.models import Membership
from api.models import Delivery, Webhook
from api.webhooks import access, service
from api.webhooks.events import KEPT
from api.webhooks.forms import WebhookForm
from api.webhooks.problems import problem_in_words
from core.errors import ActionRefused
from core.notices import Link


@require_safe
@owner_required
def webhooks(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's webhooks, and the form for another one."""
    return render(request, "api/webhooks/webhooks.html", _list_context(membership, WebhookForm()))


@require_POST
@owner_required
def add_webhook(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Add a webhook, and show its secret this once."""
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            webhook, secret = service.add_webhook(form.wish(), team=membership.team, by=membership.user)
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _show_secret(request, webhook, secret)
    return render(request, "api/webhooks/webhooks.html", _list_context(membership, form), status=422)


@require_safe
@never_cache
@owner_required
def webhook(request: HttpRequest, membership: Membership, webhook_id: UUID) -> HttpResponse:
    """One webhook: its settings, and what was sent to it lately."""
    found = access.managed_webhook(membership, webhook_id)
    return render(request, "api/webhooks/webhook.html", _page_context(found, WebhookForm.of(found)))


@require_POST
@owner_required
def change_webhook(request: HttpRequest, membership: Membership, webhook_id: UUID) -> HttpResponse:
    """Save the settings."""
    found = access.managed_webhook(membership, webhook_id)
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return render(request, "api/webhooks/webhook.html", _page_context(found, form), status=422)
    service.change_webhook(form.wish(), webhook=found, by=membership)
    messages.success(request, _("The webhook has been saved."))
    return redirect("api:webhook", webhook_id)


@require_POST
@owner_required
def new_secret(request: HttpRequest, membership: Membership, webhook_id: UUID) -> HttpResponse:
    """Give the webhook another secret, and show it this once."""
    found = access.managed_webhook(membership, webhook_id)
    return _show_secret(request, found, service.renew_secret(webhook=found, by=membership))


@require_POST
@owner_required
def pause_webhook(request: HttpRequest, membership: Membership, webhook_id: UUID) -> HttpResponse:
    """Send nothing for now."""
    service.pause(webhook=access.managed_webhook(membership, webhook_id), by=membership)
    messages.success(request, _("The webhook is paused."))
    return redirect("api:webhook", webhook_id)


@require_POST
@owner_required
def resume_webhook(request: HttpRequest, membership: Membership, webhook_id: UUID) -> HttpResponse:
    """Send again what happens from now on."""
    service.resume(webhook=access.managed_webhook(membership, webhook_id), by=membership)
    messages.success(request, _("The webhook is active again."))
    return redirect("api:webhook", webhook_id)


@require_POST
@owner_required
def remove_webhook(request: HttpRequest, membership: Membership, webhook_id: UUID) -> HttpResponse:
    """Forget the webhook."""
    service.remove(webhook=access.managed_webhook(membership, webhook_id), by=membership)
    messages.success(request, _("The webhook has been removed."))
    return redirect("api:webhooks")


@require_POST
@owner_required
def test_webhook(request: HttpRequest, membership: Membership, webhook_id: UUID) -> HttpResponse:
    """Send a message that tells of nothing."""
    found = access.managed_webhook(membership, webhook_id)
    try:
        service.send_test(webhook=found, by=membership)
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("A test is on its way. Reload the page to see what came of it."))
    return redirect("api:webhook", webhook_id)


@require_POST
@owner_required
def send_again(request: HttpRequest, membership: Membership, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send a message of the log once more."""
    found = access.managed_webhook(membership, webhook_id)
    delivery = access.logged_delivery(found, delivery_id)
    try:
        service.send_again(webhook=found, delivery_id=delivery.pk, by=membership)
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The message is on its way again. Reload the page to see what came of it."))
    return redirect("api:webhook", webhook_id)


def webhooks_link(_membership: object) -> Link:
    """The way to the webhooks on the team page."""
    return Link(reverse("api:webhooks"), _("Webhooks"), "share")


def _show_secret(request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
    response = render(request, "api/webhooks/secret.html", {"webhook": webhook, "secret": secret})
    response["Cache-Control"] = "no-store"
    return response


def _list_context(membership: Membership, form: WebhookForm) -> dict[str, Any]:
    return {"webhooks": list(access.team_webhooks(membership)[: service.MOST_WEBHOOKS]), "form": form}


def _page_context(webhook: Webhook, form: WebhookForm) -> dict[str, Any]:
    shown = Delivery.objects.filter(webhook=webhook)[:KEPT]
    rows = [(delivery, problem_in_words(delivery)) for delivery in shown]
    return {"webhook": webhook, "form": form, "deliveries": rows, "kept": KEPT}
