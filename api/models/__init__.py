"""The rows of tokens and webhooks."""

from api.models.threads import AskedQuestion
from api.models.tokens import Scope, Token
from api.models.webhooks import Delivery, Webhook, WebhookEvent

__all__ = ["AskedQuestion", "Delivery", "Scope", "Token", "Webhook", "WebhookEvent"]
