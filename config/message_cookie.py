"""Where notices wait for the next page: in a cookie as Django keeps them, below the path of SITE_URL."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpResponseBase


class _MessageCookie(CookieStorage):
    cookie_name = settings.MESSAGE_COOKIE_NAME

    def update(self, response: HttpResponseBase) -> list[Any] | None:
        unstored: list[Any] | None = super().update(response)
        if self.cookie_name in response.cookies:
            response.cookies[self.cookie_name]["path"] = settings.SITE_PATH
        return unstored


class MessageStorage(FallbackStorage):
    """Django's own storage, whose cookie other programs on the same host do not get."""

    storage_classes: Any = (_MessageCookie, SessionStorage)
