"""What owners fill in about a webhook."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from api.models import Webhook, WebhookEvent
from api.webhooks.service import WebhookWish
from core.text import one_line
from upstream import safe_fetch

EVENTS = [(event.value, event.label) for event in (WebhookEvent.ANSWER, WebhookEvent.IMAGE, WebhookEvent.WATCH)]


class WebhookForm(forms.Form):
    """Where messages go, and what they tell of."""

    name = forms.CharField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    url = forms.CharField(
        label=pgettext_lazy("of a webhook", "Address"),
        max_length=2000,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Send a message when"),
        choices=EVENTS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one event.")},
    )
    include_text = forms.BooleanField(label=_("Include the text of questions and answers"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "webhook-%s", **kwargs})

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookForm":
        """The form as it stands for a webhook."""
        values = {name: getattr(webhook, name) for name in ("name", "url", "events", "include_text")}
        return cls(initial=values)

    def clean_name(self) -> str:
        """The name on one line."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Enter a name."))
        return name

    def clean_url(self) -> str:
        """An address that messages may go to. Whether its name leads into a network is judged with each message."""
        url: str = self.cleaned_data["url"]
        try:
            safe_fetch.post_target(url, allowed_hosts=settings.WEBHOOK_HOSTS)
        except safe_fetch.FetchRefused:
            raise ValidationError(
                _("Use https:// and an address on the public internet, or one that your administrator allows.")
            ) from None
        return url

    def wish(self) -> WebhookWish:
        """What the valid form says."""
        return WebhookWish(**self.cleaned_data)
