"""One's own access tokens: making one, which is shown once, and revoking them."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_membership, member_required, signed_in
from accounts.models import Membership, Team
from api.models import Scope
from api.tokens import access, service
from api.tokens.forms import TokenForm
from chat.catalog import offers
from core.errors import ActionRefused

SHOWN = 100  # tokens, the newest first


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def tokens(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The tokens, and the form for a new one."""
    must_be_on()
    form = TokenForm(request.POST or None, membership=membership, initial={"scopes": [Scope.ASK.value]})
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = service.make_token(
                membership=membership,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                space=form.chosen_space,
                expires_at=form.expires_at,
            )
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            context = {"token": token, "secret": secret, "examples": _examples(membership.team)}
            response = render(request, "api/tokens/made.html", context)
            add_never_cache_headers(response)
            return response
    own = list(access.own_tokens(signed_in(request))[:SHOWN])
    context = {"form": form, "good": [one for one in own if one.is_good], "ended": [o for o in own if not o.is_good]}
    return render(request, "api/tokens/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def revoke(request: HttpRequest, membership: Membership, token_id: UUID) -> HttpResponse:
    """Let nobody in by one's own token any more."""
    must_be_on()
    tell_revoked(request, service.revoke_token(token=access.own_token(membership.user, token_id), by=membership.user))
    return redirect("api:tokens")


def tell_revoked(request: HttpRequest, revoked: bool) -> None:
    """Say what became of it."""
    if revoked:
        messages.success(request, _("The access token has been revoked. It no longer works."))
    else:
        messages.error(request, _("That access token had been revoked already."))


def must_be_on() -> None:
    """Raises Http404 where the API is switched off."""
    if not settings.API:
        raise Http404


def account_card(request: object) -> SafeString | None:
    """The way to the tokens on the account page; None for somebody on no team, and where there is no API."""
    if not settings.API or not isinstance(request, HttpRequest) or current_membership(request) is None:
        return None
    return render_to_string("api/tokens/_card.html", {}, request=request)


def _examples(team: Team) -> list[tuple[str, str]]:
    """How programs use a token: what each example is of, and its lines."""
    base, offer = settings.SITE_URL.rstrip("/"), offers.default_offer(team)
    curl = (
        f"curl {base}/v1/chat/completions \\\n"
        '  -H "Authorization: Bearer $PARLEY_TOKEN" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        """  -d '{"messages": [{"role": "user", "content": "What is new?"}]}'"""
    )
    python = (
        "import os\nfrom openai import OpenAI\n\n"
        f'client = OpenAI(base_url="{base}/v1", api_key=os.environ["PARLEY_TOKEN"])\n'
        "answer = client.chat.completions.create(\n"
        f'    model="{offer.provider}/{offer.model}",\n'
        '    messages=[{"role": "user", "content": "What is new?"}],\n'
        ")\nprint(answer.choices[0].message.content)"
    )
    return [("curl", curl), ("Python", python)]
