"""The application that programs talk to."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from core import notices


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = gettext_lazy("API")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from api.tokens.leaving import watch_memberships

        watch_memberships()
        notices.when_asked(_offer)


def _offer() -> None:
    from api.palette import entries
    from api.tokens.views.own import account_card
    from api.tokens.views.team import team_link
    from api.webhooks.letters import paused_webhooks
    from api.webhooks.views import webhooks_link
    from core.web.palette import palette_entries

    palette_entries.register(entries)
    notices.account_cards.register(account_card)
    notices.team_links.register(team_link)
    notices.team_links.register(webhooks_link)
    notices.personal_news.register(paused_webhooks)
