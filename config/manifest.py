"""What browsers need to install Parley as an app: its name, icons and colours, and what can be shared into it.

There is no service worker: pages always come from the server, and none is ever stale.
"""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

TYPE: Final = "application/manifest+json"
PAPER: Final = "#faf9f6"  # as in templates/base.html


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """The manifest, for anybody. Shared texts and links go to the composer of a new question, which sends nothing."""
    home = reverse("chat:home")
    icon = {"type": "image/png", "sizes": "192x192", "src": static("img/icon-192.png")}
    content = {
        "id": settings.SITE_PATH,
        "name": "Parley",
        "short_name": "Parley",
        "description": _("Ask questions as a team, see the sources, keep the answers."),
        "lang": get_language() or settings.LANGUAGE_CODE,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": home,
        "scope": settings.SITE_PATH,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            icon,
            {"type": "image/png", "sizes": "512x512", "src": static("img/icon-512.png")},
            {
                "type": "image/png",
                "sizes": "512x512",
                "src": static("img/icon-maskable-512.png"),
                "purpose": "maskable",
            },
            {"type": "image/svg+xml", "sizes": "any", "src": static("img/favicon.svg")},
        ],
        "shortcuts": [
            {"name": _("New question"), "url": home, "icons": [icon]},
            {"name": _("All conversations"), "url": reverse("chat:history"), "icons": [icon]},
            {"name": _("Images"), "url": reverse("imaging:images"), "icons": [icon]},
        ],
        "share_target": {
            "action": home,
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }
    return JsonResponse(content, content_type=TYPE)
